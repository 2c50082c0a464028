//! The state of the system: the receiver, the registry, the network, and the ghost history.
//!
//! Ghost fields are written from ground truth and read by invariants only; no guard sees them.

use std::fmt;

use super::facts::Limits;
use super::message::{Fate, Message, choose_by_field};
use crate::domain::{Choice, Concrete, Natural as _, Truth as _, Universe};

/// Everything that transitions read and change.
#[derive(Clone)]
pub struct World<U: Universe> {
    /// The receiver's monotonic clock.
    pub now: U::Nat,
    /// Each principal.
    pub agents: U::PerAgent<Agent<U>>,
    /// Each key.
    pub keys: U::PerKey<Key<U>>,
    /// Each message that could ever be sent.
    pub messages: U::PerMessage<Message<U>>,
    /// What became of each message.
    pub fates: U::PerMessage<Fate<U>>,
    /// The replay store, by sender and nonce.
    pub store: U::PerEntry<Entry<U>>,
    /// How many entries were ever inserted; only a store that evicts by age asks.
    pub insertions: U::Nat,
}

/// A principal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Agent<U: Universe> {
    /// It is the attacker.
    pub hostile: U::Bool,
    /// The registry lists it as active.
    pub active: U::Bool,
    /// Entries it holds in the replay store.
    pub held: U::Nat,
    /// The rate period that the next two counts are about.
    pub period: U::Nat,
    /// Messages counted against its rate in that period.
    pub recent: U::Nat,
    /// Ghost: messages really admitted from it in that period.
    pub admitted: U::Nat,
    /// Ghost: some key of it is in the attacker's hands.
    pub compromised: U::Bool,
}

/// A signing key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Key<U: Universe> {
    /// Whose key it is.
    pub owner: U::Agent,
    /// The registry lists it.
    pub listed: U::Bool,
    /// When its validity begins.
    pub not_before: U::Nat,
    /// When its validity ends.
    pub not_after: U::Nat,
    /// It was revoked.
    pub revoked: U::Bool,
    /// Ghost: the attacker has it.
    pub compromised: U::Bool,
}

/// An entry of the replay store.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Entry<U: Universe> {
    /// There is one.
    pub stored: U::Bool,
    /// The last instant at which it must still be there.
    pub keep_until: U::Nat,
    /// How many insertions came before it.
    pub serial: U::Nat,
    /// Ghost: the message that put it there.
    pub by: U::Message,
}

impl Copy for World<Concrete> {}
impl Eq for World<Concrete> {}

impl<U: Universe> PartialEq for World<U>
where
    U::PerAgent<Agent<U>>: PartialEq,
    U::PerKey<Key<U>>: PartialEq,
    U::PerMessage<Message<U>>: PartialEq,
    U::PerMessage<Fate<U>>: PartialEq,
    U::PerEntry<Entry<U>>: PartialEq,
{
    fn eq(&self, other: &Self) -> bool {
        self.now == other.now
            && self.agents == other.agents
            && self.keys == other.keys
            && self.messages == other.messages
            && self.fates == other.fates
            && self.store == other.store
            && self.insertions == other.insertions
    }
}

impl<U: Universe> fmt::Debug for World<U>
where
    U::PerAgent<Agent<U>>: fmt::Debug,
    U::PerKey<Key<U>>: fmt::Debug,
    U::PerMessage<Message<U>>: fmt::Debug,
    U::PerMessage<Fate<U>>: fmt::Debug,
    U::PerEntry<Entry<U>>: fmt::Debug,
{
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("World")
            .field("now", &self.now)
            .field("agents", &self.agents)
            .field("keys", &self.keys)
            .field("messages", &self.messages)
            .field("fates", &self.fates)
            .field("store", &self.store)
            .field("insertions", &self.insertions)
            .finish()
    }
}

choose_by_field!(Agent {
    hostile,
    active,
    held,
    period,
    recent,
    admitted,
    compromised
});
choose_by_field!(Key {
    owner,
    listed,
    not_before,
    not_after,
    revoked,
    compromised
});
choose_by_field!(Entry {
    stored,
    keep_until,
    serial,
    by
});

/// What stays as it is while the system runs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Setting<U: Universe> {
    /// The receiver.
    pub me: U::Agent,
    /// Its limits.
    pub limits: Limits<U>,
    /// How long a key stays valid after its successor was listed.
    pub overlap: U::Nat,
    /// How many entries a store that evicts by age can hold.
    pub capacity: U::Nat,
}

impl<U: Universe> Key<U> {
    /// Ground truth: whether the registry entitles this key to speak at `now`.
    pub fn entitled(&self, now: &U::Nat) -> U::Bool {
        self.listed
            .and(&self.revoked.not())
            .and(&self.not_before.at_most(now))
            .and(&now.at_most(&self.not_after))
    }
}
