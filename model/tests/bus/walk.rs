//! A breadth-first search of our own, as plain as can be: what stateright is checked against.

use std::collections::HashSet;

use countersign_model::bus::attacker::Move;
use countersign_model::bus::scope::Scope;
use countersign_model::bus::system::{Office, State};
use countersign_model::explorer::System as _;

/// One message, one fault.
pub(crate) const TINY: Scope = Scope {
    messages: 1,
    clock: 3,
    faults: 1,
    window: 0,
    patience: 0,
    longest: 0,
    rate: 2,
};

/// Two messages, no fault.
pub(crate) const SMALL: Scope = Scope {
    messages: 2,
    faults: 0,
    ..TINY
};

/// Every reachable state, by the number of steps to it.
pub(crate) struct Walk {
    pub(crate) levels: Vec<Vec<State>>,
    pub(crate) attempted: u64,
    pub(crate) generated: u64,
}

impl Walk {
    pub(crate) fn of(office: &Office) -> Self {
        let mut level = office.first();
        let mut seen: HashSet<State> = level.iter().copied().collect();
        let mut walk = Self {
            levels: Vec::new(),
            attempted: 0,
            generated: level.len() as u64,
        };
        while !level.is_empty() {
            let mut next_level = Vec::new();
            for state in level.iter().filter(|state| !state.broken) {
                let moves = moves(office, state);
                walk.attempted += moves.len() as u64;
                let outcomes = moves.iter().filter_map(|next| office.take(state, next));
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
pub(crate) fn moves(office: &Office, state: &State) -> Vec<Move> {
    let mut all = Vec::new();
    office.moves(state, &mut all);
    all
}
