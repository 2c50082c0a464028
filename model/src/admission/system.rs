//! Admission as a system that the explorer can search.

use super::attacker::{self, Move};
use super::invariant::{Invariant, InvariantId};
use super::scope::{FOREVER, Scope, VACANT_ENTRY, VACANT_MESSAGE};
use super::step::{Action, Delivery, Step};
use super::weakening::Ruleset;
use super::world::{Setting, World};
use crate::domain::{Concrete, Table as _};
use crate::explorer::{Outcome, System};

/// Envelope admission under given rules, within a scope.
#[derive(Clone, Debug)]
pub struct Admission {
    rules: Ruleset,
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

impl Admission {
    /// The system under `rules` within `scope`, watching `invariants`.
    pub fn new(rules: Ruleset, scope: Scope, invariants: &[InvariantId]) -> Self {
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
    pub fn rules(&self) -> Ruleset {
        self.rules
    }

    /// Takes `next`, with all that can be said of it.
    pub fn step(&self, world: &World<Concrete>, next: &Move) -> Step<Concrete> {
        let mut world = *world;
        if let (Some(message), Action::Send(slot) | Action::Deliver(slot, _)) =
            (&next.introduces, &next.action)
        {
            world.messages.set(slot, *message);
        }
        world.step(self.rules, &self.setting, &next.action)
    }

    /// The invariants that a step violates.
    pub fn violations<'a>(
        &'a self,
        deliveries: &'a [Option<Delivery<Concrete>>],
    ) -> impl Iterator<Item = InvariantId> + 'a {
        InvariantId::ALL.iter().copied().filter(|id| {
            let invariant = Invariant::<Concrete>::of(*id);
            deliveries
                .iter()
                .flatten()
                .any(|event| invariant.violated(&self.setting, event))
        })
    }
}

impl System for Admission {
    type State = State;
    type Move = Move;

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
        let mut reached = 0;
        let mut broken = false;
        for (bit, id) in self.watched.iter().enumerate() {
            let invariant = Invariant::<Concrete>::of(*id);
            for event in step.deliveries.iter().flatten() {
                reached |= u32::from((invariant.premise)(&self.setting, event)) << bit;
                broken |= invariant.violated(&self.setting, event);
            }
        }
        let changed = step.deliveries.iter().flatten().any(|event| event.changed);
        let refused = step.deliveries.iter().flatten().count() > 0 && !changed;
        let state = if refused && !broken {
            None
        } else {
            let faults = state.faults + u8::from(is_fault(&next.action));
            let world = canonical(&step.after);
            let after = State {
                world,
                faults,
                broken: state.broken || broken,
            };
            (after.world != state.world || after.broken != state.broken).then_some(after)
        };
        Some(Outcome { state, reached })
    }

    fn broken(&self, state: &State) -> bool {
        state.broken
    }
}

/// Whether the action spends one of the scope's faults.
fn is_fault(action: &Action<Concrete>) -> bool {
    match action {
        Action::SetBack(_)
        | Action::Restart
        | Action::FailOver
        | Action::Compromise(_)
        | Action::Rotate(..)
        | Action::Revoke(_)
        | Action::Retire(_) => true,
        Action::Send(_)
        | Action::Deliver(..)
        | Action::DeliverTwice(..)
        | Action::Advance(_)
        | Action::Forget(..) => false,
    }
}

/// The representative of all worlds that differ only in the order of the message slots, in what
/// nobody can read any more, or in how far beyond the last instant a time lies.
fn canonical(world: &World<Concrete>) -> World<Concrete> {
    let mut world = *world;
    for key in &mut world.keys.0 {
        key.not_after = key.not_after.min(FOREVER);
    }
    for agent in &mut world.agents.0 {
        if agent.period != world.now {
            (agent.period, agent.recent, agent.admitted) = (0, 0, 0);
        }
    }
    for entry in &mut world.store.0 {
        if !entry.stored {
            *entry = VACANT_ENTRY;
        }
    }
    sort_slots(&mut world);
    world
}

/// Message slots are names, not places: occupied ones come first, in the order of their content.
fn sort_slots(world: &mut World<Concrete>) {
    let mut order = [0u8, 1, 2, 3];
    let rank = |slot: &u8| {
        let message = world.messages.at(slot);
        let fate = world.fates.at(slot);
        let vacant = message == VACANT_MESSAGE;
        (
            vacant,
            message.issued_at,
            message.from,
            message.nonce,
            message.key,
            message.expires_at,
            message.to,
            fate.sent,
            fate.admitted,
        )
    };
    if order.is_sorted_by_key(rank) {
        return;
    }
    order.sort_by_key(rank);
    let (messages, fates) = (world.messages, world.fates);
    let mut place = [0u8; 4];
    for (new, old) in (0u8..).zip(order) {
        world.messages.set(&new, messages.at(&old));
        world.fates.set(&new, fates.at(&old));
        if let Some(slot) = place.get_mut(usize::from(old)) {
            *slot = new;
        }
    }
    for entry in &mut world.store.0 {
        if entry.stored {
            entry.by = place
                .get(usize::from(entry.by))
                .copied()
                .unwrap_or(entry.by);
        }
    }
}
