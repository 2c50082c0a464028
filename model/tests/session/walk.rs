//! A breadth-first search of our own, as plain as can be: what stateright is checked against.

use std::collections::HashSet;

use countersign_model::explorer::System as _;
use countersign_model::session::attacker::Move;
use countersign_model::session::scope::Scope;
use countersign_model::session::system::{Exchange, State};

/// One session with an honest peer, one record, one fault.
pub(crate) const TINY: Scope = Scope {
    sessions: 1,
    records: 1,
    numbers: 2,
    clock: 4,
    faults: 1,
    lifetime: 2,
    width: 2,
    ahead: 1,
    share: 2,
    period: 2,
};

/// A session with an honest peer and one with the attacker, two records, one fault.
pub(crate) const SMALL: Scope = Scope {
    sessions: 2,
    records: 2,
    ..TINY
};

/// Every reachable state, by the number of steps to it.
pub(crate) struct Walk {
    pub(crate) levels: Vec<Vec<State>>,
    pub(crate) attempted: u64,
    pub(crate) generated: u64,
}

impl Walk {
    pub(crate) fn of(exchange: &Exchange) -> Self {
        let mut level = exchange.first();
        let mut seen: HashSet<State> = level.iter().copied().collect();
        let mut walk = Self {
            levels: Vec::new(),
            attempted: 0,
            generated: level.len() as u64,
        };
        while !level.is_empty() {
            let mut next_level = Vec::new();
            for state in level.iter().filter(|state| !state.broken) {
                let moves = moves(exchange, state);
                walk.attempted += moves.len() as u64;
                let outcomes = moves.iter().filter_map(|next| exchange.take(state, next));
                for after in outcomes.filter_map(|outcome| outcome.state) {
                    walk.generated += 1;
                    if seen.insert(after) {
                        next_level.push(after);
                    }
                }
            }
            walk.levels.push(level);
            level = next_level;
        }
        walk
    }

    pub(crate) fn states(&self) -> impl Iterator<Item = &State> {
        self.levels.iter().flatten()
    }
}

/// Everything that can happen next.
pub(crate) fn moves(exchange: &Exchange, state: &State) -> Vec<Move> {
    let mut all = Vec::new();
    exchange.moves(state, &mut all);
    all
}
