//! What is true of every run in every reachable world: the inductive strengthening of the invariants.
//!
//! The prover assumes the lemmas before a step and proves them after it, for any number of runs.
//!
//! Never here: anything that a guard would have to look at. Lemmas are proved, not enforced.

use super::exchange::{Extent, Side};
use super::knowledge::LongTerm;
use super::step::best_common;
use super::{Crowd, Scene};
use crate::domain::{Identity as _, Natural as _, Table as _, Truth as _};

macro_rules! lemmas {
    ($($(#[$doc:meta])* $id:ident, $name:literal, $claim:path;)+) => {
        /// A row of the table of lemmas.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum LemmaId { $($(#[$doc])* $id,)+ }

        impl LemmaId {
            /// Every lemma, in the order of the table.
            pub const ALL: &[Self] = &[$(Self::$id,)+];

            /// The stable name.
            pub const fn name(self) -> &'static str {
                match self { $(Self::$id => $name,)+ }
            }

            /// What it claims of `run`.
            pub fn claim<C: Crowd>(self, scene: &Scene<'_, C>, run: &C::Run) -> C::Bool {
                match self { $(Self::$id => $claim(scene, run),)+ }
            }
        }
    };
}

lemmas! {
    /// A run takes one point after the other.
    PointsInOrder, "points-in-order", points_in_order;
    /// Whatever the guards of hello and answer demand of the other side's words is still true of them.
    WordsAcceptable, "words-acceptable", words_acceptable;
    /// The other side's share is of large order.
    ShareContributes, "share-contributes", share_contributes;
    /// The peer was entitled, and the one who was meant.
    PeerAcceptable, "peer-acceptable", peer_acceptable;
    /// A hostile peer knows the shared secret.
    HostileHasKey, "hostile-has-key", hostile_has_key;
    /// Whose share was heard from a trusted peer is a run of the peer, on the other side, which has signed.
    PartnerSigned, "partner-signed", partner_signed;
    /// Both have the same transcript: each has heard the share that the other drew.
    SameTranscript, "same-transcript", same_transcript;
}

fn points_in_order<C: Crowd>(scene: &Scene<'_, C>, run: &C::Run) -> C::Bool {
    let me = scene.world.runs.at(run);
    me.accepted
        .implies(&me.begun)
        .and(&me.confirmed.implies(&me.accepted.and(&me.begins)))
}

fn words_acceptable<C: Crowd>(scene: &Scene<'_, C>, run: &C::Run) -> C::Bool {
    let me = scene.world.runs.at(run);
    let [initiator, responder] =
        [Side::Initiator, Side::Responder].map(|side| scene.words(&me, side).offers);
    me.has_signed().implies(&C::Bool::all([
        scene.world.version_floor.at_most(&me.version),
        me.version.same(&best_common::<C>(&initiator, &responder)),
        C::suffices(&me.heard.capabilities, &me.me),
        me.begins.implies(&C::offers(&me.me, &me.suite)),
    ]))
}

fn share_contributes<C: Crowd>(scene: &Scene<'_, C>, run: &C::Run) -> C::Bool {
    let me = scene.world.runs.at(run);
    me.has_signed()
        .implies(&C::low_order(&me.heard.share).not())
}

fn peer_acceptable<C: Crowd>(scene: &Scene<'_, C>, run: &C::Run) -> C::Bool {
    let me = scene.world.runs.at(run);
    let peer = scene.world.agents.at(&me.proof.peer);
    let intended = me.begins.implies(&me.proof.peer.same(&me.meant));
    me.accepted.implies(&peer.entitled.and(&intended))
}

fn hostile_has_key<C: Crowd>(scene: &Scene<'_, C>, run: &C::Run) -> C::Bool {
    let me = scene.world.runs.at(run);
    let peer = scene.world.agents.at(&me.proof.peer);
    me.accepted
        .and(&peer.hostile)
        .implies(&scene.knows(&me.agreed(), LongTerm::Held))
}

fn partner_signed<C: Crowd>(scene: &Scene<'_, C>, run: &C::Run) -> C::Bool {
    let me = scene.world.runs.at(run);
    let partner = scene.drawer(&me.heard.share);
    let other_side = me.begins.implies(&partner.begins.not());
    me.accepted.and(&me.trusted).implies(&C::Bool::all([
        partner.has_signed(),
        partner.me.same(&me.proof.peer),
        other_side.and(&me.begins.or(&partner.begins)),
    ]))
}

fn same_transcript<C: Crowd>(scene: &Scene<'_, C>, run: &C::Run) -> C::Bool {
    let me = scene.world.runs.at(run);
    let partner = scene.drawer(&me.heard.share);
    me.accepted
        .and(&me.trusted)
        .implies(&scene.same_transcript(&me, &partner, Extent::Plain))
}
