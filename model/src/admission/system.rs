//! Admission as a system that the explorer can search.

use super::attacker::{self, Move};
use super::invariant::{Invariant, InvariantId};
use super::message::{Fate, Message, Presented};
use super::pack::Words;
use super::scope::Scope;
use super::step::{Action, Delivery, Step, Taken};
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
    first: State,
    /// For each row of the invariant table its bit among those watched; none where it is not.
    watched: [u64; InvariantId::ALL.len()],
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
        let mut watched = [0; InvariantId::ALL.len()];
        for (id, bit) in InvariantId::ALL.iter().zip(&mut watched) {
            let place = invariants.iter().position(|watched| watched == id);
            *bit = place.map_or(0, |place| 1 << place);
        }
        Self {
            rules,
            scope,
            setting: scope.setting(),
            first: State {
                world: scope.first(),
                faults: 0,
                broken: false,
            },
            watched,
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
        let mut after = *world;
        let Taken {
            enabled,
            deliveries,
        } = self.take_in(&mut after, next);
        Step {
            enabled,
            after,
            deliveries,
        }
    }

    fn take_in(&self, world: &mut World<Concrete>, next: &Move) -> Taken<Concrete> {
        if let (Some(message), Some(slot)) = (&next.introduces, next.action.message()) {
            world.messages.set(slot, *message);
        }
        world.take(self.rules, &self.setting, &next.action)
    }

    /// Which watched premises a delivery satisfies, and whether it violates a watched invariant.
    #[expect(clippy::inline_always, reason = "the innermost loop of the search")]
    #[inline(always)]
    fn watch(&self, event: &Delivery<Concrete>) -> (u64, bool) {
        let mut reached = 0;
        let mut broken = false;
        for (invariant, bit) in Invariant::<Concrete>::TABLE.iter().zip(self.watched) {
            if bit != 0 && (invariant.premise)(&self.setting, event) {
                reached |= bit;
                broken |= !(invariant.conclusion)(&self.setting, event);
            }
        }
        (reached, broken)
    }

    /// The premises that a delivery satisfies, if it is one that changes and breaks nothing.
    #[expect(clippy::inline_always, reason = "the innermost loop of the search")]
    #[inline(always)]
    fn refuses(
        &self,
        rules: Ruleset,
        world: &World<Concrete>,
        told: (&Message<Concrete>, &Fate<Concrete>),
        presented: Presented<Concrete>,
    ) -> Option<u64> {
        if !world.deliverable(told) {
            return None;
        }
        let event = world.judge(world, rules, &self.setting, told, &presented);
        if event.changed {
            return None;
        }
        let (reached, broken) = self.watch(&event);
        (!broken).then_some(reached)
    }

    /// What comes of a move that is no refused delivery; `None` where it cannot happen.
    fn change(&self, state: &State, next: &Move) -> Option<Outcome<State>> {
        let mut after = *state;
        let taken = self.take_in(&mut after.world, next);
        if !taken.enabled {
            return None;
        }
        let mut reached = 0;
        for event in taken.deliveries.iter().flatten() {
            let (satisfied, broken) = self.watch(event);
            reached |= satisfied;
            after.broken |= broken;
        }
        after.faults += u8::from(is_fault(next.action));
        after.world.canonicalize();
        if after.world == state.world && after.broken == state.broken {
            return Some(Outcome {
                state: None,
                reached,
                violated: 0,
            });
        }
        Some(Outcome {
            state: Some(after),
            reached,
            violated: 0,
        })
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
    type Packed = Words;
    type Move = Move;

    fn first(&self) -> Vec<State> {
        vec![self.first]
    }

    fn moves(&self, state: &State, all: &mut Vec<Move>) {
        attacker::moves(&self.scope, self.rules, &state.world, state.faults, all);
    }

    fn take(&self, state: &State, next: &Move) -> Option<Outcome<State>> {
        // Nine moves in ten are deliveries that are refused: those need no copy of the world. A second
        // copy finds the world as the first did.
        if let Action::Deliver(slot, presented) | Action::DeliverTwice(slot, presented) =
            &next.action
        {
            let world = &state.world;
            let message = next.introduces.unwrap_or_else(|| world.messages.at(slot));
            let told = (&message, &world.fates.at(slot));
            // A constant asks no question about weakenings: the compiler leaves them all out.
            let refused = if self.rules == Ruleset::HARDENED {
                self.refuses(Ruleset::HARDENED, world, told, *presented)
            } else {
                self.refuses(self.rules, world, told, *presented)
            };
            if let Some(reached) = refused {
                return Some(Outcome {
                    state: None,
                    reached,
                    violated: 0,
                });
            }
        }
        self.change(state, next)
    }

    fn broken(&self, state: &State) -> bool {
        state.broken
    }

    fn pack(&self, state: &State) -> Words {
        state.words()
    }

    fn unpack(&self, packed: &Words) -> State {
        self.first.with_words(packed)
    }
}

/// Whether the action spends one of the scope's faults.
fn is_fault(action: Action<Concrete>) -> bool {
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
