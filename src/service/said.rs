//! What a bus says in its own log of what it did: held back until it is durable, so that nothing is said
//! that never happened.

use crate::bus::{Outcome, Ruling};
use crate::envelope::{Digest, Kind, MessageId};
use crate::identity::SpiffeId;

/// One line.
pub(super) enum Said {
    /// A message was ruled on.
    Ruled {
        /// The number of its record.
        record: u64,
        from: SpiffeId,
        to: SpiffeId,
        kind: Kind,
        conversation: MessageId,
        /// `delivered`, `held`, or why it was refused.
        outcome: &'static str,
    },
    /// An operator gave its word on a message.
    Decided {
        by: SpiffeId,
        digest: Digest,
        conversation: MessageId,
        /// `approved`, `denied`, or why its word was refused.
        outcome: &'static str,
    },
    /// Somebody was told that nothing came of its message.
    Ended {
        /// The number of the record of that error.
        record: u64,
        to: SpiffeId,
        conversation: MessageId,
        code: &'static str,
    },
}

impl Said {
    /// A ruling, recorded under this number.
    pub(super) fn of_ruling(record: u64, ruling: &Ruling) -> Self {
        Self::Ruled {
            record,
            from: ruling.from.clone(),
            to: ruling.to.clone(),
            kind: ruling.kind,
            conversation: ruling.correlation,
            outcome: match ruling.outcome {
                Outcome::Delivered { .. } => "delivered",
                Outcome::Held => "held",
                Outcome::Refused(rejection) => rejection.code(),
            },
        }
    }

    /// Says it.
    pub(super) fn say(self) {
        match self {
            Self::Ruled {
                record,
                from,
                to,
                kind,
                conversation,
                outcome,
            } => {
                let (from, to, kind) = (from.as_str(), to.as_str(), kind.as_str());
                let conversation = conversation.to_string();
                tracing::info!(record, from, to, kind, conversation, outcome, "ruled");
            }
            Self::Decided {
                by,
                digest,
                conversation,
                outcome,
            } => {
                let (by, digest) = (by.as_str(), digest.to_string());
                let conversation = conversation.to_string();
                tracing::info!(by, digest, conversation, outcome, "decided");
            }
            Self::Ended {
                record,
                to,
                conversation,
                code,
            } => {
                let (to, conversation) = (to.as_str(), conversation.to_string());
                tracing::info!(record, to, conversation, code, "ended");
            }
        }
    }
}
