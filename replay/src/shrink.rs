//! Shrinks a divergence against itself: drops every step that it does not need.
//!
//! What remains is expected anew from the model, so that only the target can be what differs; a step
//! stays where the run without it cannot happen, or no longer ends in a divergence of the same kind.

use crate::divergence::Difference;
use crate::engine::replay;
use crate::outcome::{Outcome, ReplayError};
use crate::system::System;
use crate::target::Target;
use crate::trace::Trace;

/// The shortest trace found in which `fresh` targets diverge in the same way, at its last step.
///
/// `None` if `trace`, with expectations from the model, does not diverge at all. Violations are not
/// looked for: what is shrunk is a disagreement between model and target.
///
/// # Errors
/// [`ReplayError`] if the target fails on `trace` itself; a failure on a shorter one keeps the step.
pub fn shrink<S: System, T: Target<S>>(
    trace: &Trace<S>,
    mut fresh: impl FnMut() -> T,
) -> Result<Option<Trace<S>>, ReplayError> {
    let Ok(trace) = trace.clone().foretell(None) else {
        return Ok(None);
    };
    let Some((step, finding)) = disagreement(replay(&trace, &mut fresh)?.outcome) else {
        return Ok(None);
    };
    let mut shortest = trace;
    shortest.steps.truncate(step);
    // Steps that lean on others go first; whatever goes may free an earlier one, so start over then.
    let mut at = shortest.steps.len().saturating_sub(1);
    while let Some(earlier) = at.checked_sub(1) {
        at = earlier;
        let mut shorter = shortest.clone();
        shorter.steps.remove(earlier);
        let Ok(shorter) = shorter.foretell(None) else {
            continue;
        };
        let Ok(report) = replay(&shorter, &mut fresh) else {
            continue;
        };
        if let Some((step, other)) = disagreement(report.outcome)
            && finding.resembles(&other)
        {
            shortest = shorter;
            shortest.steps.truncate(step);
            at = shortest.steps.len().saturating_sub(1);
        }
    }
    Ok(Some(shortest))
}

/// Where and how an outcome says that model and target disagree.
fn disagreement<S: System>(outcome: Outcome<S>) -> Option<(usize, Outcome<S>)> {
    let step = match &outcome {
        // No violation is claimed here, so to see one is no disagreement.
        Outcome::Diverges(divergence)
            if matches!(divergence.difference, Difference::Violates(_)) =>
        {
            return None;
        }
        Outcome::Diverges(divergence) => divergence.step,
        Outcome::CodeOnly { step, .. } => *step,
        Outcome::Confirmed { .. } | Outcome::Matches | Outcome::ModelOnly { .. } => return None,
    };
    Some((step, outcome))
}

impl<S: System> Outcome<S> {
    /// Whether two outcomes are the same in kind, wherever they happen.
    fn resembles(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Diverges(one), Self::Diverges(other)) => one.resembles(other),
            (
                Self::CodeOnly { expected, .. },
                Self::CodeOnly {
                    expected: other, ..
                },
            ) => expected == other,
            (one, other) => one == other,
        }
    }
}
