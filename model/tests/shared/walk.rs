//! A breadth-first search of our own, as plain as can be: what stateright is checked against.

use std::collections::HashSet;
use std::hash::Hash;

use countersign_model::explorer::System;

/// Every reachable state, by the number of steps to it.
pub(crate) struct Walk<S: System> {
    pub(crate) levels: Vec<Vec<S::State>>,
    pub(crate) attempted: u64,
    pub(crate) generated: u64,
}

impl<S: System<State: Copy + Eq + Hash>> Walk<S> {
    pub(crate) fn of(system: &S) -> Self {
        let mut level = system.first();
        let mut seen: HashSet<S::State> = level.iter().copied().collect();
        let mut walk = Self {
            levels: Vec::new(),
            attempted: 0,
            generated: level.len() as u64,
        };
        while !level.is_empty() {
            let mut next_level = Vec::new();
            for state in level.iter().filter(|state| !system.broken(state)) {
                let moves = moves(system, state);
                walk.attempted += moves.len() as u64;
                let outcomes = moves.iter().filter_map(|next| system.take(state, next));
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

    pub(crate) fn states(&self) -> impl Iterator<Item = &S::State> {
        self.levels.iter().flatten()
    }
}

/// Everything that can happen next.
pub(crate) fn moves<S: System>(system: &S, state: &S::State) -> Vec<S::Move> {
    let mut all = Vec::new();
    system.moves(state, &mut all);
    all
}
