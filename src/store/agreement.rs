//! Both stores and a reference so naive that it is plainly right give the same answers.

use proptest::{collection::vec, prelude::*};

use super::{Claim, Entry, MemoryStore, Occupancy, ReplayStore, SqliteStore, StoreError};

/// Sequences tried, each of at most `OPERATIONS_MAX` operations.
const CASES: u32 = 256;
const OPERATIONS_MAX: usize = 60;

/// A list that is searched from end to end for everything.
#[derive(Default)]
struct Reference {
    entries: Vec<Entry>,
    mark_ms: u64,
}

impl ReplayStore for Reference {
    fn admit(
        &mut self,
        claim: &Claim<'_>,
        decide: &mut dyn FnMut(&Occupancy) -> Option<u64>,
    ) -> Result<(), StoreError> {
        let mine = || {
            self.entries
                .iter()
                .filter(|entry| entry.sender == claim.sender)
        };
        let is_recent = |entry: &&Entry| {
            i128::from(entry.admitted_at_ms)
                > i128::from(claim.now_ms) - i128::from(claim.rate_period_ms)
        };
        let occupancy = Occupancy {
            seen: mine().any(|entry| entry.nonce == claim.nonce),
            held: mine().count() as u64,
            recent: mine().filter(is_recent).count() as u64,
            mark_ms: self.mark_ms,
        };
        if let Some(mut keep_until_ms) = decide(&occupancy) {
            let mut admitted_at_ms = claim.now_ms;
            self.entries.retain(|entry| {
                let same = entry.sender == claim.sender && entry.nonce == claim.nonce;
                if same {
                    keep_until_ms = keep_until_ms.max(entry.keep_until_ms);
                    admitted_at_ms = admitted_at_ms.max(entry.admitted_at_ms);
                }
                !same
            });
            self.entries.push(Entry {
                sender: claim.sender.to_owned(),
                nonce: claim.nonce,
                keep_until_ms,
                admitted_at_ms,
            });
        }
        Ok(())
    }

    fn sweep(&mut self, now_ms: u64) -> Result<u64, StoreError> {
        self.mark_ms = self.mark_ms.max(now_ms);
        let before = self.entries.len();
        self.entries.retain(|entry| entry.keep_until_ms >= now_ms);
        Ok((before - self.entries.len()) as u64)
    }

    fn forget(&mut self, sender: &str, nonce: [u8; 16], now_ms: u64) -> Result<bool, StoreError> {
        self.mark_ms = self.mark_ms.max(now_ms);
        let before = self.entries.len();
        self.entries.retain(|entry| {
            (entry.sender.as_str(), entry.nonce) != (sender, nonce) || entry.keep_until_ms >= now_ms
        });
        Ok(before > self.entries.len())
    }

    fn advance(&mut self, wall_ms: u64) -> Result<u64, StoreError> {
        self.mark_ms = self.mark_ms.max(wall_ms);
        Ok(self.mark_ms)
    }

    fn entries(&self) -> Result<Vec<Entry>, StoreError> {
        let mut entries = self.entries.clone();
        entries.sort();
        Ok(entries)
    }
}

#[derive(Clone, Debug)]
enum Operation {
    Admit {
        sender: String,
        nonce: u8,
        now_ms: u64,
        period_ms: u64,
        rule: Rule,
    },
    Sweep(u64),
    Forget {
        sender: String,
        nonce: u8,
        now_ms: u64,
    },
    Advance(u64),
    Reopen,
}

/// How the caller decides; the shapes of real rules and of weakened ones.
#[derive(Clone, Copy, Debug)]
enum Rule {
    Never,
    Always {
        life_ms: u64,
    },
    Unseen {
        life_ms: u64,
        held_max: u64,
        recent_max: u64,
    },
}

impl Rule {
    fn decide(self, now_ms: u64, found: &Occupancy) -> Option<u64> {
        match self {
            Self::Never => None,
            Self::Always { life_ms } => Some(now_ms + life_ms),
            Self::Unseen {
                life_ms,
                held_max,
                recent_max,
            } => (!found.seen && found.held < held_max && found.recent < recent_max)
                .then_some(now_ms + life_ms),
        }
    }
}

/// Few senders, nonces and times, so that they meet.
fn operation() -> impl Strategy<Value = Operation> {
    let rule = prop_oneof![
        1 => Just(Rule::Never),
        2 => (0..30_u64).prop_map(|life_ms| Rule::Always { life_ms }),
        6 => (0..30_u64, 1..6_u64, 1..4_u64).prop_map(|(life_ms, held_max, recent_max)| {
            Rule::Unseen { life_ms, held_max, recent_max }
        }),
    ];
    let sender = prop_oneof![
        "[ab]{0,2}",
        Just("a\0b".to_owned()),
        Just("\u{ff}".to_owned())
    ];
    prop_oneof![
        12 => (sender.clone(), 0..6_u8, 0..40_u64, 0..20_u64, rule).prop_map(
            |(sender, nonce, now_ms, period_ms, rule)| {
                Operation::Admit { sender, nonce, now_ms, period_ms, rule }
            }
        ),
        3 => (0..70_u64).prop_map(Operation::Sweep),
        4 => (sender, 0..6_u8, 0..70_u64).prop_map(|(sender, nonce, now_ms)| {
            Operation::Forget { sender, nonce, now_ms }
        }),
        2 => (0..70_u64).prop_map(Operation::Advance),
        1 => Just(Operation::Reopen),
    ]
}

/// Runs one operation; returns all that can be observed afterwards.
fn observe(store: &mut dyn ReplayStore, operation: &Operation) -> String {
    let answer = match operation {
        Operation::Admit {
            sender,
            nonce,
            now_ms,
            period_ms,
            rule,
        } => {
            let claim = Claim {
                sender,
                nonce: [*nonce; 16],
                now_ms: *now_ms,
                rate_period_ms: *period_ms,
            };
            let mut found = None;
            let done = store.admit(&claim, &mut |occupancy| {
                found = Some(*occupancy);
                rule.decide(*now_ms, occupancy)
            });
            format!("{done:?} {found:?}")
        }
        Operation::Sweep(now_ms) => format!("{:?}", store.sweep(*now_ms)),
        Operation::Forget {
            sender,
            nonce,
            now_ms,
        } => format!("{:?}", store.forget(sender, [*nonce; 16], *now_ms)),
        Operation::Advance(wall_ms) => format!("{:?}", store.advance(*wall_ms)),
        Operation::Reopen => format!("{:?}", store.advance(0)),
    };
    format!("{answer} {:?}", store.entries())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(CASES))]

    #[test]
    fn every_store_agrees_with_the_reference(operations in vec(operation(), 1..=OPERATIONS_MAX)) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("store");
        let mut reference = Reference::default();
        let mut memory = MemoryStore::new();
        let mut sqlite = SqliteStore::open(&path).unwrap();
        for operation in &operations {
            if matches!(operation, Operation::Reopen) {
                memory = memory.clone();
                sqlite = SqliteStore::open(&path).unwrap();
            }
            let expected = observe(&mut reference, operation);
            prop_assert_eq!(&observe(&mut memory, operation), &expected, "memory, {:?}", operation);
            prop_assert_eq!(&observe(&mut sqlite, operation), &expected, "sqlite, {:?}", operation);
        }
        // Forgetting everything leaves nothing behind, in the counters least of all.
        memory.sweep(1_000).unwrap();
        let mut empty = MemoryStore::new();
        empty.sweep(1_000).unwrap();
        prop_assert_eq!(memory, empty);
    }
}
