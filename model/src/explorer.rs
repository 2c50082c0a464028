//! Exhaustive search of any [`System`] with stateright, under a verdict layer of our own.
//!
//! stateright 0.31 searches well and concludes rashly: its breadth-first search overwrites a
//! counterexample by later, longer ones; a run cut short, or one without an initial state, asserts
//! as a pass; its timeout does not stop a lone thread. Here the first counterexample is kept, one thread makes it the shortest, and every
//! way to end is told apart in [`Ending`]. (States are canonical before they arrive: the
//! breadth-first search ignores `symmetry()`.)

use std::fmt::Debug;
use std::hash::Hash;
use std::num::NonZeroUsize;
use std::sync::atomic::{AtomicBool, AtomicU32, AtomicU64, Ordering};
use std::sync::{Arc, OnceLock};

use stateright::{Checker as _, HasDiscoveries, Model, Property};

/// A transition system with one watched condition.
pub trait System: Send + Sync + 'static {
    /// A canonical state: two states that differ in names only are equal.
    type State: Clone + Debug + PartialEq + Hash + Send + Sync + 'static;
    /// Something that can happen.
    type Move: Clone + Debug + PartialEq + Send + Sync + 'static;

    /// The initial states.
    fn first(&self) -> Vec<Self::State>;
    /// Everything that can happen in `state`, in an order that never changes.
    fn moves(&self, state: &Self::State, all: &mut Vec<Self::Move>);
    /// What comes of it; `None` where it cannot happen.
    fn take(&self, state: &Self::State, next: &Self::Move) -> Option<Outcome<Self::State>>;
    /// Whether a watched invariant was violated on the way to `state`.
    fn broken(&self, state: &Self::State) -> bool;
}

/// What comes of a move.
#[derive(Clone, Debug)]
pub struct Outcome<S> {
    /// The next state; `None` where nothing changed, as when a message is refused.
    pub state: Option<S>,
    /// Which premises of the watched invariants it satisfied, one bit each.
    pub reached: u32,
}

/// When to stop although states are left.
#[derive(Clone, Debug, Default)]
pub struct Cutoff {
    /// After this many generated states.
    pub states: Option<u64>,
    /// At this many steps.
    pub depth: Option<NonZeroUsize>,
    /// Once whoever holds the other end says so, as a timer does.
    pub stop: Option<Arc<AtomicBool>>,
}

/// Which cutoff ended a search.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Limit {
    /// The number of states.
    States,
    /// The number of steps.
    Depth,
    /// It was told to stop.
    Stopped,
}

/// How a search ended.
#[derive(Clone, Debug, PartialEq)]
pub enum Ending<S, M> {
    /// Every reachable state was visited, and none was broken.
    Exhausted,
    /// A limit was hit first: nothing is known of the rest.
    Cut(Limit),
    /// A shortest run to a broken state: each state with the move that leaves it.
    Broken(Vec<(S, Option<M>)>),
    /// There was no initial state: nothing was asked.
    Empty,
}

/// What a search found.
#[derive(Clone, Debug, PartialEq)]
pub struct Report<S, M> {
    /// How it ended.
    pub ending: Ending<S, M>,
    /// States generated, repeats included.
    pub generated: u64,
    /// Moves that changed nothing, such as refused messages.
    pub idle: u64,
    /// Distinct states, told apart by 64-bit fingerprints.
    pub distinct: u64,
    /// Steps to the furthest state visited.
    pub depth: u64,
    /// Which premises were satisfied somewhere, one bit each.
    pub reached: u32,
}

impl<S, M> Report<S, M> {
    /// The chance that two states were taken for one: at most n^2 / 2^65 for n distinct states.
    #[expect(clippy::cast_precision_loss, reason = "an estimate")]
    pub fn omission_probability(&self) -> f64 {
        let states = self.distinct as f64;
        states * states / 2f64.powi(65)
    }
}

/// Searches `system` breadth first on `threads` threads.
///
/// With one thread a counterexample is a shortest one. With more, a broken system is searched again
/// with one, so that the answer never depends on timing.
pub fn explore<S: System + Clone>(
    system: &S,
    threads: NonZeroUsize,
    cutoff: &Cutoff,
) -> Report<S::State, S::Move> {
    let report = search(system.clone(), threads, cutoff);
    match report.ending {
        Ending::Broken(_) if threads.get() > 1 => search(system.clone(), NonZeroUsize::MIN, cutoff),
        _ => report,
    }
}

/// A system as stateright sees it, with what the search learns on the way.
struct Searched<S: System> {
    system: S,
    first_broken: OnceLock<S::State>,
    reached: AtomicU32,
    idle: AtomicU64,
    generated: AtomicU64,
    cutoff: Cutoff,
    cut: OnceLock<Limit>,
}

impl<S: System> Searched<S> {
    /// The limit that forbids looking further, if one does. Once it does, the search is cut for good.
    fn limit(&self) -> Option<Limit> {
        let stopped = self.cutoff.stop.as_ref().is_some_and(|stop| stop.load(Ordering::Relaxed));
        let generated = self.generated.load(Ordering::Relaxed);
        if stopped {
            Some(Limit::Stopped)
        } else if self.cutoff.states.is_some_and(|states| generated >= states) {
            Some(Limit::States)
        } else {
            None
        }
    }
}

const UNBROKEN: &str = "no watched invariant is violated";

impl<S: System> Model for Searched<S> {
    type State = S::State;
    type Action = S::Move;

    fn init_states(&self) -> Vec<S::State> {
        self.system.first()
    }

    fn actions(&self, state: &S::State, actions: &mut Vec<S::Move>) {
        match self.limit() {
            Some(limit) => {
                self.cut.get_or_init(|| limit);
            }
            None if !self.system.broken(state) => self.system.moves(state, actions),
            None => {}
        }
    }

    fn next_state(&self, state: &S::State, next: S::Move) -> Option<S::State> {
        let outcome = self.system.take(state, &next)?;
        if outcome.reached & !self.reached.load(Ordering::Relaxed) != 0 {
            self.reached.fetch_or(outcome.reached, Ordering::Relaxed);
        }
        let counter = if outcome.state.is_some() { &self.generated } else { &self.idle };
        counter.fetch_add(1, Ordering::Relaxed);
        outcome.state
    }

    fn properties(&self) -> Vec<Property<Self>> {
        // Only the first broken state counts as a discovery, so that no later one replaces it.
        vec![Property::always(UNBROKEN, |model: &Self, state| {
            !model.system.broken(state)
                || model.first_broken.get_or_init(|| state.clone()) != state
        })]
    }
}

fn search<S: System>(
    system: S,
    threads: NonZeroUsize,
    cutoff: &Cutoff,
) -> Report<S::State, S::Move> {
    let searched = Searched {
        system,
        first_broken: OnceLock::new(),
        reached: AtomicU32::new(0),
        idle: AtomicU64::new(0),
        generated: AtomicU64::new(0),
        cutoff: cutoff.clone(),
        cut: OnceLock::new(),
    };
    let empty = searched.init_states().is_empty();
    let mut builder =
        searched.checker().threads(threads.get()).finish_when(HasDiscoveries::AnyFailures);
    if let Some(depth) = cutoff.depth {
        // stateright counts the states of a path, one more than its steps.
        builder = builder.target_max_depth(depth.get() + 1);
    }
    let checker = builder.spawn_bfs().join();
    let model = checker.model();
    let depth = checker.max_depth().saturating_sub(1);
    // In doubt a limit ended it: a state at the last depth allowed may have had successors.
    let too_deep = cutoff.depth.is_some_and(|limit| depth >= limit.get());
    let limit = model.cut.get().copied().or(too_deep.then_some(Limit::Depth));
    let ending = match (checker.discovery(UNBROKEN), limit) {
        _ if empty => Ending::Empty,
        (Some(path), _) => Ending::Broken(path.into_vec()),
        (None, Some(limit)) => Ending::Cut(limit),
        (None, None) => Ending::Exhausted,
    };
    Report {
        ending,
        generated: checker.state_count() as u64,
        idle: model.idle.load(Ordering::Relaxed),
        distinct: checker.unique_state_count() as u64,
        depth: depth as u64,
        reached: model.reached.load(Ordering::Relaxed),
    }
}
