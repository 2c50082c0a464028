//! Induction proves the hardened rules, fails for every weakening, and never passes unasked.

use countersign_invariants::Budget;
use countersign_invariants::admission::prove;
use countersign_invariants::induction::{Proof, Verdict};
use countersign_model::admission::Admission;
use countersign_model::admission::invariant::InvariantId;
use countersign_model::rulebook::{Book as _, Row as _, Ruleset};

/// What each proof needs, of assumptions and lemmas. Whatever is not listed, no proof needs.
const NEEDED: &[(InvariantId, &[&str])] = &[
    (InvariantId::Authentic, &[]),
    (InvariantId::Bound, &["attacker-is-one", "sent-is-honest"]),
    (InvariantId::Once, &["skew-is-natural", "admitted-is-kept"]),
    (InvariantId::Audience, &[]),
    (InvariantId::Schema, &[]),
    (InvariantId::Canonical, &[]),
    (InvariantId::Timely, &[]),
    (
        InvariantId::Live,
        &[
            "skew-is-natural",
            "rate-is-natural",
            "rate-is-not-zero",
            "entry-is-earned",
            "admitted-is-signed",
            "loss-is-known",
            "sent-is-honest",
            "nonce-is-unique",
            "count-is-true",
        ],
    ),
    (
        InvariantId::Bounded,
        &[
            "share-is-natural",
            "rate-is-natural",
            "count-is-true",
            "share-is-kept",
            "rate-is-kept",
        ],
    ),
];

fn proof(rules: Ruleset<Admission>, invariant: InvariantId) -> Proof {
    prove(rules, invariant, Budget::default())
}

#[test]
fn the_hardened_rules_are_proved_for_any_number_of_individuals() {
    for invariant in InvariantId::ALL {
        let proof = proof(Ruleset::HARDENED, *invariant);
        assert_eq!(proof.verdict(), Verdict::Proved, "{}", invariant.name());
        assert_eq!(proof.property, invariant.name());
    }
}

#[test]
fn each_proof_needs_what_is_listed_and_nothing_else() {
    let listed: Vec<InvariantId> = NEEDED.iter().map(|(invariant, _)| *invariant).collect();
    assert_eq!(listed, InvariantId::ALL);
    for (invariant, expected) in NEEDED {
        let proof = proof(Ruleset::HARDENED, *invariant);
        let used = |name: &&&str| proof.obligations.iter().any(|it| it.needed.contains(name));
        let needed: Vec<&str> = expected.iter().filter(used).copied().collect();
        assert_eq!(needed, *expected, "{}", invariant.name());
        for name in *expected {
            assert!(!proof.unneeded.contains(name), "{name}");
        }
        let known = 5 + 9;
        assert_eq!(
            proof.unneeded.len() + expected.len(),
            known,
            "{:?}",
            proof.unneeded
        );
    }
}

#[test]
fn each_weakening_breaks_the_induction_of_its_invariant() {
    for weakening in Admission::WEAKENINGS {
        let rules = Ruleset::HARDENED.dangerously_with(weakening);
        let verdict = proof(rules, weakening.breaks).verdict();
        let Verdict::InductionFails {
            action,
            countermodel,
            ..
        } = verdict
        else {
            panic!("{}: {verdict:?}", weakening.name);
        };
        assert!(action.is_some(), "{}", weakening.name);
        assert!(countermodel.contains("now = "), "{}", weakening.name);
    }
}

#[test]
fn whoever_runs_out_of_budget_learns_nothing() {
    let tiny = Budget {
        work: Some(1),
        ..Budget::default()
    };
    // Timely is seen by simplification alone, which costs nothing.
    let work = |id: &&InvariantId| **id != InvariantId::Timely;
    for invariant in InvariantId::ALL.iter().filter(work) {
        let verdict = prove(Ruleset::HARDENED, *invariant, tiny).verdict();
        let Verdict::Unknown { reason } = verdict else {
            panic!("{}: {verdict:?}", invariant.name());
        };
        assert!(!reason.is_empty());
    }
}

#[test]
fn an_unknown_obligation_is_never_a_proof() {
    let mut proof = proof(Ruleset::HARDENED, InvariantId::Once);
    let unknown = Verdict::Unknown {
        reason: "timeout".to_owned(),
    };
    for place in 0..proof.obligations.len() {
        let mut proof = proof.clone();
        proof.obligations[place].verdict = unknown.clone();
        assert_eq!(proof.verdict(), unknown);
    }
    proof.obligations.clear();
    assert!(matches!(proof.verdict(), Verdict::Unknown { .. }));
}

#[test]
fn threads_prove_side_by_side() {
    let prove_once = || proof(Ruleset::HARDENED, InvariantId::Once);
    let (one, other) = std::thread::scope(|scope| {
        let (one, other) = (scope.spawn(prove_once), scope.spawn(prove_once));
        (one.join().unwrap(), other.join().unwrap())
    });
    assert_eq!(one.verdict(), Verdict::Proved);
    assert_eq!(other.verdict(), Verdict::Proved);
    assert_eq!(one.obligations.len(), other.obligations.len());
}
