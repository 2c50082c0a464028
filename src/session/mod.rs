//! The session: sealed records under the keys of one handshake (protocol section 5).
//!
//! A [`Session`] seals payloads for its peer and opens what the peer sealed; it opens no socket and
//! reads no clock. Its only decisions are rows of [`countersign_model::session::guard`]; the private
//! module `facts` is the only door between cryptography and rules. What is opened leaves as an
//! [`Opened`] token that nothing else can construct.
//!
//! Keys follow from the secret of the handshake with HKDF-SHA256, one key and IV each way and for
//! each epoch; records are sealed with ChaCha20-Poly1305 (RFC 8439). Every key is wiped when it is
//! left behind. A session cannot be copied, stored or resumed: whoever loses it makes another
//! handshake.
//!
//! Never here: a condition on a record that is not a row of the guard table, and no flawed mechanism.

mod exchange;
mod facts;
mod keys;
mod limits;
mod mechanism;
mod record;
mod schedule;
mod verdict;
mod window;

use std::fmt;

use countersign_model::session::guard::Rejection;

use crate::domain::Real;
use crate::envelope::{Body, Digest, Draft, Header, Payload, SchemaError, SessionId};
use crate::handshake::{Established, Role, SessionSecret};
use crate::identity::{KeyId, Registry, SpiffeId};
use crate::json;

pub use limits::Limits;
use mechanism::Hardened;
pub(crate) use record::Cover;
pub use record::{PLAINTEXT_BYTES_MAX, Record};
pub use verdict::{Opened, Refusal, SealError};
pub use window::WINDOW_WIDTH_MAX;
pub(crate) use {
    exchange::{Checked, Exchange},
    keys::{Keys, Receiving, Sending},
    mechanism::{Mechanisms, is_due},
    record::{Arrived, Head},
    schedule::{Direction, TAG_LENGTH, Traffic},
    window::Window,
};

/// What a handshake ends in.
pub struct Establishment {
    /// The authenticated peer.
    pub peer: SpiffeId,
    /// The peer's key that opened the session.
    pub peer_key_id: KeyId,
    /// Which end of the handshake this is.
    pub role: Role,
    /// The secret that both ends have, and nobody else.
    pub secret: SessionSecret,
    /// What both ends call the session.
    pub session_id: SessionId,
    /// When it was established, in milliseconds since the Unix epoch.
    pub established_at_ms: u64,
}

impl From<Established> for Establishment {
    fn from(established: Established) -> Self {
        Self {
            peer: established.peer().clone(),
            peer_key_id: *established.peer_key_id(),
            role: established.role(),
            session_id: established.session_id(),
            established_at_ms: established.established_at_ms(),
            secret: established.into_secret(),
        }
    }
}

/// One end of a session. Always hardened.
pub struct Session {
    exchange: Exchange<Hardened>,
}

impl Session {
    /// The session that a handshake established.
    pub fn new(establishment: impl Into<Establishment>, limits: Limits) -> Self {
        Self {
            exchange: Exchange::new(establishment.into(), limits, Hardened),
        }
    }

    /// Makes an envelope with this header, still to be signed, whose payload only the peer can read.
    ///
    /// A refusal changes nothing.
    ///
    /// # Errors
    /// As [`seal`](Self::seal); [`SealError::Schema`] where the header breaks the rule of its kind, or
    /// the kind is never sealed.
    pub fn draft(
        &mut self,
        header: Header,
        payload: &Payload,
        registry: &Registry,
        now_ms: u64,
    ) -> Result<Draft, SealError> {
        // Before a number is used.
        header.check_rule(true)?;
        let record = self.seal(&header, payload, registry, now_ms)?;
        let sealed = record.to_sealed().map_err(SchemaError::from)?;
        Ok(Draft::new(header, Body::Sealed(sealed))?)
    }

    /// Seals the payload of an envelope with this header, at `now_ms`.
    ///
    /// The record goes into the envelope's field `sealed` ([`Record::to_sealed`]). A refusal changes
    /// nothing.
    ///
    /// # Errors
    /// [`SealError::Refused`] where a guard refuses the session (the header names another, it is past
    /// its lifetime, its peer is no longer entitled to it), [`SealError::KindMismatch`] and
    /// [`SealError::TooLong`] for what no envelope could carry.
    pub fn seal(
        &mut self,
        header: &Header,
        payload: &Payload,
        registry: &Registry,
        now_ms: u64,
    ) -> Result<Record, SealError> {
        let (expected, found) = (header.kind, payload.kind());
        if expected != found {
            return Err(SealError::KindMismatch { expected, found });
        }
        let cover = self.cover(header, &header.to);
        let text = zeroize::Zeroizing::new(json::write(&payload.to_value()));
        self.exchange.seal(&cover, &text, registry, now_ms)
    }

    /// Opens a record that came in an envelope with this header, at `now_ms`, and reads the payload
    /// by the schema of the envelope's type.
    ///
    /// # Errors
    /// [`Refusal`] names the first guard that failed. Nothing has changed then, but for the clock,
    /// which never runs backwards.
    pub fn open(
        &mut self,
        header: &Header,
        record: &[u8],
        registry: &Registry,
        now_ms: u64,
    ) -> Result<Opened<Payload>, Refusal> {
        let checked = self.check(header, record, registry, now_ms)?;
        Ok(checked.mark())
    }

    /// Does all that [`open`](Self::open) does but marking the record, for whoever has more to ask
    /// about its envelope.
    pub(crate) fn check(
        &mut self,
        header: &Header,
        record: &[u8],
        registry: &Registry,
        now_ms: u64,
    ) -> Result<Checked<'_, Payload>, Refusal> {
        let cover = self.cover(header, &header.from);
        let read = |text: &[u8]| {
            // A record that was read is shorter than the longest text that is.
            let value = json::read_canonical(text, &json::Limits::default()).ok()?;
            Payload::from_value(header.kind, &value).ok()
        };
        self.exchange.check(&cover, record, registry, now_ms, read)
    }

    /// Judges an envelope in the clear that names the session: may it be used at all?
    pub(crate) fn check_alive(
        &mut self,
        header: &Header,
        registry: &Registry,
        now_ms: u64,
    ) -> Result<(), Refusal> {
        let named = self.is_named(header, &header.from);
        self.exchange.check_alive(named, registry, now_ms)
    }

    /// Whether no clock reading from `now_ms` on will find the session usable.
    pub(crate) fn is_over(&mut self, registry: &Registry, now_ms: u64) -> bool {
        let judged = self.exchange.check_alive(true, registry, now_ms);
        judged == Err(Rejection::SessionExpired.into())
    }

    /// Seals bytes that travel beside something else than an envelope's header, of which `covered`
    /// is the digest.
    ///
    /// # Errors
    /// As [`seal`](Self::seal).
    pub fn seal_bytes(
        &mut self,
        covered: &Digest,
        plaintext: &[u8],
        registry: &Registry,
        now_ms: u64,
    ) -> Result<Record, SealError> {
        let cover = Cover::of_digest(covered);
        self.exchange.seal(&cover, plaintext, registry, now_ms)
    }

    /// Opens what [`seal_bytes`](Self::seal_bytes) sealed. `read` gives what the plaintext means, or
    /// nothing where it does not satisfy its schema; only what it gives is ever handed out.
    ///
    /// # Errors
    /// As [`open`](Self::open).
    pub fn open_bytes<T>(
        &mut self,
        covered: &Digest,
        record: &[u8],
        registry: &Registry,
        now_ms: u64,
        read: impl FnOnce(&[u8]) -> Option<T>,
    ) -> Result<Opened<T>, Refusal> {
        let cover = Cover::of_digest(covered);
        self.exchange.open(&cover, record, registry, now_ms, read)
    }

    /// 32 bytes that both ends can derive and nobody else, for a use that `label` names and what
    /// `context` holds (RFC 8446 section 7.5). Nothing once the session is closed.
    pub fn export(&self, label: &str, context: &[u8]) -> Option<zeroize::Zeroizing<[u8; 32]>> {
        self.exchange.export(label, context)
    }

    /// Ends the session and wipes its keys. Every record is refused from now on.
    pub fn close(&mut self) {
        self.exchange.close();
    }

    /// The authenticated peer.
    pub fn peer(&self) -> &SpiffeId {
        &self.exchange.peer
    }

    /// What both ends call the session.
    pub fn id(&self) -> &SessionId {
        &self.exchange.id
    }

    /// The last millisecond at which the session can be used; another handshake must be made before.
    pub fn expires_at_ms(&self) -> u64 {
        let exchange = &self.exchange;
        exchange
            .established_at_ms
            .saturating_add(exchange.limits.lifetime_ms)
    }

    /// What it is made of.
    pub(crate) fn exchange(&self) -> &Exchange<Hardened> {
        &self.exchange
    }

    /// What ties a record to this header, where the header names this session and its peer.
    fn cover(&self, header: &Header, peer: &SpiffeId) -> Cover {
        Cover {
            names_session: self.is_named(header, peer),
            digest: header.digest(),
        }
    }

    /// Whether the header names this session, and its peer as the other end.
    fn is_named(&self, header: &Header, peer: &SpiffeId) -> bool {
        header.session.as_ref() == Some(self.id()) && peer == self.peer()
    }
}

impl fmt::Debug for Session {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Session")
            .field("id", self.id())
            .field("peer", self.peer())
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;
