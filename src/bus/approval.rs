//! What waits for a human, and what that human said.
//!
//! An approval names the envelope by its digest, as the operator was shown it, and the policy version
//! then in force; it has a deadline and is used once. Whether it suffices is a row of the guard table.

use crate::envelope::{Digest, Envelope, Kind, MessageId};

/// A message that waits for an approval.
#[derive(Clone, Debug, PartialEq)]
pub struct Held {
    /// The envelope, as it was admitted.
    pub envelope: Envelope,
    /// Its digest.
    pub digest: Digest,
    /// When it was submitted, in milliseconds since the Unix epoch.
    pub submitted_at_ms: u64,
    /// The last moment at which it can be released, in milliseconds since the Unix epoch; a request
    /// ends when it would have to be answered, which may be sooner.
    pub held_until_ms: u64,
    /// The approval, once there is one.
    pub approval: Option<Approval>,
}

/// What an operator was shown when it decided: one line of the queue.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shown {
    /// The digest of the envelope.
    pub digest: Digest,
    /// What the message is called.
    pub id: MessageId,
    /// Its place in the queue, from 0.
    pub place: usize,
}

/// A human's word for one envelope.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Approval {
    /// The digest of what the operator was shown.
    pub shown: Digest,
    /// The version of the policy in force.
    pub policy: u64,
    /// The last moment at which it can be used, in milliseconds since the Unix epoch.
    pub until_ms: u64,
    /// It was used.
    pub used: bool,
}

/// How long after its time a message that left the queue is remembered, in milliseconds: a day.
const MEMORY_MS: u64 = 24 * 60 * 60 * 1_000;

impl Held {
    /// What kind of message it is.
    pub fn kind(&self) -> Kind {
        self.envelope.header().kind
    }

    /// Until when it is remembered after it left the queue.
    pub(super) fn left_until_ms(&self) -> u64 {
        self.held_until_ms.saturating_add(MEMORY_MS)
    }

    /// What an operator is shown of it at this place of the queue.
    pub fn shown(&self, place: usize) -> Shown {
        Shown {
            digest: self.digest,
            id: self.envelope.header().id,
            place,
        }
    }
}
