//! Every rule is needed: without it, this invariant breaks, after this many steps.

use countersign_model::bus::Bus;
use countersign_model::bus::attacker::Move;
use countersign_model::bus::invariant::InvariantId;
use countersign_model::bus::scope::Scope;
use countersign_model::bus::system::{Office, State};
use countersign_model::rulebook::Weakening;

use crate::breaking::{Weakened, breaks_each_alone, breaks_its_own, breaks_no_other};
use crate::scopes::small;

/// Each weakening, the invariant it breaks, the steps that takes in the default scope, and which
/// other invariant is the first to break within [`small()`], if any does.
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

impl Weakened for Office {
    type Book = Bus;
    type Scope = Scope;

    fn under(row: &Weakening<Bus>, scope: Scope, watched: &[InvariantId]) -> Self {
        Self::new(row.rules(), row.scope(scope), watched)
    }

    fn violated(&self, state: &State, next: &Move) -> Vec<InvariantId> {
        let before = Self::before(&state.world, next);
        let step = self.step(&state.world, next);
        assert!(step.enabled, "{next:?}");
        self.violations(&before, &step).collect()
    }
}

#[test]
fn every_weakening_breaks_its_invariant_in_so_many_steps() {
    breaks_its_own::<Office>(PINNED);
}

#[test]
fn every_weakening_breaks_no_other_invariant_but_these() {
    breaks_no_other::<Office>(PINNED, |_| small());
}

#[test]
fn for_every_invariant_but_one_some_weakening_breaks_exactly_it() {
    // Whoever speaks in another's name may also do what it may not do in its own.
    breaks_each_alone::<Office>(PINNED, &["attributed"]);
}
