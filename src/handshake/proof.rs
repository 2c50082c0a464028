//! Proofs: who a side is, signed, vouched for and sealed.
//!
//! A signature says that a principal took part in what was said; the MAC says that the same
//! principal has this handshake's key (the "MAC the identity" of SIGMA); sealing keeps the
//! identities from whoever only listens.

use chacha20poly1305::ChaCha20Poly1305;
use chacha20poly1305::aead::{Aead as _, KeyInit as _, Payload};

use super::party::Role;
use super::schedule::Key;
use super::transcript::TranscriptHash;
use crate::envelope::payload::HandshakeProof;
use crate::envelope::{Opaque, Record as _, signing_input};
use crate::identity::{KeyId, SpiffeId};
use crate::json::{self, Limits};

/// The most characters that a sealed proof may have.
pub(crate) const SEALED_MAX: usize = 16_384;

/// What a side states by its signature.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Statement {
    /// The side that signs.
    pub(crate) role: Role,
    /// What was said so far.
    pub(crate) transcript: TranscriptHash,
    /// The initiator's share.
    pub(crate) initiator_share: [u8; 32],
    /// The responder's share.
    pub(crate) responder_share: [u8; 32],
}

impl Statement {
    /// What the signature covers: the role, as the type of DSSE's encoding, and the transcript.
    pub(crate) fn signing_input(&self) -> Vec<u8> {
        signing_input(self.role.signing_type(), self.transcript.as_bytes())
    }
}

/// The key that one proof is sealed under.
pub(crate) struct SealingKey(pub(super) Key);

/// The keys of one proof.
pub(crate) struct ProofKeys {
    pub(super) sealing: SealingKey,
    pub(super) mac: Key,
}

impl ProofKeys {
    /// The MAC over an identity.
    pub(crate) fn mac(&self, id: &SpiffeId, key_id: &KeyId) -> [u8; 32] {
        self.mac.mac(&identity(id, key_id))
    }

    /// Whether the proof's MAC over its identity verifies, in constant time.
    pub(crate) fn vouch_for(&self, proof: &HandshakeProof) -> bool {
        let parts = identity(&proof.id, &proof.key_id);
        self.mac.verifies(&parts, &proof.mac)
    }

    /// Seals a proof.
    pub(crate) fn seal(
        &self,
        proof: &HandshakeProof,
        transcript: &TranscriptHash,
    ) -> Opaque<SEALED_MAX> {
        self.sealing.seal(proof, transcript)
    }

    /// Opens a sealed proof.
    pub(crate) fn open(
        &self,
        sealed: &Opaque<SEALED_MAX>,
        transcript: &TranscriptHash,
    ) -> Option<HandshakeProof> {
        self.sealing.open(sealed, transcript)
    }
}

impl SealingKey {
    /// The key itself, for the attacker of a replay that it is revealed to.
    pub(crate) fn dangerously_reveal(&self) -> &[u8; 32] {
        self.0.as_bytes()
    }

    /// Seals a proof: ChaCha20-Poly1305 over its canonical JSON, bound to what was said so far.
    #[expect(
        clippy::expect_used,
        reason = "RFC 8439 section 2.8: up to 256 GiB can be sealed, and a proof has 3 KiB"
    )]
    pub(crate) fn seal(
        &self,
        proof: &HandshakeProof,
        transcript: &TranscriptHash,
    ) -> Opaque<SEALED_MAX> {
        let text = json::write(&proof.to_value());
        let sealed = self
            .cipher()
            .encrypt(&NONCE.into(), payload(&text, transcript));
        carried(&sealed.expect("a short text"))
    }

    /// Opens a sealed proof, if it was sealed under this key and after the same was said.
    pub(crate) fn open(
        &self,
        sealed: &Opaque<SEALED_MAX>,
        transcript: &TranscriptHash,
    ) -> Option<HandshakeProof> {
        let sealed = sealed.to_bytes();
        let text = self
            .cipher()
            .decrypt(&NONCE.into(), payload(&sealed, transcript));
        read(&text.ok()?)
    }

    fn cipher(&self) -> ChaCha20Poly1305 {
        ChaCha20Poly1305::new(self.0.as_bytes().into())
    }
}

/// All zero. RFC 8439 section 2.8: a nonce MUST NOT be used twice with one key; a key from
/// [`Purpose::Proof`] seals one text in its life, since the transcript holds both sides' shares.
const NONCE: [u8; 12] = [0; 12];

/// Bytes in the place of a proof.
#[expect(
    clippy::expect_used,
    reason = "a proof has some bytes and less than 3 KiB; far more can be carried"
)]
pub(crate) fn carried(bytes: &[u8]) -> Opaque<SEALED_MAX> {
    Opaque::of(bytes).expect("some bytes, and not many")
}

/// What stands in the place of a proof until the rest of its flight is known.
pub(crate) fn pending() -> Opaque<SEALED_MAX> {
    carried(&[0])
}

/// Reads an opened proof, strictly.
pub(crate) fn read(text: &[u8]) -> Option<HandshakeProof> {
    let value = json::read_canonical(text, &Limits::default()).ok()?;
    HandshakeProof::from_value(&value).ok()
}

fn payload<'a>(text: &'a [u8], transcript: &'a TranscriptHash) -> Payload<'a, 'a> {
    Payload {
        msg: text,
        aad: transcript.as_bytes(),
    }
}

/// What a MAC over an identity covers. The key id has one length, so the two do not run into each
/// other.
fn identity<'a>(id: &'a SpiffeId, key_id: &'a KeyId) -> [&'a [u8]; 2] {
    [id.as_str().as_bytes(), key_id.as_bytes()]
}
