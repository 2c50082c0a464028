//! Rules become tiers: each where it belongs, in the order of the file, one type or all at once.

use super::{Rule, Types};
use crate::bus::policy::Tiers;
use crate::domain::Truth as _;
use crate::rulebook::Ruleset;

const ASK: u8 = 0;
const NOTIFY: u8 = 1;

fn rule(from: Option<u32>, to: Option<u32>) -> Rule<u32> {
    Rule {
        from,
        to,
        allows: Types::NONE,
        holds: Types::NONE,
        denies: Types::NONE,
    }
}

fn one(rules: &[Rule<u32>], place: u8) -> Tiers<bool> {
    Tiers::of_rules(
        rules.iter(),
        |rule| rule.applies(&1, &2),
        |types| types.has(place),
    )
}

#[test]
fn a_rule_stands_in_the_tier_of_the_ends_that_it_names() {
    let ends = [
        (Some(1), Some(2)),
        (Some(1), None),
        (None, Some(2)),
        (None, None),
    ];
    for (place, (from, to)) in ends.into_iter().enumerate() {
        let listed = one(&[rule(from, to)], ASK).tiers.map(|tier| tier.listed);
        let expected: [bool; 4] = std::array::from_fn(|other| other == place);
        assert_eq!(listed, expected);
    }
    for (from, to) in [(Some(2), Some(1)), (Some(3), None), (None, Some(1))] {
        let tiers = one(&[rule(from, to)], ASK);
        assert!(tiers.tiers.iter().all(|tier| !tier.listed));
    }
}

#[test]
fn the_order_of_the_file_is_kept() {
    let ask = Types::one(ASK);
    let allow = Rule {
        allows: ask,
        ..rule(Some(1), None)
    };
    let deny = Rule {
        denies: ask,
        ..rule(Some(1), None)
    };
    let first = |rules: &[Rule<u32>]| one(rules, ASK).tiers[1].allows_first;
    assert!(first(&[allow, deny]));
    assert!(!first(&[deny, allow]));
    let to = rule(None, Some(2));
    assert!(one(&[to, allow], ASK).recipient_first);
    assert!(!one(&[allow, to], ASK).recipient_first);
}

#[test]
fn all_types_at_once_are_each_type_alone() {
    // Every rule with one of eight sayings, in every tier, three at a time.
    let sayings = (0..8u8).map(|bits| {
        let types = |bit: u8| {
            if bits & (1 << bit) == 0 {
                Types::NONE
            } else {
                Types::one(bit % 2)
            }
        };
        (types(0), types(1), types(2))
    });
    let ends = [(Some(1), Some(2)), (Some(1), None), (None, Some(2))];
    let rules: Vec<Rule<u32>> = sayings
        .flat_map(|(allows, holds, denies)| {
            ends.map(|(from, to)| Rule {
                allows,
                holds,
                denies,
                ..rule(from, to)
            })
        })
        .collect();
    let mut compared = 0;
    for first in &rules {
        for second in &rules {
            for third in &rules {
                let file = [*first, *second, *third];
                let applies = |rule: &Rule<u32>| Types::constant(rule.applies(&1, &2));
                let all = Tiers::of_rules(file.iter(), applies, |types| types);
                let decided = all.decide(Ruleset::HARDENED);
                for place in [ASK, NOTIFY] {
                    let alone = one(&file, place);
                    assert_eq!(all.of_type(place), alone);
                    let alone = alone.decide(Ruleset::HARDENED);
                    let lane = (
                        decided.denied.has(place),
                        decided.granted.has(place),
                        decided.held.has(place),
                    );
                    assert_eq!(lane, (alone.denied, alone.granted, alone.held));
                    compared += 1;
                }
            }
        }
    }
    assert_eq!(compared, 2 * 24 * 24 * 24);
}

#[test]
fn a_set_of_types_is_a_set() {
    let (ask, notify) = (Types::one(ASK), Types::one(NOTIFY));
    let both = ask.with(notify);
    assert_eq!(both.places().collect::<Vec<_>>(), [ASK, NOTIFY]);
    assert_eq!(both.without(ask), notify);
    assert_eq!(both.common(ask), ask);
    assert!(ask.common(notify).is_empty());
    assert_eq!(Types::ALL.places().count(), 8);
    assert_eq!(Types::one(8), Types::NONE);
}
