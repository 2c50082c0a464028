//! How far a log goes towards an end that a checkpoint or a memory names.

use super::chain::{End, GENESIS};
use crate::envelope::Digest;

/// How far a log goes towards an end that somebody names.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Reach {
    /// The end that is named.
    pub(crate) named: End,
    /// The link of the log there, and the record, if it goes so far.
    pub(crate) there: Option<Digest>,
    /// Where the log really ends.
    pub(crate) end: End,
}

impl Reach {
    pub(super) fn to(named: End) -> Self {
        Self {
            named,
            there: (named.count == 0).then_some(GENESIS),
            end: End::GENESIS,
        }
    }

    /// Whether the log ends before.
    pub(crate) fn is_short(&self) -> bool {
        self.end.count < self.named.count
    }

    /// Whether the log has that very link.
    pub(crate) fn is_met(&self) -> bool {
        self.there == Some(self.named.link)
    }
}
