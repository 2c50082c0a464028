//! What both sides compute: transcripts, keys, proofs.

use super::vocabulary::{initiator, junk, responder};
use crate::dolev_yao::expression::Expression;
use crate::dolev_yao::role::{derived, hash, mac, sealed, tuple};
use crate::dolev_yao::term::{Arena, Symbol, Term};
use crate::handshake::Handshake;
use crate::handshake::weakening::Mechanism;
use crate::rulebook::Ruleset;

/// What a key is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::handshake) enum Purpose {
    /// Sealing the responder's proof.
    ResponderProof,
    /// The MAC over the responder's identity.
    ResponderMac,
    /// Sealing the initiator's proof.
    InitiatorProof,
    /// The MAC over the initiator's identity.
    InitiatorMac,
    /// The confirmation.
    Confirmation,
    /// The session.
    Session,
}

impl Purpose {
    /// What the key is that is derived for the purpose with this number.
    pub(in crate::handshake) const fn words(purpose: u8) -> &'static str {
        const RESPONDER_PROOF: u8 = Purpose::ResponderProof as u8;
        const RESPONDER_MAC: u8 = Purpose::ResponderMac as u8;
        const INITIATOR_PROOF: u8 = Purpose::InitiatorProof as u8;
        const INITIATOR_MAC: u8 = Purpose::InitiatorMac as u8;
        const CONFIRMATION: u8 = Purpose::Confirmation as u8;
        const SESSION: u8 = Purpose::Session as u8;
        match purpose {
            RESPONDER_PROOF => "key that seals the responder's proof",
            RESPONDER_MAC => "key of the responder's MAC",
            INITIATOR_PROOF => "key that seals the initiator's proof",
            INITIATOR_MAC => "key of the initiator's MAC",
            CONFIRMATION => "key of the confirmation",
            SESSION => "session key",
            _ => "key",
        }
    }
}

/// Which side signs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Side {
    Initiator,
    Responder,
}

/// One side's plain words.
#[derive(Clone, Debug)]
pub(super) struct Words {
    pub(super) offers: Expression,
    pub(super) capabilities: Expression,
    pub(super) share: Expression,
}

/// The plain part of an exchange, as one of its sides knows it.
#[derive(Clone, Debug)]
pub(super) struct Exchange {
    pub(super) rules: Ruleset<Handshake>,
    pub(super) initiator: Words,
    pub(super) responder: Words,
    pub(super) version: Expression,
    pub(super) suite: Expression,
    /// What both shares have in common.
    pub(super) agreed: Expression,
}

impl Exchange {
    /// The transcript of the plain part and of the `proofs` so far.
    pub(super) fn transcript(&self, proofs: &[Expression]) -> Expression {
        let chosen = tuple([self.version.clone(), self.suite.clone()]);
        let plain = [
            self.covered(&self.initiator),
            self.covered(&self.responder),
            chosen,
        ];
        hash(tuple(plain.into_iter().chain(proofs.iter().cloned())))
    }

    /// What of one side's words the transcript covers: all of them.
    fn covered(&self, words: &Words) -> Expression {
        let mut covered = vec![words.share.clone()];
        if !self.rules.has(Mechanism::OffersOutsideTranscript) {
            covered.push(words.offers.clone());
        }
        if !self.rules.has(Mechanism::CapabilitiesOutsideTranscript) {
            covered.push(words.capabilities.clone());
        }
        tuple(covered)
    }

    /// What both ends have to agree on before they know each other.
    pub(super) fn terms_of_session(&self) -> Expression {
        tuple([
            self.version.clone(),
            tuple([
                self.initiator.capabilities.clone(),
                self.responder.capabilities.clone(),
            ]),
            self.agreed.clone(),
        ])
    }

    /// The key for a purpose: derived from what was agreed, for this transcript only.
    pub(super) fn key(&self, purpose: Purpose, transcript: &Expression) -> Expression {
        if self.rules.has(Mechanism::RawSharedSecret) {
            self.agreed.clone()
        } else {
            derived(purpose as u8, self.agreed.clone(), transcript.clone())
        }
    }

    /// What a side signs: its role and the transcript.
    pub(super) fn signed(&self, side: Side, transcript: &Expression) -> Expression {
        let (role, own) = match side {
            Side::Initiator => (initiator(), &self.initiator.share),
            Side::Responder => (responder(), &self.responder.share),
        };
        if self.rules.has(Mechanism::SignsSharesInTheClear) {
            tuple([self.initiator.share.clone(), self.responder.share.clone()])
        } else if self.rules.has(Mechanism::SignsOwnShare) {
            tuple([role, own.clone()])
        } else {
            tuple([role, transcript.clone()])
        }
    }

    /// The keys that seal a side's proof and bind its identity.
    pub(super) fn proof_keys(
        &self,
        side: Side,
        transcript: &Expression,
    ) -> (Expression, Expression) {
        let (sealing, binding) = match side {
            Side::Initiator => (Purpose::InitiatorProof, Purpose::InitiatorMac),
            Side::Responder => (Purpose::ResponderProof, Purpose::ResponderMac),
        };
        (self.key(sealing, transcript), self.key(binding, transcript))
    }

    /// What the proof says that `id` with the long-term `secret` is the one who speaks for `side`.
    pub(super) fn proof_body(
        &self,
        side: Side,
        transcript: &Expression,
        id: &Expression,
        secret: &Expression,
    ) -> Expression {
        let (_, binding) = self.proof_keys(side, transcript);
        let key = Expression::Apply(Symbol::Public, vec![secret.clone()]);
        let signature = signed_with(secret.clone(), self.signed(side, transcript));
        let bound = if self.rules.has(Mechanism::SignsSharesInTheClear) {
            junk()
        } else {
            mac(binding, tuple([id.clone(), key.clone()]))
        };
        tuple([id.clone(), key, signature, bound])
    }

    /// That proof as it travels.
    pub(super) fn proof(
        &self,
        side: Side,
        transcript: &Expression,
        id: &Expression,
        secret: &Expression,
    ) -> Expression {
        let body = self.proof_body(side, transcript, id, secret);
        if self.rules.has(Mechanism::SignsSharesInTheClear) {
            body
        } else {
            sealed(self.proof_keys(side, transcript).0, body)
        }
    }
}

/// The signature with `secret` over `message`.
pub(super) fn signed_with(secret: Expression, message: Expression) -> Expression {
    Expression::Apply(Symbol::Signature, vec![secret, message])
}

/// The secret of the public `key`: known to nobody who computes with it here, but what a signature
/// that verifies under the key was made with.
pub(super) fn secret_of(key: Expression) -> Expression {
    fn secret(arena: &mut Arena, key: &[Term]) -> Term {
        key.first()
            .map_or(Term::NONE, |key| arena.argument(*key, 0))
    }
    Expression::Computed(secret, vec![key])
}

#[cfg(test)]
mod tests {
    use super::{Arena, Exchange, Expression, Ruleset, Side, Symbol, Words, junk};
    use crate::dolev_yao::expression::Bindings;
    use crate::dolev_yao::role::constant;
    use crate::handshake::Handshake;
    use crate::handshake::weakening::Mechanism;
    use crate::rulebook::{Book as _, Weakening};

    #[test]
    fn only_a_proof_in_the_clear_has_no_identity_mac() {
        let rows = Handshake::WEAKENINGS.iter().map(Weakening::rules);
        for rules in rows.chain([Ruleset::HARDENED]) {
            let words = |first| Words {
                offers: constant(first),
                capabilities: constant(first + 1),
                share: constant(first + 2),
            };
            let exchange = Exchange {
                rules,
                initiator: words(0),
                responder: words(3),
                version: constant(6),
                suite: constant(7),
                agreed: constant(8),
            };
            let transcript = exchange.transcript(&[]);
            let (id, secret) = (constant(9), constant(10));
            let body = exchange.proof_body(Side::Initiator, &transcript, &id, &secret);
            let mut arena = Arena::default();
            let mut term = |it: &Expression| it.evaluate(&mut arena, &Bindings::EMPTY).unwrap();
            let (body, nothing) = (term(&body), term(&junk()));
            let bound = arena.argument(body, 3);
            if rules.has(Mechanism::SignsSharesInTheClear) {
                assert_eq!(bound, nothing);
            } else {
                assert_eq!(arena.symbol(bound), Symbol::Mac, "{}", rules.described());
            }
        }
    }
}
