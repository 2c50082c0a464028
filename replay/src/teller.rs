//! Tells a trace: gives the individuals of a story their names, and foretells what must be seen.

use std::collections::BTreeMap;

use countersign_model::admission::invariant::{Invariant, InvariantId};
use countersign_model::admission::story::Story;
use countersign_model::domain::Ledger;

use crate::admission::Admission;
use crate::cast::{self, NameError};
use crate::naming::Naming;
use crate::outcome::Report;
use crate::projection::State;
use crate::recorded;
use crate::reference::Run;
use crate::rulebook;
use crate::system::System;
use crate::target::TargetError;
use crate::trace::{Clock, Expect, FORMAT, Seed, Setting, Step, Trace, Violation};

/// The first tick of a told trace: 2026-01-01T00:00:00Z, in milliseconds since 1970.
pub const START_MS: u64 = 1_767_225_600_000;
/// A tick of a told trace, in milliseconds: the period that the rate is counted in.
pub const TICK_MS: u64 = 1_000;

/// Why a story cannot be told.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TellError {
    /// It names an individual that it does not hold.
    #[error("the story has no {what} {number}")]
    Nobody {
        /// What it should be.
        what: &'static str,
        /// Its number.
        number: u32,
    },
    /// A weakening or a name is unknown.
    #[error(transparent)]
    Name(#[from] NameError),
    /// The model cannot take a step.
    #[error("failed to take step {step}: {error}")]
    Step {
        /// The step, counted from 1.
        step: usize,
        /// Why.
        error: TargetError,
    },
    /// The invariant said to break does not.
    #[error("'{0}' holds at every step of the story")]
    Holds(&'static str),
}

impl Trace {
    /// Tells `story` as a trace: what happens, and what the model says must be seen.
    ///
    /// # Errors
    /// [`TellError`] if the story does not run under these weakenings, or does not violate
    /// `invariant`.
    pub fn tell(
        story: &Story,
        weakenings: &[&str],
        invariant: Option<InvariantId>,
        lesson: &str,
        seed: Seed,
    ) -> Result<Self, TellError> {
        let names = Naming::of(story);
        let limits = &story.setting.limits;
        let mut trace = Self {
            format: FORMAT.to_owned(),
            system: Admission::NAME.to_owned(),
            rulebook: rulebook::digest(),
            lesson: lesson.to_owned(),
            weakenings: weakenings.iter().map(|name| (*name).to_owned()).collect(),
            setting: Setting {
                me: names.principal(story.setting.me)?.to_owned(),
                window: limits.window,
                skew: limits.skew,
                share: limits.share,
                rate: limits.rate,
                overlap: story.setting.overlap,
                capacity: story.setting.capacity,
            },
            clock: Clock {
                start_ms: START_MS,
                tick_ms: TICK_MS,
                start: story.start,
            },
            seed,
            cast: names.roll(story)?,
            steps: Vec::new(),
            violates: None,
            transcript: None,
        };
        let mut introduced = BTreeMap::new();
        for next in &story.actions {
            let action = names.action(story, next, &mut introduced)?;
            trace.steps.push(Step {
                action,
                expect: Expect::default(),
                bytes: Vec::new(),
            });
        }
        trace.foretell(invariant)
    }
}

impl<S: System> Trace<S> {
    /// The same trace with what the model says must be seen after each step, in place of whatever it
    /// expected before; nothing recorded is kept.
    ///
    /// # Errors
    /// [`TellError`] if the model cannot take a step, or no step violates `invariant`.
    pub fn foretell(self, invariant: Option<S::Invariant>) -> Result<Self, TellError> {
        S::foretell(self, invariant)
    }

    /// The same trace with the bytes and the transcript of a replay.
    #[must_use]
    pub fn recording(mut self, report: &Report<S>) -> Self {
        for (step, seen) in self.steps.iter_mut().zip(&report.observations) {
            step.bytes = recorded::record(&seen.bytes);
        }
        self.transcript.clone_from(&report.transcript);
        self
    }
}

/// See [`Trace::foretell`].
pub(crate) fn foretell(
    mut trace: Trace,
    invariant: Option<InvariantId>,
) -> Result<Trace, TellError> {
    let rules = cast::rules(&trace.weakenings)?;
    let failed = |step| move |error| TellError::Step { step, error };
    let mut run = Run::new(&trace, rules).map_err(failed(0))?;
    trace.violates = None;
    trace.transcript = None;
    for (number, step) in (1..).zip(&mut trace.steps) {
        let taken = run.take(&step.action).map_err(failed(number))?;
        if taken.idle {
            let nothing = TargetError::Impossible("it would change nothing".to_owned());
            return Err(failed(number)(nothing));
        }
        let judged = taken.judged;
        if let Some(id) = invariant {
            let invariant = Invariant::<Ledger>::of(id);
            let mut events = judged.iter().map(|one| &one.delivery);
            if trace.violates.is_none()
                && events.any(|event| invariant.violated(&run.setting, event))
            {
                trace.violates = Some(Violation::of(id, number));
            }
        }
        let verdicts = judged.iter().map(|one| one.verdict).collect();
        let state: State = run.cast.projection(&run.world).state(run.cast.records());
        step.expect = Expect::summarised(&step.action, verdicts, state);
        step.bytes.clear();
    }
    match invariant {
        Some(id) if trace.violates.is_none() => Err(TellError::Holds(id.name())),
        _ => Ok(trace),
    }
}
