//! The world outside: the clock on the wall, a stopwatch, and the entropy of the system.
//!
//! Nothing that is read here reaches a verdict of the checker; it dates, times and salts.

use std::time::{Duration, Instant};

/// How long something takes.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Stopwatch(Instant);

impl Stopwatch {
    pub(crate) fn start() -> Self {
        Self(Instant::now())
    }

    pub(crate) fn elapsed(self) -> Duration {
        self.0.elapsed()
    }
}
