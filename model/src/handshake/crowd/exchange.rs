//! What is the same in two runs: transcripts, keys, signatures, compared part by part.
//!
//! What the flawed mechanisms leave out stands beside the right way, as in the
//! [scripts](crate::handshake::script).

use super::record::{Proof, Run, Words};
use super::{Crowd, Scene};
use crate::domain::{Choice as _, Identity as _, Table as _, Truth as _};
use crate::handshake::weakening::Mechanism;

/// Which side signs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// The one who begins.
    Initiator,
    /// The one who waits.
    Responder,
}

/// How far a transcript goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Extent {
    /// The plain parts of hello and answer.
    Plain,
    /// The responder's proof too.
    Answered,
    /// The initiator's proof too.
    Whole,
}

/// What two shares have in common.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Agreed<C: Crowd> {
    /// One share.
    pub one: C::Share,
    /// The other.
    pub other: C::Share,
}

impl<C: Crowd> Agreed<C> {
    /// Whether it is all zero.
    pub fn is_zero(&self) -> C::Bool {
        C::low_order(&self.one).or(&C::low_order(&self.other))
    }

    /// Whether both are the same secret.
    pub fn same(&self, that: &Self) -> C::Bool {
        let straight = self.one.same(&that.one).and(&self.other.same(&that.other));
        let crossed = self.one.same(&that.other).and(&self.other.same(&that.one));
        let zero = self.is_zero().and(&that.is_zero());
        C::Bool::all([straight, crossed, zero].map(|way| way.not())).not()
    }
}

impl<C: Crowd> Proof<C> {
    /// Whether both are the same bytes, where both belong to the same transcript so far.
    pub fn same(&self, that: &Self) -> C::Bool {
        let soundly = self.sound.and(&that.sound);
        let unsoundly = self.sound.or(&that.sound).not();
        C::Bool::all([
            self.peer.same(&that.peer),
            self.key.same(&that.key),
            soundly.or(&unsoundly.and(&self.bytes.same(&that.bytes))),
        ])
    }
}

impl<C: Crowd> Run<C> {
    /// What it and the other side have in common.
    pub fn agreed(&self) -> Agreed<C> {
        Agreed {
            one: self.share.clone(),
            other: self.heard.share.clone(),
        }
    }

    /// The share of a side, as this run knows it.
    pub fn share_of(&self, side: Side) -> C::Share {
        let (own, heard) = (&self.share, &self.heard.share);
        match side {
            Side::Initiator => C::Share::choose(&self.begins, own, heard),
            Side::Responder => C::Share::choose(&self.begins, heard, own),
        }
    }

    /// Whether it plays this side.
    pub fn is(&self, side: Side) -> C::Bool {
        match side {
            Side::Initiator => self.begins.clone(),
            Side::Responder => self.begins.not(),
        }
    }
}

impl<C: Crowd> Scene<'_, C> {
    /// What `run` says of itself.
    pub fn own_words(&self, run: &Run<C>) -> Words<C> {
        let me = self.world.agents.at(&run.me);
        Words {
            offers: me.offers,
            capabilities: me.capabilities,
            share: run.share.clone(),
        }
    }

    /// The words of a side, as `run` knows them.
    pub fn words(&self, run: &Run<C>, side: Side) -> Words<C> {
        let own = self.own_words(run);
        match side {
            Side::Initiator => Words::choose(&run.begins, &own, &run.heard),
            Side::Responder => Words::choose(&run.begins, &run.heard, &own),
        }
    }

    /// Whether the transcripts of two runs are the same, so far.
    pub fn same_transcript(&self, one: &Run<C>, other: &Run<C>, extent: Extent) -> C::Bool {
        let covered = |side| {
            let (words, same) = (self.words(one, side), self.words(other, side));
            let mut parts = vec![words.share.same(&same.share)];
            if !self.rules.has(Mechanism::OffersOutsideTranscript) {
                parts.push(words.offers.same(&same.offers));
            }
            if !self.rules.has(Mechanism::CapabilitiesOutsideTranscript) {
                parts.push(words.capabilities.same(&same.capabilities));
            }
            C::Bool::all(parts)
        };
        let mut parts = vec![
            covered(Side::Initiator),
            covered(Side::Responder),
            one.version.same(&other.version),
            one.suite.same(&other.suite),
        ];
        let answer = |run: &Run<C>| Proof::choose(&run.begins, &run.proof, &run.own_proof());
        let finish = |run: &Run<C>| Proof::choose(&run.begins, &run.own_proof(), &run.proof);
        if extent != Extent::Plain {
            parts.push(answer(one).same(&answer(other)));
        }
        if extent == Extent::Whole {
            parts.push(finish(one).same(&finish(other)));
        }
        C::Bool::all(parts)
    }

    /// Whether two runs derive the same key for one purpose, from transcripts of this extent.
    pub fn same_key(&self, one: &Run<C>, other: &Run<C>, extent: Extent) -> C::Bool {
        let agreed = one.agreed().same(&other.agreed());
        if self.rules.has(Mechanism::RawSharedSecret) {
            agreed
        } else {
            agreed.and(&self.same_transcript(one, other, extent))
        }
    }

    /// Whether two runs have the same session key.
    pub fn same_session(&self, one: &Run<C>, other: &Run<C>) -> C::Bool {
        self.same_key(one, other, Extent::Whole)
    }

    /// Whether what `source` signed is what `side` must sign for `run`.
    pub fn same_signed(&self, run: &Run<C>, source: &Run<C>, side: Side) -> C::Bool {
        let same_share = |side| run.share_of(side).same(&source.share_of(side));
        if self.rules.has(Mechanism::SignsSharesInTheClear) {
            same_share(Side::Initiator).and(&same_share(Side::Responder))
        } else if self.rules.has(Mechanism::SignsOwnShare) {
            source.is(side).and(&same_share(side))
        } else {
            source
                .is(side)
                .and(&self.same_transcript(run, source, proven_by(side)))
        }
    }

    /// What both ends have to agree on before they know each other: version, capabilities, secret.
    pub fn same_terms(&self, one: &Run<C>, other: &Run<C>) -> C::Bool {
        let same_capabilities = |side| {
            let words = self.words(one, side).capabilities;
            words.same(&self.words(other, side).capabilities)
        };
        C::Bool::all([
            one.version.same(&other.version),
            same_capabilities(Side::Initiator),
            same_capabilities(Side::Responder),
            one.agreed().same(&other.agreed()),
        ])
    }
}

/// The extent of the transcript that a side's proof is about.
pub(super) fn proven_by(side: Side) -> Extent {
    match side {
        Side::Initiator => Extent::Answered,
        Side::Responder => Extent::Plain,
    }
}
