//! The rules of the bus are proved for any number of agents, rules and messages, every weakening breaks its
//! proof, and its shortest attack is as long as the explorer's.

use std::num::NonZeroUsize;

use countersign_invariants::Budget;
use countersign_invariants::Search;
use countersign_invariants::bus::{export, export_lemmas, prove, search, witness};
use countersign_invariants::induction::Verdict;
use countersign_model::bus::Bus;
use countersign_model::bus::invariant::InvariantId;
use countersign_model::bus::lemma::LemmaId;
use countersign_model::bus::scope::Scope;
use countersign_model::bus::system::Office;
use countersign_model::explorer::{Cutoff, Ending, explore};
use countersign_model::rulebook::{Book as _, Row as _, Ruleset};

/// The lemmas that each proof needs; there are no assumptions. Whatever is not listed, no proof needs.
const NEEDED: &[(InvariantId, &[&str])] = &[
    (InvariantId::Attributed, &["accepted-is-signed"]),
    (InvariantId::Mediated, &[]),
    (InvariantId::Entitled, &["accepted-is-signed"]),
    (
        InvariantId::Permitted,
        &[
            "accepted-is-signed",
            "wanter-is-known",
            "honest-is-truthful",
        ],
    ),
    (
        InvariantId::Approved,
        &["wanter-is-known", "shown-is-seen", "outdated-is-older"],
    ),
    (
        InvariantId::Once,
        &["held-is-no-reply", "delivered-is-used"],
    ),
    (
        InvariantId::Timely,
        &[
            "held-is-no-reply",
            "approval-is-true",
            "waiting-is-open",
            "deadline-is-true",
            "approved-is-open",
        ],
    ),
    (
        InvariantId::Solicited,
        &["accepted-is-signed", "held-is-no-reply", "waiting-is-open"],
    ),
    (InvariantId::Bounded, &["charge-is-true"]),
    (
        InvariantId::Live,
        &[
            "charge-is-true",
            "honest-is-truthful",
            "delivered-is-used",
            "shown-is-seen",
            "approval-is-true",
            "outdated-is-older",
            "waiting-is-open",
            "deadline-is-true",
        ],
    ),
    (
        InvariantId::Answered,
        &["waiting-is-open", "deadline-is-true"],
    ),
];

#[test]
fn the_hardened_rules_are_proved_for_any_number_of_agents_rules_and_messages() {
    for invariant in InvariantId::ALL {
        let proof = prove(Ruleset::HARDENED, *invariant, Budget::default());
        assert_eq!(proof.verdict(), Verdict::Proved, "{}", invariant.name());
        println!("{}: {:?}", invariant.name(), proof.elapsed());
    }
}

#[test]
fn each_proof_needs_what_is_listed_and_nothing_else() {
    let all: Vec<&str> = LemmaId::ALL.iter().map(|lemma| lemma.name()).collect();
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
    for weakening in Bus::WEAKENINGS {
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
    for weakening in Bus::WEAKENINGS {
        let scope = weakening.scope(Scope::default());
        let office = Office::new(weakening.rules(), scope, &[weakening.breaks]);
        let report = explore(&office, NonZeroUsize::MIN, &Cutoff::default());
        let Ending::Broken(path) = report.ending else {
            panic!("{}: {:?}", weakening.name, report.ending);
        };
        explored.push((weakening.name, path.len() - 1));
        let rules = weakening.rules();
        match search(rules, &scope, weakening.breaks, 6, Budget::default()) {
            Search::Found(steps) => found.push((weakening.name, steps.len())),
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
        let Search::Found(steps) = found else {
            panic!("{}: {found:?}", id.name());
        };
        let expected = match id {
            InvariantId::Attributed
            | InvariantId::Entitled
            | InvariantId::Permitted
            | InvariantId::Once
            | InvariantId::Timely
            | InvariantId::Bounded
            | InvariantId::Live => 1,
            InvariantId::Mediated | InvariantId::Solicited | InvariantId::Answered => 2,
            InvariantId::Approved => 3,
        };
        assert_eq!(steps.len(), expected, "{}", id.name());
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
