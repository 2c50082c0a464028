//! A record as ground truth: which message it is of, and what became of it.

use super::chronicle::Chronicle;
use crate::domain::{Choice, Identity as _, Truth as _};

/// What a record says, together with what only an omniscient observer knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Content<U: Chronicle> {
    /// The attacker made it up: no message is behind it.
    pub composed: U::Bool,
    /// Who sent the message.
    pub from: U::Agent,
    /// To whom.
    pub to: U::Agent,
    /// The policy denied it; its effect is the answer that says so.
    pub denied: U::Bool,
    /// Its fields, run together.
    pub text: U::Text,
}

impl<U: Chronicle> Content<U> {
    /// Whether the agent is a party to the message.
    pub fn is_party(&self, agent: &U::Agent) -> U::Bool {
        agent.same(&self.from).or(&agent.same(&self.to))
    }
}

/// What became of a record so far.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Fate<U: Chronicle> {
    /// The writer says that it has written it.
    pub recorded: U::Bool,
    /// Ghost: the disk has it, whatever crashes.
    pub durable: U::Bool,
    /// Ghost: its message had its effect.
    pub acted: U::Bool,
}

macro_rules! choose_by_field {
    ($name:ident { $($field:ident),+ $(,)? }) => {
        impl<U: Chronicle> Choice<U::Bool> for $name<U> {
            #[inline]
            fn choose(condition: &U::Bool, then: &Self, otherwise: &Self) -> Self {
                Self { $($field: Choice::choose(condition, &then.$field, &otherwise.$field),)+ }
            }
        }
    };
}
pub(super) use choose_by_field;

choose_by_field!(Content {
    composed,
    from,
    to,
    denied,
    text,
});
choose_by_field!(Fate {
    recorded,
    durable,
    acted,
});
