//! The guard table: what each flight must satisfy, in order of precedence.
//!
//! Real code must not compute before it may: guards come in stages, a flight asks some of them
//! ([`Flight::asks`]), and each stage is judged only when all before it passed.

use super::Handshake;
use super::promise::InvariantId;
use crate::domain::{Identity as _, Natural as _, Truth as _};
use crate::rulebook::guards;

/// A message of the handshake.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Flight {
    /// Message 1, to the responder: the offers and the initiator's share.
    Hello,
    /// Message 2, to the initiator: the choice, the responder's share and proof.
    Answer,
    /// Message 3, to the responder: the initiator's proof.
    Finish,
    /// Message 4, to the initiator: the responder has the keys.
    Confirm,
}

/// What can be known by the time a guard is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Stage {
    /// What both sides offer.
    Offer,
    /// What the responder chose.
    Choice,
    /// The shared secret.
    Share,
    /// The proof, opened.
    Proof,
    /// What the registry says of the one it is of.
    Identity,
    /// Whom the receiver meant.
    Intention,
    /// The signature.
    Signature,
    /// The confirmation.
    Confirmation,
}

impl Flight {
    /// Every flight, in order.
    pub const ALL: [Self; 4] = [Self::Hello, Self::Answer, Self::Finish, Self::Confirm];

    /// Its name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Hello => "hello",
            Self::Answer => "answer",
            Self::Finish => "finish",
            Self::Confirm => "confirm",
        }
    }

    /// The stages that it is judged at, in order.
    pub const fn asks(self) -> &'static [Stage] {
        match self {
            Self::Hello => &[Stage::Offer, Stage::Share],
            Self::Answer => &[
                Stage::Offer,
                Stage::Choice,
                Stage::Share,
                Stage::Proof,
                Stage::Identity,
                Stage::Intention,
                Stage::Signature,
            ],
            Self::Finish => &[Stage::Proof, Stage::Identity, Stage::Signature],
            Self::Confirm => &[Stage::Confirmation],
        }
    }
}

guards! {
    Handshake;
    /// The two offers have a version in common.
    VersionCommon, "version-common", Offer, NoCommonVersion, "no-common-version", Negotiated,
    |m, _| m.version_common.clone();
    /// The version's last-accepted date has not passed.
    VersionCurrent, "version-current", Offer, VersionDeprecated, "version-deprecated", Current,
    |m, me| me.version_floor.at_most(&m.version);
    /// The peer has every capability that the receiver requires.
    CapabilitiesSufficient, "capabilities-sufficient", Offer, CapabilityMissing, "capability-missing", Capable,
    |m, _| m.capabilities_sufficient.clone();
    /// The responder chose the best version that both offer: the initiator computes it once more.
    VersionBest, "version-best", Choice, VersionDowngraded, "version-downgraded", Negotiated,
    |m, _| m.version.same(&m.version_best);
    /// The suite chosen is one that the initiator offered.
    SuiteOffered, "suite-offered", Choice, SuiteNotOffered, "suite-not-offered", Negotiated,
    |m, _| m.suite_offered.clone();
    /// The peer's share is of large order: the shared secret depends on both sides.
    ShareContributes, "share-contributes", Share, ShareDegenerate, "share-degenerate", Private,
    |m, _| m.share_contributes.clone();
    /// The proof was sealed with this handshake's key, so that it has one form and no other.
    ///
    /// What keeps identities from those who listen is that proofs are sent sealed; that nothing else is
    /// taken keeps the transcripts the same. Off alone it breaks nothing while proofs stay closed: whoever
    /// opens one delivers it bare, and the two ends are left with different keys.
    ProofOpens, "proof-opens", Proof, ProofDoesNotOpen, "proof-does-not-open", Agreed,
    |m, _| m.proof_opens.clone();
    /// The proof was made by whoever has this handshake's key, for the identity that it names ("MAC the
    /// identity" of SIGMA).
    ///
    /// Off alone it breaks nothing while the seal holds: who cannot open a proof cannot put its own name in
    /// it. With the keys that seal and nothing else, it can; `model/tests/classics/sigma.rs` has the same
    /// attack on the bare protocol.
    IdentityBound, "identity-bound", Proof, IdentityUnbound, "identity-unbound", Possessed,
    |m, _| m.identity_bound.clone();
    /// The proof's key is one that the registry lists for the principal it names.
    KeyOfPeer, "key-of-peer", Identity, UnknownKey, "unknown-key", Alive,
    |m, _| m.key_of_peer.clone();
    /// The principal is active, its key current and not revoked.
    PeerEntitled, "peer-entitled", Identity, PeerNotEntitled, "peer-not-entitled", Entitled,
    |m, _| m.peer_entitled.clone();
    /// The peer is somebody else: whoever has my key must not speak to me as me.
    PeerIsOther, "peer-is-other", Identity, PeerIsSelf, "peer-is-self", Alive,
    |m, me| m.peer.same(&me.me).not();
    /// The peer is the one that the initiator meant.
    PeerIntended, "peer-intended", Intention, WrongPeer, "wrong-peer", Intended,
    |m, me| m.peer.same(&me.intended);
    /// The peer signed its role and all that was said.
    SignatureValid, "signature-valid", Signature, BadSignature, "bad-signature", Alive,
    |m, _| m.signature_valid.clone();
    /// The responder accepted the initiator and has the same keys.
    ConfirmationValid, "confirmation-valid", Confirmation, NotConfirmed, "not-confirmed", Confirmed,
    |m, _| m.confirmation_valid.clone();
}

#[cfg(test)]
mod tests;
