//! Hardened admission written by hand for one scope: what the generic rule book is measured against.
//!
//! Nothing of the model is used here. A state is one `u128`; guards, effects, invariants and the
//! attacker's moves are spelled out once more, and only so that the two can be compared. It follows
//! no parents, so it could not even tell a counterexample.

use std::collections::HashSet;
use std::hash::{BuildHasherDefault, Hasher};

const BOB: u8 = 0;
const MALLORY: u8 = 1;
const ALICE: u8 = 2;
const AGENTS: u8 = 3;
const NONCES: u8 = 2;
const SLOTS: usize = 2;
const START: u8 = 1;
const CLOCK: u8 = 6;
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
    pub(crate) distinct: HashSet<u128, BuildHasherDefault<Multiply>>,
    pub(crate) generated: u64,
    pub(crate) attempted: u64,
    pub(crate) reached: u32,
}

/// Visits every state breadth first.
pub(crate) fn search() -> Found {
    let first = State::first().packed();
    let mut found = Found {
        distinct: HashSet::default(),
        generated: 1,
        attempted: 0,
        reached: 0,
    };
    found.distinct.insert(first);
    let mut level = vec![first];
    let mut next_level = Vec::new();
    while !level.is_empty() {
        for packed in level.drain(..) {
            let state = State::unpacked(packed);
            let Found {
                distinct,
                generated,
                attempted,
                reached,
            } = &mut found;
            state.expand(attempted, reached, |after| {
                *generated += 1;
                let packed = after.packed();
                if distinct.insert(packed) {
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
struct State {
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
    fn first() -> Self {
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

    fn packed(&self) -> u128 {
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

    fn unpacked(packed: u128) -> Self {
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

    fn key(&self, key: u8) -> Key {
        self.keys[usize::from(key)]
    }

    fn owner(key: u8) -> u8 {
        if key == UNLISTED { MALLORY } else { key / 2 }
    }

    fn entitled(&self, key: u8) -> bool {
        let key = self.key(key);
        key.listed && !key.revoked && key.not_before <= self.now && self.now <= key.not_after
    }

    fn held(&self, agent: u8) -> usize {
        self.store[usize::from(agent)]
            .iter()
            .filter(|kept| **kept > 0)
            .count()
    }

    fn admits(&self, message: &Message, shown: Shown) -> bool {
        let (from, key) = (usize::from(message.from), self.key(message.key));
        let means = shown.to == message.to
            && shown.nonce == message.nonce
            && !shown.retyped
            && !shown.altered;
        message.short
            && message.well_formed
            && message.canonical
            && !shown.respelled
            && message.versioned
            && message.fits_schema
            && message.timed
            && self.active[from]
            && key.listed
            && Self::owner(message.key) == message.from
            && key.not_before <= self.now
            && self.now <= key.not_after
            && !key.revoked
            && message.signed
            && means
            && shown.to == BOB
            && message.from != BOB
            && self.now <= message.issued_at + WINDOW
            && message.issued_at <= self.now + SKEW
            && self.now <= message.expires_at
            && self.store[from][usize::from(shown.nonce)] == 0
            && self.held(message.from) < SHARE
            && self.recent[from] < RATE
    }

    /// Delivers the message in `slot`, checks every invariant, and says whether it was admitted.
    fn deliver(&mut self, slot: usize, message: &Message, shown: Shown, reached: &mut u32) -> bool {
        let from = usize::from(message.from);
        let admitted = self.admits(message, shown);
        let key = self.key(message.key);
        let means = shown.to == message.to
            && shown.nonce == message.nonce
            && !shown.retyped
            && !shown.altered;
        let lost_key = self.keys[2 * from].stolen || self.keys[2 * from + 1].stolen;
        let deserving = message.sent
            && message.from != MALLORY
            && !lost_key
            && self.active[from]
            && self.entitled(message.key)
            && means
            && !shown.respelled
            && message.to == BOB
            && message.from != BOB
            && message.issued_at <= self.now
            && self.now <= message.issued_at + WINDOW
            && self.now <= message.expires_at
            && !message.admitted
            && self.held(message.from) < SHARE
            && self.recent[from] < RATE;
        *reached |= u32::from(admitted) * 0b0111_1111
            | u32::from(deserving) << 7
            | u32::from(message.short) << 8;
        assert!(admitted || !deserving, "live");
        if admitted {
            let owner = Self::owner(message.key);
            assert!(message.signed && means, "authentic");
            assert!(
                message.author == message.from || (owner == message.from && key.stolen),
                "bound"
            );
            assert!(
                owner == message.from && self.entitled(message.key) && self.active[from],
                "bound"
            );
            assert!(!message.admitted, "once");
            assert!(message.to == BOB && message.from != BOB, "audience");
            assert!(message.versioned && message.fits_schema, "schema");
            assert!(
                message.well_formed && message.canonical && !shown.respelled,
                "canonical"
            );
            assert!(self.now <= message.expires_at, "timely");
            let kept = message.issued_at + WINDOW + 2 * SKEW;
            self.store[from][usize::from(shown.nonce)] = kept;
            self.recent[from] += 1;
            self.slots[slot] = Some(Message {
                admitted: true,
                ..*message
            });
            assert!(kept <= self.now + WINDOW + 3 * SKEW, "bounded");
        }
        if message.short {
            assert!(
                self.held(message.from) <= SHARE && self.recent[from] <= RATE,
                "bounded"
            );
        }
        admitted
    }

    /// Everything that can happen next, in the order of the model's own attacker.
    fn expand(&self, attempted: &mut u64, reached: &mut u32, mut arrive: impl FnMut(Self)) {
        let free = self.slots.iter().position(Option::is_none);
        if let Some(slot) = free {
            self.sends(slot, attempted, &mut arrive);
        }
        for (slot, message) in self.slots.iter().enumerate() {
            if let Some(message) = message {
                self.deliveries(slot, message, attempted, reached, &mut arrive);
            }
        }
        if let Some(slot) = free {
            self.injections(|message| {
                *attempted += 1;
                let mut after = *self;
                if after.deliver(slot, &message, message.intact(), reached) {
                    arrive(after);
                }
            });
        }
        for now in self.now + 1..=CLOCK {
            *attempted += 1;
            arrive(Self {
                now,
                recent: [0; AGENTS as usize],
                ..*self
            });
        }
        for (agent, share) in self.store.iter().enumerate() {
            for (nonce, kept) in share.iter().enumerate() {
                if *kept > 0 && *kept < self.now {
                    *attempted += 1;
                    let mut after = *self;
                    after.store[agent][nonce] = 0;
                    arrive(after);
                }
            }
        }
        if self.faults < FAULTS {
            let spent = Self {
                faults: self.faults + 1,
                ..*self
            };
            spent.fail(attempted, &mut arrive);
        }
    }

    fn sends(&self, slot: usize, attempted: &mut u64, arrive: &mut impl FnMut(Self)) {
        let used = |nonce: u8| {
            self.slots
                .iter()
                .flatten()
                .any(|message| message.nonce == nonce)
        };
        let Some(nonce) = (0..NONCES).find(|nonce| !used(*nonce)) else {
            return;
        };
        for sender in ALICE..AGENTS {
            let newest = [2 * sender + 1, 2 * sender]
                .into_iter()
                .find(|key| self.entitled(*key));
            let (true, Some(key)) = (self.active[usize::from(sender)], newest) else {
                continue;
            };
            let plain = Message {
                sent: true,
                ..Message::flawless(sender, sender, nonce, key, self.now)
            };
            for message in [
                plain,
                Message {
                    expires_at: self.now,
                    ..plain
                },
                Message {
                    intricate: true,
                    ..plain
                },
                Message {
                    to: MALLORY,
                    ..plain
                },
            ] {
                *attempted += 1;
                let mut after = *self;
                after.slots[slot] = Some(message);
                arrive(after);
            }
        }
    }

    fn deliveries(
        &self,
        slot: usize,
        message: &Message,
        attempted: &mut u64,
        reached: &mut u32,
        arrive: &mut impl FnMut(Self),
    ) {
        let intact = message.intact();
        let altered = [
            intact,
            Shown {
                retyped: true,
                ..intact
            },
            Shown {
                respelled: true,
                ..intact
            },
            Shown {
                altered: true,
                ..intact
            },
        ];
        let redirected = (0..AGENTS)
            .filter(|to| *to != message.to)
            .map(|to| Shown { to, ..intact });
        let renumbered = (0..NONCES)
            .filter(|nonce| *nonce != message.nonce)
            .map(|nonce| Shown { nonce, ..intact });
        for shown in altered.into_iter().chain(redirected).chain(renumbered) {
            *attempted += 1;
            let mut after = *self;
            if after.deliver(slot, message, shown, reached) {
                arrive(after);
            }
        }
        *attempted += 1;
        let mut after = *self;
        let first = after.deliver(slot, message, intact, reached);
        let again = after.slots[slot].unwrap_or(*message);
        if after.deliver(slot, &again, intact, reached) | first {
            arrive(after);
        }
    }

    fn injections(&self, mut inject: impl FnMut(Message)) {
        let held = |key: &u8| {
            self.key(*key).stolen || (self.key(*key).listed && Self::owner(*key) == MALLORY)
        };
        for key in (0..UNLISTED).filter(held).chain([UNLISTED]) {
            for nonce in 0..NONCES {
                let own = Message::flawless(MALLORY, Self::owner(key), nonce, key, self.now);
                (0..=CLOCK + SKEW).for_each(|issued_at| inject(Message { issued_at, ..own }));
                inject(Message {
                    timed: false,
                    ..own
                });
                inject(Message {
                    short: false,
                    ..own
                });
                inject(Message {
                    well_formed: false,
                    ..own
                });
                inject(Message {
                    well_formed: false,
                    fits_schema: false,
                    ..own
                });
                inject(Message {
                    canonical: false,
                    ..own
                });
                inject(Message {
                    versioned: false,
                    ..own
                });
                inject(Message {
                    fits_schema: false,
                    ..own
                });
                inject(Message { to: MALLORY, ..own });
                inject(Message {
                    inner: ALICE,
                    ..own
                });
                inject(Message {
                    expires_at: own.issued_at - 1,
                    ..own
                });
            }
        }
        for victim in (ALICE..AGENTS).chain([BOB]) {
            for nonce in 0..NONCES {
                let claim = Message::flawless(MALLORY, victim, nonce, 2 * victim, self.now);
                inject(Message {
                    signed: false,
                    ..claim
                });
                inject(Message {
                    key: 2 * MALLORY,
                    ..claim
                });
                inject(Message {
                    key: UNLISTED,
                    ..claim
                });
            }
        }
    }

    fn fail(&self, attempted: &mut u64, arrive: &mut impl FnMut(Self)) {
        let mut change = |change: &dyn Fn(&mut Self)| {
            *attempted += 1;
            let mut after = *self;
            change(&mut after);
            arrive(after);
        };
        for agent in [BOB, ALICE] {
            let (first, second) = (usize::from(2 * agent), usize::from(2 * agent + 1));
            for key in [first, second] {
                let record = self.keys[key];
                if record.listed && !record.stolen {
                    change(&|after| after.keys[key].stolen = true);
                }
                if record.listed && !record.revoked {
                    change(&|after| after.keys[key].revoked = true);
                }
            }
            if !self.keys[second].listed {
                change(&|after| {
                    after.keys[first].not_after = self.now + OVERLAP;
                    (after.keys[second].listed, after.keys[second].not_before) = (true, self.now);
                });
            }
        }
        for agent in [MALLORY, ALICE].map(usize::from) {
            if self.active[agent] {
                change(&|after| after.active[agent] = false);
            }
        }
        // A restart, a fail-over and every step back of the clock leave hardened rules as they are.
        *attempted += 2 + u64::from(self.now - START);
    }
}
