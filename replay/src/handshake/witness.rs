//! Ground truth beside a replay: whether what the runs rely on is so, asked of what was observed.
//!
//! It knows who runs what and who is honest; what each run believes and what the attacker has it takes
//! from the observation. The levels of authentication are Lowe's, as in the model's own judgement.

use std::collections::BTreeSet;

use countersign_model::dolev_yao::reveal::{Reveal, Reveals};
use countersign_model::handshake::Handshake;
use countersign_model::handshake::promise::{InvariantId, Point};
use countersign_model::handshake::script::{
    EVERY_CAPABILITY, EVERY_VERSION, REQUIRED_CAPABILITY, SUITE, VERSION_FLOOR, best_version,
};

use super::cast::{Names, Participant, Role};
use super::flight::Action;
use super::promised::Promised;
use super::standing::{Gain, Heard, Standing, State};
use super::translation::reveals;
use super::vocabulary::{
    PRINCIPALS, capabilities, capabilities_level, is_honest, offers_set, suite, version_number,
};
use crate::system::{self, Testimony};
use crate::target::{Observation, TargetError};
use crate::trace::{Step, Trace};

/// The principal whose key was revoked.
const REVOKED: &str = PRINCIPALS[3];

/// An omniscient observer of one replay.
pub struct Witness {
    runs: Vec<Participant>,
    names: Names,
    reveals: Reveals,
    before: State,
}

impl system::Witness<Handshake> for Witness {
    fn new(trace: &Trace<Handshake>, before: State) -> Result<Self, TargetError> {
        Ok(Self {
            runs: trace.cast.runs.clone(),
            names: Names::of(&trace.cast),
            reveals: reveals(&trace.setting)?,
            before,
        })
    }

    fn attend(
        &mut self,
        step: &Step<Handshake>,
        seen: &Observation<Handshake>,
    ) -> Result<Testimony<Promised>, TargetError> {
        let (runs, standings) = (self.runs.len(), seen.state.runs.len());
        if standings != runs || seen.verdicts.len() != 1 {
            let verdicts = seen.verdicts.len();
            let why = format!("it showed {standings} of {runs} runs, and gave {verdicts} verdicts");
            return Err(TargetError::Failed(why));
        }
        let Action::Deliver { to, .. } = &step.action;
        let slot = usize::from(self.names.place(to)?);
        let before = std::mem::replace(&mut self.before, seen.state.clone());
        let world = World::of(self, &seen.state);
        let had = before.runs.get(slot).and_then(|it| it.awaits);
        let mut violates = BTreeSet::new();
        if let Some(view) = world.views.get(slot)
            && view.standing.awaits != had
            && self.is_watched(slot)
            && let Some(commitment) = view.commitments().pop()
        {
            world.of_commitment(slot, view, &commitment, &mut violates);
        }
        world.of_secrets(self, &mut violates);
        violates.retain(|it| it.invariant.points().contains(&it.point));
        Ok(Testimony {
            acting: Vec::new(),
            violates,
        })
    }
}

impl Witness {
    /// With reveals only the first run is looked at: secrets are told apart by whose they are.
    fn is_watched(&self, slot: usize) -> bool {
        slot == 0 || self.reveals == Reveals::NONE
    }
}

/// The runs at one moment.
struct World<'a> {
    views: Vec<View<'a>>,
}

/// One run at one moment.
struct View<'a> {
    run: &'a Participant,
    standing: &'a Standing,
}

/// What both ends should agree on.
#[derive(PartialEq, Eq)]
struct Terms<'a> {
    version: &'a str,
    /// Those of the initiator, then those of the responder.
    capabilities: [Vec<String>; 2],
    shared: &'a str,
    /// The session key, where it is part of what is relied on.
    session: Option<&'a str>,
}

/// That a run relies on its peer.
struct Commitment<'a> {
    point: Point,
    peer: &'a str,
    terms: Terms<'a>,
}

impl<'a> View<'a> {
    /// What it relies on so far, the latest last.
    fn commitments(&self) -> Vec<Commitment<'a>> {
        let standing = self.standing;
        let (Some(peer), Some(_), Some(heard)) =
            (&standing.peer, &standing.session, &standing.heard)
        else {
            return Vec::new();
        };
        let points: &[Point] = match (self.run.role, standing.awaits) {
            (Role::Responder, _) => &[Point::Finished],
            (Role::Initiator, Some(_)) => &[Point::Answered],
            (Role::Initiator, None) => &[Point::Answered, Point::Confirmed],
        };
        let commitment = |point: &Point| Commitment {
            point: *point,
            peer,
            // An initiator that has its answer does not know yet whether the other end has the key.
            terms: self.terms(heard, *point != Point::Answered),
        };
        points.iter().map(commitment).collect()
    }

    fn terms(&self, heard: &'a Heard, whole: bool) -> Terms<'a> {
        let (own, theirs) = (capabilities(EVERY_CAPABILITY), heard.capabilities.clone());
        Terms {
            version: &heard.version,
            capabilities: match self.run.role {
                Role::Initiator => [own, theirs],
                Role::Responder => [theirs, own],
            },
            shared: &heard.shared,
            session: self.standing.session.as_deref().filter(|_| whole),
        }
    }

    fn began(&self) -> bool {
        self.run.role == Role::Initiator || self.standing.heard.is_some()
    }

    /// Whether it takes part on `terms`, and not with anybody else than `peer`.
    fn runs_on(&self, peer: &str, terms: &Terms<'_>) -> bool {
        let Some(heard) = &self.standing.heard else {
            return false;
        };
        // A responder takes part before it knows with whom, and before there is a session.
        let early = self.run.role == Role::Responder && self.terms(heard, false) == *terms;
        let named = self.standing.peer.as_deref() == Some(peer);
        early || named && terms.session.is_some() && self.terms(heard, true) == *terms
    }

    fn has(&self, gain: Gain) -> bool {
        self.standing.attacker.contains(&gain)
    }
}

impl<'a> World<'a> {
    fn of(witness: &'a Witness, state: &'a State) -> Self {
        let pairs = witness.runs.iter().zip(&state.runs);
        let views = pairs.map(|(run, standing)| View { run, standing });
        Self {
            views: views.collect(),
        }
    }

    /// What is broken of all that the run in `slot` relies on from now on.
    fn of_commitment(
        &self,
        slot: usize,
        view: &View<'_>,
        commitment: &Commitment<'_>,
        violates: &mut BTreeSet<Promised>,
    ) {
        let honest = is_honest(commitment.peer);
        let mut kept = claims(view, commitment.peer, honest);
        if honest {
            kept.extend(self.authentication(slot, view, commitment));
        }
        kept.push((InvariantId::Private, !view.has(Gain::SessionKeyOverheard)));
        let possessed = honest || view.has(Gain::SessionKey);
        kept.push((InvariantId::Possessed, possessed));
        let point = commitment.point;
        let broken = kept.into_iter().filter(|(_, holds)| !holds);
        violates.extend(broken.map(|(invariant, _)| Promised { invariant, point }));
    }

    fn authentication(
        &self,
        slot: usize,
        own: &View<'_>,
        commitment: &Commitment<'_>,
    ) -> [(InvariantId, bool); 5] {
        let me = own.run.me.as_str();
        let others = || {
            let all = self.views.iter().enumerate();
            all.filter(|(place, other)| *place != slot && other.run.me == commitment.peer)
                .map(|(_, other)| other)
        };
        let agrees = |other: &&View<'_>| {
            other.run.role != own.run.role && other.runs_on(me, &commitment.terms)
        };
        let partners = others().filter(agrees).count();
        let alike = |view: &&View<'_>| {
            let same = |it: &Commitment<'_>| {
                (it.point, it.peer) == (commitment.point, commitment.peer)
                    && it.terms == commitment.terms
            };
            view.run.me == me
                && view.run.role == own.run.role
                && view.commitments().iter().any(same)
        };
        let confirms = |other: &View<'_>| {
            let same = |it: &Commitment<'_>| it.peer == me && it.terms == commitment.terms;
            other.commitments().iter().any(same)
        };
        [
            (InvariantId::Alive, others().any(View::began)),
            (
                InvariantId::Mutual,
                others().any(|other| other.standing.peer.as_deref() == Some(me)),
            ),
            (InvariantId::Agreed, partners > 0),
            (
                InvariantId::Injective,
                self.views.iter().filter(alike).count() <= partners,
            ),
            (InvariantId::Confirmed, others().any(confirms)),
        ]
    }

    /// What is broken of all that should be unknown to the attacker by now, whoever relies on it.
    fn of_secrets(&self, witness: &Witness, violates: &mut BTreeSet<Promised>) {
        for (slot, view) in self.views.iter().enumerate() {
            if !witness.is_watched(slot) {
                continue;
            }
            for commitment in view.commitments() {
                if !is_honest(commitment.peer) {
                    continue;
                }
                let session = view.has(Gain::SessionKey) && !self.is_given(witness, slot);
                let later = view.has(Gain::SessionKeyLater) && !self.is_given(witness, slot);
                let initiates = view.run.role == Role::Initiator;
                let broken = [
                    (InvariantId::Secret, session),
                    (InvariantId::Forward, session || later),
                    (InvariantId::Concealed, initiates && view.has(Gain::Proof)),
                ];
                let broken = broken.into_iter().filter(|(_, broken)| *broken);
                let point = commitment.point;
                violates.extend(broken.map(|(invariant, _)| Promised { invariant, point }));
            }
        }
    }

    /// Whether the attacker was given the session key of the run in `slot`, as that of another.
    fn is_given(&self, witness: &Witness, slot: usize) -> bool {
        let key = |view: &View<'a>| view.standing.session.clone();
        let own = self.views.get(slot).and_then(key);
        witness.reveals.has(Reveal::OtherSession)
            && own.is_some()
            && (1..)
                .zip(self.views.iter().skip(1))
                .any(|(other, view)| other != slot && key(view) == own)
    }
}

/// What a run claims besides authentication and secrecy, and whether it is so.
fn claims(view: &View<'_>, peer: &str, honest: bool) -> Vec<(InvariantId, bool)> {
    let Some(heard) = &view.standing.heard else {
        return Vec::new();
    };
    let (offered, able) = if honest {
        (Some(EVERY_VERSION), Some(EVERY_CAPABILITY))
    } else {
        let offered = offers_set(&heard.versions);
        (offered, capabilities_level(&heard.capabilities))
    };
    let (version, level) = (
        version_number(&heard.version),
        capabilities_level(&heard.capabilities),
    );
    let negotiated =
        version == offered.map(best_version) && heard.suite == suite(SUITE) && level == able;
    let mut claims = vec![
        (InvariantId::Negotiated, negotiated),
        (InvariantId::Current, version >= Some(VERSION_FLOOR)),
        (InvariantId::Capable, level >= Some(REQUIRED_CAPABILITY)),
        (InvariantId::Entitled, peer != REVOKED),
    ];
    if let Some(meant) = &view.run.peer {
        claims.push((InvariantId::Intended, meant == peer));
    }
    claims
}
