//! Telling a trace, whatever its system: what must be seen, what was recorded.

use crate::outcome::Report;
use crate::recorded;
use crate::system::System;
use crate::tell_error::TellError;
use crate::trace::Trace;

/// The first tick of a told trace: 2026-01-01T00:00:00Z, in milliseconds since 1970.
pub const START_MS: u64 = 1_767_225_600_000;
/// A tick of a told trace, in milliseconds: the period that the rate is counted in.
pub const TICK_MS: u64 = 1_000;

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
