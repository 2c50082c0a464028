//! The representative of all worlds that nobody could tell apart.
//!
//! Worlds are the same that differ only in what a table holds beyond the end of a sequence, or in a
//! made-up checkpoint that no file has any more. The search keeps representatives only.

use super::scope::{UNSIGNED, VACANT_CHECKPOINT};
use super::sequence::Sequence;
use super::world::World;
use crate::domain::{Concrete, Table as _};

impl World<Concrete> {
    /// Turns the world into its representative.
    pub(super) fn canonicalize(&mut self) {
        if self.file.checkpoint != UNSIGNED {
            self.checkpoints.set(&UNSIGNED, VACANT_CHECKPOINT);
        }
        let of_checkpoints = self.checkpoints.0.iter_mut();
        let of_checkpoints = of_checkpoints.flat_map(|it| [&mut it.head, &mut it.truth]);
        let others = [
            &mut self.file.records,
            &mut self.file.links,
            &mut self.head,
            &mut self.written,
            &mut self.remembered,
            &mut self.verified,
        ];
        others.into_iter().chain(of_checkpoints).for_each(tidy);
    }
}

fn tidy(sequence: &mut Sequence<Concrete>) {
    let beyond = sequence.records.0.iter_mut();
    for record in beyond.skip(sequence.count.into()) {
        *record = 0;
    }
}
