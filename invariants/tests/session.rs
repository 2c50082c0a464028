//! The session's rules are proved for any number of sessions and records, every weakening breaks its
//! proof, and its shortest attack is as long as the explorer's.

use std::num::NonZeroUsize;

use countersign_invariants::Budget;
use countersign_invariants::Search;
use countersign_invariants::induction::Verdict;
use countersign_invariants::session::{export, export_lemmas, prove, search, witness};
use countersign_model::explorer::{Cutoff, Ending, explore};
use countersign_model::rulebook::{Book as _, Row as _, Ruleset};
use countersign_model::session::Session;
use countersign_model::session::invariant::InvariantId;
use countersign_model::session::lemma::LemmaId;
use countersign_model::session::scope::Scope;
use countersign_model::session::system::Exchange;

/// What each proof needs, of assumptions and lemmas. Whatever is not listed, no proof needs.
const NEEDED: &[(InvariantId, &[&str])] = &[
    (InvariantId::Authentic, &["leak-is-recent"]),
    (InvariantId::Once, &["accepted-is-marked"]),
    (InvariantId::Unique, &["sent-is-behind"]),
    (InvariantId::Timely, &[]),
    (InvariantId::Entitled, &[]),
    (InvariantId::Schema, &[]),
    (
        InvariantId::Live,
        &[
            "mark-is-earned",
            "accepted-is-sealed",
            "sent-is-honest",
            "sent-is-behind",
            "number-is-unique",
            "reach-is-earned",
        ],
    ),
    (InvariantId::Bounded, &[]),
    (
        InvariantId::Renewed,
        &["share-is-not-zero", "period-is-not-zero", "count-is-true"],
    ),
    (InvariantId::Forward, &["leak-is-recent"]),
];

#[test]
fn the_hardened_rules_are_proved_for_any_number_of_sessions_and_records() {
    for invariant in InvariantId::ALL {
        let proof = prove(Ruleset::HARDENED, *invariant, Budget::default());
        assert_eq!(proof.verdict(), Verdict::Proved, "{}", invariant.name());
        println!("{}: {:?}", invariant.name(), proof.elapsed());
    }
}

#[test]
fn each_proof_needs_what_is_listed_and_nothing_else() {
    let assumptions = ["share-is-not-zero", "period-is-not-zero"];
    let lemmas = LemmaId::ALL.iter().map(|lemma| lemma.name());
    let all: Vec<&str> = assumptions.into_iter().chain(lemmas).collect();
    let mut found = Vec::new();
    for invariant in InvariantId::ALL {
        let proof = prove(Ruleset::HARDENED, *invariant, Budget::default());
        let needed = |name: &&&str| !proof.unneeded.contains(name);
        let needed: Vec<&str> = all.iter().filter(needed).copied().collect();
        found.push((invariant.name(), needed));
    }
    let listed: Vec<_> = NEEDED
        .iter()
        .map(|(invariant, names)| (invariant.name(), names.to_vec()))
        .collect();
    assert_eq!(found, listed);
}

#[test]
fn each_weakening_breaks_the_induction_of_its_invariant() {
    for weakening in Session::WEAKENINGS {
        let verdict = prove(weakening.rules(), weakening.breaks, Budget::default()).verdict();
        let fails = matches!(
            verdict,
            Verdict::InductionFails {
                action: Some(_),
                ..
            }
        );
        assert!(fails, "{}: {verdict:?}", weakening.name);
    }
}

#[test]
fn explorer_and_prover_agree_on_the_shortest_attack_of_every_weakening() {
    let mut found = Vec::new();
    let mut explored = Vec::new();
    for weakening in Session::WEAKENINGS {
        let scope = weakening.scope(Scope::default());
        let exchange = Exchange::new(weakening.rules(), scope, &[weakening.breaks]);
        let report = explore(&exchange, NonZeroUsize::MIN, &Cutoff::default());
        let Ending::Broken(path) = report.ending else {
            panic!("{}: {:?}", weakening.name, report.ending);
        };
        explored.push((weakening.name, path.len() - 1));
        let rules = weakening.rules();
        match search(rules, &scope, weakening.breaks, 6, Budget::default()) {
            Search::Found(story) => {
                println!("{}\n  {story:?}", weakening.name);
                found.push((weakening.name, story.actions.len()));
            }
            other => panic!("{}: {other:?}", weakening.name),
        }
    }
    assert_eq!(found, explored);
}

#[test]
fn no_invariant_is_vacuous() {
    for id in InvariantId::ALL {
        let scope = Scope::default();
        let found = witness(Ruleset::HARDENED, &scope, *id, 4, Budget::default());
        let Search::Found(story) = found else {
            panic!("{}: {found:?}", id.name());
        };
        let expected = match id {
            InvariantId::Live => 2,
            InvariantId::Forward => 3,
            InvariantId::Authentic
            | InvariantId::Once
            | InvariantId::Unique
            | InvariantId::Timely
            | InvariantId::Entitled
            | InvariantId::Schema
            | InvariantId::Bounded
            | InvariantId::Renewed => 1,
        };
        assert_eq!(story.actions.len(), expected, "{}", id.name());
    }
}

#[test]
fn the_hardened_rules_have_no_short_violation() {
    for id in InvariantId::ALL {
        let scope = Scope::default();
        let found = search(Ruleset::HARDENED, &scope, *id, 4, Budget::default());
        assert_eq!(found, Search::NoneUpTo(4), "{}", id.name());
    }
}

#[test]
fn every_obligation_is_written_for_another_solver() {
    let scripts = InvariantId::ALL
        .iter()
        .flat_map(|id| export(Ruleset::HARDENED, *id))
        .chain(export_lemmas(Ruleset::HARDENED));
    let mut names = Vec::new();
    for script in scripts {
        assert!(script.text.contains("(check-sat)"), "{}", script.name);
        assert!(script.text.contains("(set-info :status unsat)"));
        names.push(script.name);
    }
    let count = names.len();
    names.sort();
    names.dedup();
    assert_eq!(names.len(), count);
}
