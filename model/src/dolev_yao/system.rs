//! A protocol with a given number of runs at once, as a system that the explorer can search.
//!
//! A step is one delivery. Whatever a run does without waiting it does at once, and what it sends
//! the attacker knows from then on: neither can be to the attacker's disadvantage, since nothing is
//! ever forgotten. Secrets that the attacker is given it has as soon as they exist, for the same
//! reason.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::delivery::Deliveries;
use super::judgement::Judgement;
use super::knowledge::{Knowledge, Mark};
use super::protocol::Protocol;
use super::reveal::Reveals;
use super::role::{Role, Step};
use super::run::{Deeds, Participant, Progress, RUNS_MAX, Run, Runs};
use super::scenario::scenarios;
use super::term::Arena;
use super::weakness::Weaknesses;
use crate::explorer::{Outcome, System};

mod listening;

/// The runs of a protocol at once, under attack.
#[derive(Clone)]
pub struct Attacked {
    protocol: Arc<Protocol>,
    scenarios: Vec<Vec<Participant>>,
    reveals: Reveals,
    watched: u64,
    workspace: Arc<Mutex<Workspace>>,
}

/// A state of the search: how far each run has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct State {
    /// Which participants there are.
    pub scenario: u32,
    /// How far each has come.
    pub runs: [Progress; RUNS_MAX],
    /// A watched level was violated on the way here.
    pub broken: bool,
}

/// A delivery: the run in `slot` comes so far.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Delivery {
    /// Which run.
    pub slot: u8,
    /// How far it comes.
    pub to: Progress,
}

/// What a search works with. Terms and runs are numbered as they appear.
#[derive(Default)]
struct Workspace {
    arena: Arena,
    runs: Runs,
    knowledge: Knowledge,
    observer: Knowledge,
    /// What the attacker knows before anything happens.
    initially: Option<Mark>,
    /// The state that the knowledge is of.
    at: Option<(u32, [Progress; RUNS_MAX])>,
}

impl Workspace {
    fn under(weaknesses: Weaknesses) -> Arc<Mutex<Self>> {
        Arc::new(Mutex::new(Self {
            knowledge: Knowledge::under(weaknesses),
            observer: Knowledge::under(weaknesses),
            ..Self::default()
        }))
    }
}

impl Attacked {
    /// `protocol` with `runs` runs at once, at most [`RUNS_MAX`].
    ///
    /// With reveals only the first run's commitments are watched: secrets are told apart by whose
    /// they are.
    pub fn new(protocol: Protocol, runs: usize, reveals: Reveals, watched: u64) -> Self {
        debug_assert!(runs <= RUNS_MAX, "{runs} runs");
        let told_apart = reveals != Reveals::NONE;
        let scenarios = scenarios(&protocol, runs.min(RUNS_MAX), told_apart);
        Self::within(protocol, scenarios, reveals, watched)
    }

    /// `protocol` with exactly these participants at once.
    pub fn with(
        protocol: Protocol,
        participants: Vec<Participant>,
        reveals: Reveals,
        watched: u64,
    ) -> Self {
        Self::within(protocol, vec![participants], reveals, watched)
    }

    fn within(
        protocol: Protocol,
        scenarios: Vec<Vec<Participant>>,
        reveals: Reveals,
        watched: u64,
    ) -> Self {
        let workspace = Workspace::under(protocol.weaknesses);
        Self {
            protocol: Arc::new(protocol),
            scenarios,
            reveals,
            watched,
            workspace,
        }
    }

    /// The same question about other marks.
    #[must_use]
    pub fn watching(&self, watched: u64) -> Self {
        Self {
            watched,
            workspace: Workspace::under(self.protocol.weaknesses),
            ..self.clone()
        }
    }

    /// What the attacker is given.
    pub fn reveals(&self) -> Reveals {
        self.reveals
    }

    /// How many sets of participants there are.
    pub fn scenarios(&self) -> usize {
        self.scenarios.len()
    }

    /// The participants of `state`.
    pub fn participants(&self, state: &State) -> &[Participant] {
        let scenario = self.scenarios.get(state.scenario as usize);
        scenario.map_or(&[], Vec::as_slice)
    }

    /// What `look` makes of the terms, the runs and the attacker's knowledge in `state`.
    pub(crate) fn look_at<T>(
        &self,
        state: &State,
        look: impl FnOnce(&mut Arena, &mut Runs, &mut Knowledge, &[Role]) -> T,
    ) -> T {
        let mut space = self.workspace();
        self.settle(&mut space, state);
        let Workspace {
            arena,
            runs,
            knowledge,
            ..
        } = &mut *space;
        look(arena, runs, knowledge, &self.protocol.roles)
    }

    fn workspace(&self) -> MutexGuard<'_, Workspace> {
        self.workspace
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether the runs in `slots` are told apart by nothing and have received nothing: then the
    /// first of them goes first.
    fn is_second_of_twins(&self, state: &State, runs: &Runs, slot: usize) -> bool {
        let participants = self.participants(state);
        let fresh = |slot: usize| {
            let progress = state.runs.get(slot).copied().unwrap_or_default();
            runs.deeds(progress)
                .is_some_and(|deeds| deeds.received == 0)
        };
        let first = usize::from(self.reveals != Reveals::NONE);
        (first..slot).any(|other| {
            participants.get(other) == participants.get(slot) && fresh(other) && fresh(slot)
        })
    }

    /// Adds every delivery to the run in `slot`. The knowledge is that of `state`.
    fn deliveries(
        &self,
        space: &mut Workspace,
        state: &State,
        slot: usize,
        all: &mut Vec<Delivery>,
    ) {
        let Workspace {
            arena,
            runs,
            knowledge,
            ..
        } = space;
        let progress = state.runs.get(slot).copied().unwrap_or_default();
        let Some(run) = runs.deeds(progress).map(|deeds| deeds.run) else {
            return;
        };
        let Some(role) = self.protocol.roles.get(usize::from(run.participant.role)) else {
            return;
        };
        let Some(Step::Receive(demands)) = role.steps.get(usize::from(run.at)) else {
            return;
        };
        let mut deliveries = Deliveries {
            arena: &mut *arena,
            knowledge,
            variables: &role.variables,
            found: Vec::new(),
        };
        deliveries.find(demands, run.bindings);
        for bindings in deliveries.found {
            let received = Run {
                at: run.at + 1,
                bindings,
                ..run
            };
            if let Some(to) = runs.go_on(arena, &self.protocol.roles, received) {
                all.push(Delivery { slot: run.slot, to });
            }
        }
    }

    /// Premises and violations of what the runs claim in `state`, where the run in `slot` has come
    /// there from `before`.
    fn judge(
        &self,
        space: &mut Workspace,
        state: &State,
        slot: usize,
        before: Progress,
    ) -> (u64, u64) {
        let Workspace {
            arena,
            runs,
            knowledge,
            observer,
            ..
        } = space;
        let begun = state.runs.iter().take(self.participants(state).len());
        let all: Vec<&Deeds> = begun.filter_map(|at| runs.deeds(*at)).collect();
        let mut judgement = Judgement {
            protocol: &self.protocol,
            reveals: self.reveals,
            all: &all,
            arena,
            knowledge,
            observer,
            premises: 0,
            violations: 0,
        };
        let said_before = runs.deeds(before).map_or(0, |deeds| deeds.said.len());
        judgement.of_commitments(slot, said_before);
        judgement.of_sharing(slot, said_before);
        judgement.of_secrets();
        (judgement.premises, judgement.violations)
    }
}

impl System for Attacked {
    type State = State;
    type Move = Delivery;
    type Packed = State;

    fn pack(&self, state: &State) -> State {
        *state
    }

    fn unpack(&self, packed: &State) -> State {
        *packed
    }

    fn first(&self) -> Vec<State> {
        let mut space = self.workspace();
        let Workspace { arena, runs, .. } = &mut *space;
        (0..)
            .zip(&self.scenarios)
            .filter_map(|(scenario, participants)| {
                let mut begun = [Progress::default(); RUNS_MAX];
                for (slot, (place, participant)) in (0..).zip(begun.iter_mut().zip(participants)) {
                    // Whoever cannot even begin takes no part. The others meet elsewhere too.
                    *place = runs.begin(arena, &self.protocol.roles, slot, *participant)?;
                }
                Some(State {
                    scenario,
                    runs: begun,
                    broken: false,
                })
            })
            .collect()
    }

    fn moves(&self, state: &State, all: &mut Vec<Delivery>) {
        let mut space = self.workspace();
        self.settle(&mut space, state);
        for slot in 0..self.participants(state).len() {
            if !self.is_second_of_twins(state, &space.runs, slot) {
                self.deliveries(&mut space, state, slot, all);
            }
        }
    }

    fn take(&self, state: &State, next: &Delivery) -> Option<Outcome<State>> {
        let mut space = self.workspace();
        let slot = usize::from(next.slot);
        let mut after = *state;
        let before = std::mem::replace(after.runs.get_mut(slot)?, next.to);
        self.settle(&mut space, state);
        let now = space.knowledge.mark();
        let it = &mut *space;
        let deeds = it.runs.deeds(next.to)?;
        self.overhear(&mut it.arena, &mut it.knowledge, slot, deeds);
        let (reached, violated) = self.judge(&mut space, &after, slot, before);
        space.knowledge.return_to(now);
        after.broken |= violated & self.watched != 0;
        Some(Outcome {
            state: Some(after),
            reached,
            violated,
        })
    }

    fn broken(&self, state: &State) -> bool {
        state.broken
    }
}

#[cfg(test)]
mod tests;
