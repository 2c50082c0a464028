//! Every rule is needed: without it, this invariant breaks, after this many steps.

use std::num::NonZeroUsize;

use countersign_model::audit::Audit;
use countersign_model::audit::attacker::Move;
use countersign_model::audit::invariant::InvariantId;
use countersign_model::audit::scope::Scope;
use countersign_model::audit::system::{State, Trail};
use countersign_model::explorer::{Cutoff, Ending, explore};
use countersign_model::rulebook::{Book as _, Row as _, Weakening};

use crate::walk::SMALL;

/// Each weakening, the invariant it breaks, the steps that takes in the default scope, and which
/// other invariant is the first to break within [`SMALL`], if any does.
#[rustfmt::skip]
const PINNED: &[(&str, &str, usize, Option<&str>)] = &[
    ("without-head-kept",          "intact",       3, None),
    ("without-record-durable",     "complete",     2, None),
    ("without-reader-entitled",    "confidential", 2, None),
    ("without-links-follow",       "intact",       4, Some("kept")),
    ("without-checkpoint-signed",  "intact",       2, None),
    ("without-checkpoint-reached", "intact",       4, None),
    ("without-checkpoint-matches", "intact",       4, None),
    ("without-memory-matches",     "kept",         6, None),
    ("effect-before-record",       "complete",     2, None),
    ("acknowledges-early",         "complete",     3, Some("live")),
    ("skips-denials",              "complete",     2, None),
    ("unchained",                  "intact",       5, Some("kept")),
    ("fields-run-together",        "intact",       4, Some("kept")),
    ("chain-restarts",             "live",         5, Some("intact")),
    ("unsalted-hash",              "hidden",       2, None),
    ("salt-in-record",             "hidden",       2, None),
    ("whole-log-only",             "live",         3, None),
    ("counts-only",                "kept",         6, None),
];

fn weakened(weakening: &Weakening<Audit>, scope: Scope, watched: &[InvariantId]) -> Trail {
    Trail::new(weakening.rules(), weakening.scope(scope), watched)
}

fn counterexample(trail: &Trail) -> Option<Vec<(State, Option<Move>)>> {
    let ending = explore(trail, NonZeroUsize::MIN, &Cutoff::default()).ending;
    if let Ending::Broken(path) = ending {
        return Some(path);
    }
    assert_eq!(ending, Ending::Exhausted);
    None
}

/// What each step of a path violates.
fn violations(trail: &Trail, path: &[(State, Option<Move>)]) -> Vec<Vec<InvariantId>> {
    let moves = path
        .iter()
        .filter_map(|(state, next)| next.map(|next| (state, next)));
    moves
        .map(|(state, next)| {
            let step = trail.step(&state.world, &next);
            assert!(step.enabled, "{next:?}");
            trail.violations(step.event.as_ref()).collect()
        })
        .collect()
}

#[test]
fn every_weakening_breaks_its_invariant_in_so_many_steps() {
    let mut found = Vec::new();
    for weakening in Audit::WEAKENINGS {
        let trail = weakened(weakening, Scope::default(), &[weakening.breaks]);
        let path = counterexample(&trail).expect(weakening.name);
        let violated = violations(&trail, &path);
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
    for weakening in Audit::WEAKENINGS {
        let others: Vec<_> = InvariantId::ALL
            .iter()
            .copied()
            .filter(|id| *id != weakening.breaks)
            .collect();
        let trail = weakened(weakening, SMALL, &others);
        let also = counterexample(&trail).map(|path| {
            let violated = violations(&trail, &path);
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
fn for_every_invariant_some_weakening_breaks_exactly_it() {
    for id in InvariantId::ALL {
        let exact = PINNED
            .iter()
            .any(|(_, breaks, _, also)| *breaks == id.name() && also.is_none());
        assert!(exact, "{}", id.name());
    }
}
