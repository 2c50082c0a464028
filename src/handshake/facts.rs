//! The only door between cryptography and rules: what is established about one flight.
//!
//! Facts begin unknown, which every guard refuses, and are established stage by stage; nothing is
//! computed before the stage that needs it was reached.

use countersign_model::handshake::facts::Facts;

use super::offer::Offers;
use super::party::Party;
use super::share::SharedSecret;
use crate::domain::Real;
use crate::envelope::Version;
use crate::envelope::payload::{HandshakeAnswer, HandshakeProof};
use crate::identity::{KeyRecord, Registry, SpiffeId};

/// Facts of which nothing is known to the receiver `me`: every guard refuses them, if any version has
/// retired and the peer that it means is another.
pub(super) fn unknown(me: &SpiffeId) -> Facts<Real> {
    Facts {
        version_common: false,
        version: 0,
        version_best: u64::MAX,
        capabilities_sufficient: false,
        suite_offered: false,
        share_contributes: false,
        proof_opens: false,
        identity_bound: false,
        // As if it spoke to itself: refused.
        peer: me.clone(),
        key_of_peer: false,
        peer_entitled: false,
        signature_valid: false,
        confirmation_valid: false,
    }
}

/// Establishes what follows from both sides' offers, where `chosen` is the version for the session.
pub(super) fn establish_offer(
    facts: &mut Facts<Real>,
    me: &Party,
    theirs: &Offers,
    chosen: Version,
) {
    facts.version_common = me.offers.best_version(theirs).is_some();
    facts.version = chosen.rank();
    facts.capabilities_sufficient = theirs.suffices(&me.requires);
}

/// Establishes what the responder should have chosen.
pub(super) fn establish_choice(facts: &mut Facts<Real>, mine: &Offers, answer: &HandshakeAnswer) {
    // RFC 9368 section 4: computed once more by the side that did not choose.
    let best = mine.best_version(&Offers::of_answer(answer));
    facts.version_best = best.map_or(u64::MAX, Version::rank);
    facts.suite_offered = mine.suites.as_slice().contains(&answer.suite);
}

/// Establishes whether the peer's share contributes.
pub(super) fn establish_share(facts: &mut Facts<Real>, shared: &SharedSecret) {
    facts.share_contributes = shared.is_contributory();
}

/// Establishes whether what travelled as a proof opens.
pub(super) fn establish_opening(facts: &mut Facts<Real>, opens: bool) {
    facts.proof_opens = opens;
}

/// Establishes whom a proof is of, and whether it is `bound`: whether its MAC over that identity verifies.
pub(super) fn establish_proof(facts: &mut Facts<Real>, proof: &HandshakeProof, bound: bool) {
    facts.peer = proof.id.clone();
    facts.identity_bound = bound;
}

/// Establishes what the registry says at `now_ms` of a proof's principal and key; returns the key, whose
/// ever it is.
pub(super) fn establish_identity<'a>(
    facts: &mut Facts<Real>,
    registry: &'a Registry,
    proof: &HandshakeProof,
    now_ms: u64,
) -> Option<&'a KeyRecord> {
    let holder = registry.key_holder(&proof.key_id)?;
    let record = registry.key(holder, &proof.key_id)?;
    facts.key_of_peer = *holder == proof.id;
    facts.peer_entitled = registry.is_active(&proof.id) && record.is_current(now_ms);
    Some(record)
}

/// Establishes whether the signature over `input` is that of the registry's key.
pub(super) fn establish_signature(
    facts: &mut Facts<Real>,
    record: Option<&KeyRecord>,
    proof: &HandshakeProof,
    input: &[u8],
) {
    facts.signature_valid =
        record.is_some_and(|record| record.key().verifies(input, &proof.signature));
}

/// Establishes whether the confirmation verifies.
pub(super) fn establish_confirmation(facts: &mut Facts<Real>, verified: bool) {
    facts.confirmation_valid = verified;
}
