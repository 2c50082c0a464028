//! The explorer's domain: bytes and small arrays that compile to plain machine code.
//!
//! Every individual is a small index. The array sizes bound what one search can hold; the scope of
//! a search stays below them.

use super::{Choice, Domain, Table, Universe};

/// Principals a search can hold.
pub const AGENTS: usize = 4;
/// Keys a search can hold: two for each principal, and one that no registry lists.
pub const KEYS: usize = 2 * AGENTS + 1;
/// Messages a search can hold at once.
pub const MESSAGES: usize = 4;
/// Nonces a search can hold.
pub const NONCES: usize = 4;
const ENTRIES: usize = AGENTS * NONCES;

/// Machine words: `bool`, `u8` and arrays.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Concrete;

/// An array indexed by an individual.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Row<V, const N: usize>(pub [V; N]);

/// A key of a [`Row`]: an individual, or a pair of a principal and a nonce.
pub trait Place {
    /// Its place in a [`Row`].
    fn place(&self) -> usize;
}

impl Place for u8 {
    #[inline]
    fn place(&self) -> usize {
        usize::from(*self)
    }
}

impl Place for (u8, u8) {
    #[inline]
    fn place(&self) -> usize {
        usize::from(self.0) * NONCES + usize::from(self.1)
    }
}

#[expect(
    clippy::indexing_slicing,
    reason = "a scope never names an individual beyond the arrays"
)]
impl<K: Place, V: Choice<bool>, const N: usize> Table<bool, K, V> for Row<V, N> {
    #[inline]
    fn at(&self, key: &K) -> V {
        self.0[key.place()].clone()
    }
    #[inline]
    fn set(&mut self, key: &K, value: V) {
        self.0[key.place()] = value;
    }
    #[inline]
    fn change_all(&mut self, change: impl Fn(&V) -> V + 'static) {
        for value in &mut self.0 {
            *value = change(value);
        }
    }
}

impl<V: Clone, const N: usize> Choice<bool> for Row<V, N> {
    #[inline]
    fn choose(condition: &bool, then: &Self, otherwise: &Self) -> Self {
        if *condition { then } else { otherwise }.clone()
    }
}

impl Domain for Concrete {
    type Bool = bool;
    type Nat = u8;
    type Agent = u8;
}

impl Universe for Concrete {
    type Key = u8;
    type Nonce = u8;
    type Kind = u8;
    type Message = u8;
    type PerAgent<V: Choice<bool> + 'static> = Row<V, AGENTS>;
    type PerKey<V: Choice<bool> + 'static> = Row<V, KEYS>;
    type PerMessage<V: Choice<bool> + 'static> = Row<V, MESSAGES>;
    type PerEntry<V: Choice<bool> + 'static> = Row<V, ENTRIES>;

    fn every_message(holds: impl Fn(&u8) -> bool) -> bool {
        (0u8..).take(MESSAGES).all(|message| holds(&message))
    }
    fn nonce_of_clock(instant: &u8) -> u8 {
        // A search that asks this needs two messages in one instant, so the few nonces do.
        instant % 4
    }
    fn anyone() -> u8 {
        0
    }
}
