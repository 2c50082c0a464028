//! Exhaustive search of any [`System`] with stateright, under a verdict layer of our own.
//!
//! stateright 0.31 searches well and concludes rashly: while it looks for anything else, its
//! breadth-first search overwrites a counterexample by later, longer ones; a run cut short, or one
//! without an initial state, asserts as a pass; its timeout does not stop a lone thread. Here one
//! property is asked, so that the first counterexample ends the search; one thread makes it a
//! shortest one; and every way to end is told apart in [`Ending`]. (States are canonical before
//! they arrive: the breadth-first search ignores `symmetry()`.)

use std::fmt::Debug;
use std::hash::{Hash, Hasher};
use std::num::NonZeroUsize;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, OnceLock};

use stateright::{Checker as _, HasDiscoveries, Model, Path, Property};

use self::recent::Recent;

pub mod bounds;
mod recent;

/// A transition system with one watched condition.
pub trait System: Send + Sync + 'static {
    /// A canonical state: two states that differ in names only are equal.
    type State: Clone + Debug + PartialEq + Send + Sync + 'static;
    /// A state as it is kept: small, quick to hash, and enough to tell the state again.
    type Packed: Clone + PartialEq + Hash + Send + Sync + 'static;
    /// Something that can happen.
    type Move: Clone + Debug + PartialEq + Send + Sync + 'static;

    /// The initial states.
    fn first(&self) -> Vec<Self::State>;
    /// Everything that can happen in `state`, in an order that never changes.
    fn moves(&self, state: &Self::State, all: &mut Vec<Self::Move>);
    /// What comes of it; `None` where it cannot happen.
    fn take(&self, state: &Self::State, next: &Self::Move) -> Option<Outcome<Self::State>>;
    /// Takes everything that can happen in `state`, and hands over each move that changes something,
    /// with the state that it leads to. For systems that can tell sooner which moves do not.
    fn expand(
        &self,
        state: &Self::State,
        tally: &mut Tally,
        mut arrive: impl FnMut(Self::Move, &Self::State),
    ) {
        let mut moves = Vec::with_capacity(MOVES);
        self.moves(state, &mut moves);
        for next in moves {
            // By reference: most moves change nothing, and a state that is not there is not moved.
            let outcome = &self.take(state, &next);
            tally.count(outcome.as_ref());
            if let Some(Outcome {
                state: Some(after), ..
            }) = outcome
            {
                arrive(next, after);
            }
        }
    }
    /// Whether a watched invariant was violated on the way to `state`.
    fn broken(&self, state: &Self::State) -> bool;
    /// The state as it is kept.
    fn pack(&self, state: &Self::State) -> Self::Packed;
    /// The state that is kept as `packed`.
    fn unpack(&self, packed: &Self::Packed) -> Self::State;
}

/// What comes of a move.
#[derive(Clone, Debug)]
pub struct Outcome<S> {
    /// The next state; `None` where nothing changed, as when a message is refused.
    pub state: Option<S>,
    /// Which premises it satisfied, one bit each.
    pub reached: u64,
    /// Which conclusions it violated, one bit each: told of every transition, also where the
    /// search does not end there.
    pub violated: u64,
}

impl<S> Outcome<S> {
    /// A move to `state` that says nothing of any premise or conclusion.
    pub const fn silent(state: S) -> Self {
        Self {
            state: Some(state),
            reached: 0,
            violated: 0,
        }
    }
}

/// What moves came to, those that change nothing included.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// How many were tried.
    pub attempted: u64,
    /// Which premises they satisfied, one bit each.
    pub reached: u64,
    /// Which conclusions they violated, one bit each.
    pub violated: u64,
}

impl Tally {
    /// Counts one more move; without an outcome if it could not happen.
    #[inline]
    pub fn count<S>(&mut self, outcome: Option<&Outcome<S>>) {
        self.attempted += 1;
        if let Some(outcome) = outcome {
            self.reached |= outcome.reached;
            self.violated |= outcome.violated;
        }
    }
}

/// When to stop although states are left.
#[derive(Clone, Debug, Default)]
pub struct Cutoff {
    /// After this many states were expanded.
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
    /// Transitions taken, those that change nothing (a refused message) included.
    pub attempted: u64,
    /// States generated by transitions that change something, repeats included.
    pub generated: u64,
    /// Distinct states, told apart by 64-bit fingerprints.
    pub distinct: u64,
    /// Steps to the furthest state visited; exact on one thread, at least that on several, which may
    /// reach a state by a longer way first.
    pub depth: u64,
    /// Which premises were satisfied somewhere, one bit each.
    pub reached: u64,
    /// Which conclusions were violated somewhere, one bit each.
    pub violated: u64,
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

/// A state as stateright keeps it.
#[derive(Clone, PartialEq)]
struct Kept<P> {
    packed: P,
    fingerprint: u64,
    broken: bool,
}

impl<P> Hash for Kept<P> {
    fn hash<H: Hasher>(&self, hasher: &mut H) {
        // The rest was hashed into it already.
        hasher.write_u64(self.fingerprint);
    }
}

/// What a move that changes something leads to; nothing where that was generated lately.
type Successor<S> = Option<Kept<<S as System>::Packed>>;

/// Room for the moves of most states, so that most need one allocation.
const MOVES: usize = 32;

/// A system as stateright sees it, with what the search learns on the way.
struct Searched<S: System> {
    system: S,
    reached: AtomicU64,
    violated: AtomicU64,
    expanded: AtomicU64,
    attempted: AtomicU64,
    generated: AtomicU64,
    recent: Recent,
    cutoff: Cutoff,
    cut: OnceLock<Limit>,
    over: AtomicBool,
}

impl<S: System> Searched<S> {
    /// The limit that forbids looking further, if one does. Once it does, the search is cut for good.
    fn limit(&self) -> Option<Limit> {
        let stopped = self
            .cutoff
            .stop
            .as_ref()
            .is_some_and(|stop| stop.load(Ordering::Relaxed));
        let expanded = self.expanded.load(Ordering::Relaxed);
        if self.over.load(Ordering::Relaxed) {
            // stateright walks a counterexample once more to name its states.
            None
        } else if stopped {
            Some(Limit::Stopped)
        } else if self.cutoff.states.is_some_and(|states| expanded >= states) {
            Some(Limit::States)
        } else {
            None
        }
    }
}

impl<S: System> Searched<S> {
    fn kept(&self, state: &S::State) -> Kept<S::Packed> {
        let packed = self.system.pack(state);
        Kept {
            fingerprint: recent::fingerprint(&packed),
            packed,
            broken: self.system.broken(state),
        }
    }

    /// A path as the system tells it: from each state the first move that leads to the next.
    fn told(&self, path: Path<Kept<S::Packed>, Successor<S>>) -> Vec<(S::State, Option<S::Move>)> {
        path.into_vec()
            .into_iter()
            .map(|(kept, next)| {
                let state = self.system.unpack(&kept.packed);
                let mut by = None;
                self.system
                    .expand(&state, &mut Tally::default(), |taken, after| {
                        if by.is_none() && next.as_ref() == Some(&Some(self.kept(after))) {
                            by = Some(taken);
                        }
                    });
                (state, by)
            })
            .collect()
    }
}

const UNBROKEN: &str = "no watched invariant is violated";

impl<S: System> Model for Searched<S> {
    type State = Kept<S::Packed>;
    type Action = Successor<S>;

    fn init_states(&self) -> Vec<Self::State> {
        self.system
            .first()
            .iter()
            .map(|state| self.kept(state))
            .collect()
    }

    fn actions(&self, kept: &Self::State, successors: &mut Vec<Successor<S>>) {
        if let Some(limit) = self.limit() {
            self.cut.get_or_init(|| limit);
            return;
        }
        // stateright does the same work for every action; so it gets those that change something.
        let state = self.system.unpack(&kept.packed);
        let mut tally = Tally::default();
        self.system.expand(&state, &mut tally, |_, after| {
            let next = self.kept(after);
            let known =
                !self.over.load(Ordering::Relaxed) && self.recent.remembers(next.fingerprint);
            successors.push((!known).then_some(next));
        });
        self.expanded.fetch_add(1, Ordering::Relaxed);
        self.attempted.fetch_add(tally.attempted, Ordering::Relaxed);
        self.generated
            .fetch_add(successors.len() as u64, Ordering::Relaxed);
        for (all, some) in [
            (&self.reached, tally.reached),
            (&self.violated, tally.violated),
        ] {
            if some & !all.load(Ordering::Relaxed) != 0 {
                all.fetch_or(some, Ordering::Relaxed);
            }
        }
    }

    fn next_state(&self, _: &Self::State, next: Successor<S>) -> Option<Self::State> {
        next
    }

    fn properties(&self) -> Vec<Property<Self>> {
        // INVARIANT: the only property, so that its first discovery is also the last.
        vec![Property::always(
            UNBROKEN,
            |_: &Self, state: &Kept<S::Packed>| !state.broken,
        )]
    }
}

fn search<S: System>(
    system: S,
    threads: NonZeroUsize,
    cutoff: &Cutoff,
) -> Report<S::State, S::Move> {
    let searched = Searched {
        system,
        reached: AtomicU64::new(0),
        violated: AtomicU64::new(0),
        expanded: AtomicU64::new(0),
        attempted: AtomicU64::new(0),
        generated: AtomicU64::new(0),
        recent: Recent::new(),
        cutoff: cutoff.clone(),
        cut: OnceLock::new(),
        over: AtomicBool::new(false),
    };
    let first = searched.init_states().len() as u64;
    let mut builder = searched
        .checker()
        .threads(threads.get())
        .finish_when(HasDiscoveries::AnyFailures);
    if let Some(depth) = cutoff.depth {
        // stateright counts the states of a path, one more than its steps.
        builder = builder.target_max_depth(depth.get() + 1);
    }
    let checker = builder.spawn_bfs().join();
    let model = checker.model();
    model.over.store(true, Ordering::Relaxed);
    let attempted = model.attempted.load(Ordering::Relaxed);
    let generated = model.generated.load(Ordering::Relaxed);
    let depth = checker.max_depth().saturating_sub(1);
    // In doubt a limit ended it: a state at the last depth allowed may have had successors.
    let too_deep = cutoff.depth.is_some_and(|limit| depth >= limit.get());
    let limit = model
        .cut
        .get()
        .copied()
        .or(too_deep.then_some(Limit::Depth));
    let ending = match (checker.discovery(UNBROKEN), limit) {
        _ if first == 0 => Ending::Empty,
        (Some(path), _) => Ending::Broken(model.told(path)),
        (None, Some(limit)) => Ending::Cut(limit),
        (None, None) => Ending::Exhausted,
    };
    Report {
        ending,
        attempted,
        generated: first + generated,
        distinct: checker.unique_state_count() as u64,
        depth: depth as u64,
        reached: model.reached.load(Ordering::Relaxed),
        violated: model.violated.load(Ordering::Relaxed),
    }
}
