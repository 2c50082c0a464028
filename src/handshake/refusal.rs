//! Why a flight was not taken. Whatever the reason, the run waits on as before.

use std::fmt;

use countersign_model::handshake::guard::{Flight, Rejection};
use thiserror::Error;

use super::offer::{Offers, listed};
use crate::envelope::{List, Name, SchemaError};
use crate::json::ReadError;

/// Why a flight was not taken.
#[derive(Clone, Debug, PartialEq, Error)]
pub enum Refusal {
    /// The text is not the flight that comes next.
    #[error(transparent)]
    Unreadable(#[from] Unreadable),
    /// A guard does not hold: the first row of the guard table that failed.
    #[error("{}{}", rejection.code(), Suffix(disagreement.as_deref()))]
    Rejected {
        /// The rejection.
        rejection: Rejection,
        /// What both sides offer, where it is about that.
        disagreement: Option<Box<Disagreement>>,
    },
    /// The handshake is over: no flight comes next.
    #[error("handshake is over, no flight comes next")]
    Over,
}

impl From<Rejection> for Refusal {
    fn from(rejection: Rejection) -> Self {
        Self::Rejected {
            rejection,
            disagreement: None,
        }
    }
}

/// A text that is not the flight that comes next.
#[derive(Clone, Debug, PartialEq, Error)]
#[error("not a handshake {}: {reason}", expected.name())]
pub struct Unreadable {
    /// The flight that comes next.
    pub expected: Flight,
    /// Where the text is wrong.
    pub reason: Reason,
}

/// Where a text is wrong.
#[derive(Clone, Debug, PartialEq, Error)]
pub enum Reason {
    /// As canonical JSON, its size included.
    #[error(transparent)]
    Text(#[from] ReadError),
    /// As the record of the flight.
    #[error(transparent)]
    Schema(#[from] SchemaError),
}

/// What two sides offer that cannot agree.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Disagreement {
    /// What the side that refuses offers.
    pub mine: Offers,
    /// The capabilities that it requires.
    pub required: List<Name, 0, 64>,
    /// What the other side offers, as far as this one was told.
    pub theirs: Offers,
}

impl fmt::Display for Disagreement {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            mine,
            required,
            theirs,
        } = self;
        let required = listed(required.as_slice());
        write!(
            formatter,
            "this side offers {mine} and requires {required}; the peer offers {theirs}"
        )
    }
}

/// What follows the code of a rejection.
struct Suffix<'a>(Option<&'a Disagreement>);

impl fmt::Display for Suffix<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            None => Ok(()),
            Some(disagreement) => write!(formatter, ": {disagreement}"),
        }
    }
}
