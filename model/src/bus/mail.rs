//! What the transitions of the bus need of a domain: messages, kinds, tables over them, and rules.

use std::fmt::Debug;

use super::policy::Tiers;
use super::scope::policies::Policy;
use super::scope::{AGENTS, MESSAGES};
use super::tiering::Rule;
use crate::domain::{Choice, Concrete, Domain, Identity, Ledger, Row, Sparse, Table, Value};

/// Messages, and agents, that a trace can name: the first so many numbers.
pub const TOLD_MAX: u32 = 64;

/// A domain with the individuals that messages are about.
pub trait Mail: Domain {
    /// A type of message.
    type Kind: Identity<Self::Bool> + Value;
    /// A message, as an individual.
    type Message: Identity<Self::Bool> + Value;
    /// The rules of the deployment, as they were written.
    type Rights: Clone + Debug;
    /// A table over agents; of truth values, it is a set of agents.
    type PerAgent<V: Choice<Self::Bool> + 'static>: Table<Self::Bool, Self::Agent, V>
        + Choice<Self::Bool>
        + 'static;
    /// A table over messages.
    type PerMessage<V: Choice<Self::Bool> + 'static>: Table<Self::Bool, Self::Message, V>;

    /// Whether `holds` is true of every agent.
    fn every_agent(holds: impl Fn(&Self::Agent) -> Self::Bool) -> Self::Bool;
    /// Whether `holds` is true of every message.
    fn every_message(holds: impl Fn(&Self::Message) -> Self::Bool) -> Self::Bool;
    /// What the rules say about one sender, one recipient and one type of message.
    fn tiers(
        rights: &Self::Rights,
        from: &Self::Agent,
        to: &Self::Agent,
        kind: &Self::Kind,
    ) -> Tiers<Self::Bool>;
}

impl Mail for Concrete {
    type Kind = u8;
    type Message = u8;
    type Rights = Policy;
    type PerAgent<V: Choice<bool> + 'static> = Row<V, AGENTS>;
    type PerMessage<V: Choice<bool> + 'static> = Row<V, MESSAGES>;

    #[inline]
    fn every_agent(holds: impl Fn(&u8) -> bool) -> bool {
        (0u8..).take(AGENTS).all(|agent| holds(&agent))
    }
    #[inline]
    fn every_message(holds: impl Fn(&u8) -> bool) -> bool {
        (0u8..).take(MESSAGES).all(|message| holds(&message))
    }
    #[inline]
    fn tiers(rights: &Policy, from: &u8, to: &u8, kind: &u8) -> Tiers<bool> {
        rights.tiers(*from, *to, *kind)
    }
}

impl Mail for Ledger {
    type Kind = u32;
    type Message = u32;
    type Rights = Vec<Rule<u32>>;
    type PerAgent<V: Choice<bool> + 'static> = Sparse<u32, V>;
    type PerMessage<V: Choice<bool> + 'static> = Sparse<u32, V>;

    fn every_agent(holds: impl Fn(&u32) -> bool) -> bool {
        (0..TOLD_MAX).all(|agent| holds(&agent))
    }
    fn every_message(holds: impl Fn(&u32) -> bool) -> bool {
        (0..TOLD_MAX).all(|message| holds(&message))
    }
    fn tiers(rights: &Vec<Rule<u32>>, from: &u32, to: &u32, kind: &u32) -> Tiers<bool> {
        let place = u8::try_from(*kind).unwrap_or(u8::MAX);
        Tiers::of_list(rights, from, to, place)
    }
}
