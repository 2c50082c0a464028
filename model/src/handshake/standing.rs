//! How the runs of a performance stand: what each relies on, and what the attacker has of it.

use super::guard::Flight;
use super::performance::{Performance, every};
use super::script::{HONEST, Script};
use crate::dolev_yao::expression::Bindings;
use crate::dolev_yao::knowledge::Knowledge;
use crate::dolev_yao::run::{Deeds, Said};
use crate::dolev_yao::term::{Arena, Sort, Term};

/// How one run stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Standing {
    /// The flight that it waits for; none where it is done.
    pub awaits: Option<Flight>,
    /// What it was told, once it has accepted a flight with the other side's words.
    pub heard: Option<Heard>,
    /// The principal that it authenticated.
    pub peer: Option<u8>,
    /// The secret of its session; equal secrets are equal terms.
    pub session: Option<Term>,
    /// What the attacker has.
    pub exposed: Exposure,
}

/// What a run was told in plain words, and what follows from them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Heard {
    /// The versions that the other side offers, as a set: bit `v - 1` for version `v`.
    pub offers: u8,
    /// Its capabilities, by level.
    pub capabilities: u8,
    /// The version for the session.
    pub version: u8,
    /// The suite for the session.
    pub suite: u8,
    /// What both shares have in common.
    pub shared: Term,
}

/// What of a run the attacker has that it should not have.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "four secrets, each known or not"
)]
pub struct Exposure {
    /// The secret of its session.
    pub session: bool,
    /// The same, if every honest principal's long-term secret is lost now.
    pub later: bool,
    /// The same, from nothing but the messages and what everybody knows.
    pub overheard: bool,
    /// The signature in its proof, where it is an initiator.
    pub proof: bool,
}

impl Performance {
    /// How each run stands, in the order of the participants.
    pub fn standings(&self) -> Vec<Standing> {
        let state = self.state();
        let count = self.attacked.participants(&state).len();
        self.attacked.look_at(&state, |arena, runs, knowledge, _| {
            let all = every(runs, &state, count);
            let mut standings: Vec<Standing> = all
                .iter()
                .map(|deeds| self.standing(arena, deeds))
                .collect();
            for (standing, deeds) in standings.iter_mut().zip(&all) {
                let secret = standing.session;
                let has = |knowledge: &mut Knowledge, arena: &mut Arena| {
                    secret.is_some_and(|secret| knowledge.derives(arena, secret))
                };
                standing.exposed.session = has(knowledge, arena);
                standing.exposed.proof =
                    evidence(deeds).is_some_and(|proof| knowledge.derives(arena, proof));
                let now = knowledge.mark();
                for agent in 0..HONEST {
                    let lost = arena.name(Sort::LongTerm, agent);
                    knowledge.learn(arena, lost);
                }
                standing.exposed.later = has(knowledge, arena);
                knowledge.return_to(now);
                if secret.is_some() {
                    let mut listener = self.listener(arena, &all);
                    standing.exposed.overheard = has(&mut listener, arena);
                }
            }
            standings
        })
    }

    fn standing(&self, arena: &Arena, deeds: &Deeds) -> Standing {
        let role = deeds.run.participant.role;
        let script = self.script_of(role);
        let agreed = deeds.said.iter().find_map(|said| match said {
            // The terms of the session end with what both shares have in common.
            Said::Running { data, .. } | Said::Commit { data, .. } => {
                Some(arena.argument(*data, 2))
            }
            Said::Hidden { .. } | Said::Claim { .. } => None,
        });
        Standing {
            awaits: Script::awaits(role, deeds.received),
            heard: agreed.map(|shared| script.words_heard(arena, &deeds.run.bindings, shared)),
            peer: script.peer_heard(arena, &deeds.run.bindings),
            session: deeds.commitments(0).map(|it| it.secret).last(),
            exposed: Exposure::default(),
        }
    }

    /// What somebody knows who only listens.
    fn listener(&self, arena: &mut Arena, all: &[&Deeds]) -> Knowledge {
        let mut listener = Knowledge::default();
        for known in &self.public {
            if let Some(term) = known.evaluate(arena, &Bindings::EMPTY) {
                listener.learn(arena, term);
            }
        }
        for message in all
            .iter()
            .flat_map(|deeds| deeds.sent.iter().chain(&deeds.heard))
        {
            listener.learn(arena, *message);
        }
        listener
    }
}

/// The signature that a run shows to nobody but its peer.
fn evidence(deeds: &Deeds) -> Option<Term> {
    deeds.said.iter().find_map(|said| match said {
        Said::Hidden { term, .. } => Some(*term),
        Said::Running { .. } | Said::Commit { .. } | Said::Claim { .. } => None,
    })
}
