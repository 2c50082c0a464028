//! Everybody who takes part in a replay of sessions, and what one step comes to.

use countersign_model::rulebook::Ruleset;
use countersign_model::session::Session as Rules;
use countersign_model::session::guard::Rejection;
use countersign_model::session::weakening::Mechanism;
use countersign_replay::session::action::{Action, Presented};
use countersign_replay::session::cast::Held;
use countersign_replay::session::standing::{Standing, State};
use countersign_replay::target::TargetError;
use countersign_replay::trace::Trace;
use countersign_replay::verdict::Verdict;

use super::attacker::{Attacker, Forgery};
use super::end::End;
use super::people::People;
use super::wire::{Sealed, text};
use super::{PEER_ROLE, ROLE};
use crate::envelope::Digest;
use crate::flawed::FlawedEnd;
use crate::handshake::SessionSecret;
use crate::lab::clock::Ticks;
use crate::lab::failed;
use crate::lab::stream::Stream;
use crate::session::{Arrived, Direction, Limits, Mechanisms as _, SealError};

/// What came of a step: the verdict where an end was asked, and what travelled.
#[derive(Default)]
pub(super) struct Performed {
    pub(super) verdict: Option<Verdict<Rejection>>,
    pub(super) bytes: Option<Vec<u8>>,
}

/// Everybody at once.
pub(super) struct Scene {
    me: String,
    peers: Vec<String>,
    stream: Stream,
    ticks: Ticks,
    width: u64,
    people: People,
    pairs: Vec<Pair>,
    attacker: Attacker,
    sealed: Vec<Keystream>,
    now_ms: u64,
}

/// Both ends of a session.
struct Pair {
    name: String,
    mine: End,
    /// The peer's, where it is honest.
    theirs: Option<End>,
    /// How to tell the number and the sealed text of a record.
    mechanisms: FlawedEnd,
}

/// What a cipher was applied to a record's text with: the same for two means the same key and nonce.
struct Keystream {
    handle: String,
    bytes: Vec<u8>,
    repeated: bool,
}

impl Scene {
    pub(super) fn begin(trace: &Trace<Rules>, rules: Ruleset<Rules>) -> Result<Self, TargetError> {
        let stream = Stream::new(&trace.seed.0);
        let ticks = Ticks::new(trace.clock);
        let now_ms = ticks.instant_ms(trace.clock.start);
        let people = People::of(trace, &stream)?;
        let setting = &trace.setting;
        let limits = Limits {
            lifetime_ms: ticks.duration_ms(setting.lifetime),
            width: setting.width,
            ahead: setting.ahead,
            share: setting.share,
            period_ms: ticks.duration_ms(setting.period),
        };
        let mut scene = Self {
            me: trace.cast.me.clone(),
            peers: trace.cast.peers.iter().map(|it| it.name.clone()).collect(),
            stream,
            ticks,
            width: setting.width,
            people,
            pairs: Vec::new(),
            attacker: Attacker::new(),
            sealed: Vec::new(),
            now_ms,
        };
        for held in &trace.cast.sessions {
            let mut peers = trace.cast.peers.iter();
            let hostile = peers.any(|peer| peer.name == held.peer && peer.hostile);
            // Whoever has one key for all sessions of two principals has kept that of the first.
            let mut alike = trace.cast.sessions.iter().filter(|it| it.peer == held.peer);
            let origin = match alike.next() {
                Some(first) if rules.has(Mechanism::OneKeyForAllSessions) => first,
                Some(_) | None => held,
            };
            scene.open(held, &origin.name, hostile, rules, limits)?;
        }
        Ok(scene)
    }

    /// Begins a session; `origin` is the one whose secret a flawed end keeps.
    fn open(
        &mut self,
        held: &Held,
        origin: &str,
        hostile: bool,
        rules: Ruleset<Rules>,
        limits: Limits,
    ) -> Result<(), TargetError> {
        let (people, now_ms) = (&self.people, self.now_ms);
        let begin = |peer: &str, role| -> Result<End, TargetError> {
            let establishment = people.establishment(&held.name, peer, role, now_ms)?;
            Ok(End::begin(
                establishment,
                limits,
                rules,
                people.secret(origin),
            ))
        };
        let mine = begin(&held.peer, ROLE)?;
        let theirs = if hostile {
            None
        } else {
            Some(begin(&self.me, PEER_ROLE)?)
        };
        let id = people.session_id(&held.name);
        let own = hostile.then(|| [people.secret(&held.name), people.secret(origin)]);
        self.attacker.meet(&held.name, id, rules, own);
        let nothing = SessionSecret::new([0; 32]);
        self.pairs.push(Pair {
            name: held.name.clone(),
            mine,
            theirs,
            mechanisms: FlawedEnd::new(rules, nothing, id, ROLE, limits.width),
        });
        Ok(())
    }

    pub(super) fn perform(&mut self, action: &Action) -> Result<Performed, TargetError> {
        match action {
            Action::Seal {
                record,
                by,
                session,
                epoch,
                number,
            } => return self.seal(record, by, session, (*epoch, *number)),
            Action::Deliver { record, presented } => return self.deliver(record, presented),
            Action::Inject {
                record,
                session,
                epoch,
                number,
                junk,
                malformed,
            } => {
                let forgery = Forgery {
                    handle: record,
                    session,
                    epoch: *epoch,
                    sequence: *number,
                    junk: *junk,
                    malformed: *malformed,
                };
                return self.inject(&forgery);
            }
            Action::Read { record } => {
                if !self.attacker.reads(record) {
                    return Err(impossible("no key that the attacker has opens it"));
                }
            }
            Action::Advance { to } => {
                let to_ms = self.ticks.instant_ms(*to);
                if to_ms <= self.now_ms {
                    return Err(impossible("it is later already"));
                }
                self.now_ms = to_ms;
            }
            Action::Reconnect { session } => {
                let (ticks, width, now_ms) = (self.ticks, self.width, self.now_ms);
                let mine = &mut self.pair(session)?.mine;
                if mine.standing(&ticks, width).is_none() {
                    return Err(impossible("the end does not hold the session"));
                }
                mine.reconnect(now_ms);
            }
            Action::Withdraw { peer } => {
                if !self.people.is_entitled(peer)? {
                    return Err(impossible("the peer has no standing to lose"));
                }
                self.people.withdraw(peer)?;
            }
            Action::Reveal { session } => {
                let (ticks, width) = (self.ticks, self.width);
                let mine = &self.pair(session)?.mine;
                let held = mine.standing(&ticks, width).is_some();
                let keys = mine.given_away(ROLE).filter(|_| held);
                let keys = keys.filter(|_| !self.attacker.has_keys(session));
                let keys = keys.ok_or_else(|| impossible("there are no keys left to lose"))?;
                self.attacker.obtain(session, keys);
            }
        }
        Ok(Performed::default())
    }

    fn seal(
        &mut self,
        handle: &str,
        by: &str,
        session: &str,
        told: (u64, u64),
    ) -> Result<Performed, TargetError> {
        let covered = self.covered(handle);
        let text = text(handle).ok_or_else(|| failed(format!("{handle} names no record")))?;
        let place = self.place(session)?;
        let pair = self.pairs.get_mut(place);
        let pair = pair.ok_or_else(|| failed(format!("there is no {session}")))?;
        let (end, direction) = if by == self.me {
            (Some(&mut pair.mine), Direction::outward(ROLE))
        } else {
            (pair.theirs.as_mut(), Direction::inward(ROLE))
        };
        let end = end.ok_or_else(|| failed(format!("{by} is not honest")))?;
        let record = match end.seal(&covered, &text, &self.people.registry, self.now_ms) {
            Ok(record) => record.as_bytes().to_vec(),
            Err(SealError::Refused(rejection)) => {
                return Ok(Performed {
                    verdict: Some(Verdict::Refused(rejection)),
                    bytes: None,
                });
            }
            Err(error) => return Err(failed(error)),
        };
        let arrived = Arrived::read(&record).ok_or_else(|| failed("it sealed no record"))?;
        let head = arrived.head;
        if (head.epoch, head.sequence) != told {
            let (epoch, number) = (head.epoch, head.sequence);
            let why = format!("{by} seals it in epoch {epoch}, as number {number}");
            return Err(impossible(&why));
        }
        let (_, sealed) = pair.mechanisms.nonce(head.sequence, arrived.text);
        let bytes: Vec<u8> = sealed
            .iter()
            .zip(&text)
            .map(|(one, two)| one ^ two)
            .collect();
        let repeated = self.sealed.iter().any(|other| other.overlaps(&bytes));
        self.sealed.push(Keystream {
            handle: handle.to_owned(),
            bytes,
            repeated,
        });
        let sealed = Sealed { covered, record };
        let bytes = sealed.to_bytes();
        self.attacker.overhear(handle, session, direction, sealed);
        Ok(Performed {
            verdict: Some(Verdict::Admitted),
            bytes: Some(bytes),
        })
    }

    fn inject(&mut self, forgery: &Forgery<'_>) -> Result<Performed, TargetError> {
        let covered = self.covered(forgery.handle);
        let sealed = self.attacker.compose(forgery, covered);
        let sealed = sealed.ok_or_else(|| impossible("the attacker has no key for it"))?;
        let way = Direction::inward(ROLE);
        let (handle, session) = (forgery.handle, forgery.session);
        self.attacker.overhear(handle, session, way, sealed.clone());
        self.hand_over(session, &sealed)
    }

    fn deliver(&mut self, handle: &str, told: &Presented) -> Result<Performed, TargetError> {
        let recalled = self.attacker.recall(handle);
        let (sealed, named) = recalled.ok_or_else(|| impossible("nobody sealed it"))?;
        let session = told.session.as_deref().unwrap_or(named).to_owned();
        let sealed = sealed.presented(told, self.attacker.id(&session));
        let sealed = sealed.ok_or_else(|| failed(format!("{handle} is no record")))?;
        self.hand_over(&session, &sealed)
    }

    /// Hands bytes to the end that is looked at, in the session that they name.
    fn hand_over(&mut self, session: &str, sealed: &Sealed) -> Result<Performed, TargetError> {
        let place = self.place(session)?;
        let pair = self.pairs.get_mut(place);
        let pair = pair.ok_or_else(|| failed(format!("there is no {session}")))?;
        let (registry, now_ms) = (&self.people.registry, self.now_ms);
        let (covered, record) = (&sealed.covered, &sealed.record);
        let opened = pair.mine.open(covered, record, registry, now_ms);
        Ok(Performed {
            verdict: Some(opened.into()),
            bytes: Some(sealed.to_bytes()),
        })
    }

    /// The digest of the header that a record travels with.
    fn covered(&self, handle: &str) -> Digest {
        Digest::from_bytes(self.stream.draw(handle, "header", 0))
    }

    fn place(&self, session: &str) -> Result<usize, TargetError> {
        let place = self.pairs.iter().position(|pair| pair.name == session);
        place.ok_or_else(|| failed(format!("there is no {session}")))
    }

    fn pair(&mut self, session: &str) -> Result<&mut Pair, TargetError> {
        let mut pairs = self.pairs.iter_mut();
        let pair = pairs.find(|pair| pair.name == session);
        pair.ok_or_else(|| failed(format!("there is no {session}")))
    }

    /// What can be seen.
    pub(super) fn look(&self) -> Result<State, TargetError> {
        let mut withdrawn = Vec::new();
        for name in &self.peers {
            if !self.people.is_entitled(name)? {
                withdrawn.push(name.clone());
            }
        }
        let standing = |end: &End| end.standing(&self.ticks, self.width);
        let sessions = self.pairs.iter().map(|pair| {
            let (sending, receiving) = standing(&pair.mine).unzip();
            let theirs = pair.theirs.as_ref().and_then(standing);
            Standing {
                session: pair.name.clone(),
                sending,
                receiving,
                peer_sending: theirs.map(|(sending, _)| sending),
            }
        });
        let repeated = self.sealed.iter().filter(|it| it.repeated);
        Ok(State {
            now: self.ticks.tick(self.now_ms),
            sessions: sessions.collect(),
            withdrawn,
            repeated: repeated.map(|it| it.handle.clone()).collect(),
        })
    }
}

impl Keystream {
    /// Whether two are the same, as far as both are known.
    fn overlaps(&self, other: &[u8]) -> bool {
        self.bytes.iter().zip(other).all(|(one, two)| one == two)
    }
}

/// The step cannot happen.
fn impossible(why: &str) -> TargetError {
    TargetError::Impossible(why.to_owned())
}
