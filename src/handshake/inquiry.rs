//! An inquiry: one flight, judged stage after stage by the guard table.

use countersign_model::handshake::Handshake;
use countersign_model::handshake::facts::{self, Facts};
use countersign_model::handshake::guard::{Rejection, Stage};
use countersign_model::rulebook::{Ruleset, judge};

use super::facts::{
    establish_identity, establish_opening, establish_proof, establish_signature, unknown,
};
use super::mechanism::Mechanisms;
use super::offer::Offers;
use super::party::Party;
use super::proof::{ProofKeys, SEALED_MAX, Statement};
use super::refusal::{Disagreement, Refusal};
use super::schedule::PseudorandomKey;
use crate::domain::Real;
use crate::envelope::Opaque;
use crate::envelope::payload::HandshakeProof;
use crate::identity::{Registry, SpiffeId};

/// One flight under judgement.
pub(super) struct Inquiry {
    pub(super) facts: Facts<Real>,
    me: facts::Party<Real>,
    rules: Ruleset<Handshake>,
    now_ms: u64,
}

impl Inquiry {
    /// A flight to `party`, who means to reach `intended` if it is an initiator.
    pub(super) fn new(
        mechanisms: &impl Mechanisms,
        party: &Party,
        intended: Option<&SpiffeId>,
        now_ms: u64,
    ) -> Self {
        Self {
            facts: unknown(&party.me),
            me: party.for_guards(intended, now_ms),
            rules: mechanisms.rules(),
            now_ms,
        }
    }

    /// Whether the guards of this stage hold, and if not, which fails first.
    pub(super) fn judge(&self, stage: Stage) -> Result<(), Rejection> {
        judge(self.rules, |asked| asked == stage, &self.facts, &self.me)
    }

    /// The same for a stage about the offers: a refusal names both sides'.
    pub(super) fn judge_offers(
        &self,
        stage: Stage,
        me: &Party,
        theirs: &Offers,
    ) -> Result<(), Refusal> {
        self.judge(stage).map_err(|rejection| Refusal::Rejected {
            rejection,
            disagreement: Some(Box::new(Disagreement {
                mine: me.offers.clone(),
                required: me.requires.clone(),
                theirs: theirs.clone(),
            })),
        })
    }

    /// Opens the proof of the peer's `statement`, asks the registry about it, and verifies it.
    ///
    /// `asked` are the stages that the flight has; of the proof's own stages only the intention is
    /// not asked of everybody.
    pub(super) fn authenticate(
        &mut self,
        mechanisms: &impl Mechanisms,
        key: &PseudorandomKey,
        statement: &Statement,
        sealed: &Opaque<SEALED_MAX>,
        registry: &Registry,
        asked: &[Stage],
    ) -> Result<HandshakeProof, Rejection> {
        let keys = ProofKeys::of(mechanisms, key, statement);
        let opened = mechanisms.open(&keys, sealed, &statement.transcript);
        establish_opening(&mut self.facts, opened.is_some());
        let proof = opened.or_else(|| mechanisms.read_unopened(sealed));
        if let Some(proof) = &proof {
            establish_proof(&mut self.facts, proof, keys.vouch_for(proof));
        }
        self.judge(Stage::Proof)?;
        // What could not be read at all cannot be judged further, whatever the rules.
        let proof = proof.ok_or(Rejection::ProofDoesNotOpen)?;

        let record = establish_identity(&mut self.facts, registry, &proof, self.now_ms);
        self.judge(Stage::Identity)?;
        if asked.contains(&Stage::Intention) {
            self.judge(Stage::Intention)?;
        }
        let input = mechanisms.signing_input(statement);
        establish_signature(&mut self.facts, record, &proof, &input);
        self.judge(Stage::Signature)?;
        Ok(proof)
    }
}
