//! Every rule is needed: without it, this invariant breaks, after this many steps.

use std::num::NonZeroUsize;

use countersign_model::bus::Bus;
use countersign_model::bus::attacker::Move;
use countersign_model::bus::invariant::InvariantId;
use countersign_model::bus::scope::Scope;
use countersign_model::bus::system::{Office, State};
use countersign_model::explorer::{Cutoff, Ending, explore};
use countersign_model::rulebook::{Book as _, Row as _, Weakening};

use crate::walk::SMALL;

/// Each weakening, the invariant it breaks, the steps that takes in the default scope, and which
/// other invariant is the first to break within [`SMALL`], if any does.
#[rustfmt::skip]
const PINNED: &[(&str, &str, usize, Option<&str>)] = &[
    ("without-admitted",           "attributed",  1, Some("permitted")),
    ("without-rate-within",        "bounded",     2, None),
    ("without-parties-active",     "entitled",    2, None),
    ("without-not-self-addressed", "permitted",   1, None),
    ("without-not-expired",        "timely",      4, None),
    ("without-reply-expected",     "solicited",   2, Some("timely")),
    ("without-reply-in-time",      "timely",      3, None),
    ("without-request-open",       "solicited",   3, None),
    ("without-not-denied",         "permitted",   1, None),
    ("without-granted",            "permitted",   1, None),
    ("without-origin-granted",     "permitted",   2, None),
    ("without-approval-given",     "approved",    1, None),
    ("without-approval-binds",     "approved",    4, None),
    ("without-body-committed",     "approved",    3, None),
    ("without-approval-current",   "approved",    4, None),
    ("without-approval-in-time",   "timely",      4, None),
    ("without-approval-unused",    "once",        4, None),
    ("without-countersigned",      "mediated",    1, None),
    ("charges-claimed-sender",     "live",        2, None),
    ("broadcast-costs-one",        "bounded",     2, None),
    ("spelling-compared",          "permitted",   1, None),
    ("empty-list-ignored",         "permitted",   1, None),
    ("shadows-by-type",            "permitted",   1, None),
    ("deciding-tier-alone",        "permitted",   1, None),
    ("first-rule-wins",            "permitted",   1, None),
    ("wildcards-in-file-order",    "permitted",   1, None),
    ("broadcast-unchecked",        "permitted",   1, None),
    ("origin-not-held",            "approved",    2, None),
    ("replies-need-rule",          "live",        2, None),
    ("sender-sets-deadline",       "answered",    3, Some("timely")),
    ("never-ends",                 "answered",    3, None),
    ("denial-is-silent",           "answered",    3, None),
    ("binds-id-alone",             "approved",    4, None),
    ("binds-place",                "approved",    5, None),
    ("releases-unchecked",         "permitted",   4, Some("timely")),
    ("held-grows-stale",           "live",        4, None),
    ("held-is-exempt",             "once",        6, None),
];

fn weakened(weakening: &Weakening<Bus>, scope: Scope, watched: &[InvariantId]) -> Office {
    Office::new(weakening.rules(), weakening.scope(scope), watched)
}

fn counterexample(office: &Office) -> Option<Vec<(State, Option<Move>)>> {
    let ending = explore(office, NonZeroUsize::MIN, &Cutoff::default()).ending;
    if let Ending::Broken(path) = ending {
        return Some(path);
    }
    assert_eq!(ending, Ending::Exhausted);
    None
}

/// What each step of a path violates.
fn violations(office: &Office, path: &[(State, Option<Move>)]) -> Vec<Vec<InvariantId>> {
    let moves = path
        .iter()
        .filter_map(|(state, next)| next.map(|next| (state, next)));
    moves
        .map(|(state, next)| {
            let before = Office::before(&state.world, &next);
            let step = office.step(&state.world, &next);
            assert!(step.enabled, "{next:?}");
            office.violations(&before, &step).collect()
        })
        .collect()
}

#[test]
fn every_weakening_breaks_its_invariant_in_so_many_steps() {
    let mut found = Vec::new();
    for weakening in Bus::WEAKENINGS {
        let office = weakened(weakening, Scope::default(), &[weakening.breaks]);
        let path = counterexample(&office).expect(weakening.name);
        let violated = violations(&office, &path);
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
    for weakening in Bus::WEAKENINGS {
        let others: Vec<_> = InvariantId::ALL
            .iter()
            .copied()
            .filter(|id| *id != weakening.breaks)
            .collect();
        let office = weakened(weakening, SMALL, &others);
        let also = counterexample(&office).map(|path| {
            let violated = violations(&office, &path);
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
fn for_every_invariant_but_one_some_weakening_breaks_exactly_it() {
    // Whoever speaks in another's name may also do what it may not do in its own.
    let rest = |id: &&InvariantId| **id != InvariantId::Attributed;
    for id in InvariantId::ALL.iter().filter(rest) {
        let exact = PINNED
            .iter()
            .any(|(_, breaks, _, also)| *breaks == id.name() && also.is_none());
        assert!(exact, "{}", id.name());
    }
}
