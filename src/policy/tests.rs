//! The compiled policy against the rules one by one, and searches against all that could be searched.

use countersign_model::bus::passage::Passage;
use countersign_model::bus::policy::Tiers;
use countersign_model::bus::tiering::{Rule, Types};
use countersign_model::rulebook::Ruleset;
use proptest::prelude::*;

use super::{By, Difference, Outcome, Policy, Question, Reach, Remark, Review, every_type, kinds};
use crate::domain::Real;

/// Agents that a random rule may name; one more that none does.
const AGENTS: u32 = 5;

fn types() -> impl Strategy<Value = Types> {
    prop::collection::vec(0..4u8, 0..3).prop_map(|places| {
        let add = |types: Types, place| types.with(Types::one(place));
        places.into_iter().fold(Types::NONE, add)
    })
}

fn rule() -> impl Strategy<Value = Rule<u32>> {
    let end = || prop::option::weighted(0.7, 0..AGENTS);
    (end(), end(), types(), types(), types()).prop_map(|(from, to, allows, holds, denies)| Rule {
        from,
        to,
        allows,
        holds,
        denies,
    })
}

fn rules(most: usize) -> impl Strategy<Value = Vec<Rule<u32>>> {
    prop::collection::vec(rule(), 0..most)
}

/// What becomes of a request, asked of every rule in turn, for one type alone.
fn one_by_one(rules: &[Rule<u32>], from: u32, to: u32, place: u8) -> Outcome {
    let tiers = Tiers::of_rules(
        rules.iter(),
        |rule| rule.applies(&from, &to),
        |types| types.has(place),
    );
    let decision = tiers.decide(Ruleset::HARDENED);
    let passage = Passage::of_request::<Real>(&decision, &decision);
    match (passage.allowed, passage.held) {
        (true, _) => Outcome::Allowed,
        (false, true) => Outcome::Held,
        (false, false) => Outcome::Denied,
    }
}

/// Every outcome, agents that no rule names included.
fn every_outcome(rules: &[Rule<u32>]) -> Vec<Outcome> {
    let pairs = (0..=AGENTS).flat_map(|from| (0..=AGENTS + 1).map(move |to| (from, to)));
    let pairs = pairs.filter(|(from, to)| from != to);
    pairs
        .flat_map(|(from, to)| (0..4).map(move |place| one_by_one(rules, from, to, place)))
        .collect()
}

/// The agents that `from` can make something reach, by repeated relaxation: no queue, no order.
fn closure(rules: &[Rule<u32>], question: &Question) -> Vec<bool> {
    let passes = |outcome: Outcome| {
        outcome == Outcome::Allowed || (outcome == Outcome::Held && !question.without_approval)
    };
    let hop = |from: u32, to: u32| {
        (0..4).any(|place| {
            let own = one_by_one(rules, from, to, place);
            let origin = if question.declared {
                question.from
            } else {
                from
            };
            passes(own.min(one_by_one(rules, origin, to, place)))
        }) || (question.answers && (0..3).any(|place| passes(one_by_one(rules, to, from, place))))
    };
    // Two agents that no rule names, of which one may be a deputy of the other.
    let all = || 0..=AGENTS + 1;
    let mut reached: Vec<bool> = all().map(|agent| agent == question.from).collect();
    for _ in all() {
        let before = reached.clone();
        for from in all().filter(|agent| before[*agent as usize]) {
            for to in all().filter(|to| *to != from) {
                reached[to as usize] |= hop(from, to);
            }
        }
    }
    reached
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    #[test]
    fn a_search_reaches_whatever_can_be_reached(
        rules in rules(8), from in 0..=AGENTS, to in 0..=AGENTS,
        without_approval: bool, declared: bool, answers: bool,
    ) {
        let to = if to == AGENTS { AGENTS + 1 } else { to };
        prop_assume!(from != to);
        let question = Question { from, to, by: None, without_approval, declared, answers };
        let found = Reach::search(&Policy::compile(rules.clone()), AGENTS, &question);
        let reached = closure(&rules, &question);
        prop_assert_eq!(found.chain.is_some(), reached[to as usize]);
        let Some(chain) = found.chain else {
            let mut all = found.reached;
            all.sort_unstable();
            let expected = (0..=AGENTS).filter(|agent| reached[*agent as usize]);
            prop_assert_eq!(all, expected.collect::<Vec<_>>());
            return Ok(());
        };
        prop_assert_eq!((chain[0].from, chain[chain.len() - 1].to), (from, to));
        for (hop, next) in chain.iter().zip(chain.iter().skip(1)) {
            prop_assert_eq!(hop.to, next.from);
        }
        for hop in &chain {
            let outcome = match hop.by {
                By::Request(place) => {
                    let origin = if declared { from } else { hop.from };
                    one_by_one(&rules, hop.from, hop.to, place)
                        .min(one_by_one(&rules, origin, hop.to, place))
                }
                By::Answer(place) => one_by_one(&rules, hop.to, hop.from, place),
            };
            prop_assert_eq!(outcome, hop.outcome);
        }
    }

    #[test]
    fn who_declares_reaches_by_a_request_only_whom_the_origin_reaches_itself(
        rules in rules(8), from in 0..=AGENTS, to in 0..=AGENTS, place in 0..4u8,
    ) {
        let to = if to == AGENTS { AGENTS + 1 } else { to };
        prop_assume!(from != to);
        let by = Some(Types::one(place));
        let question =
            Question { from, to, by, without_approval: true, declared: true, answers: true };
        let policy = Policy::compile(rules);
        let found = Reach::search(&policy, AGENTS, &question);
        let itself = policy.passage(from, to).allowed.has(place);
        prop_assert_eq!(found.chain.map(|chain| chain.len()), itself.then_some(1));
    }

    #[test]
    fn a_rule_that_never_decides_can_go_and_every_other_one_cannot(rules in rules(7)) {
        let review = Review::of(&Policy::compile(rules.clone()), AGENTS);
        for at in 0..rules.len() {
            let mut fewer = rules.clone();
            fewer.remove(at);
            let idle = review.remarks.iter().any(|remark| {
                let never = matches!(remark, Remark::NeverDecides { .. } | Remark::ToItself { .. });
                remark.rule() == at && never
            });
            prop_assert_eq!(every_outcome(&rules) == every_outcome(&fewer), idle, "rule {}", at);
        }
    }

    #[test]
    fn what_makes_a_rule_idle_is_all_of_it_and_no_more(rules in rules(7)) {
        let review = Review::of(&Policy::compile(rules.clone()), AGENTS);
        for remark in &review.remarks {
            let Remark::NeverDecides { rule, because } = remark else { continue };
            let named = rules[*rule];
            let pair = (named.from.unwrap_or(AGENTS), named.to.unwrap_or(AGENTS + 1));
            let is_rival = |other: &usize| {
                let rival = &rules[*other];
                *other != *rule
                    && rival.breadth() >= named.breadth()
                    && rival.applies(&pair.0, &pair.1)
            };
            let rivals: Vec<usize> = (0..rules.len()).filter(is_rival).collect();
            // Whether the rule decides nothing when of its rivals only these are there.
            let idle_with = |kept: &[usize]| {
                let mut with = rules.clone();
                for other in rivals.iter().filter(|other| !kept.contains(other)) {
                    with[*other] = nothing();
                }
                let mut without = with.clone();
                without[*rule] = nothing();
                every_outcome(&with) == every_outcome(&without)
            };
            prop_assert!(idle_with(because), "{} because of {:?}", rule, because);
            for place in 0..because.len() {
                let mut fewer = because.clone();
                fewer.remove(place);
                prop_assert!(!idle_with(&fewer), "{} because of {:?}", rule, fewer);
            }
        }
    }

    #[test]
    fn a_difference_is_every_message_that_fares_otherwise(old in rules(6), new in rules(6)) {
        let (before, after) = (Policy::compile(old.clone()), Policy::compile(new.clone()));
        let difference = Difference::of(&before, &after, AGENTS);
        for change in &difference.changes {
            let (from, to, place) = (change.from, change.to, change.place);
            prop_assert_eq!(change.before, one_by_one(&old, from, to, place));
            prop_assert_eq!(change.after, one_by_one(&new, from, to, place));
        }
        let same = every_outcome(&old) == every_outcome(&new);
        prop_assert_eq!(difference.changes.is_empty(), same);
    }

    #[test]
    fn a_reason_names_rules_that_say_so(rules in rules(8), from in 0..AGENTS, place in 0..4u8) {
        let policy = Policy::compile(rules.clone());
        for to in (0..=AGENTS).filter(|to| *to != from) {
            let reason = policy.reason(from, to, place);
            prop_assert_eq!(reason.outcome, one_by_one(&rules, from, to, place));
            let says = |at: &usize| match reason.outcome {
                Outcome::Allowed => rules[*at].allows.has(place),
                Outcome::Held => rules[*at].holds.has(place),
                Outcome::Denied => true,
            };
            prop_assert!(reason.rules.iter().all(|at| rules[*at].applies(&from, &to)));
            prop_assert!(reason.rules.iter().all(says));
            prop_assert!(reason.outcome == Outcome::Denied || !reason.rules.is_empty());
        }
    }
}

/// A rule for one that nobody names and nobody asks about.
fn nothing() -> Rule<u32> {
    Rule {
        from: Some(AGENTS + 9),
        to: Some(AGENTS + 9),
        allows: Types::NONE,
        holds: Types::NONE,
        denies: Types::NONE,
    }
}

#[test]
fn the_places_of_types_are_those_that_the_tests_use() {
    assert_eq!(kinds().count(), 4);
    assert_eq!(every_type().places().collect::<Vec<_>>(), [0, 1, 2, 3]);
}
