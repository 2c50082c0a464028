//! The lattice of reveals: which secrets have to be lost before which promise is.

use std::num::NonZeroUsize;

use super::Handshake;
use super::attack::{attacked, mark};
use super::promise::{InvariantId, Point};
use crate::dolev_yao::reveal::Reveals;
use crate::explorer::{Cutoff, Ending, explore};
use crate::rulebook::Ruleset;

/// What it takes to break a promise at a point of commitment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cell {
    /// The point.
    pub point: Point,
    /// The promise.
    pub invariant: InvariantId,
    /// Whether there is an occasion to break it at all, with nothing lost: only then does it mean
    /// something that no set of reveals breaks it.
    pub reached: bool,
    /// The smallest sets of reveals that break it; the empty one where it never held.
    pub broken_by: Vec<Reveals>,
}

/// What it takes to break each promise.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lattice {
    /// Every promise at every point.
    pub cells: Vec<Cell>,
    /// How many runs there were at once.
    pub runs: usize,
    /// States visited, over all sets of reveals.
    pub states: u64,
    /// Whether every search was exhausted.
    pub exhausted: bool,
}

impl Lattice {
    /// The lattice under `rules`, with up to `runs` runs at once.
    ///
    /// Each set of reveals is searched to the end, unless `cutoff` comes first. Giving the attacker more never takes an attack away,
    /// so what a subset breaks is not asked of its supersets.
    pub fn of(rules: Ruleset<Handshake>, runs: usize, cutoff: &Cutoff) -> Self {
        let cells = Point::ALL.into_iter().flat_map(|point| {
            InvariantId::ALL.iter().map(move |invariant| Cell {
                point,
                invariant: *invariant,
                reached: false,
                broken_by: Vec::new(),
            })
        });
        let mut lattice = Self {
            cells: cells.collect(),
            runs,
            states: 0,
            exhausted: true,
        };
        for reveals in Reveals::every() {
            lattice.extend(rules, reveals, cutoff);
        }
        lattice
    }

    fn extend(&mut self, rules: Ruleset<Handshake>, reveals: Reveals, cutoff: &Cutoff) {
        let system = attacked(rules, self.runs, reveals, 0);
        let report = explore(&system, NonZeroUsize::MIN, cutoff);
        self.states += report.distinct;
        self.exhausted &= report.ending == Ending::Exhausted;
        for cell in &mut self.cells {
            let bit = mark(cell.point, cell.invariant);
            if reveals == Reveals::NONE {
                cell.reached = report.reached & bit != 0;
            }
            let known = cell.broken_by.iter().any(|set| reveals.include(*set));
            if report.violated & bit != 0 && !known {
                cell.broken_by.push(reveals);
            }
        }
    }

    /// Whether it tells of every promise what it takes to break it: every search was exhausted, and
    /// none is vacuous.
    pub fn decides(&self) -> bool {
        let promised = |cell: &&Cell| cell.invariant.points().contains(&cell.point);
        self.exhausted && self.cells.iter().filter(promised).all(|cell| cell.reached)
    }

    /// What it takes to break `invariant` at `point`.
    pub fn cell(&self, point: Point, invariant: InvariantId) -> Option<&Cell> {
        self.cells
            .iter()
            .find(|cell| cell.point == point && cell.invariant == invariant)
    }

    /// The strongest of Lowe's levels of authentication that a run has at `point`; none where not even
    /// the weakest holds, or a search was not exhausted.
    pub fn strongest(&self, point: Point) -> Option<InvariantId> {
        let holds = |invariant: &InvariantId| {
            let cell = self.cell(point, *invariant);
            cell.is_some_and(|cell| cell.reached && !cell.broken_by.contains(&Reveals::NONE))
        };
        let levels = [
            InvariantId::Alive,
            InvariantId::Mutual,
            InvariantId::Agreed,
            InvariantId::Injective,
        ];
        let exhausted = self.exhausted.then_some(levels)?;
        exhausted.into_iter().take_while(holds).last()
    }
}
