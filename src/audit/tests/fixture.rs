//! A log's key, and messages to be recorded.

use crate::audit::{Approval, Draft, LogFile, Policy, Recorded, Salt, Trail};
use crate::envelope::{Header, Kind, MessageId, Nonce, Timestamp, Version};
use crate::identity::{SigningKey, SpiffeId};

/// The log's key.
pub(super) fn key() -> SigningKey {
    SigningKey::from_seed([7; 32])
}

pub(super) fn at(ms: u64) -> Timestamp {
    Timestamp::from_ms(ms).unwrap()
}

pub(super) fn agent(name: &str) -> SpiffeId {
    SpiffeId::parse_agent(&format!("spiffe://example.org/agent/{name}")).unwrap()
}

/// The id of the message of this number.
pub(super) fn id(number: u8) -> MessageId {
    MessageId::from_bytes([number; 16])
}

/// The header of a message; odd numbers go from alice to bob, even ones from bob to carol.
pub(super) fn header(number: u8) -> Header {
    let (from, to) = if number.is_multiple_of(2) {
        ("bob", "carol")
    } else {
        ("alice", "bob")
    };
    Header {
        version: Version::CURRENT,
        kind: if number.is_multiple_of(3) {
            Kind::Notify
        } else {
            Kind::Ask
        },
        id: id(number),
        nonce: Nonce::from_bytes([number; 16]),
        from: agent(from),
        to: agent(to),
        issued_at: at(number.into()),
        expires_at: at(1_000),
        key_id: key().key_id(),
        correlation_id: Some(id(number / 4)),
        in_reply_to: None,
        session: None,
        capability: None,
    }
}

/// Records the messages of these numbers, in one step, each at its number in milliseconds; every fifth one
/// denied, every seventh one approved.
pub(super) fn append<F: LogFile>(
    trail: &mut Trail<F>,
    numbers: impl IntoIterator<Item = u8>,
) -> Vec<Recorded> {
    let headers: Vec<Header> = numbers.into_iter().map(header).collect();
    let salts: Vec<Salt> = (0..=255).map(|byte| Salt::from_bytes([byte; 32])).collect();
    let drafts: Vec<Draft<'_>> = headers
        .iter()
        .zip(&salts)
        .map(|(header, salt)| {
            let number = header.issued_at.as_ms();
            Draft {
                at: header.issued_at,
                header,
                payload: b"{}",
                salt,
                policy: if number.is_multiple_of(5) {
                    Policy::Denied
                } else {
                    Policy::Allowed
                },
                approval: (number.is_multiple_of(7)).then_some(Approval::Approved),
            }
        })
        .collect();
    trail.append(&drafts).unwrap()
}
