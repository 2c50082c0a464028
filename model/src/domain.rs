//! The vocabulary in which rules are written, so that one text has many readers.
//!
//! A [`Domain`] gives the scalars a guard compares; a [`Universe`] adds the tables a transition
//! updates. Rules never learn which domain reads them.
//!
//! Never here: anything that knows a particular system.

use std::fmt;

mod concrete;
mod ledger;
mod prose;

pub use concrete::{AGENTS, Concrete, KEYS, MESSAGES, NONCES, Place, Row};
pub use ledger::{Ledger, Sparse};
pub use prose::{Phrase, Prose};

/// What every scalar can do besides.
pub trait Value: Clone + fmt::Debug + Eq + 'static {}

impl<T: Clone + fmt::Debug + Eq + 'static> Value for T {}

/// A truth value.
pub trait Truth: Clone {
    /// The value that is always `value`.
    fn constant(value: bool) -> Self;
    /// Negation.
    #[must_use]
    fn not(&self) -> Self;
    /// Conjunction.
    #[must_use]
    fn and(&self, other: &Self) -> Self;
    /// Disjunction.
    #[must_use]
    fn or(&self, other: &Self) -> Self;
    /// Implication.
    #[must_use]
    fn implies(&self, other: &Self) -> Self {
        self.not().or(other)
    }
    /// Whether it is known to be false, whatever the rest of the world is like. A domain that
    /// cannot tell says no; nothing but speed may depend on the answer.
    #[inline]
    fn is_surely_false(&self) -> bool {
        false
    }
    /// The conjunction of all of `parts`; true when there are none.
    #[must_use]
    fn all(parts: impl IntoIterator<Item = Self>) -> Self {
        parts
            .into_iter()
            .fold(Self::constant(true), |sum, part| sum.and(&part))
    }
}

/// A value that can depend on a condition.
pub trait Choice<B>: Clone {
    /// `then` where `condition` holds, `otherwise` elsewhere.
    #[must_use]
    fn choose(condition: &B, then: &Self, otherwise: &Self) -> Self;
}

/// A value that can be compared for sameness and nothing else.
pub trait Identity<B>: Choice<B> {
    /// Whether both are the same individual.
    fn same(&self, other: &Self) -> B;
}

/// A natural number: a count, an instant, or a duration in the unit of the domain's clock.
pub trait Natural<B>: Identity<B> {
    /// The number `value`.
    fn constant(value: u64) -> Self;
    /// The sum. Fixed-width domains saturate: a sum too large is later than every real instant.
    #[must_use]
    fn plus(&self, other: &Self) -> Self;
    /// One less, and zero for zero.
    #[must_use]
    fn predecessor(&self) -> Self;
    /// `self <= other`.
    fn at_most(&self, other: &Self) -> B;
    /// `self < other`.
    fn below(&self, other: &Self) -> B;
}

/// What a guard needs: truth values, numbers and identities.
pub trait Domain: Clone + fmt::Debug + Eq + 'static {
    /// A truth value.
    type Bool: Truth + Choice<Self::Bool> + Value;
    /// A count, an instant or a duration.
    type Nat: Natural<Self::Bool> + Value;
    /// A principal.
    type Agent: Identity<Self::Bool> + Value;
}

/// A total table from `K` to `V`.
pub trait Table<B, K, V: Choice<B>>: Clone {
    /// The entry of `key`.
    fn at(&self, key: &K) -> V;
    /// Replaces the entry of `key`.
    fn set(&mut self, key: &K, value: V);
    /// Replaces every entry by what `change` makes of it.
    fn change_all(&mut self, change: impl Fn(&V) -> V + 'static);
}

/// What a transition needs: a domain with the identities of a whole exchange, and tables over them.
pub trait Universe: Domain {
    /// A signing key.
    type Key: Identity<Self::Bool> + Value;
    /// A nonce.
    type Nonce: Identity<Self::Bool> + Value;
    /// A message type.
    type Kind: Identity<Self::Bool> + Value;
    /// A signed message, as an individual.
    type Message: Identity<Self::Bool> + Value;
    /// A table over principals.
    type PerAgent<V: Choice<Self::Bool> + 'static>: Table<Self::Bool, Self::Agent, V>;
    /// A table over keys.
    type PerKey<V: Choice<Self::Bool> + 'static>: Table<Self::Bool, Self::Key, V>;
    /// A table over messages.
    type PerMessage<V: Choice<Self::Bool> + 'static>: Table<Self::Bool, Self::Message, V>;
    /// A table over pairs of a principal and a nonce.
    type PerEntry<V: Choice<Self::Bool> + 'static>: Table<Self::Bool, (Self::Agent, Self::Nonce), V>;

    /// Whether `holds` is true of every message.
    fn every_message(holds: impl Fn(&Self::Message) -> Self::Bool) -> Self::Bool;
    /// The nonce that a clock-derived generator yields at `instant` (a flaw, not a feature).
    fn nonce_of_clock(instant: &Self::Nat) -> Self::Nonce;
    /// The stand-in for a sender where a flawed store does not tell senders apart.
    fn anyone() -> Self::Agent;
}

impl Truth for bool {
    #[inline]
    fn constant(value: bool) -> Self {
        value
    }
    #[inline]
    fn not(&self) -> Self {
        !*self
    }
    #[inline]
    fn and(&self, other: &Self) -> Self {
        *self && *other
    }
    #[inline]
    fn or(&self, other: &Self) -> Self {
        *self || *other
    }
    #[inline]
    fn is_surely_false(&self) -> bool {
        !*self
    }
}

macro_rules! machine_scalars {
    ($($scalar:ty),+) => {$(
        impl Choice<bool> for $scalar {
            #[inline]
            fn choose(condition: &bool, then: &Self, otherwise: &Self) -> Self {
                if *condition { *then } else { *otherwise }
            }
        }
        impl Identity<bool> for $scalar {
            #[inline]
            fn same(&self, other: &Self) -> bool {
                self == other
            }
        }
    )+};
}
machine_scalars!(bool, u8, u32, u64);

macro_rules! machine_naturals {
    ($($number:ty),+) => {$(
        impl Natural<bool> for $number {
            #[inline]
            fn constant(value: u64) -> Self {
                <$number>::try_from(value).unwrap_or(<$number>::MAX)
            }
            #[inline]
            fn plus(&self, other: &Self) -> Self {
                self.saturating_add(*other)
            }
            #[inline]
            fn predecessor(&self) -> Self {
                self.saturating_sub(1)
            }
            #[inline]
            fn at_most(&self, other: &Self) -> bool {
                self <= other
            }
            #[inline]
            fn below(&self, other: &Self) -> bool {
                self < other
            }
        }
    )+};
}
machine_naturals!(u8, u64);
