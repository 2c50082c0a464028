//! The invariants: what the world enjoys as long as the rules are kept.
//!
//! An invariant is about one transition and reads ground truth only: what was really written, what the
//! disk really has, who took part in a message. It never quotes a guard; otherwise the guard table would
//! prove itself. Each has a *premise*: where no reachable transition satisfies it, the invariant says
//! nothing and is reported as vacuous.

use super::chronicle::Chronicle;
pub use super::promise::InvariantId;
use super::step::{Event, Guessing, Restarting, Telling, Verifying, Writing};
use crate::domain::{Identity as _, Natural as _, Truth as _};

/// One invariant.
pub struct Invariant<U: Chronicle> {
    /// Which row it is.
    pub id: InvariantId,
    /// Where it says something at all.
    pub premise: fn(&Event<U>) -> U::Bool,
    /// What must then be true.
    pub conclusion: fn(&Event<U>) -> U::Bool,
}

impl<U: Chronicle> Invariant<U> {
    /// The table.
    pub const TABLE: &[Self] = &[
        Self {
            id: InvariantId::Complete,
            premise: |event| of_restarting(event, |it| it.acted.clone()),
            conclusion: |event| of_restarting(event, |it| it.lost.not()),
        },
        Self {
            id: InvariantId::Intact,
            premise: |event| of_verifying(event, |it| it.accepted.clone()),
            conclusion: |event| of_verifying(event, is_intact),
        },
        Self {
            id: InvariantId::Kept,
            premise: |event| of_verifying(event, |it| it.accepted.clone()),
            conclusion: |event| of_verifying(event, |it| it.records.begins(&it.verified)),
        },
        Self {
            id: InvariantId::Confidential,
            premise: |event| of_telling(event, |it| it.told.clone()),
            conclusion: |event| {
                of_telling(event, |it| {
                    let party = it.content.is_party(&it.reader);
                    party.or(&it.reader.same(&it.auditor))
                })
            },
        },
        Self {
            id: InvariantId::Hidden,
            premise: |event| of_guessing(event, |it| it.confirmed.clone()),
            conclusion: |event| of_guessing(event, |it| it.content.is_party(&it.guesser)),
        },
        Self {
            id: InvariantId::Live,
            premise: |event| {
                let verifying = |it: &Verifying<U>| it.untouched.and(&it.checkpoint.signed);
                of_writing(event, |it| it.untouched.clone()).or(&of_verifying(event, verifying))
            },
            conclusion: |event| {
                let written = of_writing(event, |it| it.written.clone());
                written.or(&of_verifying(event, |it| it.accepted.clone()))
            },
        },
    ];

    /// The row of `id`.
    pub fn of(id: InvariantId) -> &'static Self {
        // INVARIANT: the table holds every id in the order of the enum (a test says so).
        #[expect(clippy::indexing_slicing, reason = "one row per id, in order")]
        &Self::TABLE[id as usize]
    }

    /// Whether `event` violates the invariant.
    pub fn violated(&self, event: &Event<U>) -> U::Bool {
        (self.premise)(event).and(&(self.conclusion)(event).not())
    }
}

fn of_restarting<U: Chronicle>(
    event: &Event<U>,
    holds: impl Fn(&Restarting<U>) -> U::Bool,
) -> U::Bool {
    if let Event::Restarting(it) = event {
        return holds(it);
    }
    U::Bool::constant(false)
}

fn of_verifying<U: Chronicle>(
    event: &Event<U>,
    holds: impl Fn(&Verifying<U>) -> U::Bool,
) -> U::Bool {
    if let Event::Verifying(it) = event {
        return holds(it);
    }
    U::Bool::constant(false)
}

fn of_telling<U: Chronicle>(event: &Event<U>, holds: impl Fn(&Telling<U>) -> U::Bool) -> U::Bool {
    if let Event::Telling(it) = event {
        return holds(it);
    }
    U::Bool::constant(false)
}

fn of_guessing<U: Chronicle>(event: &Event<U>, holds: impl Fn(&Guessing<U>) -> U::Bool) -> U::Bool {
    if let Event::Guessing(it) = event {
        return holds(it);
    }
    U::Bool::constant(false)
}

fn of_writing<U: Chronicle>(event: &Event<U>, holds: impl Fn(&Writing<U>) -> U::Bool) -> U::Bool {
    if let Event::Writing(it) = event {
        return holds(it);
    }
    U::Bool::constant(false)
}

/// As far as the checkpoint goes, the records are what the writer had written when it signed; or, who
/// ever made the checkpoint, what it has written by now.
fn is_intact<U: Chronicle>(event: &Verifying<U>) -> U::Bool {
    let Verifying {
        records,
        checkpoint,
        written,
        ..
    } = event;
    let count = &checkpoint.head.count;
    let covered = records.cut(count);
    let then = checkpoint.signed.and(&covered.same(&checkpoint.truth));
    let now = count.at_most(&records.count).and(&written.begins(&covered));
    then.or(&now)
}

#[cfg(test)]
mod tests {
    use super::{Invariant, InvariantId};
    use crate::domain::Concrete;

    #[test]
    fn the_table_holds_every_invariant_in_order() {
        let table = Invariant::<Concrete>::TABLE.iter();
        let ids: Vec<InvariantId> = table.map(|row| row.id).collect();
        assert_eq!(ids, InvariantId::ALL);
    }
}
