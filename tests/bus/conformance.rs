//! Exhaustive conformance: every transition of the explored graph, and at every state everything that the
//! model refuses, performed on a real log with real hashes and signatures.
//!
//! What is refused must be refused with the same rejection and leave the full state unchanged: an error is a
//! stutter. That is what makes a proof about the model say something about the code.

use std::collections::{HashSet, VecDeque};

use countersign::lab::BusLab;
use countersign_model::bus::attacker::Move;
use countersign_model::bus::scope::Scope;
use countersign_model::bus::story::Story;
use countersign_model::bus::system::{State, Office};
use countersign_model::explorer::System as _;
use countersign_model::rulebook::Ruleset;
use countersign_replay::bus::teller::tell;
use countersign_replay::target::Target as _;
use countersign_replay::trace::Seed;

/// One message; everything that breaks.
const FAULTS: Scope = Scope {
    messages: 1,
    checkpoints: 1,
    faults: 1,
};
/// Two messages and two checkpoints.
const TRAFFIC: Scope = Scope {
    messages: 2,
    checkpoints: 2,
    faults: 0,
};

type Path = Vec<(State, Option<Move>)>;

/// Performs a path, comparing verdicts and states after every step.
fn perform(office: &Office, scope: Scope, path: &Path) {
    let story = Story::of_path(office, &scope, path);
    let trace = tell(&story, &[], None, "one path of many", Seed([7; 16])).unwrap();
    let mut lab = BusLab::hardened();
    lab.begin(&trace).unwrap();
    for step in &trace.steps {
        let seen = lab.take(step).unwrap();
        assert_eq!(
            seen.verdicts, step.expect.verdicts,
            "{step:?} in {trace:#?}"
        );
        assert_eq!(seen.state, step.expect.state, "{step:?} in {trace:#?}");
    }
}

/// Walks the whole graph; returns its states, the transitions, and what changed nothing.
fn walk(scope: Scope) -> (usize, usize, usize) {
    let office = Office::new(Ruleset::HARDENED, scope, &[]);
    let mut visited = HashSet::new();
    let mut waiting: VecDeque<(State, Path)> = VecDeque::new();
    for first in office.first() {
        visited.insert(first);
        waiting.push_back((first, Vec::new()));
    }
    let (mut transitions, mut stutters) = (0, 0);
    let mut moves = Vec::new();
    while let Some((state, path)) = waiting.pop_front() {
        moves.clear();
        office.moves(&state, &mut moves);
        let mut standing = path.clone();
        for next in &moves {
            let mut longer = path.clone();
            longer.push((state, Some(*next)));
            let Some(after) = office.take(&state, next).unwrap().state else {
                standing.push((state, Some(*next)));
                continue;
            };
            perform(&office, scope, &longer);
            transitions += 1;
            if visited.insert(after) {
                waiting.push_back((after, longer));
            }
        }
        perform(&office, scope, &standing);
        stutters += standing.len() - path.len();
    }
    (visited.len(), transitions, stutters)
}

#[test]
fn a_log_agrees_with_the_model_whatever_breaks() {
    assert_eq!(walk(FAULTS), (147, 222, 1_668));
}

#[test]
fn a_log_agrees_with_the_model_on_everything_that_is_written_and_asked() {
    assert_eq!(walk(TRAFFIC), (183, 346, 3_713));
}
