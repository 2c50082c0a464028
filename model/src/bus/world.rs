//! The state of the system: the orchestrator's tables, the agents, the messages, and the ghost history.
//!
//! Ghost fields are written from ground truth and read by invariants only; no guard sees them.

use std::fmt;
use std::hash::{Hash, Hasher};

use super::mail::Mail;
use super::message::{Fate, Message, choose_by_field};
use super::policy::{Tier, Tiers};
use crate::domain::{Choice, Concrete, Identity as _, Table as _, Truth as _};

/// Everything that transitions read and change.
#[derive(Clone)]
pub struct World<U: Mail> {
    /// The orchestrator's monotonic clock.
    pub now: U::Nat,
    /// The version of the policy in force.
    pub version: U::Nat,
    /// The rules, as they were before anything was withdrawn.
    pub rights: U::Rights,
    /// Each agent.
    pub agents: U::PerAgent<Agent<U>>,
    /// Each message that could ever be composed.
    pub messages: U::PerMessage<Message<U>>,
    /// What became of each message.
    pub fates: U::PerMessage<Fate<U>>,
    /// On whose behalf each message was accepted, as the orchestrator knows it.
    pub parties: U::PerMessage<U::PerAgent<U::Bool>>,
    /// Ghost: who really wanted each message sent.
    pub wanters: U::PerMessage<U::PerAgent<U::Bool>>,
}

/// An agent, as the orchestrator lists it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Agent<U: Mail> {
    /// It is the attacker.
    pub hostile: U::Bool,
    /// It is listed as active.
    pub active: U::Bool,
    /// All its rights to send were withdrawn: a rule denies it every type towards everybody.
    pub withdrawn: U::Bool,
    /// Deliveries charged to it in this period.
    pub charged: U::Nat,
    /// Ghost: deliveries that its messages of this period amount to.
    pub caused: U::Nat,
}

choose_by_field!(Agent {
    hostile,
    active,
    withdrawn,
    charged,
    caused,
});

/// What stays as it is while the system runs. Times are in ticks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Setting<U: Mail> {
    /// How old a message may be when it is submitted.
    pub window: U::Nat,
    /// How long an approval can be used.
    pub patience: U::Nat,
    /// How long a request can be answered at most.
    pub longest: U::Nat,
    /// How many deliveries an agent may cause in a period.
    pub rate: U::Nat,
    /// How many agents hear a broadcast, where agents cannot be counted.
    pub audience: U::Nat,
}

impl<U: Mail> World<U> {
    /// Whether a message goes to an agent: of a broadcast, to every active one but its sender.
    pub fn is_recipient(&self, message: &Message<U>, agent: &U::Agent) -> U::Bool {
        let other = agent.same(&message.claimed).not();
        let everybody = other.and(&self.agents.at(agent).active);
        Choice::choose(&message.to_all, &everybody, &message.to.same(agent))
    }

    /// What the rules say about one sender, one recipient and one type of message, now.
    pub fn tiers(&self, from: &U::Agent, to: &U::Agent, kind: &U::Kind) -> Tiers<U::Bool> {
        let written = U::tiers(&self.rights, from, to, kind);
        let [pair, from_one, to_one, any] = written.tiers;
        let yes = || U::Bool::constant(true);
        let withdrawal = Tier {
            listed: yes(),
            names_some: yes(),
            denies: yes(),
            allows_first: U::Bool::constant(false),
            ..from_one.clone()
        };
        let withdrawn = self.agents.at(from).withdrawn;
        let from_one = Tier::choose(&withdrawn, &withdrawal, &from_one);
        Tiers {
            tiers: [pair, from_one, to_one, any],
            recipient_first: written.recipient_first,
        }
    }
}

impl Copy for World<Concrete> {}
impl Eq for World<Concrete> {}

impl PartialEq for World<Concrete> {
    fn eq(&self, other: &Self) -> bool {
        self.now == other.now
            && self.version == other.version
            && self.rights == other.rights
            && self.agents == other.agents
            && self.messages == other.messages
            && self.fates == other.fates
            && self.parties == other.parties
            && self.wanters == other.wanters
    }
}

impl Hash for World<Concrete> {
    fn hash<H: Hasher>(&self, hasher: &mut H) {
        self.now.hash(hasher);
        self.version.hash(hasher);
        self.rights.hash(hasher);
        self.agents.0.hash(hasher);
        self.messages.0.hash(hasher);
        self.fates.0.hash(hasher);
        for (parties, wanters) in self.parties.0.iter().zip(&self.wanters.0) {
            (parties.0, wanters.0).hash(hasher);
        }
    }
}

impl fmt::Debug for World<Concrete> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("World")
            .field("now", &self.now)
            .field("version", &self.version)
            .field("rights", &self.rights)
            .field("agents", &self.agents)
            .field("messages", &self.messages)
            .field("fates", &self.fates)
            .field("parties", &self.parties)
            .field("wanters", &self.wanters)
            .finish()
    }
}
