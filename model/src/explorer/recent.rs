//! States that were generated lately, so that most repeats never reach stateright.
//!
//! stateright copies the whole path to a state before it looks whether it knows that state, and
//! then looks in a table too large for any cache. More than half of all states generated are repeats,
//! and most of them soon after the first time. What is forgotten here is only told apart there.

use std::hash::{BuildHasher as _, BuildHasherDefault, Hash, Hasher};
use std::sync::atomic::{AtomicU64, Ordering};

/// Fingerprints that are remembered at once: what a core's own cache holds.
const PLACES: usize = 1 << 14;

/// Fingerprints of states generated lately.
pub(super) struct Recent(Box<[AtomicU64]>);

impl Recent {
    /// None so far.
    pub(super) fn new() -> Self {
        Self((0..PLACES).map(|_| AtomicU64::new(0)).collect())
    }

    /// Whether the state with this fingerprint is remembered; from now on it is.
    #[inline]
    pub(super) fn remembers(&self, fingerprint: u64) -> bool {
        #[expect(clippy::cast_possible_truncation, reason = "any bits will do")]
        let place = self.0.get(fingerprint as usize % PLACES);
        place.is_some_and(|place| {
            // Two threads may both be told no: stateright then tells them that it is the same state.
            let known = place.load(Ordering::Relaxed) == fingerprint;
            if !known {
                place.store(fingerprint, Ordering::Relaxed);
            }
            known
        })
    }
}

/// What a state is told apart by.
#[inline]
pub(super) fn fingerprint(state: &impl Hash) -> u64 {
    BuildHasherDefault::<Folded>::default().hash_one(state)
}

/// Multiplies and folds two words at a time: quick, and enough for states that nobody chooses.
#[derive(Default)]
struct Folded(u64);

impl Folded {
    #[inline]
    fn fold(&mut self, one: u64, other: u64) {
        let product = u128::from(self.0 ^ one ^ 0x9E37_79B9_7F4A_7C15)
            * u128::from(other ^ 0xD6E8_FEB8_6659_FD93);
        #[expect(clippy::cast_possible_truncation, reason = "both halves are kept")]
        let folded = (product >> 64) as u64 ^ product as u64;
        self.0 = folded;
    }
}

impl Hasher for Folded {
    #[inline]
    fn write(&mut self, bytes: &[u8]) {
        let (words, rest) = bytes.as_chunks::<8>();
        let (pairs, last) = words.as_chunks::<2>();
        for [one, other] in pairs {
            self.fold(u64::from_le_bytes(*one), u64::from_le_bytes(*other));
        }
        for word in last {
            self.write_u64(u64::from_le_bytes(*word));
        }
        for byte in rest {
            self.write_u64(u64::from(*byte));
        }
    }

    #[inline]
    fn write_u64(&mut self, word: u64) {
        self.fold(word, 0);
    }

    #[inline]
    fn write_usize(&mut self, word: usize) {
        self.write_u64(word as u64);
    }

    fn finish(&self) -> u64 {
        self.0
    }
}
