//! The laboratory of the handshake: its traces performed with real keys, real bytes and real ends.
//!
//! Runs of the honest are the public [`Initiator`](crate::handshake::Initiator) and
//! [`Responder`](crate::handshake::Responder), or weakened ones. The [`Attacker`] is real as well: it has
//! the bytes on the wire, keys of its own and what is revealed to it, and whatever it cannot make from
//! these does not happen. What it has gained is found by letting it try.
//!
//! Never here: a rule, or a secret handed to the attacker that the trace does not reveal.

mod attacker;
mod conversation;
mod end;
mod people;

use countersign_model::dolev_yao::reveal::{Reveal, Reveals};
use countersign_model::handshake::Handshake;
use countersign_model::handshake::guard::Rejection;
use countersign_model::rulebook::Ruleset;
use countersign_replay::handshake::cast::{Names, Participant, Role as Part};
use countersign_replay::handshake::flight::Action;
use countersign_replay::handshake::standing::{Exposure, Handles, Heard, Standing, State};
use countersign_replay::handshake::translation::{message, reveals};
use countersign_replay::handshake::vocabulary::{PRINCIPALS, is_honest};
use countersign_replay::rulebook::rules;
use countersign_replay::target::{Observation, Target, TargetError};
use countersign_replay::trace::{Step, Trace};
use countersign_replay::verdict::Verdict;

use self::attacker::Attacker;
use self::conversation::Conversation;
use self::end::End;
use self::people::{Draw, People};
use super::failed;
use super::stream::Stream;
use crate::envelope::{Name, Version};
use crate::flawed::handshake::FlawedHandshake;
use crate::handshake::mechanism::Mechanisms as _;
use crate::handshake::proof::{SealingKey, Statement};
use crate::handshake::{Established, Refusal, Role};
use crate::identity::SigningKey;

/// A replay target on the real handshake.
#[derive(Default)]
pub struct HandshakeLab {
    rules: Option<Ruleset<Handshake>>,
    scene: Option<Scene>,
}

impl HandshakeLab {
    /// A laboratory whose runs follow the rules that a trace names.
    pub fn new() -> Self {
        Self::default()
    }

    /// A laboratory whose runs are hardened, whatever a trace says.
    pub fn hardened() -> Self {
        Self::dangerously_under(Ruleset::HARDENED)
    }

    /// A laboratory whose runs follow `rules`, whatever a trace says.
    pub fn dangerously_under(rules: Ruleset<Handshake>) -> Self {
        Self {
            rules: Some(rules),
            scene: None,
        }
    }

    fn scene(&mut self) -> Result<&mut Scene, TargetError> {
        self.scene
            .as_mut()
            .ok_or_else(|| failed("no trace has begun"))
    }
}

impl Target<Handshake> for HandshakeLab {
    fn begin(&mut self, trace: &Trace<Handshake>) -> Result<(), TargetError> {
        let told = rules(&trace.weakenings)?;
        self.scene = Some(Scene::begin(trace, self.rules.unwrap_or(told))?);
        Ok(())
    }

    fn take(&mut self, step: &Step<Handshake>) -> Result<Observation<Handshake>, TargetError> {
        let scene = self.scene()?;
        let (verdict, bytes) = scene.deliver(&step.action)?;
        Ok(Observation {
            verdicts: vec![verdict],
            acting: Vec::new(),
            state: scene.look()?,
            bytes: vec![bytes],
        })
    }

    fn look(&mut self) -> Result<State, TargetError> {
        self.scene()?.look()
    }
}

/// Everybody at once.
struct Scene {
    mechanisms: FlawedHandshake,
    names: Names,
    reveals: Reveals,
    people: People,
    runs: Vec<Run>,
    attacker: Attacker,
    handles: Handles<[u8; 32]>,
    now_ms: u64,
}

/// One run of an honest principal.
struct Run {
    name: String,
    role: Role,
    key: SigningKey,
    draw: Draw,
    end: End,
    conversation: Conversation,
    established: Option<Established>,
    truth: Truth,
}

/// What follows from the secrets of a run, for nobody but the referee.
#[derive(Default)]
struct Truth {
    /// What its own secret and the other side's share have in common.
    shared: Option<[u8; 32]>,
    /// The signature by which it proved itself, where it is an initiator.
    evidence: Option<[u8; 64]>,
}

impl Run {
    /// The session that it relies on, confirmed or not.
    fn session(&self) -> Option<&Established> {
        self.established.as_ref().or_else(|| self.end.unconfirmed())
    }

    /// What it was told by the other side.
    fn heard(&self) -> Option<(&[Version], &[Name], &[u8; 32])> {
        self.conversation.words(match self.role {
            Role::Initiator => Role::Responder,
            Role::Responder => Role::Initiator,
        })
    }

    /// The keys that both proofs are sealed under, once it has what they follow from.
    fn sealing_keys(&self, mechanisms: FlawedHandshake) -> Vec<(Statement, SealingKey)> {
        let Some((_, _, share)) = self.heard() else {
            return Vec::new();
        };
        let own = mechanisms.fresh(self.draw.fresh(), &self.key);
        let key = mechanisms.extract(&own.agree(share));
        let sides = [Role::Responder, Role::Initiator].into_iter();
        let statements = sides.filter_map(|role| self.conversation.statement(role, mechanisms));
        statements
            .map(|statement| (statement, SealingKey::of(&mechanisms, &key, &statement)))
            .collect()
    }

    /// Keeps up with what it has accepted.
    fn look_into(&mut self, mechanisms: FlawedHandshake) {
        let Some((_, _, share)) = self.heard() else {
            return;
        };
        let own = mechanisms.fresh(self.draw.fresh(), &self.key);
        let shared = *own.agree(share).as_bytes();
        let statement = self.conversation.statement(self.role, mechanisms);
        let proves = self.role == Role::Initiator;
        let evidence = statement
            .filter(|_| proves)
            .map(|it| self.key.sign(&mechanisms.signing_input(&it)));
        self.truth = Truth {
            shared: Some(shared),
            evidence,
        };
    }
}

impl Scene {
    fn begin(trace: &Trace<Handshake>, rules: Ruleset<Handshake>) -> Result<Self, TargetError> {
        let stream = Stream::new(&trace.seed.0);
        let now_ms = trace.clock.start_ms;
        let people = People::new(&stream, now_ms)?;
        let sides = trace.cast.runs.iter().map(|run| match run.role {
            Part::Initiator => Role::Initiator,
            Part::Responder => Role::Responder,
        });
        let owners = trace.cast.runs.iter().map(|run| run.me.clone());
        let mechanisms = FlawedHandshake::new(rules);
        let own = Draw::of(&stream, people::ATTACKER).fresh();
        let wire = sides.clone().zip(owners).collect();
        let mut attacker = Attacker::new(mechanisms, people.directory(), own, wire);
        for name in people::FALLEN {
            attacker.hold(people.key(name)?);
        }
        let runs = trace.cast.runs.iter().zip(sides);
        let mut scene = Self {
            mechanisms,
            names: Names::of(&trace.cast),
            reveals: reveals(&trace.setting)?,
            runs: Vec::new(),
            people,
            attacker,
            handles: Handles::default(),
            now_ms,
        };
        for (run, role) in runs {
            scene.join(run, role, rules, &stream)?;
        }
        if let Some(watched) = trace.cast.runs.first() {
            let lost = [
                (Reveal::OwnLongTerm, Some(&watched.me)),
                (Reveal::PeerLongTerm, watched.peer.as_ref()),
            ];
            for (_, name) in lost.iter().filter(|(kind, _)| scene.reveals.has(*kind)) {
                if let Some(name) = name {
                    scene.attacker.hold(scene.people.key(name)?);
                }
            }
        }
        Ok(scene)
    }

    fn join(
        &mut self,
        participant: &Participant,
        role: Role,
        rules: Ruleset<Handshake>,
        stream: &Stream,
    ) -> Result<(), TargetError> {
        let place = self.runs.len();
        let draw = Draw::of(stream, &participant.name);
        let party = self.people.party(&participant.me)?;
        let peer = participant.peer.as_deref();
        let peer = peer.map(|name| self.people.id(name)).transpose()?;
        let (end, hello) = End::begin(party, peer, draw.fresh(), rules);
        let mut run = Run {
            name: participant.name.clone(),
            role,
            key: self.people.key(&participant.me)?,
            draw,
            end,
            conversation: Conversation::default(),
            established: None,
            truth: Truth::default(),
        };
        if let Some(hello) = hello {
            run.conversation.add(&hello).map_err(failed)?;
            self.attacker.overhear(place, &hello).map_err(failed)?;
        }
        self.runs.push(run);
        self.reveal(place);
        Ok(())
    }

    /// Lets the attacker compose a flight and deliver it.
    fn deliver(&mut self, action: &Action) -> Result<(Verdict<Rejection>, Vec<u8>), TargetError> {
        let Action::Deliver { to, flight } = action;
        let place = usize::from(self.names.place(to)?);
        let message = message(flight, &self.names)?;
        let run = self.runs.get_mut(place);
        let run = run.ok_or_else(|| failed(format!("there is no {to}")))?;
        if run.end.awaits() != Some(message.flight()) {
            let why = format!("{to} does not wait for this flight");
            return Err(TargetError::Impossible(why));
        }
        let composed = self.attacker.compose(place, &message)?;
        let bytes = composed.ok_or_else(|| {
            TargetError::Impossible("the attacker cannot make this flight from what it has".into())
        })?;
        match run.end.hear(&bytes, self.people.registry(), self.now_ms) {
            Ok(reply) => {
                run.established = reply.established;
                for flight in std::iter::once(&bytes).chain(&reply.flight) {
                    run.conversation.add(flight).map_err(failed)?;
                    self.attacker.overhear(place, flight).map_err(failed)?;
                }
                run.look_into(self.mechanisms);
                self.reveal(place);
                Ok((Verdict::Admitted, bytes))
            }
            Err(Refusal::Rejected { rejection, .. }) => Ok((Verdict::Refused(rejection), bytes)),
            Err(refusal @ (Refusal::Unreadable(_) | Refusal::Over)) => Err(failed(refusal)),
        }
    }

    /// Gives the attacker what the trace reveals of a run, as soon as there is any.
    fn reveal(&mut self, place: usize) {
        let Some(run) = self.runs.get(place) else {
            return;
        };
        let (ephemeral, session) = if place == 0 {
            (self.reveals.has(Reveal::OwnEphemeral), false)
        } else {
            let has = |kind| self.reveals.has(kind);
            (has(Reveal::OtherEphemeral), has(Reveal::OtherSession))
        };
        if ephemeral && run.conversation.words(run.role).is_some() {
            self.attacker.learn_exponent(run.draw.fresh());
        }
        if let Some(established) = run.session().filter(|_| session) {
            self.attacker.learn_session(place, established.secret());
        }
        if self.reveals.has(Reveal::SealingKeys) {
            for (statement, key) in run.sealing_keys(self.mechanisms) {
                self.attacker.learn_sealing(statement, key);
            }
        }
    }

    /// What can be seen of the runs; what the attacker has is found by letting it try.
    fn look(&mut self) -> Result<State, TargetError> {
        let lost = self.people.honest_keys();
        let mut all = Vec::new();
        for (place, run) in self.runs.iter().enumerate() {
            let secret = run.session().map(|it| *it.secret().dangerously_reveal());
            let exposed = Exposure {
                session: secret.is_some_and(|it| self.attacker.finds_session(place, &it)),
                later: secret.is_some_and(|it| self.attacker.finds_later(place, &it, &lost)),
                overheard: secret.is_some_and(|it| self.attacker.overhears_session(place, &it)),
                proof: run
                    .truth
                    .evidence
                    .is_some_and(|it| self.attacker.finds_signature(place, &it)),
            };
            let heard = match (run.heard(), run.conversation.choice(), run.truth.shared) {
                (Some((versions, able, _)), Some((version, suite)), Some(shared)) => Some(Heard {
                    versions: texts(versions),
                    capabilities: texts(able),
                    version: version.to_string(),
                    suite: suite.to_string(),
                    shared: self.handles.shared(shared),
                }),
                _ => None,
            };
            let peer = run
                .session()
                .map(|it| self.people.name(it.peer()))
                .transpose()?;
            all.push(Standing {
                run: run.name.clone(),
                awaits: run.end.awaits().map(Into::into),
                heard,
                peer,
                session: secret.map(|it| self.handles.session(it)),
                attacker: exposed.gains(),
            });
        }
        Ok(State { runs: all })
    }
}

fn texts(list: &[impl ToString]) -> Vec<String> {
    list.iter().map(ToString::to_string).collect()
}

impl People {
    /// The long-term keys of everybody honest.
    fn honest_keys(&self) -> Vec<SigningKey> {
        let names = PRINCIPALS.into_iter();
        names
            .filter(|name| is_honest(name))
            .filter_map(|name| self.key(name).ok())
            .collect()
    }
}
