//! Exhaustive conformance: every transition of the explored graph, and at every state every record
//! that the model refuses, performed on real sessions with real cryptography.
//!
//! A refused record must be refused with the same rejection and leave the full state unchanged: an
//! error is a stutter. That is what makes a proof about the model say something about the code.

use std::collections::{HashSet, VecDeque};

use countersign_model::domain::Concrete;
use countersign_model::explorer::System as _;
use countersign_model::rulebook::{self, Ruleset};
use countersign_model::session as model;
use countersign_model::session::attacker::Move;
use countersign_model::session::guard::{Rejection, Use};
use countersign_model::session::invariant::InvariantId;
use countersign_model::session::record::Presented;
use countersign_model::session::scope::Scope;
use countersign_model::session::step::{Action, Event};
use countersign_model::session::system::{Exchange, State};
use countersign_model::session::world::World;

use super::stage::Stage;
use crate::session::mechanism::Hardened;

/// A session with an honest peer and one with the attacker; everything that breaks.
const FAULTS: Scope = Scope {
    sessions: 2,
    records: 2,
    numbers: 2,
    clock: 4,
    faults: 1,
    lifetime: 2,
    width: 2,
    ahead: 1,
    share: 2,
    period: 2,
};

/// One session and three records: the window slides, keys change.
const TRAFFIC: Scope = Scope {
    sessions: 1,
    records: 3,
    numbers: 4,
    clock: 3,
    faults: 0,
    ..FAULTS
};

/// Two sessions with one peer, three in all.
const CROSSED: Scope = Scope {
    sessions: 3,
    records: 1,
    clock: 2,
    ..FAULTS
};

/// What the model answers to a move.
pub(super) fn expected(
    exchange: &Exchange,
    world: &World<Concrete>,
    next: &Move,
) -> Result<(), Rejection> {
    let rules = exchange.rules();
    let limits = &exchange.setting().limits;
    let step = exchange.step(world, next);
    assert!(step.enabled, "{next:?}");
    let (usage, facts, session) = match (&step.event, &next.action) {
        (Some(Event::Opening(it)), _) => {
            let facts = world.facts(rules, limits, &it.record, &it.presented);
            (Use::Opening, facts, it.session)
        }
        (Some(Event::Sealing(it)), Action::Seal(_)) => {
            let content = next.introduces.unwrap();
            let presented = Presented::unaltered(&content);
            let mut facts = world.facts(rules, limits, &content, &presented);
            facts.session_known |= !it.mine;
            facts.peer_entitled |= !it.mine;
            (Use::Sealing, facts, it.session)
        }
        _ => return Ok(()),
    };
    let end = model::facts::End {
        now: world.now,
        epoch: session.receiving.epoch,
        top: session.receiving.top,
        limits: limits.clone(),
    };
    let asked = |stage| usage.asks().contains(&stage);
    rulebook::judge(rules, asked, &facts, &end)
}

type Path = Vec<(State, Move)>;

/// Performs a path, comparing verdicts and states from `from` on.
fn perform(exchange: &Exchange, scope: &Scope, path: &Path, from: usize) {
    let mut stage = Stage::new(scope, |_, _| Hardened);
    for (number, (state, next)) in path.iter().enumerate() {
        let found = stage.perform(&state.world, next);
        if number >= from {
            let expected = expected(exchange, &state.world, next);
            assert_eq!(found, expected.map_err(Some), "{next:?} in {state:?}");
            let after = exchange.step(&state.world, next).after;
            stage.compare(scope, &after);
        }
    }
    assert_eq!((stage.betrayed(), stage.repeated()), (0, 0));
}

/// Walks the whole graph; returns its states, the transitions and the refusals performed.
fn walk(scope: &Scope) -> (usize, usize, usize) {
    let exchange = Exchange::new(Ruleset::HARDENED, *scope, InvariantId::ALL);
    let mut visited = HashSet::new();
    let mut waiting: VecDeque<(State, Path)> = VecDeque::new();
    for first in exchange.first() {
        visited.insert(first);
        waiting.push_back((first, Vec::new()));
    }
    let (mut transitions, mut refusals) = (0, 0);
    let mut moves = Vec::new();
    while let Some((state, path)) = waiting.pop_front() {
        moves.clear();
        exchange.moves(&state, &mut moves);
        let mut refused = path.clone();
        for next in &moves {
            let outcome = exchange.take(&state, next).unwrap();
            let Some(after) = outcome.state else {
                refused.push((state, *next));
                continue;
            };
            let mut longer = path.clone();
            longer.push((state, *next));
            perform(&exchange, scope, &longer, path.len());
            transitions += 1;
            if visited.insert(after) {
                waiting.push_back((after, longer));
            }
        }
        perform(&exchange, scope, &refused, path.len());
        refusals += refused.len() - path.len();
    }
    (visited.len(), transitions, refusals)
}

#[test]
fn sessions_agree_with_the_model_whatever_breaks() {
    assert_eq!(walk(&FAULTS), (2_206, 5_661, 33_092));
}

#[test]
fn sessions_agree_with_the_model_while_windows_slide_and_keys_change() {
    assert_eq!(walk(&TRAFFIC), (171, 322, 3_594));
}

#[test]
fn sessions_agree_with_the_model_on_what_crosses_from_one_to_another() {
    assert_eq!(walk(&CROSSED), (236, 488, 2_040));
}
