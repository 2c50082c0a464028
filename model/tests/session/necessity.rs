//! Every rule is needed: without it, this invariant breaks, after this many steps.

use std::num::NonZeroUsize;

use countersign_model::explorer::{Cutoff, Ending, explore};
use countersign_model::rulebook::{Book as _, Row as _, Weakening};
use countersign_model::session::Session;
use countersign_model::session::attacker::Move;
use countersign_model::session::invariant::InvariantId;
use countersign_model::session::scope::Scope;
use countersign_model::session::system::{Exchange, State};

use crate::walk::SMALL;

/// Each weakening, the invariant it breaks, the steps that takes in the default scope, and which
/// other invariant is the first to break within [`SMALL`], if any does.
#[rustfmt::skip]
const PINNED: &[(&str, &str, usize, Option<&str>)] = &[
    ("without-session-known",      "timely",    2, None),
    ("without-session-alive",      "timely",    2, None),
    ("without-peer-entitled",      "entitled",  2, None),
    ("without-epoch-current",      "bounded",   1, None),
    ("without-sequence-in-window", "once",      3, None),
    ("without-sequence-unseen",    "once",      2, None),
    ("without-record-opens",       "authentic", 1, Some("once")),
    ("without-plaintext-schema",   "schema",    1, None),
    ("one-key-both-ways",          "authentic", 2, Some("unique")),
    ("one-key-for-all-sessions",   "authentic", 2, None),
    ("sequence-outside-aad",       "once",      2, Some("authentic")),
    ("header-outside-aad",         "authentic", 2, None),
    ("static-nonce",               "unique",    2, None),
    ("sequence-restarts",          "unique",    3, Some("renewed")),
    ("window-restarts",            "once",      3, None),
    ("marks-before-opening",       "live",      3, Some("authentic")),
    ("ratchets-before-opening",    "live",      3, Some("authentic")),
    ("window-slides-back",         "once",      3, None),
    ("highest-only",              "live",      4, None),
    ("never-ratchets",             "renewed",   2, None),
    ("keys-from-secret",           "forward",   5, None),
    ("keeps-old-keys",             "forward",   5, Some("bounded")),
];

fn weakened(weakening: &Weakening<Session>, scope: Scope, watched: &[InvariantId]) -> Exchange {
    Exchange::new(weakening.rules(), weakening.scope(scope), watched)
}

fn counterexample(exchange: &Exchange) -> Option<Vec<(State, Option<Move>)>> {
    let ending = explore(exchange, NonZeroUsize::MIN, &Cutoff::default()).ending;
    if let Ending::Broken(path) = ending {
        return Some(path);
    }
    assert_eq!(ending, Ending::Exhausted);
    None
}

/// What each step of a path violates.
fn violations(exchange: &Exchange, path: &[(State, Option<Move>)]) -> Vec<Vec<InvariantId>> {
    let moves = path
        .iter()
        .filter_map(|(state, next)| next.map(|next| (state, next)));
    moves
        .map(|(state, next)| {
            let step = exchange.step(&state.world, &next);
            assert!(step.enabled, "{next:?}");
            exchange.violations(step.event.as_ref()).collect()
        })
        .collect()
}

#[test]
fn every_weakening_breaks_its_invariant_in_so_many_steps() {
    let mut found = Vec::new();
    for weakening in Session::WEAKENINGS {
        let exchange = weakened(weakening, Scope::default(), &[weakening.breaks]);
        let path = counterexample(&exchange).expect(weakening.name);
        let violated = violations(&exchange, &path);
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
    for weakening in Session::WEAKENINGS {
        let others: Vec<_> = InvariantId::ALL
            .iter()
            .copied()
            .filter(|id| *id != weakening.breaks)
            .collect();
        let exchange = weakened(weakening, SMALL, &others);
        let also = counterexample(&exchange).map(|path| {
            let violated = violations(&exchange, &path);
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
