//! Mechanisms: what surrounds the guard table, each the right way by default.
//!
//! The flawed ways are not here; they implement the same trait in the private module `flawed`.

use countersign_model::audit::Audit as Rules;
use countersign_model::rulebook::Ruleset;

use super::chain::{self, End};
use super::entry::{Draft, Entry};
use super::reach::Reach;
use crate::envelope::Digest;

/// How a log does what the guard table leaves to it.
pub(crate) trait Mechanisms {
    /// The rules that it enforces.
    fn rules(&self) -> Ruleset<Rules> {
        Ruleset::HARDENED
    }

    /// The bytes that are written of a message.
    fn written(&self, draft: &Draft<'_>) -> Vec<u8> {
        draft.entry(draft.salt.hash(draft.payload)).to_bytes()
    }

    /// Reads what was written.
    fn read(&self, record: &[u8]) -> Option<Entry> {
        Entry::of_bytes(record)
    }

    /// The link of a record, given the one before it.
    fn link(&self, before: &Digest, record: &[u8]) -> Digest {
        chain::link(before, record)
    }

    /// What a writer that comes up takes for its own end of the log, given what it finds.
    fn taken_up(&self, found: End) -> End {
        found
    }

    /// What a writer goes on from: what it finds, which is what it left.
    fn base(&self, found: &End, _left: &End) -> End {
        *found
    }

    /// Whether the log has the link that a checkpoint names, where it names it, if it goes so far.
    fn vouches(&self, reach: &Reach) -> bool {
        reach.is_short() || reach.is_met()
    }

    /// Whether the log has the link that is remembered.
    fn recalls(&self, reach: &Reach) -> bool {
        reach.is_met()
    }
}

/// The mechanisms as they should be.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Hardened;

impl Mechanisms for Hardened {}
