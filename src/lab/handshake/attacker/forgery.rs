//! Proofs that the attacker delivers: passed on, or put together from what it makes and what it finds.
//!
//! Never here: a key or a signature that it neither computes, nor was given, nor has seen.

use std::sync::Arc;

use countersign_model::handshake::flight::{Forged, Proof, Signature};
use countersign_replay::handshake::vocabulary::principal;

use super::super::people::Card;
use super::{Attacker, Wire};
use crate::envelope::payload::HandshakeProof;
use crate::envelope::{Opaque, Record as _};
use crate::handshake::mechanism::Mechanisms as _;
use crate::handshake::proof::{ProofKeys, SEALED_MAX, SealingKey, Statement, carried, read};
use crate::identity::{KeyId, SpiffeId};
use crate::json;

impl Attacker {
    /// A proof for the receiver who asks for `statement`.
    pub(super) fn proof(&self, proof: Proof, statement: &Statement) -> Option<Opaque<SEALED_MAX>> {
        match proof {
            Proof::Run(run) => {
                let wire = self.wire.get(usize::from(run))?;
                wire.conversation.proof(wire.role).cloned()
            }
            Proof::Forged(forged) => self
                .forged(forged, statement)
                .or_else(|| self.same_as_said(forged, statement)),
        }
    }

    fn forged(&self, forged: Forged, statement: &Statement) -> Option<Opaque<SEALED_MAX>> {
        let (id, key) = (self.card(forged.id)?, self.card(forged.key)?);
        let signature = match forged.signature {
            Signature::Made => self.signed(key, statement)?,
            Signature::Of(run) => self.signature_of(usize::from(run))?,
            Signature::Junk => [0; 64],
        };
        let (id, key_id) = (id.id.clone(), key.key.key_id());
        let mac = if forged.bound {
            self.mac(&id, &key_id, statement)?
        } else {
            [0; 32]
        };
        let proof = HandshakeProof {
            id,
            key_id,
            signature,
            mac,
        };
        if !forged.sealed {
            return Some(carried(&json::write(&proof.to_value())));
        }
        let sealing = self.sealing_key(statement)?;
        Some(sealing.seal(&proof, &statement.transcript))
    }

    /// The MAC over an identity that goes with a statement: computed, or found in a proof of the same.
    fn mac(&self, id: &SpiffeId, key_id: &KeyId, statement: &Statement) -> Option<[u8; 32]> {
        if let Some(agreed) = self.agreed_for(statement) {
            let keys = ProofKeys::of(&self.mechanisms, &agreed, statement);
            return Some(keys.mac(id, key_id));
        }
        let mut opened = self.wire.iter().filter_map(|wire| {
            let own = wire.conversation.statement(wire.role, self.mechanisms)?;
            let same = (own.role, own.transcript) == (statement.role, statement.transcript);
            same.then(|| self.opened(wire))?
        });
        let found = opened.find(|proof| (&proof.id, &proof.key_id) == (id, key_id));
        found.map(|proof| proof.mac)
    }

    /// The key that the proof of a statement is sealed under: computed, or given.
    fn sealing_key(&self, statement: &Statement) -> Option<Arc<SealingKey>> {
        if let Some(agreed) = self.agreed_for(statement) {
            let key = SealingKey::of(&self.mechanisms, &agreed, statement);
            return Some(Arc::new(key));
        }
        let same =
            |it: &Statement| (it.role, it.transcript) == (statement.role, statement.transcript);
        let given = self.secrets.sealing.iter().find(|(of, _)| same(of));
        given.map(|(_, key)| Arc::clone(key))
    }

    /// The proof of a run, taken out of its seal.
    fn opened(&self, wire: &Wire) -> Option<HandshakeProof> {
        let statement = wire.conversation.statement(wire.role, self.mechanisms)?;
        let sealed = wire.conversation.proof(wire.role)?;
        let sealing = self.sealing_key(&statement)?;
        sealing.open(sealed, &statement.transcript)
    }

    /// What it cannot make but someone has said: the same proof of the same.
    fn same_as_said(&self, forged: Forged, statement: &Statement) -> Option<Opaque<SEALED_MAX>> {
        let input = self.mechanisms.signing_input(statement);
        let owner = principal(forged.id);
        let said = self.wire.iter().enumerate().find(|(run, wire)| {
            let own = wire.conversation.statement(wire.role, self.mechanisms);
            let same = own.is_some_and(|own| {
                own.transcript == statement.transcript
                    && self.mechanisms.signing_input(&own) == input
            });
            let signed = match forged.signature {
                Signature::Made => true,
                Signature::Of(other) => usize::from(other) == *run,
                Signature::Junk => false,
            };
            same && signed && wire.owner == owner
        });
        let (_, wire) =
            said.filter(|_| forged.sealed && forged.bound && forged.id == forged.key)?;
        wire.conversation.proof(wire.role).cloned()
    }

    /// The signature of whoever `card` is of under what `statement` says: made with the key, or seen.
    fn signed(&self, card: &Card, statement: &Statement) -> Option<[u8; 64]> {
        let input = self.mechanisms.signing_input(statement);
        if let Some(key) = self.key_of(card) {
            return Some(key.sign(&input));
        }
        let mut seen = (0..self.wire.len()).filter_map(|run| self.signature_of(run));
        seen.find(|signature| card.key.verifies(&input, signature))
    }

    /// The signature in the proof of a run, if it can have it.
    pub(super) fn signature_of(&self, run: usize) -> Option<[u8; 64]> {
        let wire = self.wire.get(run)?;
        let statement = wire.conversation.statement(wire.role, self.mechanisms)?;
        let carried = wire.conversation.proof(wire.role)?;
        let proof = read(&carried.to_bytes()).or_else(|| self.opened(wire));
        proof.map(|proof| proof.signature).or_else(|| {
            let card = self.directory.iter().find(|card| card.name == wire.owner)?;
            let key = self.key_of(card)?;
            Some(key.sign(&self.mechanisms.signing_input(&statement)))
        })
    }
}
