//! What the attacker can know, from ground truth.
//!
//! It hears every message, opens what it has the key of, and makes what it has the parts of. All of a
//! transcript but the proofs is sent in the clear, and proofs are hashed as they are sent; so a key is
//! known exactly if what it is derived from is, and a secret exactly if one of its exponents is. Nothing
//! has to be said of how the attacker came to know it, and nothing it does can add to it.
//!
//! ASSUMPTION: this is what an attacker can derive from terms. It is tested, not proved: with two runs
//! the prover and the explorer, which knows terms only, find the same violations in as few deliveries
//! under all rules.

use super::exchange::{Agreed, Extent, Side, proven_by};
use super::record::{Proof, Run};
use super::{Crowd, Scene};
use crate::domain::{Identity as _, Table as _, Truth as _};
use crate::handshake::weakening::Mechanism;

/// The long-term secrets that the attacker has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LongTerm {
    /// Its own, and those that it was given.
    Held,
    /// All there are: what may happen later.
    All,
}

impl<C: Crowd> Scene<'_, C> {
    /// Whether some run drew `share`.
    pub fn is_drawn(&self, share: &C::Share) -> C::Bool {
        self.drawer(share).share.same(share)
    }

    /// The run that drew `share`, if any did.
    pub fn drawer(&self, share: &C::Share) -> Run<C> {
        self.world.runs.at(&C::drawer(share))
    }

    /// Whether `share` can be delivered: it is the attacker's own, or has been sent.
    pub fn is_available(&self, share: &C::Share) -> C::Bool {
        self.is_drawn(share).implies(&self.drawer(share).begun)
    }

    /// Whether the attacker knows what `share` was made from.
    fn knows_exponent(&self, share: &C::Share, long_term: LongTerm) -> C::Bool {
        let drawer = self.drawer(share);
        let lost = match (self.rules.has(Mechanism::StaticShares), long_term) {
            (false, _) => drawer.ephemeral_lost,
            (true, LongTerm::Held) => self.world.agents.at(&drawer.me).held(),
            (true, LongTerm::All) => C::Bool::constant(true),
        };
        self.is_drawn(share).implies(&lost)
    }

    /// Whether the attacker knows `agreed`.
    pub fn knows(&self, agreed: &Agreed<C>, long_term: LongTerm) -> C::Bool {
        let Agreed { one, other } = agreed;
        let known = agreed
            .is_zero()
            .or(&self.knows_exponent(one, long_term))
            .or(&self.knows_exponent(other, long_term));
        if self.rules.has(Mechanism::RawSharedSecret) {
            let given = |share| {
                let run = self.drawer(share);
                C::Bool::all([
                    self.is_drawn(share),
                    run.session_lost.clone(),
                    run.accepted.clone(),
                    run.agreed().same(agreed),
                ])
            };
            known.or(&given(one)).or(&given(other))
        } else {
            known
        }
    }

    /// Whether the attacker can open the proof that `run` makes.
    pub fn opens(&self, run: &Run<C>) -> C::Bool {
        if self.rules.has(Mechanism::SignsSharesInTheClear) {
            C::Bool::constant(true)
        } else {
            self.knows(&run.agreed(), LongTerm::Held)
        }
    }

    /// Whether the attacker can deliver to `run` this `proof` of `side`, `bound` to the handshake's keys
    /// or not, `signed` validly or not, with the help of what `source` has sent.
    pub fn can_prove(
        &self,
        run: &Run<C>,
        side: Side,
        proof: &Proof<C>,
        (bound, signed): (&C::Bool, &C::Bool),
        source: &Run<C>,
    ) -> C::Bool {
        let passed_on = self.passes_on(run, side, proof, source);
        let sealed = self.knows(&run.agreed(), LongTerm::Held);
        let overheard = C::Bool::all([
            proof.key.same(&source.key),
            source.has_signed(),
            self.same_signed(run, source, side),
            // Whoever cannot open a proof passes it on as a whole.
            passed_on.and(bound).or(&self.opens(source)),
        ]);
        let made = self.world.agents.at(&C::owner(&proof.key)).held();
        bound
            .implies(&sealed.or(&passed_on))
            .and(&signed.implies(&made.or(&overheard)))
    }

    /// Whether the `proof` of `side` that is delivered to `run` is the one that `source` has sent.
    pub fn passes_on(
        &self,
        run: &Run<C>,
        side: Side,
        proof: &Proof<C>,
        source: &Run<C>,
    ) -> C::Bool {
        // Keys tell the sides apart; one key for everything does not.
        let raw = C::Bool::constant(self.rules.has(Mechanism::RawSharedSecret));
        C::Bool::all([
            source.is(side).or(&raw),
            source.has_signed(),
            self.same_key(run, source, proven_by(side)),
            proof.peer.same(&source.me),
            proof.key.same(&source.key),
        ])
    }

    /// Whether the attacker can deliver a valid confirmation to the initiator `run`, with the help of
    /// what `source` has sent.
    pub fn can_confirm(&self, run: &Run<C>, source: &Run<C>) -> C::Bool {
        let overheard = C::Bool::all([
            source.is(Side::Responder),
            source.accepted.clone(),
            self.same_key(run, source, Extent::Whole),
        ]);
        self.knows(&run.agreed(), LongTerm::Held).or(&overheard)
    }

    /// Whether the attacker can speak for the peer of `run`. If that is the run's own principal, the loss of
    /// its secret is no excuse.
    pub fn peer_is_lost(&self, run: &Run<C>) -> C::Bool {
        let peer = self.world.agents.at(&run.proof.peer);
        let lost = peer.lost.and(&run.proof.peer.same(&run.me).not());
        peer.hostile.or(&lost)
    }

    /// Whether the attacker was given what `run` or its partner drew.
    pub fn is_exposed(&self, run: &Run<C>) -> C::Bool {
        let partner = self.drawer(&run.heard.share);
        let partner_lost = self.is_drawn(&run.heard.share).and(&partner.ephemeral_lost);
        run.ephemeral_lost.or(&partner_lost)
    }

    /// Whether the attacker was given the session key of `run`, by either of those who have it.
    pub fn is_given(&self, run: &Run<C>) -> C::Bool {
        let partner = self.drawer(&run.heard.share);
        let by_partner = C::Bool::all([
            self.is_drawn(&run.heard.share),
            partner.session_lost.clone(),
            partner.accepted.clone(),
            self.same_session(run, &partner),
        ]);
        run.session_lost.or(&by_partner)
    }
}
