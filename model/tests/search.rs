//! The explorer's own verdicts, on systems small enough to see through.
//!
//! Each test guards one way in which stateright's answer, taken as it is, would mislead.

use std::num::NonZeroUsize;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use countersign_model::explorer::{Cutoff, Ending, Limit, Outcome, Report, System, explore};

const ONE: NonZeroUsize = NonZeroUsize::MIN;
const TWO: NonZeroUsize = NonZeroUsize::MIN.saturating_add(1);

/// A graph, drawn by its edges.
#[derive(Clone)]
struct Graph {
    first: &'static [u32],
    edges: &'static [(u32, u32)],
    broken: &'static [u32],
    /// The edges on which the only premise is satisfied.
    premise: &'static [(u32, u32)],
}

const CHAIN: Graph = Graph {
    first: &[0],
    edges: &[(0, 1), (1, 2), (2, 3)],
    broken: &[],
    premise: &[],
};

impl System for Graph {
    type State = u32;
    type Packed = u32;
    type Move = u32;

    fn first(&self) -> Vec<u32> {
        self.first.to_vec()
    }

    fn moves(&self, state: &u32, all: &mut Vec<u32>) {
        let edges = self.edges.iter().filter(|(from, _)| from == state);
        all.extend(edges.map(|(_, to)| *to));
    }

    fn take(&self, state: &u32, next: &u32) -> Option<Outcome<u32>> {
        Some(Outcome {
            state: Some(*next),
            reached: u64::from(self.premise.contains(&(*state, *next))),
            violated: 0,
        })
    }

    fn broken(&self, state: &u32) -> bool {
        self.broken.contains(state)
    }

    fn pack(&self, state: &u32) -> u32 {
        *state
    }

    fn unpack(&self, packed: &u32) -> u32 {
        *packed
    }
}

fn searched(graph: &Graph, cutoff: &Cutoff) -> Report<u32, u32> {
    explore(graph, ONE, cutoff)
}

#[test]
fn a_later_longer_counterexample_does_not_replace_the_first() {
    let forked = Graph {
        edges: &[(0, 1), (0, 2), (2, 3), (3, 4), (4, 5)],
        broken: &[1, 4, 5],
        ..CHAIN
    };
    let shortest = Ending::Broken(vec![(0, Some(1)), (1, None)]);
    for threads in [ONE, TWO] {
        let report = explore(&forked, threads, &Cutoff::default());
        assert_eq!(report.ending, shortest, "on {threads} threads");
    }
}

/// Counts up in steps of one and two; broken from 40 on.
#[derive(Clone)]
struct Ladder;

impl System for Ladder {
    type State = u32;
    type Packed = u32;
    type Move = u32;

    fn first(&self) -> Vec<u32> {
        vec![0]
    }

    fn moves(&self, _: &u32, all: &mut Vec<u32>) {
        all.extend([1, 2]);
    }

    fn take(&self, state: &u32, next: &u32) -> Option<Outcome<u32>> {
        Some(Outcome::silent(state + next))
    }

    fn broken(&self, state: &u32) -> bool {
        *state >= 40
    }

    fn pack(&self, state: &u32) -> u32 {
        *state
    }

    fn unpack(&self, packed: &u32) -> u32 {
        *packed
    }
}

#[test]
fn a_counterexample_is_a_shortest_one_on_any_number_of_threads() {
    for threads in [ONE, TWO, TWO.saturating_add(2)] {
        let report = explore(&Ladder, threads, &Cutoff::default());
        let Ending::Broken(path) = report.ending else {
            panic!("{:?} on {threads} threads", report.ending);
        };
        assert_eq!(path.len(), 21, "twenty steps of two, on {threads} threads");
    }
}

/// A root with many leaves, a short way to a broken state, and a longer one. Whoever walks the short
/// way is held up until somebody reached the end of the longer one.
#[derive(Clone)]
struct Race {
    over: Arc<AtomicBool>,
}

impl Race {
    const LEAVES: u32 = 6_000;
    const SHORT: [u32; 3] = [0, 2_500, 10_000];
    const LONG: [u32; 5] = [0, 5_500, 20_000, 20_001, 20_002];
}

impl System for Race {
    type State = u32;
    type Packed = u32;
    type Move = u32;

    fn first(&self) -> Vec<u32> {
        vec![0]
    }

    fn moves(&self, state: &u32, all: &mut Vec<u32>) {
        if *state == 0 {
            all.extend(1..=Self::LEAVES);
        }
        if *state == Self::SHORT[1] {
            // Bounded: a thread on its own goes both ways, and must not wait for itself.
            let waits = (0..100_000).take_while(|_| !self.over.load(Ordering::Relaxed));
            waits.for_each(|_| std::thread::yield_now());
        }
        let ways = [&Self::SHORT[..], &Self::LONG[..]];
        let steps = ways
            .iter()
            .flat_map(|way| way.iter().zip(way.iter().skip(1)));
        let onward = steps.filter(|(from, to)| *from == state && **to > Self::LEAVES);
        all.extend(onward.map(|(_, to)| *to));
    }

    fn take(&self, _: &u32, next: &u32) -> Option<Outcome<u32>> {
        Some(Outcome::silent(*next))
    }

    fn broken(&self, state: &u32) -> bool {
        let ended = *state == Self::LONG[4];
        self.over.fetch_or(ended, Ordering::Relaxed);
        ended || *state == Self::SHORT[2]
    }

    fn pack(&self, state: &u32) -> u32 {
        *state
    }

    fn unpack(&self, packed: &u32) -> u32 {
        *packed
    }
}

#[test]
fn a_longer_counterexample_that_wins_a_race_is_not_the_answer() {
    let race = Race {
        over: Arc::new(AtomicBool::new(false)),
    };
    let report = explore(&race, TWO, &Cutoff::default());
    let [start, middle, end] = Race::SHORT;
    let path = vec![(start, Some(middle)), (middle, Some(end)), (end, None)];
    assert_eq!(report.ending, Ending::Broken(path));
}

#[test]
fn a_counterexample_names_each_state_with_the_move_that_leaves_it() {
    let graph = Graph {
        broken: &[3],
        ..CHAIN
    };
    let path = vec![(0, Some(1)), (1, Some(2)), (2, Some(3)), (3, None)];
    assert_eq!(
        searched(&graph, &Cutoff::default()).ending,
        Ending::Broken(path)
    );
}

#[test]
fn a_broken_first_state_is_a_counterexample_without_a_step() {
    let graph = Graph {
        broken: &[0],
        ..CHAIN
    };
    let path = vec![(0, None)];
    assert_eq!(
        searched(&graph, &Cutoff::default()).ending,
        Ending::Broken(path)
    );
}

#[test]
fn a_search_to_the_end_is_exhausted_and_counts_exactly() {
    let looped = Graph {
        edges: &[(0, 1), (1, 2), (2, 3), (3, 0), (1, 1), (0, 2)],
        ..CHAIN
    };
    for threads in [ONE, TWO] {
        let report = explore(&looped, threads, &Cutoff::default());
        assert_eq!(report.ending, Ending::Exhausted);
        assert_eq!(report.attempted, 6, "every edge once");
        assert_eq!(report.generated, 7, "every edge once, and the first state");
        assert_eq!(report.distinct, 4);
    }
}

#[test]
fn a_cut_search_is_never_exhausted() {
    let told = Cutoff {
        stop: Some(Arc::new(AtomicBool::new(true))),
        ..Cutoff::default()
    };
    assert_eq!(searched(&CHAIN, &told).ending, Ending::Cut(Limit::Stopped));
    for states in 0..4 {
        let cutoff = Cutoff {
            states: Some(states),
            ..Cutoff::default()
        };
        let ending = searched(&CHAIN, &cutoff).ending;
        assert_eq!(ending, Ending::Cut(Limit::States), "after {states} states");
    }
    for depth in 1..4 {
        let cutoff = Cutoff {
            depth: NonZeroUsize::new(depth),
            ..Cutoff::default()
        };
        let ending = searched(&CHAIN, &cutoff).ending;
        assert_eq!(ending, Ending::Cut(Limit::Depth), "at {depth} steps");
    }
}

#[test]
fn a_limit_that_the_search_never_meets_changes_nothing() {
    let roomy = Cutoff {
        states: Some(4),
        depth: NonZeroUsize::new(4),
        stop: Some(Arc::new(AtomicBool::new(false))),
    };
    assert_eq!(
        searched(&CHAIN, &roomy),
        searched(&CHAIN, &Cutoff::default())
    );
    assert_eq!(searched(&CHAIN, &roomy).ending, Ending::Exhausted);
}

#[test]
fn a_search_that_ends_exactly_at_the_depth_allowed_counts_as_cut() {
    // Its last state has no successor; but nobody looked.
    let exactly = Cutoff {
        depth: NonZeroUsize::new(3),
        ..Cutoff::default()
    };
    let report = searched(&CHAIN, &exactly);
    assert_eq!((report.distinct, report.depth), (4, 3));
    assert_eq!(report.ending, Ending::Cut(Limit::Depth));
}

#[test]
fn a_counterexample_before_the_limit_is_told_although_the_search_was_cut() {
    let graph = Graph {
        broken: &[1],
        ..CHAIN
    };
    let cutoff = Cutoff {
        depth: NonZeroUsize::new(2),
        states: Some(1),
        ..Cutoff::default()
    };
    let path = vec![(0, Some(1)), (1, None)];
    assert_eq!(searched(&graph, &cutoff).ending, Ending::Broken(path));
}

/// Counts up for ever, and gives up on itself at 5,000.
#[derive(Clone)]
struct Endless {
    stop: Arc<AtomicBool>,
}

impl System for Endless {
    type State = u64;
    type Packed = u64;
    type Move = ();

    fn first(&self) -> Vec<u64> {
        vec![0]
    }

    fn moves(&self, _: &u64, all: &mut Vec<()>) {
        all.push(());
    }

    fn take(&self, state: &u64, (): &()) -> Option<Outcome<u64>> {
        if *state == 5_000 {
            self.stop.store(true, Ordering::Relaxed);
        }
        Some(Outcome::silent(state + 1))
    }

    fn broken(&self, _: &u64) -> bool {
        false
    }

    fn pack(&self, state: &u64) -> u64 {
        *state
    }

    fn unpack(&self, packed: &u64) -> u64 {
        *packed
    }
}

#[test]
fn a_search_without_an_end_stops_when_told() {
    let stop = Arc::new(AtomicBool::new(false));
    let system = Endless {
        stop: Arc::clone(&stop),
    };
    let cutoff = Cutoff {
        stop: Some(stop),
        ..Cutoff::default()
    };
    let report = explore(&system, ONE, &cutoff);
    assert_eq!(report.ending, Ending::Cut(Limit::Stopped));
    assert_eq!(report.depth, 5_001);
}

#[test]
fn a_search_without_a_first_state_asked_nothing() {
    let empty = Graph {
        first: &[],
        ..CHAIN
    };
    let cut = Cutoff {
        states: Some(0),
        ..Cutoff::default()
    };
    assert_eq!(searched(&empty, &Cutoff::default()).ending, Ending::Empty);
    assert_eq!(searched(&empty, &cut).ending, Ending::Empty);
}

#[test]
fn a_premise_is_reached_only_where_some_transition_satisfied_it() {
    let satisfied = Graph {
        premise: &[(2, 3)],
        ..CHAIN
    };
    // The edge is drawn, but its start is out of reach.
    let out_of_reach = Graph {
        edges: &[(0, 1), (2, 3)],
        premise: &[(2, 3)],
        ..CHAIN
    };
    let reached = |graph| searched(graph, &Cutoff::default()).reached;
    assert_eq!(reached(&satisfied), 1);
    assert_eq!(reached(&out_of_reach), 0);
    assert_eq!(reached(&CHAIN), 0);
}

#[test]
fn the_chance_of_an_omission_grows_with_the_square_of_the_states() {
    let mut report = searched(&CHAIN, &Cutoff::default());
    report.distinct = 1 << 20;
    assert!((report.omission_probability() - 2f64.powi(-25)).abs() < f64::EPSILON);
}
