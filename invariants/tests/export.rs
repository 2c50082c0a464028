//! What is exported means what was proved, and is the same text in every run.

use std::collections::{BTreeMap, BTreeSet};

use countersign_invariants::admission::{export, export_lemmas, formula};
use countersign_invariants::smtlib::SmtLib;
use countersign_model::admission::Admission;
use countersign_model::admission::invariant::InvariantId;
use countersign_model::rulebook::{Ruleset, Weakening};
use z3::{Params, SatResult, Solver};

/// Every text that is exported for `rules`, by name.
fn scripts(rules: Ruleset<Admission>) -> BTreeMap<String, String> {
    let invariants = InvariantId::ALL.iter().flat_map(|id| export(rules, *id));
    let all: Vec<SmtLib> = invariants.chain(export_lemmas(rules)).collect();
    let count = all.len();
    let scripts: BTreeMap<String, String> = all.into_iter().map(|it| (it.name, it.text)).collect();
    assert_eq!(scripts.len(), count, "each name is given once");
    scripts
}

fn answer(text: &str) -> SatResult {
    let solver = Solver::new();
    let mut parameters = Params::new();
    parameters.set_u32("timeout", 10_000);
    solver.set_params(&parameters);
    solver.from_string(text);
    assert!(!solver.get_assertions().is_empty());
    solver.check()
}

#[test]
fn each_exported_obligation_of_the_hardened_rules_is_unsatisfiable_when_read_again() {
    let scripts = scripts(Ruleset::HARDENED);
    // Two deliveries for each of nine invariants; the first state and twelve actions for nine lemmas.
    assert_eq!(scripts.len(), 2 * 9 + 13 * 9);
    for (name, text) in &scripts {
        assert!(text.starts_with("; rules: hardened\n"), "{name}");
        assert!(
            text.contains("(set-logic ALL)\n(set-info :status unsat)\n"),
            "{name}"
        );
        assert_eq!(answer(text), SatResult::Unsat, "{name}");
    }
}

#[test]
fn an_exported_obligation_of_weakened_rules_can_be_satisfied() {
    let weakening = Weakening::<Admission>::of_name("without-nonce-fresh").unwrap();
    let rules = Ruleset::HARDENED.dangerously_with(weakening);
    let scripts = scripts(rules);
    let text = &scripts["once-after-deliver"];
    assert!(text.starts_with("; rules: without-nonce-fresh\n"));
    assert!(!text.contains(":status"));
    assert_eq!(answer(text), SatResult::Sat);
}

#[test]
fn an_export_does_not_depend_on_what_ran_before() {
    let here = scripts(Ruleset::HARDENED);
    let there = std::thread::spawn(|| scripts(Ruleset::HARDENED));
    assert!(here == there.join().unwrap());
}

#[test]
fn each_invariant_has_one_formula_of_its_own() {
    let formulas: BTreeSet<String> = InvariantId::ALL.iter().map(|id| formula(*id)).collect();
    assert_eq!(formulas.len(), InvariantId::ALL.len());
    assert_eq!(
        formula(InvariantId::Timely),
        "premise admitted\nconclusion (<= now (message.expires_at message))\n"
    );
}
