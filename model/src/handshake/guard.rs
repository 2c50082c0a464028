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
    /// The proof was made by whoever has this handshake's key, for the identity that it names.
    ///
    /// One guard for two demands, that the seal opens and that the MAC verifies. Off alone, the MAC breaks
    /// nothing that can be shown here: who cannot open a proof cannot put its own name in it, and whoever
    /// is given a secret of [`Reveal`](crate::dolev_yao::reveal::Reveal) that opens the seal has the key of
    /// the MAC too, both being derived from one. Signatures under keys of small order do not open it either.
    /// It takes the loss of the sealing keys alone; `model/tests/classics/sigma.rs` has that attack, in two
    /// deliveries or three, and shows that the MAC withstands it.
    ProofBound, "proof-bound", Proof, ProofUnbound, "proof-unbound", Possessed,
    |m, _| m.proof_bound.clone();
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
