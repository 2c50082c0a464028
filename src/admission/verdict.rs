//! What an endpoint answers.

use std::fmt;

use countersign_model::admission::guard::Rejection;

use crate::envelope::{
    BODY_BYTES_MAX, Body, Digest, Envelope, Header, Opaque, Payload, SchemaError,
};
use crate::identity::SpiffeId;
use crate::json::ReadError;
use crate::session::{self, Opened};

/// The answer to one delivery.
#[derive(Clone, Debug, PartialEq)]
pub enum Verdict {
    /// The message may be acted upon.
    Admitted(Box<Admitted>),
    /// A guard of admission refused the message, and nothing changed.
    Refused(Refusal),
    /// Every guard of admission held, but a guard of the session that the message names refused it,
    /// and nothing changed.
    RefusedInSession(session::Refusal),
}

impl From<Refusal> for Verdict {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}

/// Proof that every guard held: a message that may be acted upon, once.
///
/// Only an [`Endpoint`](super::Endpoint) makes one.
#[derive(Clone, Debug, PartialEq)]
pub struct Admitted {
    header: Header,
    content: Content,
    signature: [u8; 64],
}

/// What the sender said, and how it came.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Content {
    /// Everyone on the way could read it.
    Clear(Payload),
    /// As the record that it came in, and as what that was opened to.
    Sealed(Opaque<BODY_BYTES_MAX>, Opened<Payload>),
}

impl Admitted {
    pub(super) fn new(header: Header, content: Content, signature: [u8; 64]) -> Self {
        Self {
            header,
            content,
            signature,
        }
    }

    /// The authenticated sender.
    pub fn sender(&self) -> &SpiffeId {
        &self.header.from
    }

    /// What the message says before its body.
    pub fn header(&self) -> &Header {
        &self.header
    }

    /// What was checked against the schema of the message's type: act on this, never on the text it
    /// came from. Of a sealed message, what was opened.
    pub fn payload(&self) -> &Payload {
        match &self.content {
            Content::Clear(payload) => payload,
            Content::Sealed(_, opened) => opened.content(),
        }
    }

    /// What the session opened, with its place among all that the peer sealed; nothing where the
    /// message came in the clear.
    pub fn opened(&self) -> Option<&Opened<Payload>> {
        match &self.content {
            Content::Clear(_) => None,
            Content::Sealed(_, opened) => Some(opened),
        }
    }

    /// The envelope as it was received. Its bytes are those that were, since they were canonical.
    pub fn to_envelope(&self) -> Envelope {
        let body = match &self.content {
            Content::Clear(payload) => Body::Payload(payload.clone()),
            Content::Sealed(record, _) => Body::Sealed(record.clone()),
        };
        Envelope::of_parts(self.header.clone(), body, self.signature)
    }

    /// The SHA-256 of the whole envelope, by which an answer names it. Computed at each call, as most
    /// messages are not answered.
    pub fn digest(&self) -> Digest {
        self.to_envelope().digest()
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
