//! Listening: what the attacker knows in a state, of what was sent and what it is given.

use super::{Attacked, Protocol, State, Workspace};
use crate::dolev_yao::expression::Bindings;
use crate::dolev_yao::knowledge::Knowledge;
use crate::dolev_yao::reveal::Reveal;
use crate::dolev_yao::run::{Deeds, Participant};
use crate::dolev_yao::term::{Arena, Sort, Term};

impl Attacked {
    /// Brings the attacker's knowledge to what it is in `state`.
    pub(super) fn settle(&self, space: &mut Workspace, state: &State) {
        let at = (state.scenario, state.runs);
        if space.at == Some(at) {
            return;
        }
        let Workspace {
            arena,
            runs,
            knowledge,
            initially,
            ..
        } = space;
        let Protocol {
            public, hostile, ..
        } = &*self.protocol;
        let initially = *initially.get_or_insert_with(|| {
            for known in public.iter().chain(hostile) {
                if let Some(term) = known.evaluate(arena, &Bindings::EMPTY) {
                    knowledge.learn(arena, term);
                }
            }
            knowledge.mark()
        });
        knowledge.return_to(initially);
        let participants = self.participants(state);
        if let Some(watched) = participants.first() {
            for agent in self.lost_long_term(*watched) {
                let secret = arena.name(Sort::LongTerm, agent);
                knowledge.learn(arena, secret);
            }
        }
        for (slot, progress) in state.runs.iter().enumerate().take(participants.len()) {
            if let Some(deeds) = runs.deeds(*progress) {
                self.overhear(arena, knowledge, slot, deeds);
            }
        }
        space.at = Some(at);
    }

    /// The honest principals whose long-term secrets the attacker is given from the start: who waits
    /// for anybody has every other one as its peer.
    fn lost_long_term(&self, watched: Participant) -> impl Iterator<Item = u8> + use<> {
        let reveals = self.reveals;
        (0..self.protocol.honest).filter(move |agent| {
            if *agent == watched.me {
                reveals.has(Reveal::OwnLongTerm)
            } else {
                reveals.has(Reveal::PeerLongTerm) && watched.peer.is_none_or(|peer| peer == *agent)
            }
        })
    }

    /// The attacker learns what the run in `slot` has sent, and what of it is revealed.
    pub(super) fn overhear(
        &self,
        arena: &mut Arena,
        knowledge: &mut Knowledge,
        slot: usize,
        deeds: &Deeds,
    ) {
        let (ephemeral, session) = self.reveals.of_run(slot);
        let sealing = self.reveals.has(Reveal::SealingKeys);
        let exponents = deeds.exponents.iter().filter(|_| ephemeral);
        let keys = deeds.keys.iter().filter(|_| sealing);
        for term in deeds.sent.iter().chain(exponents).chain(keys) {
            knowledge.learn(arena, *term);
        }
        if session {
            for commitment in deeds.commitments(0) {
                if commitment.secret != Term::NONE {
                    knowledge.learn(arena, commitment.secret);
                }
            }
        }
    }
}
