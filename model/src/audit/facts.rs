//! What a guard may know: what hashes, signatures and memory establish about the log and who asks.
//!
//! The only door between the file and the rules. The model fills it from ground truth, the real code
//! from bytes; no guard sees anything else. What is done with the log ([`Use`](super::guard::Use)) says
//! which stages are asked; of the rest nothing is read.

use crate::domain::{Domain, Phrase, Prose};

/// What is established before something is done with the log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Facts<D: Domain> {
    /// The last link in the file is the last that the writer wrote.
    pub head_kept: D::Bool,
    /// The disk has the record of the message that is to have an effect.
    pub recorded: D::Bool,
    /// Who asks.
    pub reader: D::Agent,
    /// About whose messages.
    pub subject: D::Agent,
    /// The one who asks is an auditor.
    pub reader_is_auditor: D::Bool,
    /// Every link is the hash of the link before it and its own record, framed and canonical.
    pub links_follow: D::Bool,
    /// The signature over the checkpoint verifies under the key of the log.
    pub checkpoint_signed: D::Bool,
    /// How many records the checkpoint covers.
    pub checkpoint_count: D::Nat,
    /// The link at that count, if there is one, is the one that the checkpoint names.
    pub checkpoint_matches: D::Bool,
    /// The log has, at the count that the verifier remembers, the link that it remembers.
    pub memory_matches: D::Bool,
}

/// The log, as far as guards ask about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Log<D: Domain> {
    /// How many records it has.
    pub count: D::Nat,
}

impl Facts<Prose> {
    /// The facts as the words that guards are printed with.
    pub fn in_words() -> Self {
        let name = Phrase::name;
        Self {
            head_kept: name("the last link in the file is the last that I wrote"),
            recorded: name("the disk has the record of the message"),
            reader: name("reader"),
            subject: name("subject"),
            reader_is_auditor: name("the reader is an auditor"),
            links_follow: name("every link is the hash of the one before it and its record"),
            checkpoint_signed: name("the checkpoint is signed with the log's key"),
            checkpoint_count: name("checkpoint.count"),
            checkpoint_matches: name(
                "the link at that count, if there is one, is the checkpoint's",
            ),
            memory_matches: name("the link at the count I remember is the one I remember"),
        }
    }
}

impl Log<Prose> {
    /// The log as the words that guards are printed with.
    pub fn in_words() -> Self {
        Self {
            count: Phrase::name("count"),
        }
    }
}
