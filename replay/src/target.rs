//! What a trace can be replayed on: the model itself, the real code, or any other program.

use crate::cast::NameError;
use crate::projection::Projection;
use crate::trace::{Step, Trace};
use crate::verdict::Verdict;

/// Something that performs the steps of a trace for real.
pub trait Target {
    /// Starts afresh with the cast, setting, clock, seed and weakenings of `trace`; forgets every
    /// run before.
    fn begin(&mut self, trace: &Trace) -> Result<(), TargetError>;

    /// Performs one step, and says what can be seen afterwards.
    fn take(&mut self, step: &Step) -> Result<Observation, TargetError>;

    /// What can be seen before the first step.
    fn look(&mut self) -> Result<Projection, TargetError>;

    /// Whether it delivers bytes. Recorded bytes and transcripts say nothing about one that does not.
    fn speaks_bytes(&self) -> bool {
        true
    }
}

/// What can be seen after a step.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Observation {
    /// The verdict on each delivery, in order.
    pub verdicts: Vec<Verdict>,
    /// The principal to whom each delivery is attributed, in order; `None` where it was refused.
    pub acting: Vec<Option<String>>,
    /// The state of the receiver and its registry.
    pub state: Projection,
    /// The bytes of each delivery, in order; none from a target that does not speak bytes.
    pub bytes: Vec<Vec<u8>>,
}

/// Why a target could not perform a step.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TargetError {
    /// Its rules do not let the step happen at all, as when an honest sender would repeat a nonce.
    #[error("the step cannot happen: {0}")]
    Impossible(String),
    /// The trace names what is not in its cast.
    #[error(transparent)]
    Name(#[from] NameError),
    /// It failed; nothing is known of the code under test.
    #[error("the target failed: {0}")]
    Failed(String),
}
