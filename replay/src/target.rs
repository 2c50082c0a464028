//! What a trace can be replayed on: the model itself, the real code, or any other program.

use countersign_model::admission::Admission;

use crate::form::Form;
use crate::suggestion::NameError;
use crate::trace::{Step, Trace};
use crate::verdict::Verdict;

/// Something that performs the steps of a trace for real.
pub trait Target<S: Form = Admission> {
    /// Starts afresh with the cast, setting, clock, seed and weakenings of `trace`; forgets every
    /// run before.
    fn begin(&mut self, trace: &Trace<S>) -> Result<(), TargetError>;

    /// Performs one step, and says what can be seen afterwards.
    fn take(&mut self, step: &Step<S>) -> Result<Observation<S>, TargetError>;

    /// What can be seen before the first step.
    fn look(&mut self) -> Result<S::Projection, TargetError>;

    /// Whether it delivers bytes. Recorded bytes and transcripts say nothing about one that does not.
    fn speaks_bytes(&self) -> bool {
        true
    }
}

/// What can be seen after a step.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Observation<S: Form = Admission> {
    /// The verdict on each delivery, in order.
    pub verdicts: Vec<Verdict<S::Rejection>>,
    /// The principal to whom each delivery is attributed, in order; `None` where it was refused. Empty
    /// in a system that attributes nothing.
    pub acting: Vec<Option<String>>,
    /// What can be seen of those who take part.
    pub state: S::Projection,
    /// The bytes of each delivery, in order; none from a target that does not speak bytes.
    pub bytes: Vec<Vec<u8>>,
}

impl<S: Form> Default for Observation<S> {
    fn default() -> Self {
        Self {
            verdicts: Vec::new(),
            acting: Vec::new(),
            state: S::Projection::default(),
            bytes: Vec::new(),
        }
    }
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
