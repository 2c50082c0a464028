//! What the transitions of the bus need of a domain: messages, kinds, tables over them, and rules.

use std::fmt::Debug;

use super::policies::{AGENTS, Policy};
use super::policy::Tiers;
use super::tiering::Rule;
use crate::domain::{Choice, Concrete, Domain, Identity, Ledger, Row, Sparse, Table, Value};

/// Messages a search can hold.
pub const MESSAGES: usize = 3;

/// The rules of a deployment that a trace tells of, and how many individuals it names: they are the
/// first so many numbers.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Told {
    /// The rules, in the order of their file. Types have the places that the trace gives them.
    pub rules: Vec<Rule<u32>>,
    /// Agents.
    pub agents: u32,
    /// Messages.
    pub messages: u32,
}

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
    fn every_agent(rights: &Self::Rights, holds: impl Fn(&Self::Agent) -> Self::Bool)
    -> Self::Bool;
    /// Whether `holds` is true of every message.
    fn every_message(
        rights: &Self::Rights,
        holds: impl Fn(&Self::Message) -> Self::Bool,
    ) -> Self::Bool;
    /// How many agents `holds` is true of; `unknown` where agents cannot be counted.
    fn count_agents(
        rights: &Self::Rights,
        unknown: &Self::Nat,
        holds: impl Fn(&Self::Agent) -> Self::Bool,
    ) -> Self::Nat;
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
    fn every_agent(_: &Policy, holds: impl Fn(&u8) -> bool) -> bool {
        (0u8..).take(AGENTS).all(|agent| holds(&agent))
    }
    #[inline]
    fn every_message(_: &Policy, holds: impl Fn(&u8) -> bool) -> bool {
        (0u8..).take(MESSAGES).all(|message| holds(&message))
    }
    #[inline]
    fn count_agents(_: &Policy, _: &u8, holds: impl Fn(&u8) -> bool) -> u8 {
        let count = (0u8..).take(AGENTS).filter(holds).count();
        u8::try_from(count).unwrap_or(u8::MAX)
    }
    #[inline]
    fn tiers(rights: &Policy, from: &u8, to: &u8, kind: &u8) -> Tiers<bool> {
        rights.tiers(*from, *to, *kind)
    }
}

impl Mail for Ledger {
    type Kind = u32;
    type Message = u32;
    type Rights = Told;
    type PerAgent<V: Choice<bool> + 'static> = Sparse<u32, V>;
    type PerMessage<V: Choice<bool> + 'static> = Sparse<u32, V>;

    fn every_agent(rights: &Told, holds: impl Fn(&u32) -> bool) -> bool {
        (0..rights.agents).all(|agent| holds(&agent))
    }
    fn every_message(rights: &Told, holds: impl Fn(&u32) -> bool) -> bool {
        (0..rights.messages).all(|message| holds(&message))
    }
    fn count_agents(rights: &Told, _: &u64, holds: impl Fn(&u32) -> bool) -> u64 {
        (0..rights.agents).filter(holds).count() as u64
    }
    fn tiers(rights: &Told, from: &u32, to: &u32, kind: &u32) -> Tiers<bool> {
        let place = u8::try_from(*kind).unwrap_or(u8::MAX);
        Tiers::of_list(&rights.rules, from, to, place)
    }
}
