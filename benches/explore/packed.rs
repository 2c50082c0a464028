//! Hardened admission written by hand for one scope: what the generic rule book is measured against.
//!
//! Nothing of the model is used here. A state is one `u128`; guards and invariants ([`rules`]), and
//! the attacker's moves ([`moves`]), are spelled out once more, and only so that the two can be
//! compared. Parents are kept, as by any search that must tell a counterexample.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::hash::{BuildHasherDefault, Hasher};

mod moves;
mod rules;

const BOB: u8 = 0;
const MALLORY: u8 = 1;
const ALICE: u8 = 2;
const AGENTS: u8 = 3;
const NONCES: u8 = 2;
const SLOTS: usize = 2;
const START: u8 = 1;
const CLOCK: u8 = 5;
const FAULTS: u8 = 2;
const WINDOW: u8 = 1;
const SKEW: u8 = 1;
const SHARE: usize = 2;
const RATE: u8 = 2;
const OVERLAP: u8 = 1;
const FOREVER: u8 = 15;
const UNLISTED: u8 = 2 * AGENTS;

/// What a search came to.
pub(crate) struct Found {
    /// Every state, with the state it was first reached from.
    pub(crate) parents: HashMap<u128, u128, BuildHasherDefault<Multiply>>,
    pub(crate) generated: u64,
    pub(crate) tally: Tally,
}

/// What moves are counted by on the way.
#[derive(Default)]
pub(crate) struct Tally {
    /// Moves, those that change nothing included.
    pub(crate) attempted: u64,
    /// Which premises were satisfied, one bit each.
    pub(crate) reached: u32,
}

/// Visits every state breadth first.
pub(crate) fn search() -> Found {
    let first = State::first().packed();
    let mut found = Found {
        parents: HashMap::default(),
        generated: 1,
        tally: Tally::default(),
    };
    found.parents.insert(first, first);
    let mut level = vec![first];
    let mut next_level = Vec::new();
    while !level.is_empty() {
        for parent in level.drain(..) {
            State::unpacked(parent).expand(&mut found.tally, |after| {
                found.generated += 1;
                let packed = after.packed();
                if let Entry::Vacant(vacant) = found.parents.entry(packed) {
                    vacant.insert(parent);
                    next_level.push(packed);
                }
            });
        }
        std::mem::swap(&mut level, &mut next_level);
    }
    found
}

/// Multiplies and folds: enough for keys that nobody chooses.
#[derive(Default)]
pub(crate) struct Multiply(u64);

impl Hasher for Multiply {
    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.write_u64(u64::from(*byte));
        }
    }
    fn write_u64(&mut self, word: u64) {
        let product = u128::from(self.0 ^ word) * 0x9E37_79B9_7F4A_7C15_F39C_C060_5CED_C835;
        self.0 = (product >> 64) as u64 ^ product as u64;
    }
    fn write_u128(&mut self, words: u128) {
        self.write_u64(words as u64);
        self.write_u64((words >> 64) as u64);
    }
    fn finish(&self) -> u64 {
        self.0
    }
}

#[derive(Clone, Copy)]
struct Key {
    listed: bool,
    revoked: bool,
    stolen: bool,
    not_before: u8,
    not_after: u8,
}

#[derive(Clone, Copy)]
struct Message {
    author: u8,
    from: u8,
    inner: u8,
    to: u8,
    nonce: u8,
    issued_at: u8,
    expires_at: u8,
    key: u8,
    intricate: bool,
    sent: bool,
    admitted: bool,
    // What a message that stays is never without.
    signed: bool,
    timed: bool,
    short: bool,
    well_formed: bool,
    canonical: bool,
    versioned: bool,
    fits_schema: bool,
    sessionless: bool,
}

/// How a message is presented: recipient, nonce, and what was done to it on the way.
#[derive(Clone, Copy)]
struct Shown {
    to: u8,
    nonce: u8,
    retyped: bool,
    respelled: bool,
    altered: bool,
}

#[derive(Clone, Copy)]
pub(crate) struct State {
    now: u8,
    faults: u8,
    active: [bool; AGENTS as usize],
    recent: [u8; AGENTS as usize],
    /// Two keys for each agent, and the one that no registry lists.
    keys: [Key; 2 * AGENTS as usize + 1],
    /// Until when each (sender, nonce) is kept; 0 where it is not.
    store: [[u8; NONCES as usize]; AGENTS as usize],
    slots: [Option<Message>; SLOTS],
}

struct Bits(u128, u32);

impl Bits {
    fn put(&mut self, value: u8, bits: u32) {
        self.0 |= u128::from(value) << self.1;
        self.1 += bits;
    }
    fn take(&mut self, bits: u32) -> u8 {
        let value = self.0 as u8 & ((1 << bits) - 1);
        self.0 >>= bits;
        value
    }
    fn flag(&mut self) -> bool {
        self.take(1) == 1
    }
}

const VACANT: u32 = (1 << 21) - 1;

impl Message {
    fn packed(self) -> u32 {
        let mut bits = Bits(0, 0);
        for (value, width) in [
            (self.author, 2),
            (self.from, 2),
            (self.inner, 2),
            (self.to, 1),
            (self.nonce, 1),
            (self.issued_at, 3),
            (self.expires_at, 4),
            (self.key, 3),
            (self.intricate.into(), 1),
            (self.sent.into(), 1),
            (self.admitted.into(), 1),
        ] {
            bits.put(value, width);
        }
        bits.0 as u32
    }

    fn unpacked(word: u32) -> Option<Self> {
        let mut bits = Bits(word.into(), 0);
        (word != VACANT).then(|| Self {
            author: bits.take(2),
            from: bits.take(2),
            inner: bits.take(2),
            to: bits.take(1),
            nonce: bits.take(1),
            issued_at: bits.take(3),
            expires_at: bits.take(4),
            key: bits.take(3),
            intricate: bits.flag(),
            sent: bits.flag(),
            admitted: bits.flag(),
            ..Self::flawless(BOB, BOB, 0, 0, 0)
        })
    }

    fn flawless(author: u8, from: u8, nonce: u8, key: u8, issued_at: u8) -> Self {
        Self {
            author,
            from,
            inner: from,
            to: BOB,
            nonce,
            issued_at,
            expires_at: FOREVER,
            key,
            intricate: false,
            sent: false,
            admitted: false,
            signed: true,
            timed: true,
            short: true,
            well_formed: true,
            canonical: true,
            versioned: true,
            fits_schema: true,
            sessionless: true,
        }
    }

    fn intact(&self) -> Shown {
        Shown {
            to: self.to,
            nonce: self.nonce,
            retyped: false,
            respelled: false,
            altered: false,
        }
    }
}

impl State {
    pub(crate) fn first() -> Self {
        let vacant = Key {
            listed: false,
            revoked: false,
            stolen: false,
            not_before: 0,
            not_after: FOREVER,
        };
        let mut keys = [vacant; 2 * AGENTS as usize + 1];
        for agent in 0..AGENTS {
            keys[usize::from(2 * agent)].listed = true;
        }
        Self {
            now: START,
            faults: 0,
            active: [true; AGENTS as usize],
            recent: [0; AGENTS as usize],
            keys,
            store: [[0; NONCES as usize]; AGENTS as usize],
            slots: [None; SLOTS],
        }
    }

    pub(crate) fn packed(&self) -> u128 {
        let mut slots = self.slots.map(|slot| slot.map_or(VACANT, Message::packed));
        slots.sort_unstable();
        let mut bits = Bits(0, 0);
        bits.put(self.now, 3);
        bits.put(self.faults, 2);
        for agent in 0..usize::from(AGENTS) {
            bits.put(self.active[agent].into(), 1);
            bits.put(self.recent[agent], 2);
            let (first, second) = (self.keys[2 * agent], self.keys[2 * agent + 1]);
            for flag in [
                first.revoked,
                first.stolen,
                second.listed,
                second.revoked,
                second.stolen,
            ] {
                bits.put(flag.into(), 1);
            }
            bits.put(first.not_after, 4);
            bits.put(second.not_before, 3);
            self.store[agent].iter().for_each(|kept| bits.put(*kept, 4));
        }
        bits.0 | u128::from(slots[0]) << 84 | u128::from(slots[1]) << 105
    }

    pub(crate) fn unpacked(packed: u128) -> Self {
        let mut state = Self::first();
        let mut bits = Bits(packed, 0);
        state.now = bits.take(3);
        state.faults = bits.take(2);
        for agent in 0..usize::from(AGENTS) {
            state.active[agent] = bits.flag();
            state.recent[agent] = bits.take(2);
            state.keys[2 * agent].revoked = bits.flag();
            state.keys[2 * agent].stolen = bits.flag();
            state.keys[2 * agent + 1].listed = bits.flag();
            state.keys[2 * agent + 1].revoked = bits.flag();
            state.keys[2 * agent + 1].stolen = bits.flag();
            state.keys[2 * agent].not_after = bits.take(4);
            state.keys[2 * agent + 1].not_before = bits.take(3);
            state.store[agent] = [bits.take(4), bits.take(4)];
        }
        let slot = |at: u32| Message::unpacked((packed >> at) as u32 & VACANT);
        state.slots = [slot(84), slot(105)];
        state
    }
}
