//! A breadth-first search of our own, as plain as can be: what stateright is checked against.

use std::collections::HashSet;

use countersign_model::audit::attacker::Move;
use countersign_model::audit::scope::Scope;
use countersign_model::audit::system::{State, Trail};
use countersign_model::explorer::System as _;

/// One message, one checkpoint, one fault.
pub(crate) const TINY: Scope = Scope {
    messages: 1,
    checkpoints: 1,
    faults: 1,
};

/// Two messages, one checkpoint, one fault.
pub(crate) const SMALL: Scope = Scope {
    messages: 2,
    ..TINY
};

/// Every reachable state, by the number of steps to it.
pub(crate) struct Walk {
    pub(crate) levels: Vec<Vec<State>>,
    pub(crate) attempted: u64,
    pub(crate) generated: u64,
}

impl Walk {
    pub(crate) fn of(trail: &Trail) -> Self {
        let mut level = trail.first();
        let mut seen: HashSet<State> = level.iter().copied().collect();
        let mut walk = Self {
            levels: Vec::new(),
            attempted: 0,
            generated: level.len() as u64,
        };
        while !level.is_empty() {
            let mut next_level = Vec::new();
            for state in level.iter().filter(|state| !state.broken) {
                let moves = moves(trail, state);
                walk.attempted += moves.len() as u64;
                let outcomes = moves.iter().filter_map(|next| trail.take(state, next));
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
pub(crate) fn moves(trail: &Trail, state: &State) -> Vec<Move> {
    let mut all = Vec::new();
    trail.moves(state, &mut all);
    all
}
