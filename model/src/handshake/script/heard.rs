//! What a run has heard of the other side, and what that means to the guards.

use super::vocabulary::{
    CAROL, EVERY_VERSION, REQUIRED_CAPABILITY, SUITE, VERSION_FLOOR, Word, best_version, owner_of,
    principal,
};
use crate::dolev_yao::expression::{Bindings, Variable};
use crate::dolev_yao::role::{Check, ME, PEER, Role, Wanted};
use crate::dolev_yao::term::{Arena, Sort, Symbol, Term};
use crate::domain::Concrete;
use crate::handshake::Handshake;
use crate::handshake::facts::{Facts, Party};
use crate::handshake::guard::Stage;
use crate::rulebook::{Ruleset, judge};

/// The variables of a run that hold what it has heard. Until it has, they hold nothing.
#[derive(Clone, Copy, Debug)]
pub(super) struct Heard {
    /// The versions that the other side offers.
    pub(super) offers: Variable,
    /// Its capabilities.
    pub(super) capabilities: Variable,
    /// The version for the session.
    pub(super) version: Variable,
    /// The suite for the session.
    pub(super) suite: Variable,
    /// The other side's share.
    pub(super) share: Variable,
    /// Its proof, as it came.
    pub(super) proof: Variable,
    /// The principal that the proof is of.
    pub(super) id: Variable,
    /// The key that the proof names.
    pub(super) key: Variable,
    /// The signature in it.
    pub(super) signature: Variable,
    /// The identity MAC in it.
    pub(super) mac: Variable,
    /// The key that the proof must be sealed under.
    pub(super) sealing_key: Variable,
    /// The signature that there must be.
    pub(super) valid_signature: Variable,
    /// The identity MAC that there must be.
    pub(super) valid_mac: Variable,
    /// The confirmation.
    pub(super) confirmation: Variable,
    /// The confirmation that there must be.
    pub(super) valid_confirmation: Variable,
}

impl Heard {
    /// The variables of `role`.
    pub(super) fn new(role: &mut Role) -> Self {
        let constant = Wanted::Name(Sort::Constant);
        Self {
            offers: role.any(constant),
            capabilities: role.any(constant),
            version: role.any(constant),
            suite: role.any(constant),
            share: role.any(Wanted::Share),
            proof: role.any(Wanted::Anything),
            id: role.any(Wanted::Name(Sort::Agent)),
            key: role.any(Wanted::Public),
            signature: role.any(Wanted::Anything),
            mac: role.any(Wanted::Anything),
            sealing_key: role.any(Wanted::Anything),
            valid_signature: role.any(Wanted::Anything),
            valid_mac: role.any(Wanted::Anything),
            confirmation: role.any(Wanted::Anything),
            valid_confirmation: role.any(Wanted::Anything),
        }
    }

    /// That every enforced guard of `stage` holds.
    pub(super) fn check(self, rules: Ruleset<Handshake>, stage: Stage) -> Check {
        Check::new(move |arena, bindings| {
            let facts = self.facts(arena, bindings);
            let me = party(arena, bindings);
            judge(rules, |asked| asked == stage, &facts, &me).is_ok()
        })
    }

    /// That `variable` is bound to a `word`.
    pub(super) fn is(variable: Variable, word: Word) -> Check {
        Check::new(move |arena, bindings| word.of(arena, bindings.at(variable)).is_some())
    }

    /// What the guards may know.
    pub(super) fn facts(self, arena: &mut Arena, bindings: &Bindings) -> Facts<Concrete> {
        let word = |word: Word, variable| word.of(arena, bindings.at(variable)).unwrap_or(0);
        let same = |one: Variable, other: Variable| {
            bindings.at(one) != Term::NONE && bindings.at(one) == bindings.at(other)
        };
        let offered = word(Word::Offer, self.offers) & EVERY_VERSION;
        let proof = bindings.at(self.proof);
        let opens = arena.symbol(proof) == Symbol::Sealed
            && arena.argument(proof, 0) == bindings.at(self.sealing_key);
        let owner = principal(arena, bindings.at(self.id));
        Facts {
            version_common: offered != 0,
            version: word(Word::Version, self.version),
            version_best: best_version(offered),
            capabilities_sufficient: word(Word::Capability, self.capabilities)
                >= REQUIRED_CAPABILITY,
            suite_offered: Word::Suite.of(arena, bindings.at(self.suite)) == Some(SUITE),
            share_contributes: arena.symbol(bindings.at(self.share)) == Symbol::Share,
            proof_opens: opens,
            identity_bound: same(self.mac, self.valid_mac),
            peer: owner.unwrap_or(u8::MAX),
            key_of_peer: owner.is_some() && owner == owner_of(arena, bindings.at(self.key)),
            peer_entitled: owner != Some(CAROL),
            signature_valid: same(self.signature, self.valid_signature),
            confirmation_valid: same(self.confirmation, self.valid_confirmation),
        }
    }
}

/// The one who hears it, as far as guards ask.
pub(super) fn party(arena: &Arena, bindings: &Bindings) -> Party<Concrete> {
    Party {
        me: principal(arena, bindings.at(ME)).unwrap_or(u8::MAX),
        intended: principal(arena, bindings.at(PEER)).unwrap_or(u8::MAX),
        version_floor: VERSION_FLOOR,
    }
}

#[cfg(test)]
mod tests;
