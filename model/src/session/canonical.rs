//! The representative of all worlds that nobody could tell apart.
//!
//! Worlds are the same that differ only in the order of the record slots. The search keeps
//! representatives only: that is its symmetry reduction.

use super::attacker::occupied;
use super::record::{Fate, Record};
use super::traffic::RECORDS;
use super::world::World;
use crate::domain::{Concrete, Row, Table as _};

/// What slots are ordered by: occupied ones first, in the order of their content.
type Rank = (bool, [u8; 9]);

impl World<Concrete> {
    /// Turns the world into its representative.
    pub(super) fn canonicalize(&mut self) {
        let mut ranked: [(Rank, u8); RECORDS] = [((true, [0; 9]), 0); RECORDS];
        for (slot, rank) in (0u8..).zip(&mut ranked) {
            let content = content(self.records.at(&slot), self.fates.at(&slot));
            *rank = ((!occupied(self, slot), content), slot);
        }
        if ranked.is_sorted() {
            return;
        }
        ranked.sort_unstable();
        let (records, fates) = (self.records, self.fates);
        let mut places = Row([0u8; RECORDS]);
        for (new, (_, old)) in (0u8..).zip(ranked) {
            places.set(&old, new);
            self.records.set(&new, records.at(&old));
            self.fates.set(&new, fates.at(&old));
        }
        for mark in self.marks.0.iter_mut().filter(|mark| mark.marked) {
            mark.by = places.at(&mark.by);
        }
    }
}

fn content(record: Record<Concrete>, fate: Fate<Concrete>) -> [u8; 9] {
    let Record {
        composed,
        session,
        mine,
        epoch,
        sequence,
        sealed,
        schema_valid,
    } = record;
    let Fate { sent, accepted } = fate;
    let flag = u8::from;
    [
        flag(composed),
        session,
        flag(mine),
        epoch,
        sequence,
        flag(sealed),
        flag(schema_valid),
        flag(sent),
        flag(accepted),
    ]
}
