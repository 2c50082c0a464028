//! Tells a story of the bus as a trace, and foretells what must be seen.

use countersign_model::bus::Bus as Rules;
use countersign_model::bus::invariant::{Invariant, InvariantId, Transition};
use countersign_model::bus::story::Story;
use countersign_model::domain::Ledger;

use super::reference::Run;
use super::translation::{Naming, told_action};
use crate::form::{Form as _, Promise as _};
use crate::rulebook;
use crate::tell_error::TellError;
use crate::teller::{START_MS, TICK_MS};
use crate::trace::{Clock, Expect, FORMAT, Seed, Step, Trace, Violation};

/// Tells `story` as a trace: what happens, and what the model says must be seen.
///
/// # Errors
/// [`TellError`] if the story does not run under these weakenings, or does not violate `invariant`.
pub fn tell(
    story: &Story,
    weakenings: &[&str],
    invariant: Option<InvariantId>,
    lesson: &str,
    seed: Seed,
) -> Result<Trace<Rules>, TellError> {
    let names = Naming::of(story);
    let steps = story.actions.iter().map(|next| {
        Ok(Step {
            action: told_action(next)?,
            expect: Expect::default(),
            bytes: Vec::new(),
        })
    });
    let trace = Trace {
        format: FORMAT.to_owned(),
        system: Rules::NAME.to_owned(),
        rulebook: rulebook::digest::<Rules>(),
        lesson: lesson.to_owned(),
        weakenings: weakenings.iter().map(|name| (*name).to_owned()).collect(),
        setting: names.setting()?,
        clock: Clock {
            start_ms: START_MS,
            tick_ms: TICK_MS,
            start: story.start,
        },
        seed,
        cast: names.roll()?,
        steps: steps.collect::<Result<_, TellError>>()?,
        violates: None,
        transcript: None,
    };
    foretell(trace, invariant)
}

/// The same trace with what the model says must be seen; nothing recorded is kept.
pub(super) fn foretell(
    mut trace: Trace<Rules>,
    invariant: Option<InvariantId>,
) -> Result<Trace<Rules>, TellError> {
    let failed = |step| move |error| TellError::Step { step, error };
    let mut run = Run::of(&trace).map_err(failed(0))?;
    trace.violates = None;
    trace.transcript = None;
    for (number, step) in (1..).zip(&mut trace.steps) {
        let judged = run.take(&step.action).map_err(failed(number))?;
        if let (Some(id), Some(event), None) = (invariant, &judged.event, &trace.violates) {
            let transition = Transition {
                setting: &run.setting,
                before: &judged.before,
                event,
                after: &run.world,
            };
            if Invariant::<Ledger>::of(id).violated(&transition) {
                trace.violates = Some(Violation::of(id, number));
            }
        }
        step.expect = Expect {
            verdicts: judged.verdict.into_iter().collect(),
            state: run.state(),
        };
        step.bytes.clear();
    }
    match invariant {
        Some(id) if trace.violates.is_none() => Err(TellError::Holds(id.name())),
        _ => Ok(trace),
    }
}
