//! The weakenings of the audit trail: every guard off, then every flawed mechanism.

use self::Mechanism as M;
use super::Audit;
use super::guard::GuardId as G;
use super::promise::InvariantId as I;
use crate::rulebook::{Weakening, mechanisms, rows};

mechanisms! {
    /// A message has its effect first and is written down afterwards.
    EffectBeforeRecord, "effect-before-record";
    /// The writer says that it has written what the disk does not have yet.
    AcknowledgesEarly, "acknowledges-early";
    /// What the policy denies is answered without a record.
    SkipsDenials, "skips-denials";
    /// A link is the hash of its own record, not of the link before it.
    Unchained, "unchained";
    /// A link is over the fields of a record run together, without their lengths.
    FieldsRunTogether, "fields-run-together";
    /// After a crash the writer begins a new chain.
    ChainRestarts, "chain-restarts";
    /// A payload is hashed without a salt.
    UnsaltedHash, "unsalted-hash";
    /// The salt of a hash stands in the record, beside it.
    SaltInRecord, "salt-in-record";
    /// A checkpoint is compared with the whole log, not with as much of it as it covers.
    WholeLogOnly, "whole-log-only";
    /// The verifier remembers how many records it saw, and no link.
    CountsOnly, "counts-only";
}

/// What a search needs in order to see a weakening.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Need {
    /// Messages to be recorded.
    pub messages: u8,
}

rows!(Audit, needing Need { messages: 2 });

/// The table.
#[rustfmt::skip]
pub(super) const ROWS: &[Weakening<Audit>] = &[
    //      guard off                breaks            flaws     lesson
    without(G::HeadKept,             I::Intact,        &[52],    "the writer signs whatever it finds"),
    without(G::RecordDurable,        I::Complete,      &[52],    "an effect of which the log knows nothing"),
    without(G::ReaderEntitled,       I::Confidential,  &[53],    "anybody reads whom an agent talks to"),
    without(G::LinksFollow,          I::Intact,        &[52],    "a record is altered in its place"),
    without(G::CheckpointSigned,     I::Intact,        &[52],    "whoever writes to the file computes every link anew"),
    without(G::CheckpointReached,    I::Intact,        &[52],    "the end of the log is cut off"),
    without(G::CheckpointMatches,    I::Intact,        &[52],    "a checkpoint that nobody compares with the log"),
    without(G::MemoryMatches,        I::Kept,          &[52],    "an older copy is as good as the log"),
    //   mechanism                   breaks            flaws     lesson
    with(M::EffectBeforeRecord,      I::Complete,      &[52],    "a crash comes between the act and its record").dropping(&[G::RecordDurable]),
    with(M::AcknowledgesEarly,       I::Complete,      &[52],    "a crash takes a record back whose effect remains"),
    with(M::SkipsDenials,            I::Complete,      &[52],    "whoever probes the policy leaves no trace"),
    with(M::Unchained,               I::Intact,        &[52],    "a checkpoint vouches for one record"),
    with(M::FieldsRunTogether,       I::Intact,        &[52],    "one hash, two readings"),
    with(M::ChainRestarts,           I::Live,          &[52],    "after a crash the log no longer verifies").dropping(&[G::HeadKept]),
    with(M::UnsaltedHash,            I::Hidden,        &[53],    "whoever can guess a payload can tell that it was sent"),
    with(M::SaltInRecord,            I::Hidden,        &[53],    "a salt that everybody reads is no secret"),
    with(M::WholeLogOnly,            I::Live,          &[],      "every new record makes the log look forged"),
    with(M::CountsOnly,              I::Kept,          &[52],    "another log of the same length is as good"),
];

impl Weakening<Audit> {}
