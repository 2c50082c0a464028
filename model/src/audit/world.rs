//! The state of the system: the file, the writer, the verifier, and the ghost history.
//!
//! Ghost fields are written from ground truth and read by invariants only; no guard sees them.

use std::hash::{Hash, Hasher};

use super::chronicle::Chronicle;
use super::record::{Content, Fate, choose_by_field};
use super::sequence::Sequence;
use crate::domain::{Choice, Concrete};

/// Everything that transitions read and change.
#[derive(Clone, Debug, PartialEq)]
pub struct World<U: Chronicle> {
    /// Each record that could ever stand in the log.
    pub contents: U::PerRecord<Content<U>>,
    /// What became of each.
    pub fates: U::PerRecord<Fate<U>>,
    /// The file, as anybody finds it.
    pub file: File<U>,
    /// Each checkpoint that could ever be signed.
    pub checkpoints: U::PerCheckpoint<Checkpoint<U>>,
    /// What the last link stands for that the writer wrote, as the writer remembers it.
    pub head: Sequence<U>,
    /// Ghost: what the writer wrote, on top of what it found when it came up.
    pub written: Sequence<U>,
    /// What the last checkpoint stands for that the verifier accepted, as the verifier remembers it.
    pub remembered: Sequence<U>,
    /// Ghost: the most that a log had that verified.
    pub verified: Sequence<U>,
    /// Ghost: the attacker has not written to the file.
    pub untouched: U::Bool,
}

/// The file.
#[derive(Clone, Debug, PartialEq)]
pub struct File<U: Chronicle> {
    /// The records.
    pub records: Sequence<U>,
    /// What the links stand for that stand beside them.
    pub links: Sequence<U>,
    /// How many of them a crash leaves.
    pub synced: U::Nat,
    /// The checkpoint.
    pub checkpoint: U::Checkpoint,
}

/// A checkpoint.
#[derive(Clone, Debug, PartialEq)]
pub struct Checkpoint<U: Chronicle> {
    /// The writer signed it.
    pub signed: U::Bool,
    /// What the link stands for that it names.
    pub head: Sequence<U>,
    /// Ghost: what the writer had written when it signed.
    pub truth: Sequence<U>,
}

choose_by_field!(Checkpoint {
    signed,
    head,
    truth,
});

/// What stays as it is while the system runs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Setting<U: Chronicle> {
    /// The auditor.
    pub auditor: U::Agent,
}

impl Copy for World<Concrete> {}
impl Copy for File<Concrete> {}
impl Copy for Checkpoint<Concrete> {}
impl Eq for World<Concrete> {}

impl Hash for World<Concrete> {
    fn hash<H: Hasher>(&self, hasher: &mut H) {
        let Self {
            contents: _, // the same in all worlds of a search
            fates,
            file,
            checkpoints,
            head,
            written,
            remembered,
            verified,
            untouched,
        } = self;
        let found = (file.records, file.links, file.synced, file.checkpoint);
        (fates, found, head, written, remembered, verified, untouched).hash(hasher);
        for checkpoint in &checkpoints.0 {
            (checkpoint.signed, checkpoint.head, checkpoint.truth).hash(hasher);
        }
    }
}
