//! What there is to say of a principal and of a run; all of them together are the world.
//!
//! Ghost fields are written from ground truth and read by invariants and lemmas; no guard sees them.

use super::Crowd;
use crate::domain::{Choice, Identity as _, Truth as _};
use crate::handshake::promise::Point;

/// Everything that steps read and change.
#[derive(Clone)]
pub struct World<C: Crowd> {
    /// Each principal.
    pub agents: C::PerAgent<Agent<C>>,
    /// Each run of an honest principal.
    pub runs: C::PerRun<Run<C>>,
    /// The lowest version whose last-accepted date has not passed.
    pub version_floor: C::Nat,
}

/// A principal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Agent<C: Crowd> {
    /// It is the attacker, under a name of its own.
    pub hostile: C::Bool,
    /// The registry lists it as active, its key as current and not revoked.
    pub entitled: C::Bool,
    /// The versions that it offers.
    pub offers: C::Offer,
    /// What it can do.
    pub capabilities: C::Capabilities,
    /// Ghost: the attacker has its long-term secret.
    pub lost: C::Bool,
}

/// What a side says of itself in the clear.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Words<C: Crowd> {
    /// The versions that it offers.
    pub offers: C::Offer,
    /// What it can do.
    pub capabilities: C::Capabilities,
    /// Its share.
    pub share: C::Share,
}

/// A proof, as far as it can differ from others in the place where it was received.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Proof<C: Crowd> {
    /// The principal that it names.
    pub peer: C::Agent,
    /// The key that it names.
    pub key: C::Key,
    /// It is as the owner of that key would have made it, which leaves no choice.
    pub sound: C::Bool,
    /// Where it is not: what it is instead.
    pub bytes: C::Bytes,
}

/// A run of an honest principal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Run<C: Crowd> {
    /// It is an initiator.
    pub begins: C::Bool,
    /// Who runs it.
    pub me: C::Agent,
    /// The peer that an initiator means.
    pub meant: C::Agent,
    /// The key that it signs with.
    pub key: C::Key,
    /// The share that it draws.
    pub share: C::Share,
    /// It has sent its first message: the hello, or the answer.
    pub begun: C::Bool,
    /// It has accepted its peer's proof.
    pub accepted: C::Bool,
    /// It has accepted the confirmation.
    pub confirmed: C::Bool,
    /// What the other side said of itself.
    pub heard: Words<C>,
    /// The version for the session.
    pub version: C::Nat,
    /// The suite for the session.
    pub suite: C::Suite,
    /// The other side's proof.
    pub proof: Proof<C>,
    /// Ghost: the peer was honest, and had not lost its long-term secret when it was accepted. That its
    /// own was lost is no excuse.
    pub trusted: C::Bool,
    /// Ghost: the attacker has what it drew.
    pub ephemeral_lost: C::Bool,
    /// Ghost: the attacker has its session key, once there is one.
    pub session_lost: C::Bool,
    /// Ghost: the attacker has the keys that seal both proofs, once there are any.
    pub sealing_lost: C::Bool,
}

impl<C: Crowd> Run<C> {
    /// Whether it knows the other side's words and has sent its proof: both come at once.
    pub fn has_signed(&self) -> C::Bool {
        C::Bool::choose(&self.begins, &self.accepted, &self.begun)
    }

    /// Whether it has committed itself at `point`.
    pub fn has_come_to(&self, point: Point) -> C::Bool {
        match point {
            Point::Answered => self.accepted.and(&self.begins),
            Point::Finished => self.accepted.and(&self.begins.not()),
            Point::Confirmed => self.confirmed.clone(),
        }
    }

    /// The proof that it makes.
    pub fn own_proof(&self) -> Proof<C> {
        Proof {
            peer: self.me.clone(),
            key: self.key.clone(),
            sound: C::Bool::constant(true),
            bytes: self.proof.bytes.clone(),
        }
    }

    /// Whether it names `agent` as its peer.
    pub fn names(&self, agent: &C::Agent) -> C::Bool {
        self.accepted.and(&self.proof.peer.same(agent))
    }
}

impl<C: Crowd> Agent<C> {
    /// Whether the attacker can sign as this principal.
    pub fn held(&self) -> C::Bool {
        self.hostile.or(&self.lost)
    }
}

macro_rules! choose_by_field {
    ($($record:ident { $($field:ident),+ $(,)? })+) => {$(
        impl<C: Crowd> Choice<C::Bool> for $record<C> {
            fn choose(condition: &C::Bool, then: &Self, otherwise: &Self) -> Self {
                Self { $($field: Choice::choose(condition, &then.$field, &otherwise.$field),)+ }
            }
        }
    )+};
}
choose_by_field! {
    Agent { hostile, entitled, offers, capabilities, lost }
    Words { offers, capabilities, share }
    Proof { peer, key, sound, bytes }
    Run {
        begins, me, meant, key, share, begun, accepted, confirmed, heard, version, suite, proof,
        trusted, ephemeral_lost, session_lost, sealing_lost,
    }
}

impl<C: Crowd> World<C>
where
    C::PerAgent<Agent<C>>: Choice<C::Bool>,
    C::PerRun<Run<C>>: Choice<C::Bool>,
{
    /// The world that is `then` where `condition` holds and `otherwise` elsewhere.
    #[must_use]
    pub fn choose(condition: &C::Bool, then: &Self, otherwise: &Self) -> Self {
        Self {
            agents: Choice::choose(condition, &then.agents, &otherwise.agents),
            runs: Choice::choose(condition, &then.runs, &otherwise.runs),
            version_floor: Choice::choose(condition, &then.version_floor, &otherwise.version_floor),
        }
    }
}
