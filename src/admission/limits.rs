//! What a receiver is configured with.

use countersign_model::admission::facts;

use crate::domain::Real;
use crate::json;

/// The limits of one receiver. [`Limits::default`] is what the protocol recommends.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Limits {
    /// The longest text that is parsed, in bytes. Default 128 KiB.
    pub envelope_bytes_max: usize,
    /// How old an envelope may be, in milliseconds. Default 5 minutes.
    pub window_ms: u64,
    /// How far a sender's clock may run ahead, in milliseconds. Default 30 seconds.
    pub skew_ms: u64,
    /// How many entries one sender may hold in the replay store.
    ///
    /// Default 4,200: what a sender at the full rate fills in window + 2 x skew, and a sixth more.
    pub share: u64,
    /// How many messages one sender may have admitted in one rate period. Default 10.
    pub rate: u64,
    /// The rate period, in milliseconds. Default 1 second.
    pub rate_period_ms: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            envelope_bytes_max: 128 * 1024,
            window_ms: 5 * 60 * 1000,
            skew_ms: 30 * 1000,
            share: 4_200,
            rate: 10,
            rate_period_ms: 1000,
        }
    }
}

impl Limits {
    /// The limits as the guards read them.
    pub(super) fn for_guards(&self) -> facts::Limits<Real> {
        facts::Limits {
            window: self.window_ms,
            skew: self.skew_ms,
            share: self.share,
            rate: self.rate,
        }
    }

    /// The bounds within which a text is parsed.
    pub(crate) fn for_reader(&self) -> json::Limits {
        json::Limits {
            bytes_max: self.envelope_bytes_max,
            ..json::Limits::default()
        }
    }
}
