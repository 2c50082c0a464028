//! The session as a system that the explorer can search.

use std::hash::{Hash, Hasher};

use super::Session as Rules;
use super::attacker::{self, Move};
use super::invariant::{Invariant, InvariantId};
use super::scope::Scope;
use super::step::{Action, Event, Step};
use super::world::{Setting, World};
use crate::domain::{Concrete, Table as _};
use crate::explorer::{Outcome, System};
use crate::rulebook::Ruleset;

/// Sessions of one end under given rules, within a scope.
#[derive(Clone, Debug)]
pub struct Exchange {
    rules: Ruleset<Rules>,
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

impl Exchange {
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
        let mut before = *world;
        if let (Some(record), Action::Seal(slot) | Action::Deliver(slot, _)) =
            (next.introduces, &next.action)
        {
            before.records.set(slot, record);
        }
        before.step(self.rules, &self.setting, &next.action)
    }

    /// The invariants that a step violates.
    pub fn violations<'a>(
        &'a self,
        event: Option<&'a Event<Concrete>>,
    ) -> impl Iterator<Item = InvariantId> + 'a {
        InvariantId::ALL.iter().copied().filter(move |id| {
            let invariant = Invariant::<Concrete>::of(*id);
            event.is_some_and(|event| invariant.violated(&self.setting, event))
        })
    }

    /// Which watched premises an event satisfies, and whether it violates a watched invariant.
    fn watch(&self, event: &Event<Concrete>) -> (u64, bool) {
        let (mut reached, mut broken) = (0, false);
        for (place, id) in self.watched.iter().enumerate() {
            let invariant = Invariant::<Concrete>::of(*id);
            if (invariant.premise)(&self.setting, event) {
                reached |= 1 << place;
                broken |= !(invariant.conclusion)(&self.setting, event);
            }
        }
        (reached, broken)
    }
}

impl System for Exchange {
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
        attacker::moves(&self.scope, self.rules, &state.world, state.faults, all);
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
        let changed = step.event.as_ref().is_none_or(changes);
        let after = (changed || broken).then(|| {
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

/// Whether something at an end changed. What is refused, or only read, changes nothing.
fn changes(event: &Event<Concrete>) -> bool {
    match event {
        Event::Opening(it) => it.changed(),
        Event::Sealing(it) => it.sealed,
        Event::Reading(_) => false,
    }
}

/// Whether the action spends one of the scope's faults.
fn is_fault(action: Action<Concrete>) -> bool {
    match action {
        Action::Reconnect(_) | Action::Withdraw(_) | Action::Reveal(_) => true,
        Action::Seal(_) | Action::Deliver(..) | Action::Read(_) | Action::Advance(_) => false,
    }
}
