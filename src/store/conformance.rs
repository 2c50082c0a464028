//! What every replay store must do, run against each of them.

use super::{
    Claim, Entry, MemoryStore, Occupancy, ReplayStore, SqliteStore, StoreError, TIME_MAX_MS,
};

const ALICE: &str = "spiffe://example.org/alice";
const BOB: &str = "spiffe://example.org/bob";
const PERIOD_MS: u64 = 1_000;

/// Makes every sentence one test for each store.
macro_rules! conformance {
    ($($sentence:ident)*) => {
        mod memory {
            $(#[test] fn $sentence() { super::$sentence(&mut super::MemoryStore::new()); })*
        }
        mod boxed {
            $(#[test] fn $sentence() {
                let mut store: Box<dyn super::ReplayStore> = Box::new(super::MemoryStore::new());
                super::$sentence(&mut store);
            })*
        }
        mod sqlite {
            $(#[test] fn $sentence() {
                let folder = tempfile::tempdir().unwrap();
                let path = folder.path().join("store");
                super::$sentence(&mut super::SqliteStore::open(path).unwrap());
            })*
        }
    };
}

conformance! {
    an_admitted_nonce_is_seen_from_then_on
    a_refused_claim_leaves_everything_unchanged
    decide_is_asked_exactly_once
    a_panic_of_decide_leaves_everything_unchanged
    a_sweep_keeps_what_ends_now_and_forgets_what_ended_before
    a_forgotten_entry_no_longer_counts
    a_sweep_raises_the_mark_past_all_that_it_forgets
    forgetting_takes_the_named_entry_and_only_once_its_time_is_over
    forgetting_raises_the_mark_even_if_there_is_nothing_to_forget
    recent_counts_from_just_after_the_start_of_the_window
    recent_counts_everything_while_the_window_reaches_before_time_zero
    recent_counts_an_admission_by_a_replica_whose_reading_was_later
    no_sender_uses_anothers_share
    the_same_nonce_of_another_sender_is_unseen
    a_sender_and_its_prefix_are_different_senders
    a_nonce_insisted_on_keeps_its_later_times_and_counts_once
    the_mark_never_falls
    a_time_out_of_range_is_an_error_and_changes_nothing
    entries_are_sorted
}

fn an_admitted_nonce_is_seen_from_then_on(store: &mut impl ReplayStore) {
    assert_eq!(look(store, ALICE, 1, 5), occupancy(false, 0, 0));
    assert_eq!(admit(store, ALICE, 1, 5, 50), occupancy(false, 0, 0));
    assert_eq!(look(store, ALICE, 1, 5), occupancy(true, 1, 1));
    assert_eq!(look(store, ALICE, 2, 5), occupancy(false, 1, 1));
    assert_eq!(store.entries().unwrap(), [entry(ALICE, 1, 5, 50)]);
}

fn a_refused_claim_leaves_everything_unchanged(store: &mut impl ReplayStore) {
    admit(store, ALICE, 1, 5, 50);
    for (sender, nonce) in [(ALICE, 1), (ALICE, 2), (BOB, 1)] {
        look(store, sender, nonce, 90);
    }
    assert_eq!(store.entries().unwrap(), [entry(ALICE, 1, 5, 50)]);
    assert_eq!(look(store, BOB, 1, 90), occupancy(false, 0, 0));
    assert_eq!(
        store.advance(0).unwrap(),
        0,
        "a claim's reading raises no mark"
    );
}

fn decide_is_asked_exactly_once(store: &mut impl ReplayStore) {
    for answer in [None, Some(50), Some(50)] {
        let mut asked = 0;
        let mut decide = |_: &Occupancy| {
            asked += 1;
            answer
        };
        store.admit(&claim(ALICE, 1, 5), &mut decide).unwrap();
        assert_eq!(asked, 1);
    }
}

fn a_panic_of_decide_leaves_everything_unchanged(store: &mut impl ReplayStore) {
    let panicked = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
        store.admit(&claim(ALICE, 1, 5), &mut |_| {
            std::panic::resume_unwind(Box::new(()))
        })
    }));
    assert!(panicked.is_err());
    assert_eq!(admit(store, ALICE, 1, 5, 50), occupancy(false, 0, 0));
}

fn a_sweep_keeps_what_ends_now_and_forgets_what_ended_before(store: &mut impl ReplayStore) {
    for (nonce, keep_until_ms) in [(1, 99), (2, 100), (3, 101)] {
        admit(store, ALICE, nonce, 5, keep_until_ms);
    }
    admit(store, BOB, 1, 5, 99);
    assert_eq!(store.sweep(99).unwrap(), 0);
    assert_eq!(store.sweep(100).unwrap(), 2);
    assert_eq!(
        store.entries().unwrap(),
        [entry(ALICE, 2, 5, 100), entry(ALICE, 3, 5, 101)]
    );
    assert_eq!(store.sweep(100).unwrap(), 0);
    assert_eq!(store.sweep(0).unwrap(), 0);
}

fn a_forgotten_entry_no_longer_counts(store: &mut impl ReplayStore) {
    admit(store, ALICE, 1, 5, 10);
    admit(store, ALICE, 2, 5, 20);
    store.sweep(11).unwrap();
    assert_eq!(
        look(store, ALICE, 1, 11),
        Occupancy {
            mark_ms: 11,
            ..occupancy(false, 1, 1)
        }
    );
    store.sweep(21).unwrap();
    assert_eq!(
        look(store, ALICE, 2, 21),
        Occupancy {
            mark_ms: 21,
            ..occupancy(false, 0, 0)
        }
    );
}

fn a_sweep_raises_the_mark_past_all_that_it_forgets(store: &mut impl ReplayStore) {
    // A replica reads 40 and is suspended; another sweeps at 60 and forgets the entry. When the
    // first one resumes, it must learn that 40 is over, or it would admit the same message again.
    admit(store, ALICE, 1, 5, 50);
    assert_eq!(store.sweep(60).unwrap(), 1);
    let late = look(store, ALICE, 1, 40);
    assert!(!late.seen);
    assert_eq!(late.mark_ms, 60);
    assert_eq!(store.advance(40).unwrap(), 60);
}

fn forgetting_takes_the_named_entry_and_only_once_its_time_is_over(store: &mut impl ReplayStore) {
    for (sender, nonce) in [(ALICE, 1), (ALICE, 2), (BOB, 1)] {
        admit(store, sender, nonce, 5, 50);
    }
    for now_ms in [0, 49, 50] {
        assert!(
            !store.forget(ALICE, [1; 16], now_ms).unwrap(),
            "at {now_ms}"
        );
    }
    assert_eq!(store.entries().unwrap().len(), 3, "all of them are alive");
    assert!(store.forget(ALICE, [1; 16], 51).unwrap());
    assert!(!store.forget(ALICE, [1; 16], 51).unwrap(), "it is gone");
    assert_eq!(
        store.entries().unwrap(),
        [entry(ALICE, 2, 5, 50), entry(BOB, 1, 5, 50)]
    );
    let left = look(store, ALICE, 1, 51);
    assert_eq!((left.seen, left.held, left.recent), (false, 1, 1));
    assert_eq!(store.sweep(51).unwrap(), 2, "the others were only waiting");
}

fn forgetting_raises_the_mark_even_if_there_is_nothing_to_forget(store: &mut impl ReplayStore) {
    admit(store, ALICE, 1, 5, 50);
    for (sender, nonce, now_ms) in [(BOB, 1, 7), (ALICE, 2, 8), (ALICE, 1, 9), (ALICE, 1, 60)] {
        let forgotten = store.forget(sender, [nonce; 16], now_ms).unwrap();
        assert_eq!(forgotten, now_ms == 60);
        assert_eq!(store.advance(0).unwrap(), now_ms);
    }
    store.forget(ALICE, [1; 16], 10).unwrap();
    assert_eq!(store.advance(0).unwrap(), 60, "and never lowers it");
}

fn recent_counts_from_just_after_the_start_of_the_window(store: &mut impl ReplayStore) {
    for (nonce, now_ms) in [(1, 5_000), (2, 5_001), (3, 6_000)] {
        admit(store, ALICE, nonce, now_ms, 900_000);
    }
    for (now_ms, recent) in [(5_999, 3), (6_000, 2), (6_001, 1), (6_999, 1), (7_000, 0)] {
        assert_eq!(
            look(store, ALICE, 9, now_ms),
            occupancy(false, 3, recent),
            "at {now_ms}"
        );
    }
}

fn recent_counts_everything_while_the_window_reaches_before_time_zero(
    store: &mut impl ReplayStore,
) {
    admit(store, ALICE, 1, 0, 900_000);
    for (now_ms, recent) in [(0, 1), (999, 1), (1_000, 0)] {
        assert_eq!(
            look(store, ALICE, 9, now_ms),
            occupancy(false, 1, recent),
            "at {now_ms}"
        );
    }
}

fn recent_counts_an_admission_by_a_replica_whose_reading_was_later(store: &mut impl ReplayStore) {
    admit(store, ALICE, 1, 5_001, 900_000);
    assert_eq!(look(store, ALICE, 9, 5_000), occupancy(false, 1, 1));
}

fn no_sender_uses_anothers_share(store: &mut impl ReplayStore) {
    for nonce in 0..100 {
        admit(store, ALICE, nonce, 5, 50);
    }
    assert_eq!(look(store, BOB, 200, 5), occupancy(false, 0, 0));
    assert_eq!(look(store, ALICE, 200, 5), occupancy(false, 100, 100));
}

fn the_same_nonce_of_another_sender_is_unseen(store: &mut impl ReplayStore) {
    admit(store, ALICE, 1, 5, 50);
    assert_eq!(admit(store, BOB, 1, 5, 50), occupancy(false, 0, 0));
    assert_eq!(store.entries().unwrap().len(), 2);
}

fn a_sender_and_its_prefix_are_different_senders(store: &mut impl ReplayStore) {
    for sender in ["", "a", "a\0", "A", "a ", "\u{e9}", "e\u{301}"] {
        assert_eq!(
            admit(store, sender, 1, 5, 50),
            occupancy(false, 0, 0),
            "{sender:?}"
        );
    }
}

fn a_nonce_insisted_on_keeps_its_later_times_and_counts_once(store: &mut impl ReplayStore) {
    admit(store, ALICE, 1, 20, 50);
    assert_eq!(admit(store, ALICE, 1, 10, 60), occupancy(true, 1, 1));
    assert_eq!(store.entries().unwrap(), [entry(ALICE, 1, 20, 60)]);
    assert_eq!(admit(store, ALICE, 1, 30, 40), occupancy(true, 1, 1));
    assert_eq!(store.entries().unwrap(), [entry(ALICE, 1, 30, 60)]);
    assert_eq!(look(store, ALICE, 2, 30), occupancy(false, 1, 1));
    assert_eq!(store.sweep(60).unwrap(), 0);
    assert_eq!(store.sweep(61).unwrap(), 1);
}

fn the_mark_never_falls(store: &mut impl ReplayStore) {
    let answers = [5, 9, 9, 3, 0, 10].map(|wall_ms| store.advance(wall_ms).unwrap());
    assert_eq!(answers, [5, 9, 9, 9, 9, 10]);
    store.sweep(4).unwrap();
    assert_eq!(store.advance(4).unwrap(), 10);
}

fn a_time_out_of_range_is_an_error_and_changes_nothing(store: &mut impl ReplayStore) {
    let beyond = TIME_MAX_MS + 1;
    admit(store, ALICE, 1, 5, TIME_MAX_MS);
    let is_refused = |answer: Result<(), StoreError>| {
        assert!(matches!(answer, Err(StoreError::Time { time_ms }) if time_ms == beyond));
    };
    is_refused(store.admit(&claim(ALICE, 2, beyond), &mut |_| {
        panic!("it must not be asked")
    }));
    is_refused(store.admit(&claim(ALICE, 2, 5), &mut |_| Some(beyond)));
    is_refused(store.sweep(beyond).map(|_| ()));
    is_refused(store.forget(ALICE, [1; 16], beyond).map(|_| ()));
    is_refused(store.advance(beyond).map(|_| ()));
    assert_eq!(store.entries().unwrap(), [entry(ALICE, 1, 5, TIME_MAX_MS)]);
    assert_eq!(store.advance(0).unwrap(), 0);
    assert_eq!(store.advance(TIME_MAX_MS).unwrap(), TIME_MAX_MS);
    assert_eq!(store.sweep(TIME_MAX_MS).unwrap(), 0);
}

fn entries_are_sorted(store: &mut impl ReplayStore) {
    for (sender, nonce) in [(BOB, 2), (ALICE, 255), (BOB, 1), (ALICE, 0)] {
        admit(store, sender, nonce, 5, 50);
    }
    let sorted = [(ALICE, 0), (ALICE, 255), (BOB, 1), (BOB, 2)];
    assert_eq!(
        store.entries().unwrap(),
        sorted.map(|(sender, n)| entry(sender, n, 5, 50))
    );
    assert!(store.entries().unwrap().is_sorted());
}

fn claim(sender: &str, nonce: u8, now_ms: u64) -> Claim<'_> {
    Claim {
        sender,
        nonce: [nonce; 16],
        now_ms,
        rate_period_ms: PERIOD_MS,
    }
}

fn entry(sender: &str, nonce: u8, admitted_at_ms: u64, keep_until_ms: u64) -> Entry {
    Entry {
        sender: sender.to_owned(),
        nonce: [nonce; 16],
        keep_until_ms,
        admitted_at_ms,
    }
}

/// An occupancy of a store whose mark is at zero.
fn occupancy(seen: bool, held: u64, recent: u64) -> Occupancy {
    Occupancy {
        seen,
        held,
        recent,
        mark_ms: 0,
    }
}

/// Inserts, whatever the store says.
fn admit(
    store: &mut impl ReplayStore,
    sender: &str,
    nonce: u8,
    now_ms: u64,
    keep_until_ms: u64,
) -> Occupancy {
    ask(store, &claim(sender, nonce, now_ms), Some(keep_until_ms))
}

/// Refuses, whatever the store says.
fn look(store: &mut impl ReplayStore, sender: &str, nonce: u8, now_ms: u64) -> Occupancy {
    ask(store, &claim(sender, nonce, now_ms), None)
}

fn ask(store: &mut impl ReplayStore, claim: &Claim<'_>, keep: Option<u64>) -> Occupancy {
    let mut found = None;
    store
        .admit(claim, &mut |occupancy| {
            found = Some(*occupancy);
            keep
        })
        .unwrap();
    found.unwrap()
}
