//! A promise of the handshake, at one of the points at which it is made.

use countersign_model::handshake::attack::mark;
use countersign_model::handshake::promise::{InvariantId, Point};
use countersign_model::rulebook::Row;

use crate::form::Promise;

/// An invariant at a point of commitment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Promised {
    /// The invariant.
    pub invariant: InvariantId,
    /// The point.
    pub point: Point,
}

impl Promised {
    /// Everything that is promised.
    pub fn all() -> impl Iterator<Item = Self> {
        InvariantId::ALL.iter().flat_map(|invariant| {
            invariant.points().iter().map(|point| Self {
                invariant: *invariant,
                point: *point,
            })
        })
    }

    /// What the model marks with these bits.
    pub fn of_marks(marks: u64) -> Vec<Self> {
        let marked = |it: &Self| mark(it.point, it.invariant) & marks != 0;
        Self::all().filter(marked).collect()
    }
}

impl Promise for Promised {
    fn told(name: &str, point: Option<&str>) -> Option<Self> {
        let named = |it: &Self| it.name() == name && it.point() == point;
        Self::all().find(named)
    }

    fn name(self) -> &'static str {
        Row::name(self.invariant)
    }

    fn promise(self) -> &'static str {
        self.invariant.promise()
    }

    fn point(self) -> Option<&'static str> {
        Some(self.point.name())
    }
}
