//! What a guard may know: the facts of one flight and the party that receives it.
//!
//! The only door between cryptography and rules. The model fills it from terms, the real code from
//! bytes; no guard sees anything else. A flight fills what its stages ask about
//! ([`Flight::asks`](super::guard::Flight::asks)); of the rest nothing is read.

use crate::domain::{Domain, Phrase, Prose};

/// What is established about one flight.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Facts<D: Domain> {
    /// The versions that both sides offer have one in common.
    pub version_common: D::Bool,
    /// The version for the session: chosen by the responder, the best common one if it is honest.
    pub version: D::Nat,
    /// The best of the versions that both sides offer.
    pub version_best: D::Nat,
    /// The peer has every capability that the receiver requires.
    pub capabilities_sufficient: D::Bool,
    /// The cipher suite chosen is one that the receiver offered.
    pub suite_offered: D::Bool,
    /// The shared secret is not all zero (RFC 7748 section 6.1).
    pub share_contributes: D::Bool,
    /// The proof opens under this handshake's key.
    pub proof_opens: D::Bool,
    /// The proof's MAC over the identity that it names verifies under this handshake's key.
    pub identity_bound: D::Bool,
    /// The principal that the proof is of.
    pub peer: D::Agent,
    /// The registry lists the proof's key for that principal.
    pub key_of_peer: D::Bool,
    /// The registry lists the principal as active, and the key as current and not revoked.
    pub peer_entitled: D::Bool,
    /// The signature over role and transcript verifies under the proof's key (RFC 8032, strict).
    pub signature_valid: D::Bool,
    /// The MAC over the whole transcript verifies.
    pub confirmation_valid: D::Bool,
}

/// The receiver of a flight, as far as guards ask about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Party<D: Domain> {
    /// Its own identity.
    pub me: D::Agent,
    /// The peer that it means to reach. Only an initiator means one, and only it is asked.
    pub intended: D::Agent,
    /// The lowest version whose last-accepted date has not passed (RFC 9368 section 4).
    pub version_floor: D::Nat,
}

impl Facts<Prose> {
    /// The facts as the words that guards are printed with.
    pub fn in_words() -> Self {
        let name = Phrase::name;
        Self {
            version_common: name("both offers have a version in common"),
            version: name("version"),
            version_best: name("best common version of both offers"),
            capabilities_sufficient: name("the peer has every capability that I require"),
            suite_offered: name("the suite is one that I offered"),
            share_contributes: name("the shared secret is not all zero"),
            proof_opens: name("the proof opens under this handshake's key"),
            identity_bound: name("the MAC over the proof's identity verifies"),
            peer: name("the proof's principal"),
            key_of_peer: name("the proof's key is a key of that principal"),
            peer_entitled: name("principal active, key current and not revoked"),
            signature_valid: name("the signature over role and transcript verifies"),
            confirmation_valid: name("the confirmation verifies"),
        }
    }
}

impl Party<Prose> {
    /// The party as the words that guards are printed with.
    pub fn in_words() -> Self {
        Self {
            me: Phrase::name("me"),
            intended: Phrase::name("the peer I mean"),
            version_floor: Phrase::name("the lowest version still accepted"),
        }
    }
}
