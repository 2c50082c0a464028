//! A sequence of records: a log, or what one of its links stands for.

use std::hash::{Hash, Hasher};

use super::chronicle::Chronicle;
use crate::domain::{Choice, Concrete, Identity as _, Natural as _, Table as _, Truth as _};

/// So many records, in order. What the table holds beyond them means nothing.
#[derive(Clone, Debug, PartialEq)]
pub struct Sequence<U: Chronicle> {
    /// How many.
    pub count: U::Nat,
    /// The record at each place, from zero.
    pub records: U::PerPlace<U::Record>,
}

impl Copy for Sequence<Concrete> {}
impl Eq for Sequence<Concrete> {}

impl Hash for Sequence<Concrete> {
    fn hash<H: Hasher>(&self, hasher: &mut H) {
        (self.count, self.records).hash(hasher);
    }
}

impl<U: Chronicle> Sequence<U> {
    /// The sequence with one more record at its end.
    #[must_use]
    pub fn followed(&self, record: &U::Record) -> Self {
        let mut records = self.records.clone();
        records.set(&self.count, record.clone());
        Self {
            count: self.count.plus(&U::Nat::constant(1)),
            records,
        }
    }

    /// Its first records: at most so many.
    #[must_use]
    pub fn cut(&self, count: &U::Nat) -> Self {
        Self {
            count: Choice::choose(&count.below(&self.count), count, &self.count),
            records: self.records.clone(),
        }
    }

    /// Nothing, as this sequence began.
    #[must_use]
    pub fn emptied(&self) -> Self {
        self.cut(&U::Nat::constant(0))
    }

    /// The last of its records; means nothing where there is none.
    pub fn last(&self) -> U::Record {
        self.records.at(&self.count.predecessor())
    }

    /// Whether it begins with `start`.
    pub fn begins(&self, start: &Self) -> U::Bool {
        self.begins_as(start, U::Record::same)
    }

    /// Whether both are the same records in the same order.
    pub fn same(&self, other: &Self) -> U::Bool {
        self.same_as(other, U::Record::same)
    }

    /// Whether it begins with `start`, for someone to whom two records are the same if `same` says so.
    pub fn begins_as(
        &self,
        start: &Self,
        same: impl Fn(&U::Record, &U::Record) -> U::Bool,
    ) -> U::Bool {
        let each = U::every_place(|place| {
            let (one, other) = (self.records.at(place), start.records.at(place));
            place.below(&start.count).implies(&same(&one, &other))
        });
        start.count.at_most(&self.count).and(&each)
    }

    /// The same for the whole of both.
    pub fn same_as(
        &self,
        other: &Self,
        same: impl Fn(&U::Record, &U::Record) -> U::Bool,
    ) -> U::Bool {
        let count = self.count.same(&other.count);
        count.and(&self.begins_as(other, same))
    }
}

impl<U: Chronicle> Choice<U::Bool> for Sequence<U> {
    fn choose(condition: &U::Bool, then: &Self, otherwise: &Self) -> Self {
        Self {
            count: Choice::choose(condition, &then.count, &otherwise.count),
            records: Choice::choose(condition, &then.records, &otherwise.records),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Sequence;
    use crate::domain::{Concrete, Row};

    const EMPTY: Sequence<Concrete> = Sequence {
        count: 0,
        records: Row([0; 4]),
    };

    #[test]
    fn what_was_cut_off_is_no_part_of_it() {
        let one = EMPTY.followed(&7);
        let two = one.followed(&8);
        assert!(two.begins(&one) && two.begins(&EMPTY) && !one.begins(&two));
        assert_eq!((two.last(), one.last()), (8, 7));
        assert!(two.cut(&1).same(&one) && !two.same(&one));
        assert!(two.cut(&9).same(&two) && two.emptied().same(&EMPTY));
        assert!(!EMPTY.followed(&8).begins(&one));
    }

    #[test]
    fn what_looks_alike_is_alike() {
        let (one, other) = (EMPTY.followed(&3), EMPTY.followed(&5));
        let parity = |one: &u8, other: &u8| one % 2 == other % 2;
        assert!(one.same_as(&other, parity) && !one.same(&other));
        assert!(!one.followed(&1).same_as(&other, parity));
        assert!(one.followed(&1).begins_as(&other, parity));
    }
}
