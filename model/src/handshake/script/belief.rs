//! What a run believes, read off its variables.

use super::Script;
use super::vocabulary::{Word, principal};
use crate::dolev_yao::expression::Bindings;
use crate::dolev_yao::term::{Arena, Term};
use crate::handshake::standing::Heard;

impl Script {
    /// What a run with these `bindings` was told, and the `shared` secret that it has from it.
    pub(in crate::handshake) fn words_heard(
        &self,
        arena: &Arena,
        bindings: &Bindings,
        shared: Term,
    ) -> Heard {
        let number = |word: Word, variable| word.of(arena, bindings.at(variable)).unwrap_or(0);
        Heard {
            offers: number(Word::Offer, self.heard.offers),
            capabilities: number(Word::Capability, self.heard.capabilities),
            version: number(Word::Version, self.heard.version),
            suite: number(Word::Suite, self.heard.suite),
            shared,
        }
    }

    /// The principal that a run with these `bindings` authenticated.
    pub(in crate::handshake) fn peer_heard(
        &self,
        arena: &Arena,
        bindings: &Bindings,
    ) -> Option<u8> {
        principal(arena, bindings.at(self.heard.id))
    }
}
