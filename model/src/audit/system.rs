//! The audit trail as a system that the explorer can search.

use super::Audit as Rules;
use super::attacker::{self, Move};
use super::invariant::{Invariant, InvariantId};
use super::scope::Scope;
use super::step::{Action, Event, Step};
use super::world::{Setting, World};
use crate::domain::Concrete;
use crate::explorer::{Outcome, System};
use crate::rulebook::Ruleset;

/// A log under given rules, within a scope.
#[derive(Clone, Debug)]
pub struct Trail {
    rules: Ruleset<Rules>,
    scope: Scope,
    setting: Setting<Concrete>,
    watched: Vec<InvariantId>,
}

/// A state of the search.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct State {
    /// The world.
    pub world: World<Concrete>,
    /// Faults spent.
    pub faults: u8,
    /// A watched invariant was violated on the way here.
    pub broken: bool,
}

impl Trail {
    /// The system under `rules` within `scope`, watching `invariants`.
    pub fn new(rules: Ruleset<Rules>, scope: Scope, invariants: &[InvariantId]) -> Self {
        Self {
            rules,
            scope,
            setting: scope.setting(),
            watched: invariants.to_vec(),
        }
    }

    /// What stays fixed.
    pub fn setting(&self) -> &Setting<Concrete> {
        &self.setting
    }

    /// The rules.
    pub fn rules(&self) -> Ruleset<Rules> {
        self.rules
    }

    /// Takes `next`, with all that can be said of it.
    pub fn step(&self, world: &World<Concrete>, next: &Move) -> Step<Concrete> {
        world.step(self.rules, &self.setting, next)
    }

    /// The invariants that a step violates.
    pub fn violations<'a>(
        &'a self,
        event: Option<&'a Event<Concrete>>,
    ) -> impl Iterator<Item = InvariantId> + 'a {
        InvariantId::ALL.iter().copied().filter(move |id| {
            let invariant = Invariant::<Concrete>::of(*id);
            event.is_some_and(|event| invariant.violated(event))
        })
    }

    /// Which watched premises an event satisfies, and whether it violates a watched invariant.
    fn watch(&self, event: &Event<Concrete>) -> (u64, bool) {
        let (mut reached, mut broken) = (0, false);
        for (place, id) in self.watched.iter().enumerate() {
            let invariant = Invariant::<Concrete>::of(*id);
            if (invariant.premise)(event) {
                reached |= 1 << place;
                broken |= !(invariant.conclusion)(event);
            }
        }
        (reached, broken)
    }
}

impl System for Trail {
    type State = State;
    type Move = Move;
    type Packed = State;

    fn pack(&self, state: &State) -> State {
        *state
    }

    fn unpack(&self, packed: &State) -> State {
        *packed
    }

    fn first(&self) -> Vec<State> {
        vec![State {
            world: self.scope.first(),
            faults: 0,
            broken: false,
        }]
    }

    fn moves(&self, state: &State, all: &mut Vec<Move>) {
        attacker::moves(&self.scope, &state.world, state.faults, all);
    }

    fn take(&self, state: &State, next: &Move) -> Option<Outcome<State>> {
        let step = self.step(&state.world, next);
        if !step.enabled {
            return None;
        }
        let (reached, broken) = step
            .event
            .as_ref()
            .map_or((0, false), |event| self.watch(event));
        let mut world = step.after;
        world.canonicalize();
        let after = State {
            world,
            faults: state.faults + u8::from(is_fault(next)),
            broken: state.broken || broken,
        };
        Some(Outcome {
            state: Some(after).filter(|after| after != state),
            reached,
            violated: 0,
        })
    }

    fn broken(&self, state: &State) -> bool {
        state.broken
    }
}

/// Whether the action spends one of the scope's faults.
const fn is_fault(action: &Move) -> bool {
    match action {
        Action::Crash | Action::Tamper(_) => true,
        Action::Record(_)
        | Action::Sign(_)
        | Action::Act(_)
        | Action::Verify
        | Action::Ask(_)
        | Action::Guess(_) => false,
    }
}
