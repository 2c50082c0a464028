//! What the hardened handshake promises, at which point it begins to hold, and what it takes to lose it.

use std::fmt::Write as _;
use std::num::NonZeroUsize;

use countersign_model::dolev_yao::reveal::{Reveal, Reveals};
use countersign_model::explorer::{Cutoff, Ending, explore};
use countersign_model::handshake::attack::{attacked, attacked_by_small_order, mark, promised};
use countersign_model::handshake::lattice::Lattice;
use countersign_model::handshake::promise::{InvariantId, Point};
use countersign_model::rulebook::{Row as _, Ruleset};

use super::searched;

#[test]
fn three_runs_at_once_keep_every_promise_and_none_is_vacuous() {
    // Runs, sets of participants, states, transitions, deliveries of the longest run.
    for (runs, scenarios, states, transitions, depth) in [
        (1, 3, 19, 19, 2),
        (2, 12, 687, 1_119, 4),
        (3, 28, 17_282, 37_758, 6),
    ] {
        let system = attacked(Ruleset::HARDENED, runs, Reveals::NONE, 0);
        let report = searched(&system);
        assert_eq!(report.ending, Ending::Exhausted);
        assert_eq!(
            (
                system.scenarios(),
                report.distinct,
                report.generated,
                report.depth
            ),
            (scenarios, states, transitions, depth),
            "{runs} runs"
        );
        for invariant in InvariantId::ALL {
            let bits = promised(*invariant);
            assert_eq!(
                report.violated & bits,
                0,
                "{} with {runs} runs",
                invariant.name()
            );
            if runs > 1 {
                assert_eq!(
                    report.reached & bits,
                    bits,
                    "{} is vacuous",
                    invariant.name()
                );
            }
        }
    }
}

#[test]
fn the_number_of_threads_changes_nothing() {
    let system = || attacked(Ruleset::HARDENED, 2, Reveals::NONE, 0);
    let one = searched(&system());
    let threads = NonZeroUsize::new(4).unwrap();
    let four = explore(&system(), threads, &Cutoff::default());
    assert_eq!(
        (one.distinct, one.generated, one.reached, one.violated),
        (four.distinct, four.generated, four.reached, four.violated)
    );
}

#[test]
fn keys_of_small_order_alone_break_no_promise() {
    // Who signs with one must still seal, and bind its name to a key that it has. More proofs are accepted
    // than otherwise, of the attacker as itself.
    for (runs, states) in [(2, 1_683), (3, 58_914)] {
        let strict = searched(&attacked(Ruleset::HARDENED, runs, Reveals::NONE, 0));
        let loose = searched(&attacked_by_small_order(runs));
        assert_eq!(loose.ending, Ending::Exhausted);
        assert_eq!(loose.distinct, states, "{runs} runs");
        assert!(loose.distinct > strict.distinct, "{runs} runs");
        assert_eq!(
            (loose.reached, loose.violated),
            (strict.reached, strict.violated)
        );
    }
}

#[test]
fn an_initiator_is_not_confirmed_before_the_last_flight() {
    let report = searched(&attacked(Ruleset::HARDENED, 2, Reveals::NONE, 0));
    for invariant in [InvariantId::Mutual, InvariantId::Confirmed] {
        assert_ne!(report.violated & mark(Point::Answered, invariant), 0);
        assert_eq!(report.violated & mark(Point::Confirmed, invariant), 0);
    }
}

#[test]
fn the_lattice_of_reveals_is_as_reviewed() {
    let lattice = Lattice::of(Ruleset::HARDENED, 2, &Cutoff::default());
    assert!(lattice.decides());
    let mut text = String::new();
    for cell in lattice.cells.iter().filter(|cell| cell.reached) {
        let sets = cell.broken_by.iter().map(|set| {
            let names: Vec<&str> = set.iter().map(Reveal::name).collect();
            if names.is_empty() {
                "nothing".to_owned()
            } else {
                names.join(" + ")
            }
        });
        let sets = sets.collect::<Vec<_>>().join(", ");
        let point = format!("{:?}", cell.point);
        writeln!(text, "{point:9} {:10} {sets}", cell.invariant.name()).unwrap();
    }
    insta::assert_snapshot!(text);
    // An own long-term key that is lost lets nobody in, and other sessions' keys break nothing.
    let harmless = [Reveal::OwnLongTerm, Reveal::OtherSession]
        .into_iter()
        .collect::<Reveals>();
    let by_harmless = |set: &Reveals| *set != Reveals::NONE && harmless.include(*set);
    assert!(
        !lattice
            .cells
            .iter()
            .any(|cell| cell.broken_by.iter().any(by_harmless))
    );
    // The keys that seal the proofs show who speaks, and take nothing else away.
    let sealing = Reveals::NONE.with(Reveal::SealingKeys);
    for cell in lattice.cells.iter().filter(|cell| cell.reached) {
        let with_them = cell.broken_by.iter().filter(|set| set.include(sealing));
        let with_them: Vec<Reveals> = with_them.copied().collect();
        let shown = (cell.invariant == InvariantId::Concealed).then_some(sealing);
        assert_eq!(
            with_them,
            Vec::from_iter(shown),
            "{}",
            cell.invariant.name()
        );
    }
    assert_eq!(lattice.strongest(Point::Answered), Some(InvariantId::Alive));
    assert_eq!(
        lattice.strongest(Point::Finished),
        Some(InvariantId::Injective)
    );
    assert_eq!(
        lattice.strongest(Point::Confirmed),
        Some(InvariantId::Injective)
    );
}

#[test]
fn what_no_run_reaches_or_no_search_exhausts_is_not_said_to_hold() {
    let alone = Lattice::of(Ruleset::HARDENED, 1, &Cutoff::default());
    let few = Cutoff {
        depth: Some(NonZeroUsize::MIN),
        ..Cutoff::default()
    };
    let cut = Lattice::of(Ruleset::HARDENED, 2, &few);
    assert!(alone.exhausted && !cut.exhausted);
    for lattice in [alone, cut] {
        assert!(!lattice.decides());
        for point in Point::ALL {
            assert_eq!(lattice.strongest(point), None, "{point:?}");
        }
    }
}
