//! What a guard may know: the facts of one delivery and the receiver's own state.
//!
//! [`Facts`] is the only door between cryptography and rules. The model fills it from ground truth
//! ([`super::step`]), the real code from bytes; no guard sees anything else.

use crate::domain::{Domain, Natural as _, Phrase, Prose};

/// What is established about one delivered text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Facts<D: Domain> {
    /// The text is no longer than the limit (bytes counted before any parsing).
    pub size_bounded: D::Bool,
    /// The text is I-JSON (RFC 7493) within the limits of depth and field count.
    pub well_formed: D::Bool,
    /// The text equals the canonical form (RFC 8785) of what it means.
    pub canonical: D::Bool,
    /// The envelope's version is one this receiver speaks.
    pub version_supported: D::Bool,
    /// The envelope and its payload satisfy the schema of their type.
    pub schema_valid: D::Bool,
    /// The principal that the envelope says it is from.
    pub sender: D::Agent,
    /// The registry lists the sender, and as active.
    pub sender_active: D::Bool,
    /// The registry lists the named key for this sender.
    pub key_of_sender: D::Bool,
    /// When the key's validity begins.
    pub key_not_before: D::Nat,
    /// When the key's validity ends.
    pub key_not_after: D::Nat,
    /// The key was revoked.
    pub key_revoked: D::Bool,
    /// The signature verifies under the named key (RFC 8032, strict).
    pub signature_valid: D::Bool,
    /// The principal that the envelope is addressed to.
    pub recipient: D::Agent,
    /// The envelope belongs to no session, or to one that the receiver holds.
    pub session_known: D::Bool,
    /// When the sender says it issued the envelope.
    pub issued_at: D::Nat,
    /// Until when the sender wants it acted upon.
    pub expires_at: D::Nat,
    /// The replay store holds an entry for this sender and nonce.
    pub nonce_seen: D::Bool,
    /// How many entries of this sender the replay store holds.
    pub held: D::Nat,
    /// How many messages of this sender were admitted in the current rate period.
    pub recent: D::Nat,
}

/// The receiver, as far as guards ask about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Receiver<D: Domain> {
    /// Its own identity.
    pub me: D::Agent,
    /// Its monotonic clock.
    pub now: D::Nat,
    /// Its limits.
    pub limits: Limits<D>,
}

/// The limits a receiver is configured with, in the unit of the domain's clock.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Limits<D: Domain> {
    /// How old an envelope may be.
    pub window: D::Nat,
    /// How far a sender's clock may run ahead.
    pub skew: D::Nat,
    /// How many entries one sender may hold in the replay store.
    pub share: D::Nat,
    /// How many messages one sender may have admitted in one rate period.
    pub rate: D::Nat,
}

impl<D: Domain> Facts<D> {
    /// The last instant at which the envelope is not yet stale.
    pub fn stale_after(&self, limits: &Limits<D>) -> D::Nat {
        self.issued_at.plus(&limits.window)
    }
}

impl Facts<Prose> {
    /// The facts as the words that guards are printed with.
    pub fn in_words() -> Self {
        let name = Phrase::name;
        Self {
            size_bounded: name("the text is within the size limit"),
            well_formed: name("the text is I-JSON"),
            canonical: name("the text is its own RFC 8785 form"),
            version_supported: name("the version is supported"),
            schema_valid: name("envelope and payload satisfy their schema"),
            sender: name("from"),
            sender_active: name("the sender is listed and active"),
            key_of_sender: name("key_id is a key of the sender"),
            key_not_before: name("key.not_before"),
            key_not_after: name("key.not_after"),
            key_revoked: name("key.revoked"),
            signature_valid: name("the signature verifies under that key"),
            recipient: name("to"),
            session_known: name("the session named, if any, is one the receiver holds"),
            issued_at: name("issued_at"),
            expires_at: name("expires_at"),
            nonce_seen: name("seen(from, nonce)"),
            held: name("entries held by the sender"),
            recent: name("admissions of the sender this period"),
        }
    }
}

impl Receiver<Prose> {
    /// The receiver as the words that guards are printed with.
    pub fn in_words() -> Self {
        let name = Phrase::name;
        Self {
            me: name("me"),
            now: name("now"),
            limits: Limits {
                window: name("window"),
                skew: name("skew"),
                share: name("share"),
                rate: name("rate"),
            },
        }
    }
}
