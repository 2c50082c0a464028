//! Exhaustive conformance: every transition of the explored graph, and at every state every message
//! that the model refuses, performed on the real endpoint with real cryptography.
//!
//! A refused message must be refused with the same rejection and leave the full state unchanged: an
//! error is a stutter. That is what makes a proof about the model say something about the code.

#![expect(clippy::unwrap_used, reason = "a test fails loudly")]

use std::collections::{HashSet, VecDeque};

use countersign::lab::Lab;
use countersign_model::admission::attacker::Move;
use countersign_model::admission::invariant::InvariantId;
use countersign_model::admission::scope::Scope;
use countersign_model::admission::state::State;
use countersign_model::admission::story::Story;
use countersign_model::admission::system::Reception;
use countersign_model::explorer::System as _;
use countersign_model::rulebook::Ruleset;
use countersign_replay::admission::cast::Cast;
use countersign_replay::trace::Seed;
use countersign_replay::{Target as _, Trace};

/// One message, every fault: replays, expiry, rotation, revocation, restarts, a clock set back.
const FAULTS: Scope = Scope {
    agents: 3,
    messages: 1,
    nonces: 1,
    clock: 5,
    faults: 1,
    window: 1,
    skew: 1,
    share: 1,
    rate: 1,
    capacity: 1,
};

/// Two messages and two nonces: what one sender's traffic does to another's, shares and rates.
const TRAFFIC: Scope = Scope {
    messages: 2,
    nonces: 2,
    clock: 2,
    faults: 0,
    ..FAULTS
};

type Path = Vec<(State, Option<Move>)>;

/// Performs a path on the real code and compares verdicts and state after every step from `from` on.
fn perform(admission: &Reception, scope: &Scope, path: &Path, from: usize) -> usize {
    let story = Story::of_path(admission, scope, path);
    let trace = Trace::tell(&story, &[], None, "conformance", Seed([3; 16])).unwrap();
    let cast = Cast::of(&trace);
    let mut lab = Lab::new();
    lab.begin(&trace).unwrap();
    for (number, step) in trace.steps.iter().enumerate() {
        let seen = lab.take(step).unwrap();
        if number >= from {
            assert_eq!(
                seen.verdicts, step.expect.verdicts,
                "step {number} of {trace:#?}"
            );
            let state = seen.state.state(cast.records());
            assert_eq!(state, step.expect.state, "step {number} of {trace:#?}");
        }
    }
    trace.steps.len() - from
}

#[test]
fn the_endpoint_agrees_with_the_model_whatever_breaks() {
    assert_eq!(walk(&FAULTS), (3_519, 7_336, 28_436));
}

#[test]
fn the_endpoint_agrees_with_the_model_on_the_traffic_of_two_messages() {
    assert_eq!(walk(&TRAFFIC), (637, 1_042, 13_390));
}

/// Walks the whole graph; returns its states, the transitions and the refusals performed.
fn walk(scope: &Scope) -> (usize, usize, usize) {
    let admission = Reception::new(Ruleset::HARDENED, *scope, InvariantId::ALL);
    let mut visited = HashSet::new();
    let mut waiting: VecDeque<(State, Path)> = VecDeque::new();
    for first in admission.first() {
        visited.insert(first.words());
        waiting.push_back((first, Vec::new()));
    }
    let (mut transitions, mut refusals) = (0, 0);
    let mut moves = Vec::new();
    while let Some((state, path)) = waiting.pop_front() {
        moves.clear();
        admission.moves(&state, &mut moves);
        let mut refused = path.clone();
        for next in &moves {
            let Some(outcome) = admission.take(&state, next) else {
                continue;
            };
            match outcome.state {
                None => refused.push((state, Some(*next))),
                Some(after) => {
                    let mut longer = path.clone();
                    longer.push((state, Some(*next)));
                    let mut ended = longer.clone();
                    ended.push((after, None));
                    transitions += perform(&admission, scope, &ended, path.len());
                    if visited.insert(after.words()) {
                        waiting.push_back((after, longer));
                    }
                }
            }
        }
        refused.push((state, None));
        refusals += perform(&admission, scope, &refused, path.len());
    }
    (visited.len(), transitions, refusals)
}
