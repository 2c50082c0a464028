//! The transitions: what each action needs, and what it changes.
//!
//! Written once over a [`Universe`]; the explorer, the prover and the replay's reference all run
//! these very functions. Where a mechanism can be flawed, the flaw stands beside the right way.
//! Deliveries, where the decisions fall, have a file of their own.

use super::Admission;
use super::message::{Fate, Presented};
use super::weakening::Mechanism;
use super::world::{Agent, Entry, Setting, World};
use crate::domain::{
    Choice, Concrete, Identity as _, Natural as _, Table as _, Truth as _, Universe,
};
use crate::rulebook::Ruleset;

mod delivery;

pub use delivery::{Delivery, counts, keep_until, remembers};

/// One step of the system.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Action<U: Universe> {
    /// An honest agent sends a message.
    Send(U::Message),
    /// The network delivers a message, its own or another's, perhaps altered.
    Deliver(U::Message, Presented<U>),
    /// The network delivers two copies of a message at the same moment.
    DeliverTwice(U::Message, Presented<U>),
    /// Time passes until this instant.
    Advance(U::Nat),
    /// The receiver's wall clock is set back to this instant.
    SetBack(U::Nat),
    /// The receiver forgets an entry whose time has passed.
    Forget(U::Agent, U::Nonce),
    /// The receiver's process restarts.
    Restart,
    /// Another replica of the receiver takes over.
    FailOver,
    /// The attacker obtains a key.
    Compromise(U::Key),
    /// The registry lists a successor (second) and ends a key's validity (first) after the overlap.
    Rotate(U::Key, U::Key),
    /// The registry revokes a key.
    Revoke(U::Key),
    /// The registry retires an agent.
    Retire(U::Agent),
}

impl Copy for Action<Concrete> {}

impl<U: Universe> Action<U> {
    /// The message that it is about, if it is about one.
    pub fn message(&self) -> Option<&U::Message> {
        match self {
            Self::Send(message) | Self::Deliver(message, _) | Self::DeliverTwice(message, _) => {
                Some(message)
            }
            Self::Advance(_)
            | Self::SetBack(_)
            | Self::Forget(..)
            | Self::Restart
            | Self::FailOver
            | Self::Compromise(_)
            | Self::Rotate(..)
            | Self::Revoke(_)
            | Self::Retire(_) => None,
        }
    }
}

/// What an action leads to.
#[derive(Clone)]
pub struct Step<U: Universe> {
    /// Whether the action could be taken at all.
    pub enabled: U::Bool,
    /// The world afterwards.
    pub after: World<U>,
    /// The deliveries that it consisted of: none, one or two.
    pub deliveries: [Option<Delivery<U>>; 2],
}

/// What an action taken in place leads to, besides the world that it changed.
#[derive(Clone)]
pub struct Taken<U: Universe> {
    /// Whether the action could be taken at all; if not, the world now means nothing.
    pub enabled: U::Bool,
    /// The deliveries that it consisted of: none, one or two.
    pub deliveries: [Option<Delivery<U>>; 2],
}

impl<U: Universe> Taken<U> {
    fn without_delivery(enabled: U::Bool) -> Self {
        Self {
            enabled,
            deliveries: [None, None],
        }
    }
}

impl<U: Universe> World<U> {
    /// Takes `action`.
    pub fn step(
        &self,
        rules: Ruleset<Admission>,
        setting: &Setting<U>,
        action: &Action<U>,
    ) -> Step<U> {
        let mut after = self.clone();
        let Taken {
            enabled,
            deliveries,
        } = after.take(rules, setting, action);
        Step {
            enabled,
            after,
            deliveries,
        }
    }

    /// Takes `action` in place, for who has a copy of the world to spare.
    pub fn take(
        &mut self,
        rules: Ruleset<Admission>,
        setting: &Setting<U>,
        action: &Action<U>,
    ) -> Taken<U> {
        match action {
            Action::Deliver(message, presented) => {
                let (content, fate) = (self.messages.at(message), self.fates.at(message));
                let enabled = self.deliverable((&content, &fate));
                let only = self.judge(self, rules, setting, (&content, &fate), presented);
                self.record(rules, setting, message, &only);
                Taken {
                    enabled,
                    deliveries: [Some(only), None],
                }
            }
            Action::DeliverTwice(message, presented) => {
                let (content, fate) = (self.messages.at(message), self.fates.at(message));
                let enabled = self.deliverable((&content, &fate));
                let before = rules
                    .has(Mechanism::ChecksThenInserts)
                    .then(|| self.clone());
                let first = self.judge(self, rules, setting, (&content, &fate), presented);
                self.record(rules, setting, message, &first);
                let fate = self.fates.at(message);
                let seen = before.as_ref().unwrap_or(self);
                let second = self.judge(seen, rules, setting, (&content, &fate), presented);
                self.record(rules, setting, message, &second);
                Taken {
                    enabled,
                    deliveries: [Some(first), Some(second)],
                }
            }
            Action::Send(message) => Taken::without_delivery(self.send(rules, message)),
            Action::Advance(to) => {
                let enabled = self.now.below(to);
                self.now = to.clone();
                Taken::without_delivery(enabled)
            }
            Action::SetBack(to) => {
                let enabled = to.below(&self.now);
                // The monotonic clock never reads less than it read before.
                if rules.has(Mechanism::FollowsWallClock) {
                    self.now = to.clone();
                }
                Taken::without_delivery(enabled)
            }
            Action::Forget(agent, nonce) => {
                Taken::without_delivery(self.forget(rules, agent, nonce))
            }
            Action::Restart => {
                if rules.has(Mechanism::ForgetsOnRestart) {
                    self.forget_all();
                }
                Taken::without_delivery(U::Bool::constant(true))
            }
            Action::FailOver => {
                if rules.has(Mechanism::StorePerReplica) {
                    self.forget_all();
                }
                Taken::without_delivery(U::Bool::constant(true))
            }
            Action::Compromise(key) => Taken::without_delivery(self.compromise(key)),
            Action::Rotate(old, new) => Taken::without_delivery(self.rotate(setting, old, new)),
            Action::Revoke(key) => Taken::without_delivery(self.revoke(key)),
            Action::Retire(agent) => Taken::without_delivery(self.retire(agent)),
        }
    }
}

/// Each of these changes the world and says whether that was possible at all.
impl<U: Universe> World<U> {
    /// Honest agents name themselves, sign with a key of theirs that is valid, and never repeat a nonce.
    fn send(&mut self, rules: Ruleset<Admission>, message: &U::Message) -> U::Bool {
        let content = self.messages.at(message);
        let fate = self.fates.at(message);
        let sender = self.agents.at(&content.from);
        let key = self.keys.at(&content.key);
        let nonce = if rules.has(Mechanism::NonceFromClock) {
            content.nonce.same(&U::nonce_of_clock(&self.now))
        } else {
            U::every_message(|other| {
                let reused = self.messages.at(other).nonce.same(&content.nonce);
                self.fates.at(other).sent.and(&reused).not()
            })
        };
        let enabled = U::Bool::all([
            fate.sent.not(),
            sender.hostile.not(),
            sender.active,
            content.is_honest(),
            key.owner.same(&content.from),
            key.entitled(&self.now),
            nonce,
            content.issued_at.same(&self.now),
            self.now.at_most(&content.expires_at),
        ]);
        let sent = U::Bool::constant(true);
        self.fates.set(message, Fate { sent, ..fate });
        enabled
    }

    fn forget(&mut self, rules: Ruleset<Admission>, agent: &U::Agent, nonce: &U::Nonce) -> U::Bool {
        let place = (agent.clone(), nonce.clone());
        let entry = self.store.at(&place);
        let enabled = entry.stored.and(&entry.keep_until.below(&self.now));
        let holder = if rules.has(Mechanism::KeyedByNonceAlone) {
            self.messages.at(&entry.by).from
        } else {
            agent.clone()
        };
        let stored = U::Bool::constant(false);
        self.store.set(&place, Entry { stored, ..entry });
        let sender = self.agents.at(&holder);
        let held = sender.held.predecessor();
        self.agents.set(&holder, Agent { held, ..sender });
        enabled
    }

    fn forget_all(&mut self) {
        self.store.change_all(|entry| Entry {
            stored: U::Bool::constant(false),
            ..entry.clone()
        });
        self.agents.change_all(|agent| Agent {
            held: U::Nat::constant(0),
            recent: U::Nat::constant(0),
            ..agent.clone()
        });
    }

    fn compromise(&mut self, key: &U::Key) -> U::Bool {
        let mut record = self.keys.at(key);
        let enabled = record.listed.and(&record.compromised.not());
        let mut owner = self.agents.at(&record.owner);
        owner.compromised = U::Bool::constant(true);
        self.agents.set(&record.owner, owner);
        record.compromised = U::Bool::constant(true);
        self.keys.set(key, record);
        enabled
    }

    fn rotate(&mut self, setting: &Setting<U>, old: &U::Key, new: &U::Key) -> U::Bool {
        let (mut ending, mut beginning) = (self.keys.at(old), self.keys.at(new));
        // One is listed and the other is not, so they are two.
        let enabled = U::Bool::all([
            ending.listed.clone(),
            beginning.listed.not(),
            ending.owner.same(&beginning.owner),
        ]);
        let end = self.now.plus(&setting.overlap);
        ending.not_after = Choice::choose(&end.below(&ending.not_after), &end, &ending.not_after);
        self.keys.set(old, ending);
        beginning.listed = U::Bool::constant(true);
        beginning.not_before = self.now.clone();
        self.keys.set(new, beginning);
        enabled
    }

    fn revoke(&mut self, key: &U::Key) -> U::Bool {
        let mut record = self.keys.at(key);
        let enabled = record.listed.and(&record.revoked.not());
        record.revoked = U::Bool::constant(true);
        self.keys.set(key, record);
        enabled
    }

    fn retire(&mut self, agent: &U::Agent) -> U::Bool {
        let mut record = self.agents.at(agent);
        let enabled = record.active.clone();
        record.active = U::Bool::constant(false);
        self.agents.set(agent, record);
        enabled
    }
}

#[cfg(test)]
mod tests;
