//! What the attacker can know, from ground truth.
//!
//! It hears every message, opens what it has the key of, and makes what it has the parts of. All of a
//! transcript but the proofs is sent in the clear, and proofs are hashed as they are sent; so a key is
//! known exactly if what it is derived from is or it was given away, and a secret exactly if one of its
//! exponents is. Nothing has to be said of how the attacker came to know it, and nothing it does can add
//! to it.
//!
//! ASSUMPTION: this is what an attacker can derive from terms. It is tested, not proved: with two runs
//! the prover and the explorer, which knows terms only, find the same violations in as few deliveries
//! under all rules.

use super::exchange::{Agreed, Extent, Side, proven_by};
use super::record::{Proof, Run};
use super::step::Evidence;
use super::{Crowd, Scene};
use crate::domain::{Choice as _, Identity as _, Table as _, Truth as _};
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
                let session = run.session_lost.and(&run.accepted);
                let sealing = run.sealing_lost.and(&run.has_signed());
                C::Bool::all([
                    self.is_drawn(share),
                    session.or(&sealing),
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
        let [initiator, responder] =
            [Side::Initiator, Side::Responder].map(|side| self.seals(run, side));
        let seals = C::Bool::choose(&run.begins, &initiator, &responder);
        self.are_closed().implies(&seals)
    }

    /// Whether proofs are sealed at all, and have MACs.
    fn are_closed(&self) -> C::Bool {
        C::Bool::constant(!self.rules.has(Mechanism::SignsSharesInTheClear))
    }

    /// Whether the attacker has the key that the proof of `side` is sealed under in the exchange of `run`.
    fn seals(&self, run: &Run<C>, side: Side) -> C::Bool {
        let partner = self.drawer(&run.heard.share);
        let by_itself = run.sealing_lost.and(&run.has_signed());
        let by_partner = C::Bool::all([
            self.is_drawn(&run.heard.share),
            partner.sealing_lost.clone(),
            partner.has_signed(),
            self.same_key(run, &partner, proven_by(side)),
        ]);
        let known = self.knows(&run.agreed(), LongTerm::Held);
        known.or(&by_itself).or(&by_partner)
    }

    /// Whether the attacker can deliver this `evidence` of `side` to `run`, with the help of what `source` has
    /// sent.
    pub fn can_prove(
        &self,
        run: &Run<C>,
        side: Side,
        evidence: &Evidence<C>,
        source: &Run<C>,
    ) -> C::Bool {
        let Evidence {
            sealed,
            bound,
            signed,
            ..
        } = evidence;
        let proof = evidence.proof();
        let passed_on = self.passes_on(run, side, &proof, source);
        let opened = self.opens(source);
        // Whoever cannot open a proof passes it on as a whole.
        let whole = passed_on.and(sealed).and(bound);
        let seals = self.seals(run, side);
        let found = C::Bool::all([self.are_closed(), passed_on.clone(), opened.clone()]);
        let vouches = self.knows(&run.agreed(), LongTerm::Held).or(&found);
        let overheard = C::Bool::all([
            proof.key.same(&source.key),
            source.has_signed(),
            self.same_signed(run, source, side),
            whole.or(&opened),
        ]);
        let made = self.world.agents.at(&C::owner(&proof.key)).held();
        C::Bool::all([
            sealed.implies(&seals.or(&whole)),
            bound.implies(&vouches.or(&whole)),
            signed.implies(&made.or(&overheard)),
        ])
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

    /// Whether the attacker was given the keys that seal proofs by `run` or its partner.
    pub fn is_unsealed(&self, run: &Run<C>) -> C::Bool {
        let partner = self.drawer(&run.heard.share);
        let partner_lost = self.is_drawn(&run.heard.share).and(&partner.sealing_lost);
        run.sealing_lost.or(&partner_lost)
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
