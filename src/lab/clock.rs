//! Ticks of a trace as milliseconds, and back.

use countersign_replay::trace::{Clock, Until};

use crate::json::INTEGER_MAX;

/// The virtual clock of one replay.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Ticks {
    clock: Clock,
}

impl Ticks {
    pub(crate) fn new(clock: Clock) -> Self {
        Self { clock }
    }

    /// Milliseconds since the Unix epoch at `tick`; the end of time where that is later.
    pub(crate) fn instant_ms(&self, tick: u64) -> u64 {
        let ahead = i128::from(tick) - i128::from(self.clock.start);
        let instant = i128::from(self.clock.start_ms) + ahead * i128::from(self.clock.tick_ms);
        u64::try_from(instant.clamp(0, i128::from(INTEGER_MAX))).unwrap_or(0)
    }

    /// How many milliseconds `ticks` last.
    pub(crate) fn duration_ms(&self, ticks: u64) -> u64 {
        ticks.saturating_mul(self.clock.tick_ms)
    }

    /// The tick at `instant_ms`; 0 for anything before it.
    pub(crate) fn tick(&self, instant_ms: u64) -> u64 {
        let since = i128::from(instant_ms) - i128::from(self.instant_ms(0));
        u64::try_from(since.div_euclid(i128::from(self.clock.tick_ms.max(1)))).unwrap_or(0)
    }

    /// The end of a validity, in ticks.
    pub(crate) fn until(&self, instant_ms: Option<u64>) -> Until {
        instant_ms.map_or(Until::ENDLESS, |instant_ms| Until(self.tick(instant_ms)))
    }
}
