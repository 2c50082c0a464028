//! What travels in a replay of sessions: a record, and the digest of the header that it goes with.

use countersign_replay::session::action::Presented;

use crate::envelope::payload::Notify;
use crate::envelope::{Digest, Name, Payload, SessionId};
use crate::json;
use crate::session::{Arrived, Head, Record};

/// A record and what it travels with.
#[derive(Clone)]
pub(super) struct Sealed {
    /// The digest of the header: 32 bytes.
    pub(super) covered: Digest,
    /// The record.
    pub(super) record: Vec<u8>,
}

impl Sealed {
    /// Both, as they are delivered: the digest, then the record.
    pub(super) fn to_bytes(&self) -> Vec<u8> {
        [self.covered.as_bytes().as_slice(), &self.record].concat()
    }

    /// The same with what the network changes in the clear; none where it is no record.
    pub(super) fn presented(&self, told: &Presented, session: Option<SessionId>) -> Option<Self> {
        let Arrived { head, text, tag } = Arrived::read(&self.record)?;
        let head = Head {
            session: session.unwrap_or(head.session),
            epoch: told.epoch.unwrap_or(head.epoch),
            sequence: told.number.unwrap_or(head.sequence),
        };
        let covered = if told.altered {
            Digest::of(self.covered.as_bytes())
        } else {
            self.covered
        };
        let record = Record::begin(&head, &[], text).end(tag);
        let record = record.as_bytes().to_vec();
        Some(Self { covered, record })
    }
}

/// The text of the record with this handle: no two say the same. None where no name is like it.
pub(super) fn text(handle: &str) -> Option<Vec<u8>> {
    let payload = Payload::Notify(Notify {
        event: Name::parse(&format!("finding-{handle}")).ok()?,
        data: None,
    });
    Some(json::write(&payload.to_value()))
}

/// A text that satisfies the schema of no type.
pub(super) fn malformed() -> Vec<u8> {
    b"{}".to_vec()
}
