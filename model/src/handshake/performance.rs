//! Performing the handshake on the model, one delivery after the other, each told as a recipe.
//!
//! A search says which deliveries are accepted; a performance says of any delivery what becomes of it,
//! and why it is refused.

use super::Handshake;
use super::attack::{INITIATOR, protocol};
use super::flight::Message;
use super::guard::{Flight, Rejection};
use super::script::{self, Script};
use crate::dolev_yao::expression::Expression;
use crate::dolev_yao::reveal::Reveals;
use crate::dolev_yao::run::{Deeds, Participant, Progress, Run, Runs};
use crate::dolev_yao::system::{Attacked, Delivery, State};
use crate::explorer::{Outcome, System as _};
use crate::rulebook::Ruleset;

/// What becomes of a delivery.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Delivered {
    /// It is accepted.
    Accepted {
        /// Which premises it satisfies, as bits ([`super::attack::mark`]).
        reached: u64,
        /// Which promises it breaks.
        violated: u64,
    },
    /// It is refused, and nothing changes.
    Refused(Rejection),
    /// The attacker cannot make it, or nobody waits for it.
    Impossible,
}

/// Some runs at once, and how far each has come.
#[derive(Clone)]
pub struct Performance {
    rules: Ruleset<Handshake>,
    scripts: [Script; 2],
    pub(super) attacked: Attacked,
    /// What everybody knows.
    pub(super) public: Vec<Expression>,
    state: State,
}

impl Performance {
    /// The runs of `participants`, just begun.
    pub fn new(
        rules: Ruleset<Handshake>,
        participants: Vec<Participant>,
        reveals: Reveals,
    ) -> Self {
        let protocol = protocol(rules);
        let public = protocol.public.clone();
        let attacked = Attacked::with(protocol, participants, reveals, 0);
        // INVARIANT: one set of participants has one first state.
        let state = attacked.first().into_iter().next().unwrap_or(State {
            scenario: 0,
            runs: [Progress::default(); crate::dolev_yao::run::RUNS_MAX],
            broken: false,
        });
        Self {
            rules,
            scripts: [script::initiator(rules), script::responder(rules)],
            attacked,
            public,
            state,
        }
    }

    /// How far the runs have come.
    pub fn state(&self) -> State {
        self.state
    }

    /// Returns to where the runs were.
    pub fn return_to(&mut self, state: State) {
        self.state = state;
    }

    /// The flight that the run in `slot` waits for; none where it is done.
    pub fn awaited(&self, slot: u8) -> Option<Flight> {
        let role = self
            .attacked
            .participants(&self.state)
            .get(usize::from(slot))?
            .role;
        let heard = self.attacked.look_at(&self.state, |_, runs, _, _| {
            let deeds = runs.deeds(self.progress(slot)?)?;
            Some(deeds.received)
        })?;
        Script::awaits(role, heard)
    }

    /// Delivers `message` to the run in `slot`.
    pub fn deliver(&mut self, slot: u8, message: &Message) -> Delivered {
        let Some(flight) = self.awaited(slot).filter(|it| *it == message.flight()) else {
            return Delivered::Impossible;
        };
        let Some(script) = self.script(slot) else {
            return Delivered::Impossible;
        };
        let (state, rules) = (self.state, self.rules);
        let count = self.attacked.participants(&state).len();
        let judged = self
            .attacked
            .look_at(&state, |arena, runs, knowledge, roles| {
                let all = every(runs, &state, count);
                let run = all.get(usize::from(slot))?.run;
                let bindings = script.encode(arena, knowledge, &all, &run, message)?;
                if let Err(rejection) = script.judge(arena, rules, flight, &bindings) {
                    return Some(Err(rejection));
                }
                let received = Run {
                    at: run.at + 1,
                    bindings,
                    ..run
                };
                runs.go_on(arena, roles, received).map(Ok)
            });
        match judged {
            None => Delivered::Impossible,
            Some(Err(rejection)) => Delivered::Refused(rejection),
            Some(Ok(to)) => self.accept(Delivery { slot, to }),
        }
    }

    fn accept(&mut self, delivery: Delivery) -> Delivered {
        match self.attacked.take(&self.state, &delivery) {
            Some(Outcome {
                state: Some(state),
                reached,
                violated,
            }) => {
                self.state = state;
                Delivered::Accepted { reached, violated }
            }
            Some(Outcome { state: None, .. }) | None => Delivered::Impossible,
        }
    }

    fn script(&self, slot: u8) -> Option<Script> {
        let participant = self
            .attacked
            .participants(&self.state)
            .get(usize::from(slot))?;
        Some(self.script_of(participant.role).clone())
    }

    pub(super) fn script_of(&self, role: u8) -> &Script {
        let [initiator, responder] = &self.scripts;
        if role == INITIATOR {
            initiator
        } else {
            responder
        }
    }

    fn progress(&self, slot: u8) -> Option<Progress> {
        self.state.runs.get(usize::from(slot)).copied()
    }
}

/// What each of the `count` runs has done.
pub(super) fn every<'a>(runs: &'a Runs, state: &State, count: usize) -> Vec<&'a Deeds> {
    let begun = state.runs.iter().take(count);
    begun.filter_map(|at| runs.deeds(*at)).collect()
}

#[cfg(test)]
mod tests;
