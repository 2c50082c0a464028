//! What an orchestrator is configured with.

/// The limits of an orchestrator. [`Limits::default`] is what the protocol recommends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// How many deliveries one agent may cause in one rate period; a broadcast counts each
    /// recipient. Default 10.
    pub rate: u64,
    /// The rate period, in milliseconds. Default 1 second.
    pub rate_period_ms: u64,
    /// How long a request may be answered at most, whatever its sender wants, in milliseconds.
    /// Default 10 minutes.
    pub request_ms_max: u64,
    /// How long an approval waits for its use, in milliseconds. Default 1 hour.
    pub approval_ms_max: u64,
    /// How long a message waits for an approval to which nobody waits for an answer, in milliseconds; a
    /// request waits as long as it can be answered. Default 1 hour.
    pub held_ms_max: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            rate: 10,
            rate_period_ms: 1_000,
            request_ms_max: 10 * 60 * 1_000,
            approval_ms_max: 60 * 60 * 1_000,
            held_ms_max: 60 * 60 * 1_000,
        }
    }
}
