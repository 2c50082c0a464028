//! What an orchestrator answers.

use countersign_model::bus::guard::Rejection;

use crate::envelope::{Digest, Envelope, Kind, MessageId};
use crate::identity::SpiffeId;

/// What became of one message: what the log says of it, and what comes of it.
///
/// It must be durable before anything comes of it: before the sender is told, and before a delivery
/// is handed out.
#[derive(Clone, Debug, PartialEq)]
pub struct Ruling {
    /// When, in milliseconds since the Unix epoch.
    pub at_ms: u64,
    /// The digest of the envelope.
    pub digest: Digest,
    /// The authenticated sender.
    pub from: SpiffeId,
    /// Whom the envelope names as its recipient.
    pub to: SpiffeId,
    /// What kind of message.
    pub kind: Kind,
    /// What it is called.
    pub id: MessageId,
    /// What its conversation is called.
    pub correlation: MessageId,
    /// The version of the policy in force.
    pub policy: u64,
    /// How many deliveries its sender is charged for it; none where it is refused, or was charged before.
    pub charged: u64,
    /// What became of it.
    pub outcome: Outcome,
}

/// What became of a message.
#[derive(Clone, Debug, PartialEq)]
pub enum Outcome {
    /// It goes to these agents.
    Delivered {
        /// Who receives it; one, but for a broadcast.
        recipients: Vec<SpiffeId>,
        /// The envelope.
        envelope: Box<Envelope>,
    },
    /// It waits for an approval.
    Held,
    /// It was refused; the sender is told why, and nothing else changed.
    Refused(Rejection),
}

impl Ruling {
    /// The rejection, where it was refused.
    pub fn rejection(&self) -> Option<Rejection> {
        match self.outcome {
            Outcome::Refused(rejection) => Some(rejection),
            Outcome::Delivered { .. } | Outcome::Held => None,
        }
    }
}
