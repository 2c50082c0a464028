//! A state of the search as exact machine words, for hashing and ordering.
//!
//! Every field that two canonical states of one search can differ in is written, in bits of its
//! own: two of them have the same words only if they are the same state.

use std::hash::{Hash, Hasher};

use super::message::{Fate, Message};
use super::system::State;
use super::world::{Agent, Entry, Key};
use crate::domain::Concrete;

/// Words that one state takes.
const WORDS: usize = 12;

/// The word of a slot that holds no message: greater than that of any message.
pub(super) const VACANT_WORD: u64 = u64::MAX;

/// Values with the number of bits each takes, the first in the highest bits.
#[inline]
fn joined<const N: usize>(fields: [(u64, u32); N]) -> u64 {
    fields.into_iter().fold(0, |word, (value, bits)| {
        debug_assert!(value < 1 << bits, "{value} needs more than {bits} bits");
        (word << bits) | value
    })
}

#[inline]
fn number(value: u8, bits: u32) -> (u64, u32) {
    (value.into(), bits)
}

#[inline]
fn flag(value: bool) -> (u64, u32) {
    (value.into(), 1)
}

impl State {
    /// The state as words.
    pub fn words(&self) -> [u64; WORDS] {
        let world = &self.world;
        let [a0, a1, a2, a3] = world.agents.0;
        let [k0, k1, k2, k3, k4, k5, k6, k7, k8] = world.keys.0;
        let [f0, f1, f2, f3] = world.fates.0;
        let [m0, m1, m2, m3] = &world.messages.0;
        let [
            e0,
            e1,
            e2,
            e3,
            e4,
            e5,
            e6,
            e7,
            e8,
            e9,
            e10,
            e11,
            e12,
            e13,
            e14,
            e15,
        ] = world.store.0;
        [
            joined([
                number(world.now, 4),
                number(self.faults, 2),
                flag(self.broken),
                agent(a0),
                agent(a1),
            ]),
            joined([number(world.insertions, 8), agent(a2), agent(a3)]),
            joined([key(k0), key(k1), key(k2), key(k3), key(k4)]),
            joined([key(k5), key(k6), key(k7), key(k8)]),
            joined([entry(e0), entry(e1), entry(e2), entry(e3)]),
            joined([entry(e4), entry(e5), entry(e6), entry(e7)]),
            joined([entry(e8), entry(e9), entry(e10), entry(e11)]),
            joined([entry(e12), entry(e13), entry(e14), entry(e15)]),
            message_word(m0, f0),
            message_word(m1, f1),
            message_word(m2, f2),
            message_word(m3, f3),
        ]
    }
}

/// That it is the attacker never changes; the period is now wherever a count is not zero.
#[inline]
fn agent(agent: Agent<Concrete>) -> (u64, u32) {
    let word = joined([
        flag(agent.active),
        flag(agent.compromised),
        number(agent.held, 8),
        number(agent.recent, 8),
        number(agent.admitted, 8),
    ]);
    (word, 26)
}

/// The owner never changes.
#[inline]
fn key(key: Key<Concrete>) -> (u64, u32) {
    let word = joined([
        flag(key.listed),
        flag(key.revoked),
        flag(key.compromised),
        number(key.not_before, 4),
        number(key.not_after, 4),
    ]);
    (word, 11)
}

#[inline]
fn entry(entry: Entry<Concrete>) -> (u64, u32) {
    let word = joined([
        flag(entry.stored),
        number(entry.keep_until, 5),
        number(entry.serial, 8),
        number(entry.by, 2),
    ]);
    (word, 16)
}

/// One message slot: the word by which slots are also ordered.
#[inline]
pub(super) fn message_word(message: &Message<Concrete>, fate: Fate<Concrete>) -> u64 {
    let word = joined([
        number(message.issued_at, 5),
        number(message.from, 2),
        number(message.nonce, 2),
        number(message.key, 4),
        number(message.expires_at, 4),
        number(message.to, 2),
        flag(fate.sent),
        flag(fate.admitted),
        number(message.author, 2),
        number(message.inner_from, 2),
        number(message.kind, 1),
        flag(message.timed),
        flag(message.signed),
        flag(message.size_bounded),
        flag(message.well_formed),
        flag(message.canonical),
        flag(message.version_supported),
        flag(message.schema_valid),
        flag(message.session_known),
        flag(message.intricate),
    ]);
    // Nobody composes a message that is wrong in everything: that is what an empty slot holds.
    if word == 0 { VACANT_WORD } else { word }
}

impl Hash for State {
    fn hash<H: Hasher>(&self, hasher: &mut H) {
        self.words().hash(hasher);
    }
}
