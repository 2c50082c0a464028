//! The mechanisms of a run, where a weakened one may have flawed ones.
//!
//! [`Hardened`] is the only implementation outside [`crate::flawed`], and the only one that an
//! [`Initiator`](super::Initiator) or a [`Responder`](super::Responder) uses.

use countersign_model::handshake::Handshake;
use countersign_model::rulebook::Ruleset;

use super::proof::{ProofKeys, SEALED_MAX, Statement};
use super::schedule::{Key, PseudorandomKey, Purpose};
use super::share::{Fresh, SharedSecret};
use super::transcript::TranscriptHash;
use crate::envelope::Opaque;
use crate::envelope::payload::HandshakeProof;
use crate::identity::SigningKey;

/// How a run computes what it says and what it knows.
pub(crate) trait Mechanisms {
    /// The rules that the guard table is judged by.
    fn rules(&self) -> Ruleset<Handshake> {
        Ruleset::HARDENED
    }

    /// What a run of the owner of `key` uses for its share: what was drawn for it.
    fn fresh(&self, drawn: Fresh, _key: &SigningKey) -> Fresh {
        drawn
    }

    /// The members of flights that the transcript does not cover: none.
    fn left_out(&self) -> &'static [&'static str] {
        &[]
    }

    /// What keys are derived from.
    fn extract(&self, shared: &SharedSecret) -> PseudorandomKey {
        PseudorandomKey::extract(shared)
    }

    /// A key: of its own for each purpose and transcript.
    fn derive(&self, key: &PseudorandomKey, purpose: Purpose, transcript: &TranscriptHash) -> Key {
        key.derive(purpose, transcript)
    }

    /// What a signature covers: the role and all that was said.
    fn signing_input(&self, statement: &Statement) -> Vec<u8> {
        statement.signing_input()
    }

    /// How a proof travels: sealed.
    fn seal(
        &self,
        keys: &ProofKeys,
        proof: &HandshakeProof,
        transcript: &TranscriptHash,
    ) -> Opaque<SEALED_MAX> {
        keys.seal(proof, transcript)
    }

    /// What travelled as a proof; nothing if it does not open.
    fn open(
        &self,
        keys: &ProofKeys,
        sealed: &Opaque<SEALED_MAX>,
        transcript: &TranscriptHash,
    ) -> Option<HandshakeProof> {
        keys.open(sealed, transcript)
    }

    /// What is made of a proof that does not open: nothing.
    fn read_unopened(&self, _carried: &Opaque<SEALED_MAX>) -> Option<HandshakeProof> {
        None
    }
}

/// The mechanisms as they should be.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Hardened;

impl Mechanisms for Hardened {}
