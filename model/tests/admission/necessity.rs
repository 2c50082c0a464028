//! Every rule is needed: without it, this invariant breaks, after this many steps.

use countersign_model::admission::Admission;
use countersign_model::admission::attacker::Move;
use countersign_model::admission::invariant::InvariantId;
use countersign_model::admission::scope::Scope;
use countersign_model::admission::state::State;
use countersign_model::admission::system::Reception;
use countersign_model::rulebook::{Book as _, Weakening};

use crate::breaking::{
    Weakened, breaks_each_alone, breaks_its_own, breaks_no_other, counterexample,
};
use crate::scopes::SMALL;

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

impl Weakened for Reception {
    type Book = Admission;
    type Scope = Scope;

    fn under(row: &Weakening<Admission>, scope: Scope, watched: &[InvariantId]) -> Self {
        Self::new(row.rules(), row.scope(scope), watched)
    }

    fn violated(&self, state: &State, next: &Move) -> Vec<InvariantId> {
        let step = self.step(&state.world, next);
        assert!(step.enabled, "{next:?}");
        self.violations(&step.deliveries).collect()
    }
}

#[test]
fn every_weakening_breaks_its_invariant_in_so_many_steps() {
    breaks_its_own::<Reception>(PINNED);
}

#[test]
fn every_weakening_breaks_no_other_invariant_but_these() {
    breaks_no_other::<Reception>(PINNED, narrow);
}

#[test]
fn a_weakening_breaks_its_invariant_within_the_narrow_scope_too() {
    for weakening in Admission::WEAKENINGS {
        let system = Reception::under(weakening, narrow(weakening), &[weakening.breaks]);
        assert!(counterexample(&system).is_some(), "{}", weakening.name);
    }
}

#[test]
fn for_every_invariant_some_weakening_breaks_exactly_it() {
    breaks_each_alone::<Reception>(PINNED, &[]);
}
