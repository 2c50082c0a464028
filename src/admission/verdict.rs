//! What an endpoint answers.

use std::fmt;

use countersign_model::admission::guard::Rejection;

use crate::envelope::{Digest, Envelope, SchemaError};
use crate::identity::SpiffeId;
use crate::json::ReadError;

/// The answer to one delivery.
#[derive(Clone, Debug, PartialEq)]
pub enum Verdict {
    /// The message may be acted upon.
    Admitted(Box<Admitted>),
    /// The message was refused, and nothing changed.
    Refused(Refusal),
}

/// Proof that every guard held: an envelope that may be acted upon, once.
///
/// Only an [`Endpoint`](super::Endpoint) makes one.
#[derive(Clone, Debug, PartialEq)]
pub struct Admitted {
    envelope: Envelope,
}

impl Admitted {
    pub(super) fn new(envelope: Envelope) -> Self {
        Self { envelope }
    }

    /// The authenticated sender.
    pub fn sender(&self) -> &SpiffeId {
        &self.envelope.header().from
    }

    /// The envelope that was checked: act on this, never on the text it came from.
    pub fn envelope(&self) -> &Envelope {
        &self.envelope
    }

    /// The SHA-256 of the whole envelope, by which an answer names it: that of the bytes that were
    /// received, since they were canonical. Computed at each call, as most messages are not answered.
    pub fn digest(&self) -> Digest {
        self.envelope.digest()
    }
}

/// Why a message was refused: the first row of the guard table that failed.
#[derive(Clone, Debug, PartialEq)]
pub struct Refusal {
    /// The rejection.
    pub rejection: Rejection,
    /// The place in the text, where there is one.
    pub detail: Option<Detail>,
}

/// Where exactly a text is wrong.
#[derive(Clone, Debug, PartialEq)]
pub enum Detail {
    /// As JSON.
    Text(ReadError),
    /// As an envelope.
    Schema(SchemaError),
}

impl From<Rejection> for Refusal {
    fn from(rejection: Rejection) -> Self {
        Self {
            rejection,
            detail: None,
        }
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.rejection.code())?;
        match &self.detail {
            None => Ok(()),
            Some(Detail::Text(error)) => write!(formatter, ": {error}"),
            Some(Detail::Schema(error)) => write!(formatter, ": {error}"),
        }
    }
}
