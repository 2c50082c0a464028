//! What a session is configured with.

use countersign_model::session::facts;

use super::{Real, WINDOW_WIDTH_MAX};

/// The limits of a session. [`Limits::default`] is what the protocol demands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// How long a session lives, in milliseconds. 1 hour.
    pub lifetime_ms: u64,
    /// How many numbers the window holds; more than [`WINDOW_WIDTH_MAX`] count as that. 1,024.
    pub width: u64,
    /// How many epochs ahead of the receiver's a record may be. 6: an hour has no more epochs of ten
    /// minutes, so a session outlives the loss of everything that was sent in some of them.
    pub ahead: u64,
    /// How many records one key seals. 2^20.
    pub share: u64,
    /// How long one key seals, in milliseconds. 10 minutes.
    pub period_ms: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            lifetime_ms: 60 * 60 * 1000,
            width: WINDOW_WIDTH_MAX,
            ahead: 6,
            share: 1 << 20,
            period_ms: 10 * 60 * 1000,
        }
    }
}

impl Limits {
    /// The limits as the guards read them.
    pub(super) fn for_guards(&self) -> facts::Limits<Real> {
        facts::Limits {
            lifetime: self.lifetime_ms,
            width: self.width.min(WINDOW_WIDTH_MAX),
            ahead: self.ahead,
        }
    }
}
