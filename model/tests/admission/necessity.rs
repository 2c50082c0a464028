//! Every rule is needed: without it, this invariant breaks, after this many steps.

use std::num::NonZeroUsize;

use countersign_model::admission::Admission;
use countersign_model::admission::attacker::Move;
use countersign_model::admission::invariant::InvariantId;
use countersign_model::admission::scope::Scope;
use countersign_model::admission::system::{Reception, State};
use countersign_model::explorer::{Cutoff, Ending, explore};
use countersign_model::rulebook::{Book as _, Row as _, Ruleset, Weakening};

use crate::walk::SMALL;

/// Each weakening, the invariant it breaks, the steps that takes in the default scope, and which
/// other invariant is the first to break within [`narrow`], if any does.
#[rustfmt::skip]
const PINNED: &[(&str, &str, usize, Option<&str>)] = &[
    ("without-size-bounded",          "bounded",   1, None),
    ("without-well-formed",           "canonical", 1, None),
    ("without-text-canonical",        "canonical", 1, None),
    ("without-version-supported",     "schema",    1, None),
    ("without-schema-valid",          "schema",    1, None),
    ("without-sender-active",         "bound",     2, None),
    ("without-key-of-sender",         "bound",     1, Some("live")),
    ("without-key-current",           "bound",     3, None),
    ("without-key-not-revoked",       "bound",     2, None),
    ("without-signature-valid",       "authentic", 1, Some("audience")),
    ("without-recipient-is-me",       "audience",  1, None),
    ("without-not-self-addressed",    "audience",  2, None),
    ("without-session-known",         "audience",  1, None),
    ("without-not-stale",             "once",      4, None),
    ("without-not-from-future",       "bounded",   1, None),
    ("without-not-expired",           "timely",    1, None),
    ("without-nonce-fresh",           "once",      1, None),
    ("without-share-left",            "bounded",   4, None),
    ("without-rate-within",           "bounded",   2, None),
    ("evicts-oldest",                 "once",      4, Some("bounded")),
    ("inserts-before-authentication", "live",      3, Some("authentic")),
    ("counts-before-authentication",  "live",      3, Some("authentic")),
    ("admits-not-a-number",           "once",      3, Some("canonical")),
    ("keyed-by-nonce-alone",          "live",      3, None),
    ("forgets-on-restart",            "once",      3, Some("bounded")),
    ("store-per-replica",             "once",      3, Some("bounded")),
    ("checks-then-inserts",           "once",      1, Some("bounded")),
    ("nonce-from-clock",              "live",      4, None),
    ("nonce-outside-signature",       "once",      2, Some("authentic")),
    ("follows-wall-clock",            "once",      5, None),
    ("key-from-message",              "bound",     1, Some("live")),
    ("acts-on-inner-sender",          "bound",     1, None),
    ("type-outside-signature",        "authentic", 1, None),
    ("last-key-wins",                 "canonical", 1, None),
    ("other-canonical-form",          "live",      2, None),
    ("parses-twice",                  "schema",    1, Some("canonical")),
    ("recipient-outside-signature",   "audience",  1, Some("authentic")),
    ("lifetime-from-receipt",         "once",      4, None),
];

/// The scope in which all that a weakening breaks is looked for.
fn narrow(weakening: &Weakening<Admission>) -> Scope {
    let base = match weakening.name {
        // Needs a theft and a rotation.
        "without-key-current" => Scope {
            clock: 3,
            faults: 2,
            ..SMALL
        },
        // Needs three messages.
        "without-share-left" => Scope { clock: 2, ..SMALL },
        _ => SMALL,
    };
    weakening.scope(base)
}

fn weakened(weakening: &Weakening<Admission>, scope: Scope, watched: &[InvariantId]) -> Reception {
    let rules = Ruleset::HARDENED.dangerously_with(weakening);
    Reception::new(rules, weakening.scope(scope), watched)
}

fn counterexample(admission: &Reception) -> Option<Vec<(State, Option<Move>)>> {
    let ending = explore(admission, NonZeroUsize::MIN, &Cutoff::default()).ending;
    if let Ending::Broken(path) = ending {
        return Some(path);
    }
    assert_eq!(ending, Ending::Exhausted);
    None
}

/// What each step of a path violates.
fn violations(admission: &Reception, path: &[(State, Option<Move>)]) -> Vec<Vec<InvariantId>> {
    let moves = path
        .iter()
        .filter_map(|(state, next)| next.map(|next| (state, next)));
    moves
        .map(|(state, next)| {
            let step = admission.step(&state.world, &next);
            assert!(step.enabled, "{next:?}");
            admission.violations(&step.deliveries).collect()
        })
        .collect()
}

#[test]
fn every_weakening_breaks_its_invariant_in_so_many_steps() {
    let mut found = Vec::new();
    for weakening in Admission::WEAKENINGS {
        let admission = weakened(weakening, Scope::default(), &[weakening.breaks]);
        let path = counterexample(&admission).expect(weakening.name);
        let violated = violations(&admission, &path);
        let (last, before) = violated.split_last().expect("at least one step");
        assert!(
            last.contains(&weakening.breaks),
            "{}: {last:?}",
            weakening.name
        );
        assert!(
            before.iter().all(|ids| !ids.contains(&weakening.breaks)),
            "{}",
            weakening.name
        );
        found.push((weakening.name, weakening.breaks.name(), path.len() - 1));
    }
    let pinned: Vec<_> = PINNED
        .iter()
        .map(|(name, breaks, steps, _)| (*name, *breaks, *steps))
        .collect();
    assert_eq!(found, pinned);
}

#[test]
fn every_weakening_breaks_no_other_invariant_but_these() {
    let mut found = Vec::new();
    for weakening in Admission::WEAKENINGS {
        let others: Vec<_> = InvariantId::ALL
            .iter()
            .copied()
            .filter(|id| *id != weakening.breaks)
            .collect();
        let admission = weakened(weakening, narrow(weakening), &others);
        let also = counterexample(&admission).map(|path| {
            let violated = violations(&admission, &path);
            let mut last = violated.last().expect("at least one step").iter();
            last.find(|id| others.contains(id))
                .expect("a violation")
                .name()
        });
        found.push((weakening.name, also));
    }
    let pinned: Vec<_> = PINNED
        .iter()
        .map(|(name, _, _, also)| (*name, *also))
        .collect();
    assert_eq!(found, pinned);
}

#[test]
fn a_weakening_breaks_its_invariant_within_the_narrow_scope_too() {
    for weakening in Admission::WEAKENINGS {
        let admission = weakened(weakening, narrow(weakening), &[weakening.breaks]);
        assert!(counterexample(&admission).is_some(), "{}", weakening.name);
    }
}

#[test]
fn for_every_invariant_some_weakening_breaks_exactly_it() {
    for id in InvariantId::ALL {
        let exact = PINNED
            .iter()
            .any(|(_, breaks, _, also)| *breaks == id.name() && also.is_none());
        assert!(exact, "{}", id.name());
    }
}
