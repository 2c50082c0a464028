//! Every rule is needed: without it, this invariant breaks, after this many steps.

use countersign_model::rulebook::{Book as _, Weakening};
use countersign_model::session::Session;
use countersign_model::session::attacker::Move;
use countersign_model::session::invariant::InvariantId;
use countersign_model::session::scope::Scope;
use countersign_model::session::system::{Exchange, State};

use crate::breaking::{
    Weakened, breaks_each_alone, breaks_its_own, breaks_no_other, counterexample,
};
use crate::scopes::SMALL;

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

impl Weakened for Exchange {
    type Book = Session;
    type Scope = Scope;

    fn under(row: &Weakening<Session>, scope: Scope, watched: &[InvariantId]) -> Self {
        Self::new(row.rules(), row.scope(scope), watched)
    }

    fn violated(&self, state: &State, next: &Move) -> Vec<InvariantId> {
        let step = self.step(&state.world, next);
        assert!(step.enabled, "{next:?}");
        self.violations(step.event.as_ref()).collect()
    }
}

#[test]
fn every_weakening_breaks_its_invariant_in_so_many_steps() {
    breaks_its_own::<Exchange>(PINNED);
}

#[test]
fn every_weakening_breaks_no_other_invariant_but_these() {
    breaks_no_other::<Exchange>(PINNED, |_| SMALL);
}

#[test]
fn a_weakening_breaks_its_invariant_within_the_small_scope_too() {
    for weakening in Session::WEAKENINGS {
        let system = Exchange::under(weakening, SMALL, &[weakening.breaks]);
        assert!(counterexample(&system).is_some(), "{}", weakening.name);
    }
}

#[test]
fn for_every_invariant_some_weakening_breaks_exactly_it() {
    breaks_each_alone::<Exchange>(PINNED, &[]);
}
