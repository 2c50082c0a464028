//! Bounded search finds the shortest violation of every weakening, and every story it tells is true.

use countersign_invariants::Budget;
use countersign_invariants::Search;
use countersign_invariants::admission::{STEPS_MAX, search, witness};
use countersign_model::admission::Admission;
use countersign_model::admission::invariant::{Invariant, InvariantId};
use countersign_model::admission::scope::Scope;
use countersign_model::admission::step::Delivery;
use countersign_model::admission::story::Story;
use countersign_model::domain::Ledger;
use countersign_model::rulebook::{Book as _, Row as _, Ruleset, Weakening};

/// How many steps the shortest violation takes, for each row of the table of weakenings.
const LENGTHS: &[(&str, usize)] = &[
    ("without-size-bounded", 1),
    ("without-well-formed", 1),
    ("without-text-canonical", 1),
    ("without-version-supported", 1),
    ("without-schema-valid", 1),
    ("without-sender-active", 2),
    ("without-key-of-sender", 1),
    ("without-key-current", 3),
    ("without-key-not-revoked", 2),
    ("without-signature-valid", 1),
    ("without-recipient-is-me", 1),
    ("without-not-self-addressed", 2),
    ("without-session-known", 1),
    ("without-not-stale", 4),
    ("without-not-from-future", 1),
    ("without-not-expired", 1),
    ("without-nonce-fresh", 1),
    ("without-share-left", 4),
    ("without-rate-within", 2),
    ("evicts-oldest", 4),
    ("inserts-before-authentication", 3),
    ("counts-before-authentication", 3),
    ("admits-not-a-number", 3),
    ("keyed-by-nonce-alone", 3),
    ("forgets-on-restart", 3),
    ("store-per-replica", 3),
    ("checks-then-inserts", 1),
    ("nonce-from-clock", 4),
    ("nonce-outside-signature", 2),
    ("follows-wall-clock", 5),
    ("key-from-message", 1),
    ("acts-on-inner-sender", 1),
    ("type-outside-signature", 1),
    ("last-key-wins", 1),
    ("other-canonical-form", 2),
    ("parses-twice", 1),
    ("recipient-outside-signature", 1),
    ("lifetime-from-receipt", 4),
];

/// Runs the story on machine words: every step can be taken, and `holds` of a delivery of the last
/// step and of none before.
fn ends_in(
    story: &Story,
    rules: Ruleset<Admission>,
    holds: impl Fn(&Delivery<Ledger>) -> bool,
) -> bool {
    let mut world = story.first();
    let mut held = Vec::new();
    for action in &story.actions {
        let step = world.step(rules, &story.setting, action);
        assert!(step.enabled, "{action:?} cannot be taken in {story:#?}");
        held.push(step.deliveries.iter().flatten().any(&holds));
        world = step.after;
    }
    let last = held.pop();
    last == Some(true) && !held.contains(&true)
}

fn shortest(weakening: &Weakening<Admission>) -> Result<(Ruleset<Admission>, Story), String> {
    let rules = Ruleset::HARDENED.dangerously_with(weakening);
    let scope = weakening.scope(Scope::default());
    let found = search(rules, &scope, weakening.breaks, 6, Budget::default());
    match found {
        Search::Found(story) => Ok((rules, *story)),
        other => Err(format!("{}: {other:?}", weakening.name)),
    }
}

#[test]
fn the_shortest_violation_of_each_weakening_has_the_length_listed() -> Result<(), String> {
    let mut found = Vec::new();
    for weakening in Admission::WEAKENINGS {
        let (_, story) = shortest(weakening)?;
        found.push((weakening.name, story.actions.len()));
    }
    assert_eq!(found, LENGTHS);
    Ok(())
}

#[test]
fn each_story_replays_and_ends_in_its_violation() -> Result<(), String> {
    for weakening in Admission::WEAKENINGS {
        let (rules, story) = shortest(weakening)?;
        let invariant = Invariant::<Ledger>::of(weakening.breaks);
        let violated = |event: &_| invariant.violated(&story.setting, event);
        assert!(ends_in(&story, rules, violated), "{}", weakening.name);
    }
    Ok(())
}

#[test]
fn a_story_is_told_the_same_way_every_time() -> Result<(), String> {
    for name in ["follows-wall-clock", "nonce-from-clock"] {
        let weakening = Weakening::<Admission>::of_name(name).ok_or(name)?;
        assert_eq!(shortest(weakening)?, shortest(weakening)?);
    }
    Ok(())
}

#[test]
fn no_invariant_is_vacuous() {
    for id in InvariantId::ALL {
        let rules = Ruleset::HARDENED;
        let found = witness(rules, &Scope::default(), *id, 4, Budget::default());
        let Search::Found(story) = found else {
            panic!("{}: {found:?}", id.name());
        };
        let invariant = Invariant::<Ledger>::of(*id);
        let premise = |event: &_| (invariant.premise)(&story.setting, event);
        assert!(ends_in(&story, rules, premise), "{}", id.name());
        let expected = if *id == InvariantId::Live { 2 } else { 1 };
        assert_eq!(story.actions.len(), expected, "{}", id.name());
    }
}

#[test]
fn the_hardened_rules_have_no_short_violation() {
    for id in InvariantId::ALL {
        let found = search(
            Ruleset::HARDENED,
            &Scope::default(),
            *id,
            4,
            Budget::default(),
        );
        assert_eq!(found, Search::NoneUpTo(4), "{}", id.name());
    }
}

#[test]
fn a_search_says_how_far_it_came() {
    let scope = Scope::default();
    let timely = InvariantId::Timely;
    let far = search(
        Ruleset::HARDENED,
        &scope,
        timely,
        usize::MAX,
        Budget::default(),
    );
    assert_eq!(far, Search::NoneUpTo(STEPS_MAX));
    let tiny = Budget {
        work: Some(1),
        ..Budget::default()
    };
    let weakening = Weakening::<Admission>::of_name("follows-wall-clock").unwrap();
    let rules = Ruleset::HARDENED.dangerously_with(weakening);
    let cut = search(rules, &scope, InvariantId::Once, 6, tiny);
    assert!(matches!(cut, Search::Unknown { .. }), "{cut:?}");
}
