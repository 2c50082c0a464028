//! Exhaustive conformance: every transition of the explored graph, and at every state everything that the
//! model refuses, performed on a real orchestrator with real signatures.
//!
//! What is refused must be refused with the same rejection and leave the full state unchanged: an error is a
//! stutter. That is what makes a proof about the model say something about the code.

use std::collections::{HashSet, VecDeque};

use countersign::lab::BusLab;
use countersign_model::bus::attacker::Move;
use countersign_model::bus::scope::Scope;
use countersign_model::bus::story::Story;
use countersign_model::bus::system::{Office, State};
use countersign_model::explorer::System as _;
use countersign_model::rulebook::Ruleset;
use countersign_replay::bus::teller::tell;
use countersign_replay::target::Target as _;
use countersign_replay::trace::Seed;

/// One message; everything that time and the registry do to it.
fn faults() -> Scope {
    Scope {
        messages: 1,
        ..Scope::default()
    }
}

/// Two messages at one instant; whatever one has to do with the other.
fn traffic() -> Scope {
    Scope {
        messages: 2,
        clock: 1,
        faults: 0,
        ..Scope::default()
    }
}

type Path = Vec<(State, Option<Move>)>;

/// Performs a path, comparing verdicts and states after every step; from the step in this place on, nothing
/// changes.
fn perform(office: &Office, scope: Scope, path: &Path, standing: usize) {
    let story = Story::of_path(office, &scope, path);
    let trace = tell(&story, &[], None, "one path of many", Seed([7; 16])).unwrap();
    let mut lab = BusLab::hardened();
    lab.begin(&trace).unwrap();
    let mut before = lab.look().unwrap();
    for (place, step) in trace.steps.iter().enumerate() {
        let seen = lab.take(step).unwrap();
        let stays = place >= standing;
        assert!(!stays || seen.state == before, "{step:?} in {trace:#?}");
        before = seen.state.clone();
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
            perform(&office, scope, &longer, longer.len());
            transitions += 1;
            if visited.insert(after) {
                waiting.push_back((after, longer));
            }
        }
        perform(&office, scope, &standing, path.len());
        stutters += standing.len() - path.len();
    }
    (visited.len(), transitions, stutters)
}

#[test]
fn an_orchestrator_agrees_with_the_model_whatever_becomes_of_a_message() {
    assert_eq!(walk(faults()), (3_300, 6_010, 16_151));
}

#[test]
fn an_orchestrator_agrees_with_the_model_on_whatever_two_messages_have_to_do_with_each_other() {
    assert_eq!(walk(traffic()), (1_080, 2_436, 10_880));
}
