//! What an end of a session has in its memory: keys, and how far they were used.

use super::schedule::{Exporter, Traffic};
use super::window::Window;

/// The keys of a session, and how far they were used.
pub(crate) struct Keys {
    pub(crate) sending: Sending,
    pub(crate) receiving: Receiving,
    pub(super) exporter: Exporter,
}

/// What this end seals with.
pub(crate) struct Sending {
    pub(crate) traffic: Traffic,
    /// The next number.
    pub(crate) next: u64,
    /// Since when the epoch has lasted, in milliseconds.
    pub(crate) since_ms: u64,
    /// Records sealed in the epoch.
    pub(crate) count: u64,
}

/// What this end opens with.
pub(crate) struct Receiving {
    pub(crate) traffic: Traffic,
    pub(crate) window: Window,
}
