//! Tells a story of the handshake as a trace, and foretells what must be seen.

use countersign_model::handshake::Handshake;
use countersign_model::handshake::story::Story;

use super::cast::Setting;
use super::flight::Action;
use super::promised::Promised;
use super::reference::Run;
use super::translation::{flight, roll, run_name};
use crate::form::{Form as _, Promise as _};
use crate::rulebook;
use crate::tell_error::TellError;
use crate::teller::{START_MS, TICK_MS};
use crate::trace::{Clock, Expect, FORMAT, Seed, Step, Trace, Violation};

/// Tells `story` as a trace: what happens, and what the model says must be seen.
///
/// # Errors
/// [`TellError`] if the story does not run under these weakenings, or keeps all that is `watched`,
/// where something is.
pub fn tell(
    story: &Story,
    weakenings: &[&str],
    watched: &[Promised],
    lesson: &str,
    seed: Seed,
) -> Result<Trace<Handshake>, TellError> {
    let reveals = story.reveals.iter().map(|reveal| reveal.name().to_owned());
    let steps = story.deliveries.iter().map(|(slot, message)| Step {
        action: Action::Deliver {
            to: run_name(*slot),
            flight: flight(message),
        },
        expect: Expect::default(),
        bytes: Vec::new(),
    });
    let trace = Trace {
        format: FORMAT.to_owned(),
        system: Handshake::NAME.to_owned(),
        rulebook: rulebook::digest::<Handshake>(),
        lesson: lesson.to_owned(),
        weakenings: weakenings.iter().map(|name| (*name).to_owned()).collect(),
        setting: Setting {
            reveals: reveals.collect(),
        },
        clock: Clock {
            start_ms: START_MS,
            tick_ms: TICK_MS,
            start: 0,
        },
        seed,
        cast: roll(&story.participants),
        steps: steps.collect(),
        violates: None,
        transcript: None,
    };
    foretell(trace, watched)
}

/// The same trace with what the model says must be seen; nothing recorded is kept. What breaks is the
/// first of `watched` that does.
pub(super) fn foretell(
    mut trace: Trace<Handshake>,
    watched: &[Promised],
) -> Result<Trace<Handshake>, TellError> {
    let failed = |step| move |error| TellError::Step { step, error };
    let mut run = Run::of(&trace).map_err(failed(0))?;
    trace.violates = None;
    trace.transcript = None;
    for (number, step) in (1..).zip(&mut trace.steps) {
        let (verdict, marks) = run.take(&step.action).map_err(failed(number))?;
        if trace.violates.is_none() {
            let broken = Promised::of_marks(marks).into_iter();
            let broken = broken.filter(|it| watched.contains(it)).min();
            trace.violates = broken.map(|it| Violation::of(it, number));
        }
        step.expect = Expect {
            verdicts: vec![verdict],
            state: run.state(),
        };
        step.bytes.clear();
    }
    match watched.first() {
        Some(promised) if trace.violates.is_none() => Err(TellError::Holds(promised.name())),
        _ => Ok(trace),
    }
}
