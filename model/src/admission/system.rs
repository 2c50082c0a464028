//! Admission as a system that the explorer can search.

use super::Admission;
use super::attacker::{self, Move, Sink};
use super::invariant::{Invariant, InvariantId};
use super::scope::Scope;
use super::state::{State, Words};
use super::step::{Action, Delivery, Step, Taken};
use super::world::{Setting, World};
use crate::domain::{Concrete, Table as _};
use crate::explorer::{Outcome, System, Tally};
use crate::rulebook::Ruleset;

/// Envelope admission under given rules, within a scope.
#[derive(Clone, Debug)]
pub struct Reception {
    rules: Ruleset<Admission>,
    scope: Scope,
    setting: Setting<Concrete>,
    first: State,
    /// For each row of the invariant table its bit among those watched; none where it is not.
    watched: [u64; InvariantId::ALL.len()],
}

impl Reception {
    /// The system under `rules` within `scope`, watching `invariants`.
    pub fn new(rules: Ruleset<Admission>, scope: Scope, invariants: &[InvariantId]) -> Self {
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
    pub fn rules(&self) -> Ruleset<Admission> {
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

    /// The premises that a move satisfies, if it is a delivery that changes and breaks nothing. Nine
    /// moves in ten are; they need no copy of the world. Of two copies the second finds the world as
    /// the first did.
    #[expect(clippy::inline_always, reason = "the innermost loop of the search")]
    #[inline(always)]
    fn refuses(
        &self,
        rules: Ruleset<Admission>,
        world: &World<Concrete>,
        next: &Move,
    ) -> Option<u64> {
        let (Action::Deliver(slot, presented) | Action::DeliverTwice(slot, presented)) =
            &next.action
        else {
            return None;
        };
        let message = next.introduces.unwrap_or_else(|| world.messages.at(slot));
        let told = (&message, &world.fates.at(slot));
        if !world.deliverable(told) {
            return None;
        }
        let event = world.judge(world, rules, &self.setting, told, presented);
        if event.changed {
            return None;
        }
        let (reached, broken) = self.watch(&event);
        (!broken).then_some(reached)
    }

    /// What comes of a move that is no refused delivery, taken in `after`, a copy of `state`; `None`
    /// where it cannot happen.
    fn change<'a>(
        &self,
        state: &State,
        next: &Move,
        after: &'a mut State,
    ) -> Option<Outcome<&'a State>> {
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
        let changed = after.world != state.world || after.broken != state.broken;
        Some(Outcome {
            state: changed.then_some(after),
            reached,
            violated: 0,
        })
    }

    /// Takes every move, with or without asking for weakenings.
    fn expand_under<const HARDENED: bool>(
        &self,
        state: &State,
        tally: &mut Tally,
        arrive: impl FnMut(Move, &State),
    ) {
        let mut trial = Trial::<HARDENED, _> {
            admission: self,
            state,
            tally: *tally,
            arrive,
        };
        attacker::moves(
            &self.scope,
            self.rules,
            &state.world,
            state.faults,
            &mut trial,
        );
        *tally = trial.tally;
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

impl System for Reception {
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
        if let Some(reached) = self.refuses(self.rules, &state.world, next) {
            return Some(Outcome {
                state: None,
                reached,
                violated: 0,
            });
        }
        let mut after = *state;
        let outcome = self.change(state, next, &mut after)?;
        Some(Outcome {
            state: outcome.state.copied(),
            reached: outcome.reached,
            violated: outcome.violated,
        })
    }

    fn expand(&self, state: &State, tally: &mut Tally, arrive: impl FnMut(Move, &State)) {
        if self.rules == Ruleset::HARDENED {
            self.expand_under::<true>(state, tally, arrive);
        } else {
            self.expand_under::<false>(state, tally, arrive);
        }
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

/// Takes every move that it is told of.
struct Trial<'a, const HARDENED: bool, A> {
    admission: &'a Reception,
    state: &'a State,
    tally: Tally,
    arrive: A,
}

impl<const HARDENED: bool, A: FnMut(Move, &State)> Trial<'_, HARDENED, A> {
    /// Takes a move that is no refused delivery: rare enough for a call.
    #[inline(never)]
    fn take(&mut self, next: Move) {
        let mut after = *self.state;
        let outcome = self.admission.change(self.state, &next, &mut after);
        self.tally.count(outcome.as_ref());
        if let Some(after) = outcome.and_then(|outcome| outcome.state) {
            (self.arrive)(next, after);
        }
    }
}

impl<const HARDENED: bool, A: FnMut(Move, &State)> Sink for Trial<'_, HARDENED, A> {
    #[expect(clippy::inline_always, reason = "the innermost loop of the search")]
    #[inline(always)]
    fn put(&mut self, next: Move) {
        // A constant asks no question about weakenings: the compiler leaves them all out.
        let rules = if HARDENED {
            Ruleset::HARDENED
        } else {
            self.admission.rules
        };
        match self.admission.refuses(rules, &self.state.world, &next) {
            Some(reached) => {
                self.tally.attempted += 1;
                self.tally.reached |= reached;
            }
            None => self.take(next),
        }
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
