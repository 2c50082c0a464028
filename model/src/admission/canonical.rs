//! The representative of all worlds that nobody could tell apart.
//!
//! Worlds are the same that differ only in the order of the message slots, in what nobody can read
//! any more, or in how far beyond the last instant a time lies. The search keeps representatives
//! only: that is its symmetry reduction.

use super::scope::{FOREVER, VACANT_ENTRY};
use super::state::{VACANT_WORD, message_word};
use super::world::World;
use crate::domain::{Concrete, MESSAGES, Row, Table as _};

impl World<Concrete> {
    /// Turns the world into its representative.
    pub(super) fn canonicalize(&mut self) {
        for key in &mut self.keys.0 {
            key.not_after = key.not_after.min(FOREVER);
        }
        for agent in &mut self.agents.0 {
            // Counts of a period that has passed no longer mean anything.
            let counted = agent.recent > 0 || agent.admitted > 0;
            if agent.period != self.now || !counted {
                (agent.period, agent.recent, agent.admitted) = (0, 0, 0);
            }
        }
        for entry in &mut self.store.0 {
            if !entry.stored {
                *entry = VACANT_ENTRY;
            }
        }
        self.sort_slots();
    }

    /// Message slots are names, not places: occupied ones come first, in the order of their content.
    fn sort_slots(&mut self) {
        let mut ranked = [(VACANT_WORD, 0u8); MESSAGES];
        for (slot, rank) in (0u8..).zip(&mut ranked) {
            *rank = (
                message_word(self.messages.at(&slot), self.fates.at(&slot)),
                slot,
            );
        }
        let distinct =
            |one: &(u64, u8), other: &(u64, u8)| one.0 < other.0 || other.0 == VACANT_WORD;
        if ranked.is_sorted_by(distinct) {
            return;
        }
        ranked.sort_unstable();
        let (messages, fates) = (self.messages, self.fates);
        // Where two messages are the same in everything, the first stands for both.
        let mut places = Row([0u8; MESSAGES]);
        let mut first = (VACANT_WORD, 0u8);
        for (new, (word, old)) in (0u8..).zip(ranked) {
            if word != first.0 {
                first = (word, new);
            }
            places.set(&old, first.1);
            self.messages.set(&new, messages.at(&old));
            self.fates.set(&new, fates.at(&old));
        }
        for entry in self.store.0.iter_mut().filter(|entry| entry.stored) {
            entry.by = places.at(&entry.by);
        }
    }
}

#[cfg(test)]
mod tests;
