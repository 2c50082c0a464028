//! Induction proves the hardened handshake for any number of runs, and fails without any of its guards.

use std::collections::BTreeSet;

use countersign_invariants::Budget;
use countersign_invariants::handshake::{prove, prove_at};
use countersign_invariants::induction::{Proof, Verdict};
use countersign_model::dolev_yao::reveal::Reveals;
use countersign_model::explorer::Cutoff;
use countersign_model::handshake::Handshake;
use countersign_model::handshake::crowd::assumption::AssumptionId;
use countersign_model::handshake::crowd::lemma::LemmaId;
use countersign_model::handshake::lattice::{Cell, Lattice};
use countersign_model::handshake::promise::InvariantId;
use countersign_model::rulebook::{Book as _, Row as _, Ruleset};

fn proof(rules: Ruleset<Handshake>, invariant: InvariantId) -> Proof {
    prove(rules, invariant, Budget::default())
}

#[test]
fn every_promise_is_kept_for_any_number_of_runs() {
    for invariant in InvariantId::ALL {
        let proof = proof(Ruleset::HARDENED, *invariant);
        assert_eq!(proof.verdict(), Verdict::Proved, "{}", invariant.name());
        assert_eq!(proof.property, invariant.name());
    }
}

#[test]
fn what_is_not_promised_yet_is_not_proved_and_the_explorer_says_the_same() {
    let lattice = Lattice::of(Ruleset::HARDENED, 2, &Cutoff::default());
    assert!(lattice.exhausted);
    for cell in lattice.cells.iter().filter(|cell| cell.reached) {
        let Cell {
            point, invariant, ..
        } = cell;
        let proof = prove_at(Ruleset::HARDENED, *invariant, *point, Budget::default());
        let verdict = proof.verdict();
        let name = invariant.name();
        if cell.broken_by.contains(&Reveals::NONE) {
            let fails = matches!(verdict, Verdict::InductionFails { .. });
            assert!(fails, "{name} at {point:?}: {verdict:?}");
            assert!(!invariant.points().contains(point), "{name} at {point:?}");
        } else {
            assert_eq!(verdict, Verdict::Proved, "{name} at {point:?}");
            assert!(invariant.points().contains(point), "{name} at {point:?}");
        }
    }
}

#[test]
fn no_assumption_and_no_lemma_is_idle() {
    let mut needed = BTreeSet::new();
    for invariant in InvariantId::ALL {
        let proof = proof(Ruleset::HARDENED, *invariant);
        needed.extend(proof.obligations.into_iter().flat_map(|it| it.needed));
    }
    let assumptions = AssumptionId::ALL.iter().map(|it| it.name());
    let known: BTreeSet<&str> = assumptions
        .chain(LemmaId::ALL.iter().map(|it| it.name()))
        .collect();
    assert_eq!(needed, known);
}

#[test]
fn what_the_receiver_sees_for_itself_needs_no_assumption() {
    for invariant in [
        InvariantId::Current,
        InvariantId::Capable,
        InvariantId::Intended,
        InvariantId::Entitled,
    ] {
        let proof = proof(Ruleset::HARDENED, invariant);
        for assumption in AssumptionId::ALL {
            let unneeded = proof.unneeded.contains(&assumption.name());
            assert!(unneeded, "{}: {}", invariant.name(), assumption.name());
        }
    }
}

#[test]
fn each_weakening_breaks_the_induction_of_its_invariant() {
    for weakening in Handshake::WEAKENINGS {
        let verdict = proof(weakening.rules(), weakening.breaks).verdict();
        let Verdict::InductionFails {
            action,
            countermodel,
            ..
        } = verdict
        else {
            panic!("{}: {verdict:?}", weakening.name);
        };
        assert!(action.is_some(), "{}", weakening.name);
        assert!(countermodel.contains("run = "), "{}", weakening.name);
    }
}

#[test]
fn whoever_runs_out_of_budget_learns_nothing() {
    let tiny = Budget {
        work: Some(1),
        ..Budget::default()
    };
    let verdict = prove(Ruleset::HARDENED, InvariantId::Injective, tiny).verdict();
    let Verdict::Unknown { reason } = verdict else {
        panic!("{verdict:?}");
    };
    assert!(!reason.is_empty());
}

#[test]
fn threads_prove_side_by_side() {
    let prove_secret = || proof(Ruleset::HARDENED, InvariantId::Secret);
    let (one, other) = std::thread::scope(|scope| {
        let (one, other) = (scope.spawn(prove_secret), scope.spawn(prove_secret));
        (one.join().unwrap(), other.join().unwrap())
    });
    assert_eq!(one.verdict(), Verdict::Proved);
    assert_eq!(other.verdict(), Verdict::Proved);
    assert_eq!(one.obligations.len(), other.obligations.len());
}
