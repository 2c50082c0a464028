//! The bus as a system that the explorer can search.

use std::hash::{Hash, Hasher};

use super::Bus;
use super::attacker::{self, Move};
use super::invariant::{Invariant, InvariantId, Transition};
use super::scope::Scope;
use super::step::{Action, Event, Step};
use super::world::{Setting, World};
use crate::domain::{Concrete, Table as _};
use crate::explorer::{Outcome, System};
use crate::rulebook::Ruleset;

/// An orchestrator and its agents under given rules, within a scope.
#[derive(Clone, Debug)]
pub struct Office {
    rules: Ruleset<Bus>,
    scope: Scope,
    setting: Setting<Concrete>,
    watched: Vec<InvariantId>,
}

/// A state of the search.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct State {
    /// The world.
    pub world: World<Concrete>,
    /// Faults spent.
    pub faults: u8,
    /// A watched invariant was violated on the way here.
    pub broken: bool,
}

impl Hash for State {
    fn hash<H: Hasher>(&self, hasher: &mut H) {
        (self.world, self.faults, self.broken).hash(hasher);
    }
}

impl Office {
    /// The system under `rules` within `scope`, watching `invariants`.
    pub fn new(rules: Ruleset<Bus>, scope: Scope, invariants: &[InvariantId]) -> Self {
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
    pub fn rules(&self) -> Ruleset<Bus> {
        self.rules
    }

    /// The world in which `next` is taken: what it introduces is composed.
    pub fn before(world: &World<Concrete>, next: &Move) -> World<Concrete> {
        let mut before = *world;
        if let (Some(message), Action::Submit(slot) | Action::Receive(slot, _)) =
            (next.introduces, &next.action)
        {
            before.messages.set(slot, message);
        }
        before
    }

    /// Takes `next`, with all that can be said of it.
    pub fn step(&self, world: &World<Concrete>, next: &Move) -> Step<Concrete> {
        Self::before(world, next).step(self.rules, &self.setting, &next.action)
    }

    /// The invariants that a step violates.
    pub fn violations<'a>(
        &'a self,
        before: &'a World<Concrete>,
        step: &'a Step<Concrete>,
    ) -> impl Iterator<Item = InvariantId> + 'a {
        InvariantId::ALL.iter().copied().filter(move |id| {
            let invariant = Invariant::<Concrete>::of(*id);
            let transition = step.event.as_ref().map(|event| Transition {
                setting: &self.setting,
                before,
                event,
                after: &step.after,
            });
            transition.is_some_and(|transition| invariant.violated(&transition))
        })
    }

    /// Which watched premises a step satisfies, and whether it violates a watched invariant.
    fn watch(
        &self,
        before: &World<Concrete>,
        event: &Event<Concrete>,
        after: &World<Concrete>,
    ) -> (u64, bool) {
        let transition = Transition {
            setting: &self.setting,
            before,
            event,
            after,
        };
        let (mut reached, mut broken) = (0, false);
        for (place, id) in self.watched.iter().enumerate() {
            let invariant = Invariant::<Concrete>::of(*id);
            if (invariant.premise)(&transition) {
                reached |= 1 << place;
                broken |= !(invariant.conclusion)(&transition);
            }
        }
        (reached, broken)
    }
}

impl System for Office {
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
        let worlds = self.scope.first().into_iter();
        let state = |world| State {
            world,
            faults: 0,
            broken: false,
        };
        worlds.map(state).collect()
    }

    fn moves(&self, state: &State, all: &mut Vec<Move>) {
        attacker::moves(&self.scope, &state.world, state.faults, all);
    }

    fn take(&self, state: &State, next: &Move) -> Option<Outcome<State>> {
        let before = Self::before(&state.world, next);
        let step = before.step(self.rules, &self.setting, &next.action);
        if !step.enabled {
            return None;
        }
        let (reached, broken) = step
            .event
            .as_ref()
            .map_or((0, false), |event| self.watch(&before, event, &step.after));
        let after = (broken || changes(&before, &step.after)).then(|| {
            let mut world = step.after;
            world.canonicalize();
            State {
                world,
                faults: state.faults + u8::from(is_fault(next.action)),
                broken: state.broken || broken,
            }
        });
        Some(Outcome {
            state: after.filter(|after| after != state),
            reached,
            violated: 0,
        })
    }

    fn broken(&self, state: &State) -> bool {
        state.broken
    }
}

/// Whether anything changed. What is refused, or only received, changes nothing.
fn changes(before: &World<Concrete>, after: &World<Concrete>) -> bool {
    before.now != after.now || before.agents != after.agents || before.fates != after.fates
}

/// Whether the action spends one of the scope's faults.
fn is_fault(action: Action<Concrete>) -> bool {
    match action {
        Action::Deactivate(_) | Action::Withdraw(_) => true,
        Action::Submit(_)
        | Action::Approve(..)
        | Action::Reject(_)
        | Action::Release(_)
        | Action::Receive(..)
        | Action::Advance(_) => false,
    }
}
