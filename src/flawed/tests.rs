//! The flawed store without a flaw answers as the sound one does.

use countersign_model::rulebook::Ruleset;
use proptest::{collection::vec, prelude::*};

use super::store::FlawedStore;
use crate::store::{Claim, MemoryStore, ReplayStore};

/// Sequences tried, each of at most `OPERATIONS_MAX` operations.
const CASES: u32 = 1024;
const OPERATIONS_MAX: usize = 60;
const PERIOD_MS: u64 = 10;

#[derive(Clone, Debug)]
enum Operation {
    Admit {
        sender: &'static str,
        nonce: u8,
        life_ms: u64,
        held_max: u64,
        recent_max: u64,
    },
    Forget {
        sender: &'static str,
        nonce: u8,
    },
    Sweep,
    Advance,
}

/// Few senders and nonces, so that they meet.
///
/// A flawed store counts admissions by themselves, a sound one by the entries that are left; the
/// two are the same while no entry ends within its rate period, as the protocol's limits see to.
fn operation() -> impl Strategy<Value = Operation> {
    let sender = prop::sample::select(vec!["alice", "bob", ""]);
    prop_oneof![
        8 => (sender.clone(), 0..6_u8, PERIOD_MS..40, 1..6_u64, 1..4_u64).prop_map(
            |(sender, nonce, life_ms, held_max, recent_max)| {
                Operation::Admit { sender, nonce, life_ms, held_max, recent_max }
            }
        ),
        3 => (sender, 0..6_u8).prop_map(|(sender, nonce)| Operation::Forget { sender, nonce }),
        1 => Just(Operation::Sweep),
        1 => Just(Operation::Advance),
    ]
}

/// Runs one operation at `now_ms`; returns all that can be observed afterwards.
fn observe(store: &mut dyn ReplayStore, operation: &Operation, now_ms: u64) -> String {
    let answer = match operation {
        Operation::Admit {
            sender,
            nonce,
            life_ms,
            held_max,
            recent_max,
        } => {
            let claim = Claim {
                sender,
                nonce: [*nonce; 16],
                now_ms,
                rate_period_ms: PERIOD_MS,
            };
            let mut found = None;
            let done = store.admit(&claim, &mut |occupancy| {
                found = Some(*occupancy);
                let room = occupancy.held < *held_max && occupancy.recent < *recent_max;
                (!occupancy.seen && room).then_some(now_ms + life_ms)
            });
            format!("{done:?} {found:?}")
        }
        Operation::Forget { sender, nonce } => {
            format!("{:?}", store.forget(sender, [*nonce; 16], now_ms))
        }
        Operation::Sweep => format!("{:?}", store.sweep(now_ms)),
        Operation::Advance => format!("{:?}", store.advance(now_ms)),
    };
    format!("{answer} {:?}", store.entries())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(CASES))]

    #[test]
    fn without_a_flaw_the_flawed_store_agrees_with_the_sound_one(
        operations in vec((operation(), 0..8_u64), 1..=OPERATIONS_MAX),
    ) {
        let mut sound = MemoryStore::new();
        let mut flawed = FlawedStore::new(Ruleset::HARDENED, 1);
        let mut now_ms = 0;
        for (operation, passed_ms) in &operations {
            now_ms += passed_ms;
            let expected = observe(&mut sound, operation, now_ms);
            let seen = observe(&mut flawed, operation, now_ms);
            prop_assert_eq!(seen, expected, "{:?} at {}", operation, now_ms);
        }
    }
}
