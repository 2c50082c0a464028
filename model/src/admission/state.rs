//! A state of the search, and its exact machine words: what is kept, hashed and ordered.
//!
//! Every field that two canonical states of one search can differ in is written, in bits of its
//! own: two of them have the same words only if they are the same state, and the words are enough
//! to tell the state again.

use std::hash::{Hash, Hasher};

use super::message::{Fate, Message};
use super::world::{Agent, Entry, Key, World};
use crate::domain::Concrete;

/// A state of the search.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct State {
    /// The world.
    pub world: World<Concrete>,
    /// Faults spent.
    pub faults: u8,
    /// A watched invariant was violated on the way here.
    pub broken: bool,
}

/// Words that one state takes.
const WORDS: usize = 9;

/// A state as words.
pub(super) type Words = [u64; WORDS];

/// The word of a slot that holds no message: greater than that of any message.
pub(super) const VACANT_WORD: u64 = u64::MAX;

/// What a few bits can stand for.
trait Field: Copy {
    fn bits(self) -> u64;
    fn of(bits: u64) -> Self;
}

impl Field for u8 {
    #[inline]
    fn bits(self) -> u64 {
        self.into()
    }
    #[inline]
    fn of(bits: u64) -> Self {
        #[expect(
            clippy::cast_possible_truncation,
            reason = "no field has more than eight bits"
        )]
        let value = bits as Self;
        value
    }
}

impl Field for bool {
    #[inline]
    fn bits(self) -> u64 {
        self.into()
    }
    #[inline]
    fn of(bits: u64) -> Self {
        bits == 1
    }
}

/// A record that fits into part of a word.
trait Record {
    const BITS: u32;
    fn word(&self) -> u64;
    /// Reads what [`Self::word`] wrote.
    fn read(&mut self, word: u64);
}

/// The layout of a record, told once for both ways: each field with the number of bits it takes, the
/// first in the highest bits. Fields that never change are not named, and left as they are.
macro_rules! layout {
    ($record:ty { $($($part:ident).+: $bits:literal),+ $(,)? }) => {
        impl Record for $record {
            const BITS: u32 = 0 $(+ $bits)+;

            #[inline]
            fn word(&self) -> u64 {
                let mut word = 0;
                $(
                    let bits = self.$($part).+.bits();
                    debug_assert!(bits < 1 << $bits, "{bits} needs more than {} bits", $bits);
                    word = (word << $bits) | bits;
                )+
                word
            }

            #[inline]
            fn read(&mut self, word: u64) {
                let left = Self::BITS;
                $(
                    let left = left - $bits;
                    self.$($part).+ = Field::of((word >> left) & ((1 << $bits) - 1));
                )+
                debug_assert_eq!(left, 0, "every bit was read");
            }
        }
    };
}

layout!(State { world.now: 4, faults: 2, broken: 1, world.insertions: 8 });

// That it is the attacker never changes; the period is now wherever a count is not zero.
layout!(Agent<Concrete> { active: 1, compromised: 1, held: 8, recent: 8, admitted: 8 });

// The owner never changes.
layout!(Key<Concrete> { listed: 1, revoked: 1, compromised: 1, not_before: 4, not_after: 4 });

// Where entries are evicted by age, none is older than the capacity; elsewhere all are of age 0.
layout!(Entry<Concrete> { stored: 1, keep_until: 5, serial: 2, by: 2 });

impl Entry<Concrete> {
    /// The entry with its age in the place of its serial number, and the other way round.
    #[inline]
    fn aged(mut self, insertions: u8) -> Self {
        if self.stored {
            self.serial = insertions.wrapping_sub(self.serial);
        }
        self
    }
}

/// A message slot.
struct Slot {
    message: Message<Concrete>,
    fate: Fate<Concrete>,
}

// The word by which slots are also ordered.
layout!(Slot {
    message.issued_at: 5,
    message.from: 2,
    message.nonce: 2,
    message.key: 4,
    message.expires_at: 4,
    message.to: 2,
    fate.sent: 1,
    fate.admitted: 1,
    message.author: 2,
    message.inner_from: 2,
    message.kind: 1,
    message.timed: 1,
    message.signed: 1,
    message.size_bounded: 1,
    message.well_formed: 1,
    message.canonical: 1,
    message.version_supported: 1,
    message.schema_valid: 1,
    message.session_known: 1,
    message.intricate: 1,
});

/// The word by which a message slot is ordered.
#[inline]
pub(super) fn message_word(message: Message<Concrete>, fate: Fate<Concrete>) -> u64 {
    // Nobody composes a message that is wrong in everything: that is what an empty slot holds.
    match (Slot { message, fate }.word()) {
        0 => VACANT_WORD,
        word => word,
    }
}

/// A few records in one word, the first in the highest bits.
#[inline]
fn joined<R: Record>(records: &[R]) -> u64 {
    records
        .iter()
        .fold(0, |word, record| (word << R::BITS) | record.word())
}

/// Reads what [`joined`] wrote.
#[inline]
fn split<R: Record>(mut word: u64, records: &mut [R]) {
    for record in records.iter_mut().rev() {
        record.read(word & ((1 << R::BITS) - 1));
        word >>= R::BITS;
    }
}

/// The agent that shares a word with a message slot.
const AGENT: u32 = <Agent<Concrete> as Record>::BITS;

/// The keys that share a word with what is neither agent, key, entry nor message.
const LAST_KEYS: u32 = 4 * <Key<Concrete> as Record>::BITS;

impl State {
    /// The state as words.
    pub fn words(&self) -> Words {
        let world = &self.world;
        let keys = &world.keys.0;
        let mut store = world.store.0;
        for entry in &mut store {
            *entry = entry.aged(world.insertions);
        }
        let slot = |message, fate, agent: &Agent<Concrete>| {
            (Slot { message, fate }.word() << AGENT) | agent.word()
        };
        let [m0, m1, m2, m3] = world.messages.0;
        let [f0, f1, f2, f3] = world.fates.0;
        let [a0, a1, a2, a3] = &world.agents.0;
        [
            joined(&keys[..5]),
            (self.word() << LAST_KEYS) | joined(&keys[5..]),
            joined(&store[..6]),
            joined(&store[6..12]),
            joined(&store[12..]),
            slot(m0, f0, a0),
            slot(m1, f1, a1),
            slot(m2, f2, a2),
            slot(m3, f3, a3),
        ]
    }

    /// The canonical state that `words` stand for; what never changes is taken from this one.
    #[must_use]
    pub fn with_words(mut self, words: &Words) -> Self {
        let [k0, k1, e0, e1, e2, slots @ ..] = *words;
        self.read(k1 >> LAST_KEYS);
        let world = &mut self.world;
        split(k0, &mut world.keys.0[..5]);
        split(k1, &mut world.keys.0[5..]);
        split(e0, &mut world.store.0[..6]);
        split(e1, &mut world.store.0[6..12]);
        split(e2, &mut world.store.0[12..]);
        for entry in &mut world.store.0 {
            *entry = entry.aged(world.insertions);
        }
        let places = world.messages.0.iter_mut().zip(&mut world.fates.0);
        for (word, ((message, fate), agent)) in
            slots.into_iter().zip(places.zip(&mut world.agents.0))
        {
            let mut slot = Slot {
                message: *message,
                fate: *fate,
            };
            slot.read(word >> AGENT);
            (*message, *fate) = (slot.message, slot.fate);
            agent.read(word & ((1 << AGENT) - 1));
            let counted = agent.recent > 0 || agent.admitted > 0;
            agent.period = if counted { world.now } else { 0 };
        }
        self
    }
}

impl Hash for State {
    fn hash<H: Hasher>(&self, hasher: &mut H) {
        self.words().hash(hasher);
    }
}
