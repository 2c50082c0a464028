//! Two principals, a registry that lists both, and both ends of a session between them.

use crate::envelope::payload::Notify;
use crate::envelope::{
    Header, Kind, MessageId, Name, Nonce, Payload, SessionId, Timestamp, Version,
};
use crate::handshake::{Role, SessionSecret};
use crate::identity::{Agent, KeyId, KeyRecord, Registry, SigningKey, SpiffeId, Standing, Trust};
use crate::session::{Establishment, Limits, Session};

/// When every session is established, unless a test says otherwise.
pub(super) const NOW_MS: u64 = 1_700_000_000_000;

pub(super) fn principal(name: &str) -> SpiffeId {
    SpiffeId::parse_agent(&format!("spiffe://example.org/{name}")).unwrap()
}

pub(super) fn key(name: &str) -> SigningKey {
    SigningKey::from_seed([u8::try_from(name.len()).unwrap(); 32])
}

pub(super) fn key_id(name: &str) -> KeyId {
    key(name).peer_key().key_id()
}

/// A registry that lists these principals, each with one key.
pub(super) fn registry(names: &[&str]) -> Registry {
    let mut registry = Registry::new();
    for name in names {
        let agent = Agent {
            id: principal(name),
            standing: Standing::Active,
            handle: None,
            trust: Trust::Message,
            capabilities: std::collections::BTreeSet::new(),
            keys: vec![KeyRecord::new(key(name).peer_key(), 0)],
        };
        registry.enrol(agent).unwrap();
    }
    registry
}

/// What the handshake of session `number` left one end with.
pub(super) fn establishment(number: u8, role: Role, peer: &str) -> Establishment {
    Establishment {
        peer: principal(peer),
        peer_key_id: key_id(peer),
        role,
        secret: secret(number),
        session_id: session_id(number),
        established_at_ms: NOW_MS,
    }
}

/// One end of session `number`.
pub(super) fn end(number: u8, role: Role, peer: &str, limits: Limits) -> Session {
    Session::new(establishment(number, role, peer), limits)
}

pub(super) fn secret(number: u8) -> SessionSecret {
    SessionSecret::new([100 + number; 32])
}

pub(super) fn session_id(number: u8) -> SessionId {
    SessionId::from_bytes([number; 16])
}

/// Alice's end and Bob's, and the registry that both trust.
pub(super) struct Pair {
    pub(super) alice: Session,
    pub(super) bob: Session,
    pub(super) registry: Registry,
}

impl Pair {
    pub(super) fn new(limits: Limits) -> Self {
        Self {
            alice: end(1, Role::Initiator, "bob", limits),
            bob: end(1, Role::Responder, "alice", limits),
            registry: registry(&["alice", "bob"]),
        }
    }
}

/// The header of a notification in session 1.
pub(super) fn header(from: &str, to: &str) -> Header {
    Header {
        version: Version::CURRENT,
        kind: Kind::Notify,
        id: MessageId::from_bytes([1; 16]),
        nonce: Nonce::from_bytes([2; 16]),
        from: principal(from),
        to: principal(to),
        issued_at: Timestamp::from_ms(NOW_MS).unwrap(),
        expires_at: Timestamp::from_ms(NOW_MS + 60_000).unwrap(),
        key_id: key_id(from),
        correlation_id: None,
        in_reply_to: None,
        session: Some(session_id(1)),
        capability: None,
    }
}

/// A notification of this event.
pub(super) fn notification(event: &str) -> Payload {
    Payload::Notify(Notify {
        event: Name::parse(event).unwrap(),
        data: None,
    })
}
