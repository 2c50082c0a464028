//! Damaged flights: whatever a network does to bytes, nobody panics and nobody is deceived.

use countersign_model::handshake::guard::Flight;
use proptest::prelude::*;

use super::fixture::Pair;
use crate::handshake::mechanism::Hardened;

/// Exchanges tried.
const CASES: u32 = 512;

/// One way to damage a text.
#[derive(Clone, Debug)]
enum Damage {
    Flip {
        place: prop::sample::Index,
        mask: u8,
    },
    Insert {
        place: prop::sample::Index,
        byte: u8,
    },
    Remove {
        place: prop::sample::Index,
    },
    Cut {
        place: prop::sample::Index,
    },
    /// A letter or digit in the place of another: what is left is often still a flight.
    Retype {
        place: prop::sample::Index,
        symbol: char,
    },
}

fn damage() -> impl Strategy<Value = Damage> {
    let place = any::<prop::sample::Index>;
    prop_oneof![
        2 => (place(), 1..=255_u8).prop_map(|(place, mask)| Damage::Flip { place, mask }),
        1 => (place(), any::<u8>()).prop_map(|(place, byte)| Damage::Insert { place, byte }),
        1 => place().prop_map(|place| Damage::Remove { place }),
        1 => place().prop_map(|place| Damage::Cut { place }),
        5 => (place(), prop::char::range('0', 'z'))
            .prop_map(|(place, symbol)| Damage::Retype { place, symbol }),
    ]
}

impl Damage {
    fn applied(&self, mut bytes: Vec<u8>) -> Vec<u8> {
        let length = bytes.len();
        match self {
            Self::Flip { place, mask } => bytes[place.index(length)] ^= mask,
            Self::Insert { place, byte } => bytes.insert(place.index(length), *byte),
            Self::Remove { place } => drop(bytes.remove(place.index(length))),
            Self::Cut { place } => bytes.truncate(place.index(length)),
            Self::Retype { place, symbol } => bytes[place.index(length)] = *symbol as u8,
        }
        bytes
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(CASES))]

    #[test]
    fn a_handshake_of_which_one_byte_was_damaged_never_completes(
        target in prop::sample::select(Flight::ALL.to_vec()),
        damage in damage(),
    ) {
        let mut pair = Pair::new(&Hardened);
        let mut changed = true;
        let exchange = pair.exchange(|flight, bytes| {
            if flight != target {
                return bytes;
            }
            let damaged = damage.applied(bytes.clone());
            changed = damaged != bytes;
            damaged
        });
        prop_assert_eq!(exchange.is_ok(), !changed, "{:?}", exchange);
    }

    #[test]
    fn no_text_makes_a_run_panic(bytes: Vec<u8>, target in prop::sample::select(Flight::ALL.to_vec())) {
        let replace = |flight, honest| if flight == target { bytes.clone() } else { honest };
        prop_assert!(Pair::new(&Hardened).exchange(replace).is_err());
    }
}
