//! Which records a question is about.

use super::entry::{Entry, Policy};
use crate::envelope::{Kind, MessageId};
use crate::identity::SpiffeId;

/// Which records are asked for. What is left out asks for all.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    /// Messages that this agent sent or was to receive.
    pub agent: Option<SpiffeId>,
    /// Recorded then or later, in milliseconds since the Unix epoch.
    pub since_ms: Option<u64>,
    /// Recorded then or earlier, in milliseconds since the Unix epoch.
    pub until_ms: Option<u64>,
    /// Messages of this type.
    pub kind: Option<Kind>,
    /// Messages of which the policy says this.
    pub policy: Option<Policy>,
    /// Messages of this conversation.
    pub correlation_id: Option<MessageId>,
    /// At most so many, the newest.
    pub limit: Option<usize>,
}

impl Filter {
    /// Whether a record is one of those that are asked for, whatever the limit.
    pub fn matches(&self, entry: &Entry) -> bool {
        let at_ms = entry.at.as_ms();
        self.agent
            .as_ref()
            .is_none_or(|agent| entry.concerns(agent))
            && self.since_ms.is_none_or(|since_ms| since_ms <= at_ms)
            && self.until_ms.is_none_or(|until_ms| at_ms <= until_ms)
            && self.kind.is_none_or(|kind| entry.kind == kind)
            && self.policy.is_none_or(|policy| entry.policy == policy)
            && self
                .correlation_id
                .is_none_or(|id| entry.correlation_id == Some(id))
    }
}
