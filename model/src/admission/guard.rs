//! The guard table: everything a receiver demands of an envelope, in order of precedence.
//!
//! The first row that fails names the rejection. Rows come in stages, because real code must not
//! look at what it has not yet authenticated: a stage is judged only when all before it passed.

use super::Admission;
use super::promise::InvariantId;
use crate::domain::{Identity as _, Natural as _, Truth as _};
use crate::rulebook::guards;

/// What can be known by the time a guard is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Stage {
    /// The number of bytes.
    Bytes,
    /// The text, parsed.
    Text,
    /// The envelope, as typed fields.
    Envelope,
    /// What the registry says of sender and key.
    Sender,
    /// The signature, verified. Nothing before this stage may change any state.
    Signature,
    /// What the authenticated envelope asks for.
    Purpose,
    /// What the replay store holds; judged and inserted in one atomic step.
    Store,
}

impl Stage {
    /// Every stage, in order.
    pub const ALL: [Self; 7] = [
        Self::Bytes,
        Self::Text,
        Self::Envelope,
        Self::Sender,
        Self::Signature,
        Self::Purpose,
        Self::Store,
    ];
}

guards! {
    Admission;
    /// The text is no longer than the limit, so that parsing costs a bounded amount.
    SizeBounded, "size-bounded", Bytes, TooLarge, "too-large", Bounded,
    |m, _| m.size_bounded.clone();
    /// The text is I-JSON: no duplicate keys, no lone surrogates, no number that others read differently.
    WellFormed, "well-formed", Text, Malformed, "malformed", Canonical,
    |m, _| m.well_formed.clone();
    /// The text is its own canonical form, so that one meaning has one text.
    TextCanonical, "text-canonical", Text, NotCanonical, "not-canonical", Canonical,
    |m, _| m.canonical.clone();
    /// The envelope's version is one this receiver speaks.
    VersionSupported, "version-supported", Envelope, UnsupportedVersion, "unsupported-version", Schema,
    |m, _| m.version_supported.clone();
    /// Envelope and payload satisfy the schema of their type.
    SchemaValid, "schema-valid", Envelope, SchemaMismatch, "schema-mismatch", Schema,
    |m, _| m.schema_valid.clone();
    /// The registry lists the sender, and as active.
    SenderActive, "sender-active", Sender, UnknownSender, "unknown-sender", Bound,
    |m, _| m.sender_active.clone();
    /// The key named is one that the registry lists for this very sender.
    KeyOfSender, "key-of-sender", Sender, UnknownKey, "unknown-key", Bound,
    |m, _| m.key_of_sender.clone();
    /// The key's validity has begun and not ended.
    KeyCurrent, "key-current", Sender, KeyExpired, "key-expired", Bound,
    |m, me| m.key_not_before.at_most(&me.now).and(&me.now.at_most(&m.key_not_after));
    /// The key was not revoked.
    KeyNotRevoked, "key-not-revoked", Sender, KeyRevoked, "key-revoked", Bound,
    |m, _| m.key_revoked.not();
    /// The signature over type and canonical bytes verifies, strictly.
    SignatureValid, "signature-valid", Signature, BadSignature, "bad-signature", Authentic,
    |m, _| m.signature_valid.clone();
    /// The envelope is addressed to this receiver.
    RecipientIsMe, "recipient-is-me", Purpose, WrongRecipient, "wrong-recipient", Audience,
    |m, me| m.recipient.same(&me.me);
    /// The sender is somebody else.
    NotSelfAddressed, "not-self-addressed", Purpose, SelfAddressed, "self-addressed", Audience,
    |m, me| m.sender.same(&me.me).not();
    /// The envelope names no session, or one that this receiver holds.
    SessionKnown, "session-known", Purpose, UnknownSession, "unknown-session", Audience,
    |m, _| m.session_known.clone();
    /// The envelope is no older than the window.
    NotStale, "not-stale", Purpose, Stale, "stale", Once,
    |m, me| me.now.at_most(&m.stale_after(&me.limits));
    /// The envelope is no further in the future than a clock may be wrong.
    NotFromFuture, "not-from-future", Purpose, FromFuture, "from-future", Bounded,
    |m, me| m.issued_at.at_most(&me.now.plus(&me.limits.skew));
    /// The sender still wants it acted upon.
    NotExpired, "not-expired", Purpose, Expired, "expired", Timely,
    |m, me| me.now.at_most(&m.expires_at);
    /// This sender has not used this nonce.
    NonceFresh, "nonce-fresh", Store, Replayed, "replayed", Once,
    |m, _| m.nonce_seen.not();
    /// The sender has room left in its own share of the replay store.
    ShareLeft, "share-left", Store, StoreFull, "store-full", Bounded,
    |m, me| m.held.below(&me.limits.share);
    /// The sender stays within its rate.
    RateWithin, "rate-within", Store, TooFast, "too-fast", Bounded,
    |m, me| m.recent.below(&me.limits.rate);
}

#[cfg(test)]
mod tests;
