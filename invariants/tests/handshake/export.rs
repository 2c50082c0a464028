//! What is exported means what was proved, and is the same text in every run.

use std::collections::{BTreeMap, BTreeSet};

use countersign_invariants::handshake::{assumption, export, export_lemmas, formula};
use countersign_invariants::smtlib::SmtLib;
use countersign_model::handshake::Handshake;
use countersign_model::handshake::crowd::assumption::AssumptionId;
use countersign_model::handshake::promise::InvariantId;
use countersign_model::rulebook::{Ruleset, Weakening};
use z3::{Params, SatResult, Solver};

/// Every text that is exported for `rules`, by name.
fn scripts(rules: Ruleset<Handshake>) -> BTreeMap<String, String> {
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
    // Each point of a commitment is one; what must stay secret is asked after each of nine actions; for
    // seven lemmas it is the first state too.
    let commitments: usize = InvariantId::ALL.iter().map(|id| id.points().len()).sum();
    let kept = [
        InvariantId::Secret,
        InvariantId::Forward,
        InvariantId::Concealed,
    ];
    let points: usize = kept.iter().map(|id| id.points().len()).sum();
    assert_eq!(
        scripts.len(),
        commitments - points + 9 * kept.len() + 10 * 7
    );
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
    let weakening = Weakening::<Handshake>::of_name("without-confirmation-valid").unwrap();
    let scripts = scripts(weakening.rules());
    let text = &scripts["confirmed-after-confirm"];
    assert!(text.starts_with("; rules: without-confirmation-valid\n"));
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
fn each_invariant_and_each_assumption_has_one_formula_of_its_own() {
    let formulas: BTreeSet<String> = InvariantId::ALL.iter().map(|id| formula(*id)).collect();
    assert_eq!(formulas.len(), InvariantId::ALL.len());
    assert_eq!(
        formula(InvariantId::Concealed).lines().next(),
        Some("Answered")
    );
    assert_eq!(
        assumption(AssumptionId::SharesAreFresh),
        "(= (drawer (run.share run)) run)"
    );
}
