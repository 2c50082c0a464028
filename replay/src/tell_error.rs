//! Why a story cannot be told.

use crate::suggestion::NameError;
use crate::target::TargetError;

/// Why a story cannot be told.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TellError {
    /// It names an individual that it does not hold.
    #[error("the story has no {what} {number}")]
    Nobody {
        /// What it should be.
        what: &'static str,
        /// Its number.
        number: u32,
    },
    /// A weakening or a name is unknown.
    #[error(transparent)]
    Name(#[from] NameError),
    /// The model cannot take a step.
    #[error("failed to take step {step}: {error}")]
    Step {
        /// The step, counted from 1.
        step: usize,
        /// Why.
        error: TargetError,
    },
    /// The invariant said to break does not.
    #[error("'{0}' holds at every step of the story")]
    Holds(&'static str),
}
