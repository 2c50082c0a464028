//! What a session answers.

use std::fmt;

use countersign_model::session::guard::Rejection;
use thiserror::Error;

use super::PLAINTEXT_BYTES_MAX;
use crate::envelope::{Kind, SchemaError};

/// Proof that every guard held: what the peer sealed, to be acted upon once.
///
/// Only a [`Session`](super::Session) makes one. Records may come in any order within the window; the
/// number, which is authenticated, says which place this one has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Opened<T> {
    content: T,
    sequence: u64,
    expected: u64,
    epoch: u64,
}

impl<T> Opened<T> {
    pub(super) fn new(content: T, sequence: u64, expected: u64, epoch: u64) -> Self {
        Self {
            content,
            sequence,
            expected,
            epoch,
        }
    }

    /// What was sealed.
    pub fn content(&self) -> &T {
        &self.content
    }

    /// What was sealed, without the rest.
    pub fn into_content(self) -> T {
        self.content
    }

    /// The number that the peer gave it: its place among all that the peer sealed, from 0.
    pub fn sequence(&self) -> u64 {
        self.sequence
    }

    /// One more than the highest number before it. A record of a higher number leaves a gap, which
    /// later ones may fill; one of a lower number was overtaken.
    pub fn expected(&self) -> u64 {
        self.expected
    }

    /// The epoch of its key.
    pub fn epoch(&self) -> u64 {
        self.epoch
    }
}

/// Why a record was refused: the first row of the guard table that failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// The rejection.
    pub rejection: Rejection,
}

impl From<Rejection> for Refusal {
    fn from(rejection: Rejection) -> Self {
        Self { rejection }
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.rejection.code())
    }
}

/// Why nothing was sealed.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum SealError {
    /// A guard refused; a new handshake opens another session.
    #[error("{}: make a new handshake", .0.code())]
    Refused(Rejection),
    /// The payload is of another kind than the header says.
    #[error("payload is of type {found}, expected {expected} as its header says")]
    KindMismatch {
        /// The kind that the header names.
        expected: Kind,
        /// The kind of the payload.
        found: Kind,
    },
    /// No envelope of this header can be sealed.
    #[error(transparent)]
    Schema(#[from] SchemaError),
    /// The text is longer than a record can be.
    #[error("text is {bytes} bytes long, expected at most {}", PLAINTEXT_BYTES_MAX)]
    TooLong {
        /// Its length.
        bytes: usize,
    },
    /// Every number has been used.
    #[error("every number of the session has been used: make a new handshake")]
    Exhausted,
}
