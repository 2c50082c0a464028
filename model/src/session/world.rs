//! The state of the system: this end's sessions, its peers, the network, and the ghost history.
//!
//! Ghost fields are written from ground truth and read by invariants only; no guard sees them.

use std::fmt;
use std::hash::{Hash, Hasher};

use super::facts::Limits;
use super::record::{Fate, Record, choose_by_field};
use super::traffic::Traffic;
use crate::domain::{Choice, Concrete};

/// Everything that transitions read and change.
#[derive(Clone)]
pub struct World<U: Traffic> {
    /// The monotonic clock.
    pub now: U::Nat,
    /// Each principal that this end has sessions with.
    pub peers: U::PerPeer<Peer<U>>,
    /// Each session.
    pub sessions: U::PerSession<Session<U>>,
    /// What the window of each session remembers.
    pub marks: U::PerNumber<Mark<U>>,
    /// Each record that could ever be sealed.
    pub records: U::PerRecord<Record<U>>,
    /// What became of each record.
    pub fates: U::PerRecord<Fate<U>>,
}

/// A principal that this end has sessions with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Peer<U: Traffic> {
    /// It is the attacker.
    pub hostile: U::Bool,
    /// The registry lists it as active, and its key as current and not revoked.
    pub entitled: U::Bool,
}

/// A session, as this end has it and as its peer seals in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Session<U: Traffic> {
    /// With whom.
    pub peer: U::Agent,
    /// Since when.
    pub established_at: U::Nat,
    /// This end holds it.
    pub held: U::Bool,
    /// How this end seals.
    pub sending: Sender<U>,
    /// How the peer seals, if it is honest.
    pub peer_sending: Sender<U>,
    /// How far this end has received.
    pub receiving: Reach<U>,
    /// Ghost: the same, counting only what the peer really sealed.
    pub heard: Reach<U>,
    /// Ghost: the keys of what this end seals, as far as the attacker has them.
    pub leaked: Leak<U>,
    /// Ghost: the keys of what this end receives, as far as the attacker has them.
    pub peer_leaked: Leak<U>,
}

/// The state of whoever seals.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Sender<U: Traffic> {
    /// The epoch of its key.
    pub epoch: U::Nat,
    /// The next number.
    pub next: U::Nat,
    /// Since when the epoch has lasted.
    pub since: U::Nat,
    /// Records sealed in the epoch.
    pub count: U::Nat,
    /// Ghost: since when the key has really been in use.
    pub used_since: U::Nat,
    /// Ghost: records really sealed with the key.
    pub used: U::Nat,
}

/// How far something was received.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Reach<U: Traffic> {
    /// The epoch.
    pub epoch: U::Nat,
    /// One more than the highest number; zero before the first.
    pub top: U::Nat,
}

/// Keys in the attacker's hands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Leak<U: Traffic> {
    /// It has some.
    pub lost: U::Bool,
    /// The epoch in which they were lost.
    pub since: U::Nat,
    /// The first epoch whose key they give away.
    pub from: U::Nat,
}

/// An entry of a window.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Mark<U: Traffic> {
    /// There is one.
    pub marked: U::Bool,
    /// Ghost: the record that put it there.
    pub by: U::Record,
}

choose_by_field!(Peer { hostile, entitled });
choose_by_field!(Session {
    peer,
    established_at,
    held,
    sending,
    peer_sending,
    receiving,
    heard,
    leaked,
    peer_leaked,
});
choose_by_field!(Sender {
    epoch,
    next,
    since,
    count,
    used_since,
    used,
});
choose_by_field!(Reach { epoch, top });
choose_by_field!(Leak { lost, since, from });
choose_by_field!(Mark { marked, by });

/// What stays as it is while the system runs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Setting<U: Traffic> {
    /// The limits that guards ask about.
    pub limits: Limits<U>,
    /// How many records one key seals.
    pub share: U::Nat,
    /// For how long one key seals.
    pub period: U::Nat,
}

impl Copy for World<Concrete> {}
impl Eq for World<Concrete> {}

impl PartialEq for World<Concrete> {
    fn eq(&self, other: &Self) -> bool {
        self.now == other.now
            && self.peers == other.peers
            && self.sessions == other.sessions
            && self.marks == other.marks
            && self.records == other.records
            && self.fates == other.fates
    }
}

impl Hash for World<Concrete> {
    fn hash<H: Hasher>(&self, hasher: &mut H) {
        self.now.hash(hasher);
        self.peers.0.hash(hasher);
        self.sessions.0.hash(hasher);
        self.marks.0.hash(hasher);
        self.records.0.hash(hasher);
        self.fates.0.hash(hasher);
    }
}

impl fmt::Debug for World<Concrete> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("World")
            .field("now", &self.now)
            .field("peers", &self.peers)
            .field("sessions", &self.sessions)
            .field("marks", &self.marks)
            .field("records", &self.records)
            .field("fates", &self.fates)
            .finish()
    }
}

#[cfg(test)]
mod tests;
