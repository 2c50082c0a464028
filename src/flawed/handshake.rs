//! The mechanisms of a weakened handshake: hardened, except for what its rules say is flawed.

use countersign_model::handshake::Handshake;
use countersign_model::handshake::guard::GuardId;
use countersign_model::handshake::weakening::Mechanism;
use countersign_model::rulebook::Ruleset;
use sha2::{Digest as _, Sha256};

use crate::envelope::payload::HandshakeProof;
use crate::envelope::{Opaque, Record as _, signing_input};
use crate::handshake::mechanism::Mechanisms;
use crate::handshake::proof::{self, ProofKeys, SEALED_MAX, Statement};
use crate::handshake::schedule::{Key, PseudorandomKey, Purpose, SessionSecret};
use crate::handshake::share::SharedSecret;
use crate::handshake::transcript::TranscriptHash;
use crate::handshake::{Fresh, Role};
use crate::identity::SigningKey;
use crate::json;

/// Mechanisms of a handshake with the flaws that a rule set names.
#[derive(Clone, Copy, Debug)]
pub(crate) struct FlawedHandshake {
    rules: Ruleset<Handshake>,
}

impl FlawedHandshake {
    pub(crate) fn new(rules: Ruleset<Handshake>) -> Self {
        Self { rules }
    }

    /// What keys are derived from, as far as it follows from a session's secret: the same, where one
    /// key is for everything.
    pub(crate) fn guess(secret: &SessionSecret) -> PseudorandomKey {
        PseudorandomKey::dangerously_raw(secret.dangerously_reveal())
    }
}

impl Mechanisms for FlawedHandshake {
    fn rules(&self) -> Ruleset<Handshake> {
        self.rules
    }

    fn fresh(&self, drawn: Fresh, key: &SigningKey) -> Fresh {
        if self.rules.has(Mechanism::StaticShares) {
            // Whoever has the long-term key has the share's secret too, in this run and every other.
            let secret = Sha256::digest(key.sign(b"countersign/v1 static share"));
            return Fresh::of(secret.into(), drawn.random());
        }
        drawn
    }

    fn left_out(&self) -> &'static [&'static str] {
        let offers = self.rules.has(Mechanism::OffersOutsideTranscript);
        let capabilities = self.rules.has(Mechanism::CapabilitiesOutsideTranscript);
        match (offers, capabilities) {
            (false, false) => &[],
            (true, false) => &["versions", "suites"],
            (false, true) => &["capabilities"],
            (true, true) => &["versions", "suites", "capabilities"],
        }
    }

    fn extract(&self, shared: &SharedSecret) -> PseudorandomKey {
        if self.rules.has(Mechanism::RawSharedSecret) {
            PseudorandomKey::dangerously_raw(shared.as_bytes())
        } else {
            PseudorandomKey::extract(shared)
        }
    }

    fn derive(&self, key: &PseudorandomKey, purpose: Purpose, transcript: &TranscriptHash) -> Key {
        if self.rules.has(Mechanism::RawSharedSecret) {
            key.dangerously_as_key()
        } else {
            key.derive(purpose, transcript)
        }
    }

    fn signing_input(&self, statement: &Statement) -> Vec<u8> {
        if self.rules.has(Mechanism::SignsSharesInTheClear) {
            // No role and no names: the same bytes from either side, whoever is meant.
            return [statement.initiator_share, statement.responder_share].concat();
        }
        if self.rules.has(Mechanism::SignsOwnShare) {
            let own = match statement.role {
                Role::Initiator => &statement.initiator_share,
                Role::Responder => &statement.responder_share,
            };
            return signing_input(statement.role.signing_type(), own);
        }
        statement.signing_input()
    }

    fn seal(
        &self,
        keys: &ProofKeys,
        proof: &HandshakeProof,
        transcript: &TranscriptHash,
    ) -> Opaque<SEALED_MAX> {
        if self.rules.has(Mechanism::SignsSharesInTheClear) {
            let unvouched = HandshakeProof {
                mac: [0; 32],
                ..proof.clone()
            };
            return proof::carried(&json::write(&unvouched.to_value()));
        }
        keys.seal(proof, transcript)
    }

    fn read_unopened(&self, carried: &Opaque<SEALED_MAX>) -> Option<HandshakeProof> {
        if self.rules.enforces(GuardId::ProofOpens) {
            return None;
        }
        proof::read(&carried.to_bytes())
    }
}
