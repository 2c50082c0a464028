//! What every reachable world satisfies: the inductive strengthening of the invariants.
//!
//! An invariant is about one step and is rarely inductive by itself; the lemmas say what earlier steps
//! have left behind. The prover assumes them before a step and proves them after it, for any number of
//! records and checkpoints. A lemma claims something of each individual of its kind.
//!
//! Never here: anything that a guard would have to look at. Lemmas are proved, not enforced.

use super::chronicle::Chronicle;
use super::world::World;
use crate::domain::{Table as _, Truth as _};

/// A row of the table of lemmas.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum LemmaId {
    /// What the writer says it has written, the disk has.
    RecordedIsDurable,
    /// What had an effect, the disk has.
    ActedIsDurable,
    /// The writer remembers what it wrote.
    HeadIsWritten,
    /// What was signed was written.
    SignedIsTrue,
    /// The verifier remembers what it verified.
    RememberedIsVerified,
    /// A file that nobody touched has the records that its links stand for.
    UntouchedIsLinked,
    /// A file that nobody touched ends where the writer left it.
    UntouchedIsWritten,
    /// A file that nobody touched has everything that was ever signed.
    UntouchedHasSigned,
    /// A file that nobody touched has everything that was ever verified.
    UntouchedHasVerified,
}

/// Of whom a lemma claims something, and what.
pub enum Claim<U: Chronicle> {
    /// Something of the world.
    World(fn(&World<U>) -> U::Bool),
    /// Something of each record.
    Record(fn(&World<U>, &U::Record) -> U::Bool),
    /// Something of each checkpoint.
    Checkpoint(fn(&World<U>, &U::Checkpoint) -> U::Bool),
}

/// One lemma.
pub struct Lemma<U: Chronicle> {
    /// Which row it is.
    pub id: LemmaId,
    /// What it claims.
    pub claim: Claim<U>,
}

impl LemmaId {
    /// Every lemma, in the order of the table.
    pub const ALL: &[Self] = &[
        Self::RecordedIsDurable,
        Self::ActedIsDurable,
        Self::HeadIsWritten,
        Self::SignedIsTrue,
        Self::RememberedIsVerified,
        Self::UntouchedIsLinked,
        Self::UntouchedIsWritten,
        Self::UntouchedHasSigned,
        Self::UntouchedHasVerified,
    ];

    /// The stable name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::RecordedIsDurable => "recorded-is-durable",
            Self::ActedIsDurable => "acted-is-durable",
            Self::HeadIsWritten => "head-is-written",
            Self::SignedIsTrue => "signed-is-true",
            Self::RememberedIsVerified => "remembered-is-verified",
            Self::UntouchedIsLinked => "untouched-is-linked",
            Self::UntouchedIsWritten => "untouched-is-written",
            Self::UntouchedHasSigned => "untouched-has-signed",
            Self::UntouchedHasVerified => "untouched-has-verified",
        }
    }
}

impl<U: Chronicle> Lemma<U> {
    /// The table.
    pub const TABLE: &[Self] = &[
        Self {
            id: LemmaId::RecordedIsDurable,
            claim: Claim::Record(|world, record| {
                let fate = world.fates.at(record);
                fate.recorded.implies(&fate.durable)
            }),
        },
        Self {
            id: LemmaId::ActedIsDurable,
            claim: Claim::Record(|world, record| {
                let fate = world.fates.at(record);
                fate.acted.implies(&fate.durable)
            }),
        },
        Self {
            id: LemmaId::HeadIsWritten,
            claim: Claim::World(|world| world.head.same(&world.written)),
        },
        Self {
            id: LemmaId::SignedIsTrue,
            claim: Claim::Checkpoint(|world, checkpoint| {
                let checkpoint = world.checkpoints.at(checkpoint);
                let same = checkpoint.head.same(&checkpoint.truth);
                checkpoint.signed.implies(&same)
            }),
        },
        Self {
            id: LemmaId::RememberedIsVerified,
            claim: Claim::World(|world| world.remembered.same(&world.verified)),
        },
        Self {
            id: LemmaId::UntouchedIsLinked,
            claim: Claim::World(|world| {
                let linked = world.file.records.same(&world.file.links);
                world.untouched.implies(&linked)
            }),
        },
        Self {
            id: LemmaId::UntouchedIsWritten,
            claim: Claim::World(|world| {
                let written = world.head.same(&world.file.links);
                world.untouched.implies(&written)
            }),
        },
        Self {
            id: LemmaId::UntouchedHasSigned,
            claim: Claim::Checkpoint(|world, checkpoint| {
                let checkpoint = world.checkpoints.at(checkpoint);
                let has = world.file.links.begins(&checkpoint.head);
                world.untouched.and(&checkpoint.signed).implies(&has)
            }),
        },
        Self {
            id: LemmaId::UntouchedHasVerified,
            claim: Claim::World(|world| {
                let has = world.file.links.begins(&world.remembered);
                world.untouched.implies(&has)
            }),
        },
    ];

    /// The row of `id`.
    pub fn of(id: LemmaId) -> &'static Self {
        // INVARIANT: the table holds every id in the order of the enum (a test says so).
        #[expect(clippy::indexing_slicing, reason = "one row per id, in order")]
        &Self::TABLE[id as usize]
    }
}

#[cfg(test)]
mod tests {
    use super::{Lemma, LemmaId};
    use crate::domain::Concrete;

    #[test]
    fn the_table_holds_every_lemma_in_order() {
        let ids: Vec<LemmaId> = Lemma::<Concrete>::TABLE.iter().map(|row| row.id).collect();
        assert_eq!(ids, LemmaId::ALL);
    }
}
