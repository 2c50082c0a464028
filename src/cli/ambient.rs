//! The world outside: the clock on the wall, a stopwatch, and the entropy of the system.
//!
//! Nothing that is read here reaches a verdict of the checker; it dates, times and salts.

use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use super::misuse::Misuse;

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

/// The clock on the wall, in milliseconds since the Unix epoch.
pub(crate) fn now_ms() -> Result<u64, Misuse> {
    let since = SystemTime::now().duration_since(UNIX_EPOCH);
    let elapsed = since.map_err(|_| Misuse::failed("the clock stands before 1970"))?;
    u64::try_from(elapsed.as_millis()).map_err(Misuse::failed)
}

/// 16 bytes that nobody can foretell.
pub(crate) fn random_16() -> Result<[u8; 16], Misuse> {
    let mut bytes = [0; 16];
    getrandom::fill(&mut bytes)
        .map_err(|error| Misuse::failed(format!("the system gives no entropy: {error}")))?;
    Ok(bytes)
}
