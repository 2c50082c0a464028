//! The compiled policy, its searches and the solver, held to the rules one by one.

use std::cell::Cell;

use countersign::deployment::{Deployment, generate};
use countersign::domain::Real;
use countersign::policy::{
    Difference, Outcome, Policy, Question, Reach, Remark, Review, answered, every_type,
};
use countersign_invariants::Budget;
use countersign_invariants::policy::{
    Deployed, Differing, Verdict, differ_only, idle, passes, unreachable,
};
use countersign_model::bus::passage::Passage;
use countersign_model::bus::policy::Tiers;
use countersign_model::bus::tiering::{Rule, Types};
use countersign_model::rulebook::Ruleset;
use proptest::prelude::*;
use proptest::test_runner::{Config, RngSeed, TestRunner};

/// Agents that a random rule may name.
const AGENTS: u32 = 6;

fn types() -> impl Strategy<Value = Types> {
    (0..16u8).prop_map(|bits| {
        let places = (0..4).filter(|place| bits & (1 << place) != 0);
        places.fold(Types::NONE, |types, place| types.with(Types::one(place)))
    })
}

fn rules(most: usize) -> impl Strategy<Value = Vec<Rule<u32>>> {
    let end = || prop::option::weighted(0.7, 0..AGENTS);
    let rule = (end(), end(), types(), types(), types());
    let rule = rule.prop_map(|(from, to, allows, holds, denies)| Rule {
        from,
        to,
        allows,
        holds,
        denies,
    });
    prop::collection::vec(rule, 0..most)
}

/// What becomes of a request, asked of every rule in turn.
fn one_by_one(rules: &[Rule<u32>], from: u32, to: u32, place: u8) -> Outcome {
    let applies = |rule: &Rule<u32>| rule.applies(&from, &to);
    let tiers = Tiers::of_rules(rules.iter(), applies, |types| types.has(place));
    let decision = tiers.decide(Ruleset::HARDENED);
    let passage = Passage::of_request::<Real>(&decision, &decision);
    match (passage.allowed, passage.held) {
        (true, _) => Outcome::Allowed,
        (false, true) => Outcome::Held,
        (false, false) => Outcome::Denied,
    }
}

/// The same numbers every time, unless `PROPTEST_RNG_SEED` says otherwise.
fn runner(cases: u32) -> TestRunner {
    TestRunner::new(Config {
        rng_seed: RngSeed::Fixed(1),
        ..Config::with_cases(cases)
    })
}

fn deployed(rules: &[Rule<u32>]) -> Deployed<'_> {
    Deployed {
        rules,
        agents: AGENTS,
        types: every_type(),
        answered: answered(),
    }
}

#[test]
fn the_compiled_policy_is_the_rules_one_by_one_in_100_000_cases() {
    let case = (rules(40), 0..=AGENTS, 0..=AGENTS + 1, 0..4u8);
    let seen = Cell::new([0_u32; 3]);
    let run = runner(100_000).run(&case, |(rules, from, to, place)| {
        let policy = Policy::compile(rules.clone());
        let expected = one_by_one(&rules, from, to, place);
        prop_assert_eq!(Outcome::of(&policy.passage(from, to), place), expected);
        let decision = policy.decide_type(from, to, place);
        prop_assert_eq!(
            decision.granted && !decision.denied,
            expected != Outcome::Denied
        );
        let mut counts = seen.get();
        counts[expected as usize] += 1;
        seen.set(counts);
        Ok(())
    });
    run.unwrap();
    // Every outcome, often: agreement on one alone would say little.
    assert!(seen.get().iter().all(|count| *count > 1_000), "{seen:?}");
}

#[test]
fn what_no_search_reaches_the_solver_shows_out_of_reach_and_nothing_less_is_closed() {
    let case = (
        rules(10),
        0..=AGENTS,
        0..=AGENTS,
        prop::option::of(0..4u8),
        any::<[bool; 3]>(),
    );
    let shown = Cell::new([0_u32; 3]);
    let count = |at: usize| {
        let mut counts = shown.get();
        counts[at] += 1;
        shown.set(counts);
    };
    let run = runner(400).run(
        &case,
        |(rules, from, to, place, [unasked, declared, answers])| {
            let to = if to == AGENTS { AGENTS + 1 } else { to };
            prop_assume!(from != to);
            let question = Question {
                from,
                to,
                by: place.map(Types::one),
                without_approval: unasked,
                declared,
                answers,
            };
            let found = Reach::search(&Policy::compile(rules.clone()), AGENTS, &question);
            let budget = Budget::default();
            if let Some(chain) = &found.chain {
                let certificate = passes(deployed(&rules), &question, chain, budget);
                prop_assert_eq!(certificate.verdict, Verdict::Proved);
                prop_assert_eq!(certificate.questions, chain.len());
                // Whoever sends the last message is reached, and so the end is.
                let all = [found.reached.as_slice(), &[question.from]].concat();
                let certificate = unreachable(deployed(&rules), &question, &all, budget);
                let is_refuted = matches!(certificate.verdict, Verdict::Refuted { .. });
                prop_assert!(is_refuted, "{:?}", certificate);
                count(0);
                return Ok(());
            }
            let certificate = unreachable(deployed(&rules), &question, &found.reached, budget);
            prop_assert_eq!(certificate.verdict, Verdict::Proved);
            count(1);
            if found.reached.len() > 1 {
                let fewer = &found.reached[..found.reached.len() - 1];
                let certificate = unreachable(deployed(&rules), &question, fewer, budget);
                let is_refuted = matches!(certificate.verdict, Verdict::Refuted { .. });
                prop_assert!(is_refuted, "{:?}", certificate);
                count(2);
            }
            Ok(())
        },
    );
    run.unwrap();
    assert!(shown.get().iter().all(|count| *count > 50), "{shown:?}");
}

#[test]
fn the_solver_agrees_which_rules_never_decide() {
    let (never, decide) = (Cell::new(0_u32), Cell::new(0_u32));
    let run = runner(150).run(&rules(8), |rules| {
        let review = Review::of(&Policy::compile(rules.clone()), AGENTS);
        let idle_rules: Vec<usize> = review
            .remarks
            .iter()
            .filter(|it| matches!(it, Remark::NeverDecides { .. } | Remark::ToItself { .. }))
            .map(Remark::rule)
            .collect();
        let changes: Vec<_> = (0..rules.len()).map(|at| (at, None)).collect();
        let certificates = idle(deployed(&rules), &changes, Budget::default());
        prop_assert_eq!(certificates.len(), rules.len());
        for (at, certificate) in certificates.iter().enumerate() {
            let is_idle = idle_rules.contains(&at);
            let count = if is_idle { &never } else { &decide };
            count.set(count.get() + 1);
            match &certificate.verdict {
                Verdict::Proved => prop_assert!(is_idle, "rule {} of {:?}", at, rules),
                Verdict::Refuted { .. } => prop_assert!(!is_idle, "rule {} of {:?}", at, rules),
                Verdict::Unknown { reason } => prop_assert!(false, "{}", reason),
            }
        }
        Ok(())
    });
    run.unwrap();
    assert!(
        never.get() > 50 && decide.get() > 50,
        "{never:?} {decide:?}"
    );
}

#[test]
fn the_solver_agrees_what_differs_and_misses_nothing_that_is_left_out() {
    let (same, other) = (Cell::new(0_u32), Cell::new(0_u32));
    let case = (
        rules(6),
        prop::option::of(rules(6)),
        any::<prop::sample::Index>(),
    );
    let run = runner(150).run(&case, |(old, new, index)| {
        let new = new.unwrap_or_else(|| old.iter().rev().copied().collect());
        let policies = [old.clone(), new.clone()].map(Policy::compile);
        let difference = Difference::of(&policies[0], &policies[1], AGENTS);
        let mut listed: Vec<Differing> = Vec::new();
        for change in &difference.changes {
            listed.push(Differing {
                from: change.from,
                to: change.to,
                types: Types::one(change.place),
            });
        }
        let certified = |listed: &[Differing]| {
            differ_only(deployed(&old), deployed(&new), listed, Budget::default())
        };
        prop_assert_eq!(certified(&listed).verdict, Verdict::Proved);
        if listed.is_empty() {
            same.set(same.get() + 1);
        } else {
            listed.remove(index.index(listed.len()));
            let is_refuted = matches!(certified(&listed).verdict, Verdict::Refuted { .. });
            prop_assert!(is_refuted);
            other.set(other.get() + 1);
        }
        Ok(())
    });
    run.unwrap();
    assert!(same.get() > 20 && other.get() > 20, "{same:?} {other:?}");
}

#[test]
fn a_solver_without_time_proves_nothing() {
    let rules = [Rule {
        from: None,
        to: Some(1),
        allows: Types::one(1),
        holds: Types::NONE,
        denies: Types::NONE,
    }];
    let question = Question {
        from: 0,
        to: 1,
        by: Some(Types::one(2)),
        without_approval: true,
        declared: false,
        answers: true,
    };
    let budget = Budget {
        work: Some(1),
        ..Budget::default()
    };
    let found = Reach::search(&Policy::compile(rules.to_vec()), AGENTS, &question);
    assert_eq!(found.chain, None);
    let certificate = unreachable(deployed(&rules), &question, &found.reached, budget);
    assert!(
        matches!(certificate.verdict, Verdict::Unknown { .. }),
        "{certificate:?}"
    );
}

#[test]
fn a_generated_deployment_is_the_same_every_time_and_can_be_read() {
    let text = generate(200, 1_000, 7);
    assert_eq!(text, generate(200, 1_000, 7));
    assert_ne!(text, generate(200, 1_000, 8));
    let deployment = Deployment::read("generated.json", text.as_bytes()).unwrap();
    assert_eq!(deployment.policy().rules().len(), 1_000);
    assert_eq!(deployment.agents(), 200);
}
