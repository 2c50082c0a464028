//! The replay's domain: as many individuals as a trace names, and real clock readings.

use std::collections::BTreeMap;

use super::{Choice, Domain, Table, Universe};

/// 64-bit words and sparse tables.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Ledger;

/// A table that stores what differs from its default.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sparse<K, V> {
    default: V,
    entries: BTreeMap<K, V>,
}

impl<K: Ord, V: PartialEq> Sparse<K, V> {
    /// A table in which every entry is `default`.
    pub fn filled(default: V) -> Self {
        Self {
            default,
            entries: BTreeMap::new(),
        }
    }

    /// The entries that differ from the default, in the order of their keys.
    pub fn iter(&self) -> impl Iterator<Item = (&K, &V)> {
        self.entries
            .iter()
            .filter(|(_, value)| **value != self.default)
    }
}

impl<K: Ord + Clone, V: Choice<bool>> Table<bool, K, V> for Sparse<K, V> {
    fn at(&self, key: &K) -> V {
        self.entries.get(key).unwrap_or(&self.default).clone()
    }
    fn set(&mut self, key: &K, value: V) {
        self.entries.insert(key.clone(), value);
    }
    fn change_all(&mut self, change: impl Fn(&V) -> V + 'static) {
        self.default = change(&self.default);
        for value in self.entries.values_mut() {
            *value = change(value);
        }
    }
}

impl<K: Clone, V: Clone> Choice<bool> for Sparse<K, V> {
    fn choose(condition: &bool, then: &Self, otherwise: &Self) -> Self {
        if *condition { then } else { otherwise }.clone()
    }
}

impl Domain for Ledger {
    type Bool = bool;
    type Nat = u64;
    type Agent = u32;
}

impl Universe for Ledger {
    type Key = u32;
    type Nonce = u32;
    type Kind = u32;
    type Message = u32;
    type PerAgent<V: Choice<bool> + 'static> = Sparse<u32, V>;
    type PerKey<V: Choice<bool> + 'static> = Sparse<u32, V>;
    type PerMessage<V: Choice<bool> + 'static> = Sparse<u32, V>;
    type PerEntry<V: Choice<bool> + 'static> = Sparse<(u32, u32), V>;

    fn every_message(_holds: impl Fn(&u32) -> bool) -> bool {
        // A trace names its nonces itself; the engine gives two messages one nonce only if told to.
        true
    }
    fn nonce_of_clock(instant: &u64) -> u32 {
        u32::try_from(*instant).unwrap_or(u32::MAX)
    }
    fn anyone() -> u32 {
        u32::MAX
    }
}
