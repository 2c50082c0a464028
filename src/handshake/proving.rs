//! Proving: the keys of a proof, derived, and the proof that a party gives.

use super::mechanism::Mechanisms;
use super::party::Party;
use super::proof::{ProofKeys, SEALED_MAX, SealingKey, Statement};
use super::schedule::{PseudorandomKey, Purpose};
use crate::envelope::Opaque;
use crate::envelope::payload::HandshakeProof;

impl ProofKeys {
    /// The keys for what this statement is sent in.
    pub(crate) fn of(
        mechanisms: &impl Mechanisms,
        key: &PseudorandomKey,
        statement: &Statement,
    ) -> Self {
        let purpose = Purpose::Mac(statement.role);
        Self {
            sealing: SealingKey::of(mechanisms, key, statement),
            mac: mechanisms.derive(key, purpose, &statement.transcript),
        }
    }
}

impl SealingKey {
    /// The key for what this statement is sent in.
    pub(crate) fn of(
        mechanisms: &impl Mechanisms,
        key: &PseudorandomKey,
        statement: &Statement,
    ) -> Self {
        let purpose = Purpose::Proof(statement.role);
        Self(mechanisms.derive(key, purpose, &statement.transcript))
    }
}

/// The proof that a party gives of its statement.
pub(crate) fn prove(
    mechanisms: &impl Mechanisms,
    key: &PseudorandomKey,
    statement: &Statement,
    party: &Party,
) -> Opaque<SEALED_MAX> {
    let keys = ProofKeys::of(mechanisms, key, statement);
    let (id, key_id) = (party.me.clone(), party.key.key_id());
    let proof = HandshakeProof {
        signature: party.key.sign(&mechanisms.signing_input(statement)),
        mac: keys.mac(&id, &key_id),
        id,
        key_id,
    };
    mechanisms.seal(&keys, &proof, &statement.transcript)
}
