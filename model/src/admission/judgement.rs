//! Judging facts by the guard table, under given rules.

use std::ops::RangeInclusive;

use super::facts::{Facts, Receiver};
use super::guard::{Guard, Rejection, Stage};
use super::weakening::Ruleset;
use crate::domain::{Domain, Truth as _};

/// Whether every enforced guard holds.
#[inline]
pub fn admits<D: Domain>(rules: Ruleset, facts: &Facts<D>, me: &Receiver<D>) -> D::Bool {
    holds_before(rules, None, facts, me)
}

/// Whether every enforced guard of the stages before `stage` holds; of all stages without one.
#[expect(
    clippy::inline_always,
    reason = "a call costs the explorer as much as a refusal"
)]
#[inline(always)]
pub fn holds_before<D: Domain>(
    rules: Ruleset,
    stage: Option<Stage>,
    facts: &Facts<D>,
    me: &Receiver<D>,
) -> D::Bool {
    let mut verdict = D::Bool::constant(true);
    for guard in Guard::<D>::TABLE {
        if stage.is_none_or(|stage| guard.stage < stage) && rules.enforces(guard.id) {
            verdict = verdict.and(&(guard.holds)(facts, me));
            if verdict.is_surely_false() {
                break;
            }
        }
    }
    verdict
}

/// The first rejection among the enforced guards of `stages`, asked lazily and in order.
pub fn judge<D: Domain<Bool = bool>>(
    rules: Ruleset,
    stages: RangeInclusive<Stage>,
    facts: &Facts<D>,
    me: &Receiver<D>,
) -> Result<(), Rejection> {
    Guard::<D>::TABLE
        .iter()
        .filter(|guard| stages.contains(&guard.stage) && rules.enforces(guard.id))
        .find(|guard| !(guard.holds)(facts, me))
        .map_or(Ok(()), |guard| Err(guard.rejects))
}
