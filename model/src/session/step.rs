//! The transitions: what each action needs, and what it changes.
//!
//! Written once over [`Traffic`]; explorer and prover run these very functions. Where a mechanism can
//! be flawed, the flaw stands beside the right way. Deliveries, where the decisions fall, and sealing
//! have files of their own.

use super::Session as Rules;
use super::record::Presented;
use super::traffic::Traffic;
use super::weakening::Mechanism;
use super::world::{Leak, Mark, Peer, Reach, Session, Setting, World};
use crate::domain::{Choice, Concrete, Ledger, Natural as _, Table as _, Truth as _};
use crate::rulebook::Ruleset;

mod opening;
mod sealing;

pub use opening::{Opening, slid};
pub use sealing::{Sealing, is_due};

/// One step of the system.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Action<U: Traffic> {
    /// An honest end seals a record and sends it.
    Seal(U::Record),
    /// The network delivers a record to this end, its own or another's, perhaps altered.
    Deliver(U::Record, Presented<U>),
    /// The attacker opens a record with keys that it has.
    Read(U::Record),
    /// Time passes until this instant.
    Advance(U::Nat),
    /// This end loses its connection, or its process, and comes back.
    Reconnect(U::Session),
    /// The registry no longer lists a peer as active, or its key as current.
    Withdraw(U::Agent),
    /// The attacker obtains the keys that this end has for a session.
    Reveal(U::Session),
}

impl Copy for Action<Concrete> {}
impl Copy for Action<Ledger> {}

/// What a step consisted of, as ground truth records it: what invariants read.
#[derive(Clone)]
pub enum Event<U: Traffic> {
    /// This end was asked to accept a record.
    Opening(Opening<U>),
    /// An end was asked to seal one.
    Sealing(Sealing<U>),
    /// The attacker read one.
    Reading(Reading<U>),
}

/// A record that the attacker opened.
#[derive(Clone)]
pub struct Reading<U: Traffic> {
    /// The epoch of the record.
    pub epoch: U::Nat,
    /// The session it belongs to is one with the attacker itself.
    pub hostile: U::Bool,
    /// The keys in the attacker's hands.
    pub leak: Leak<U>,
}

/// What an action leads to.
#[derive(Clone)]
pub struct Step<U: Traffic> {
    /// Whether the action could be taken at all; if not, the world afterwards means nothing.
    pub enabled: U::Bool,
    /// The world afterwards.
    pub after: World<U>,
    /// What invariants look at, if the action is of that kind.
    pub event: Option<Event<U>>,
}

impl<U: Traffic> World<U> {
    /// Takes `action`.
    pub fn step(&self, rules: Ruleset<Rules>, setting: &Setting<U>, action: &Action<U>) -> Step<U> {
        let mut after = self.clone();
        let (enabled, event) = match action {
            Action::Seal(record) => {
                let (enabled, event) = after.seal(rules, setting, record);
                (enabled, Some(Event::Sealing(event)))
            }
            Action::Deliver(record, presented) => {
                let (enabled, event) = after.deliver(rules, setting, record, presented);
                (enabled, Some(Event::Opening(event)))
            }
            Action::Read(record) => {
                let (enabled, event) = self.read(record);
                (enabled, Some(Event::Reading(event)))
            }
            Action::Advance(to) => {
                after.now = to.clone();
                (self.now.below(to), None)
            }
            Action::Reconnect(session) => (after.reconnect(rules, session), None),
            Action::Withdraw(peer) => (after.withdraw(peer), None),
            Action::Reveal(session) => (after.reveal(rules, session), None),
        };
        Step {
            enabled,
            after,
            event,
        }
    }

    /// Whether the attacker has the key of this session, direction and epoch.
    fn knows(&self, session: &Session<U>, mine: &U::Bool, epoch: &U::Nat) -> U::Bool {
        let leak = session.leak(mine);
        let lost = leak.lost.and(&leak.from.at_most(epoch));
        self.peers.at(&session.peer).hostile.or(&lost)
    }

    fn read(&self, record: &U::Record) -> (U::Bool, Reading<U>) {
        let content = self.records.at(record);
        let session = self.sessions.at(&content.session);
        let known = self.knows(&session, &content.mine, &content.epoch);
        let event = Reading {
            hostile: self.peers.at(&session.peer).hostile,
            leak: session.leak(&content.mine),
            epoch: content.epoch,
        };
        (self.fates.at(record).sent.and(&known), event)
    }

    /// The session is over: only a new handshake opens another, with other keys.
    fn reconnect(&mut self, rules: Ruleset<Rules>, session: &U::Session) -> U::Bool {
        let before = self.sessions.at(session);
        let mut after = before.clone();
        after.held = U::Bool::constant(false);
        if rules.has(Mechanism::SequenceRestarts) {
            after.held = before.held.clone();
            after.sending.epoch = U::Nat::constant(0);
            after.sending.next = U::Nat::constant(0);
            after.sending.count = U::Nat::constant(0);
            after.sending.since = self.now.clone();
        }
        if rules.has(Mechanism::WindowRestarts) {
            after.held = before.held.clone();
            after.receiving = Reach {
                epoch: U::Nat::constant(0),
                top: U::Nat::constant(0),
            };
        }
        self.sessions.set(session, after);
        before.held
    }

    fn withdraw(&mut self, peer: &U::Agent) -> U::Bool {
        let mut record = self.peers.at(peer);
        let enabled = record.entitled.clone();
        record.entitled = U::Bool::constant(false);
        self.peers.set(peer, record);
        enabled
    }

    /// What this end has of a session's keys; those of earlier epochs are gone.
    fn reveal(&mut self, rules: Ruleset<Rules>, session: &U::Session) -> U::Bool {
        let mut record = self.sessions.at(session);
        let enabled = record
            .held
            .and(&record.leaked.lost.not())
            .and(&record.peer_leaked.lost.not());
        let all = rules.has(Mechanism::KeysFromSecret) || rules.has(Mechanism::KeepsOldKeys);
        let leak = |epoch: &U::Nat| Leak {
            lost: U::Bool::constant(true),
            since: epoch.clone(),
            from: if all {
                U::Nat::constant(0)
            } else {
                epoch.clone()
            },
        };
        record.leaked = leak(&record.sending.epoch);
        record.peer_leaked = leak(&record.receiving.epoch);
        self.sessions.set(session, record);
        enabled
    }
}

impl<U: Traffic> Session<U> {
    /// The keys of one direction, as far as the attacker has them.
    pub fn leak(&self, mine: &U::Bool) -> Leak<U> {
        Choice::choose(mine, &self.leaked, &self.peer_leaked)
    }
}

impl<U: Traffic> Mark<U> {
    /// An entry that is not there.
    pub fn none(by: U::Record) -> Self {
        Self {
            marked: U::Bool::constant(false),
            by,
        }
    }
}

impl<U: Traffic> Peer<U> {
    /// Whether the registry entitles the peer, as one sees it who seals: an end asks about its peer,
    /// and what this end's peers ask about is this end, which is entitled.
    fn entitled_for(&self, mine: &U::Bool) -> U::Bool {
        self.entitled.or(&mine.not())
    }
}

#[cfg(test)]
mod tests;
