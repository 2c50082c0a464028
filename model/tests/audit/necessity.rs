//! Every rule is needed: without it, this invariant breaks, after this many steps.

use countersign_model::audit::Audit;
use countersign_model::audit::attacker::Move;
use countersign_model::audit::invariant::InvariantId;
use countersign_model::audit::scope::Scope;
use countersign_model::audit::system::{State, Trail};
use countersign_model::rulebook::Weakening;

use crate::breaking::{Weakened, breaks_each_alone, breaks_its_own, breaks_no_other};
use crate::scopes::SMALL;

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

impl Weakened for Trail {
    type Book = Audit;
    type Scope = Scope;

    fn under(row: &Weakening<Audit>, scope: Scope, watched: &[InvariantId]) -> Self {
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
    breaks_its_own::<Trail>(PINNED);
}

#[test]
fn every_weakening_breaks_no_other_invariant_but_these() {
    breaks_no_other::<Trail>(PINNED, |_| SMALL);
}

#[test]
fn for_every_invariant_some_weakening_breaks_exactly_it() {
    breaks_each_alone::<Trail>(PINNED, &[]);
}
