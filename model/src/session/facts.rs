//! What a guard may know: the facts of one record and the end that opens or seals it.
//!
//! The only door between cryptography and rules. The model fills it from ground truth, the real code
//! from bytes; no guard sees anything else. What is done with a record ([`Use`](super::guard::Use))
//! says which stages are asked; of the rest nothing is read.

use crate::domain::{Domain, Phrase, Prose};

/// What is established about one record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Facts<D: Domain> {
    /// The record names a session that this end holds.
    pub session_known: D::Bool,
    /// When that session was established.
    pub established_at: D::Nat,
    /// The registry lists the session's peer as active, and the key that opened the session as
    /// current and not revoked.
    pub peer_entitled: D::Bool,
    /// The epoch that the record names.
    pub epoch: D::Nat,
    /// The sequence number that the record names.
    pub sequence: D::Nat,
    /// The window remembers a record of this number.
    pub sequence_seen: D::Bool,
    /// The record opens under the key of its session, direction and epoch, with its header, its
    /// number and all three of these authenticated (RFC 8439 section 2.8).
    pub opens: D::Bool,
    /// What came out satisfies the schema of its type.
    pub schema_valid: D::Bool,
}

/// The end that opens or seals a record, as far as guards ask about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct End<D: Domain> {
    /// Its monotonic clock.
    pub now: D::Nat,
    /// The epoch in which it receives.
    pub epoch: D::Nat,
    /// One more than the highest number it accepted; zero before the first.
    pub top: D::Nat,
    /// Its limits.
    pub limits: Limits<D>,
}

/// The limits of a session, times in the unit of the domain's clock.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Limits<D: Domain> {
    /// How long a session lives.
    pub lifetime: D::Nat,
    /// How many numbers, up to the highest accepted, can still be told apart.
    pub width: D::Nat,
    /// How many epochs ahead of the receiver's a record may be.
    pub ahead: D::Nat,
}

impl Facts<Prose> {
    /// The facts as the words that guards are printed with.
    pub fn in_words() -> Self {
        let name = Phrase::name;
        Self {
            session_known: name("the record names a session that I hold"),
            established_at: name("established_at"),
            peer_entitled: name(
                "peer active, the key that opened the session current and not revoked",
            ),
            epoch: name("epoch"),
            sequence: name("sequence"),
            sequence_seen: name("seen(sequence)"),
            opens: name("the record opens, header and number authenticated"),
            schema_valid: name("the payload satisfies the schema of its type"),
        }
    }
}

impl End<Prose> {
    /// The end as the words that guards are printed with.
    pub fn in_words() -> Self {
        let name = Phrase::name;
        Self {
            now: name("now"),
            epoch: name("my epoch"),
            top: name("the next number I expect"),
            limits: Limits {
                lifetime: name("lifetime"),
                width: name("width"),
                ahead: name("ahead"),
            },
        }
    }
}
