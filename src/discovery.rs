//! Capability discovery: asking a peer what it speaks and can do, and answering that.
//!
//! The answer names the request by the SHA-256 of the whole envelope, so neither another request nor
//! an altered one has the same answer. Both travel signed and in the clear. What is learnt here is for
//! planning; a session goes by the offers of its own handshake, which its transcript covers
//! (protocol section 6).
//!
//! Never here: whether an answer is accepted. That it comes from the peer that was asked, to the one who
//! asked, once and in time, holds of every reply, and belongs to the life of a request on the bus.

use thiserror::Error;

use crate::admission::Admitted;
use crate::envelope::payload::{CapabilityRequest, CapabilityResponse};
use crate::envelope::{
    Body, Draft, Header, Kind, List, MessageId, Name, Nonce, Payload, SchemaError, Timestamp,
    Version,
};
use crate::handshake::Offers;
use crate::identity::{KeyId, SpiffeId};

/// What every message has of its own, whatever it says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stamp {
    /// What it is called.
    pub id: MessageId,
    /// 16 random bytes, never used before.
    pub nonce: Nonce,
    /// When it is made.
    pub issued_at: Timestamp,
    /// The last moment at which it may be accepted.
    pub expires_at: Timestamp,
    /// The sender's key that it will be signed with.
    pub key_id: KeyId,
}

/// Why there is no answer.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum AnswerError {
    /// The message asks something else.
    #[error("message of type {found}, expected capability_request")]
    NotAsked {
        /// What it is.
        found: Kind,
    },
    /// No envelope can say that.
    #[error(transparent)]
    Schema(#[from] SchemaError),
}

/// Makes a request, still to be signed: what does `to` speak, and has it what `from` requires?
///
/// # Errors
/// [`SchemaError`] for what no envelope could carry.
pub fn request(
    from: SpiffeId,
    to: SpiffeId,
    stamp: &Stamp,
    offers: &Offers,
    requires: List<Name, 0, 64>,
) -> Result<Draft, SchemaError> {
    let payload = Payload::CapabilityRequest(CapabilityRequest {
        versions: offers.versions.clone(),
        requires,
    });
    let header = header(Kind::CapabilityRequest, from, to, stamp);
    Draft::new(header, Body::Payload(payload))
}

/// Makes the answer to an admitted request, still to be signed: these offers, to whoever asked, in the
/// conversation and the session of the request.
///
/// # Errors
/// [`AnswerError::NotAsked`] where the message is no such request.
pub fn response(request: &Admitted, stamp: &Stamp, offers: &Offers) -> Result<Draft, AnswerError> {
    let asked = request.header();
    if asked.kind != Kind::CapabilityRequest {
        return Err(AnswerError::NotAsked { found: asked.kind });
    }
    let payload = Payload::CapabilityResponse(CapabilityResponse {
        versions: offers.versions.clone(),
        capabilities: offers.capabilities.clone(),
    });
    let (from, to) = (asked.to.clone(), asked.from.clone());
    let header = Header {
        correlation_id: asked.correlation_id.or(Some(asked.id)),
        in_reply_to: Some(request.digest()),
        session: asked.session,
        ..header(Kind::CapabilityResponse, from, to, stamp)
    };
    Ok(Draft::new(header, Body::Payload(payload))?)
}

fn header(kind: Kind, from: SpiffeId, to: SpiffeId, stamp: &Stamp) -> Header {
    Header {
        version: Version::CURRENT,
        kind,
        id: stamp.id,
        nonce: stamp.nonce,
        from,
        to,
        issued_at: stamp.issued_at,
        expires_at: stamp.expires_at,
        key_id: stamp.key_id,
        correlation_id: None,
        in_reply_to: None,
        session: None,
        capability: None,
    }
}
