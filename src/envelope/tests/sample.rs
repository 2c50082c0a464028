//! One good envelope of each kind, and a sealed one of each kind that may be sealed.

use crate::{
    envelope::{
        Body, Digest, Draft, Envelope, Header, Kind, List, MessageId, Name, Nonce, Opaque, Payload,
        Presence, SchemaErrorKind, Sequence, SessionId, Text, Timestamp, Version,
        payload::{
            Ack, Ask, CapabilityRequest, CapabilityResponse, Delegate, Failure, HandshakeAnswer,
            HandshakeConfirm, HandshakeFinish, HandshakeHello, Heartbeat, Notify, Reply, Task,
            TaskResult,
        },
    },
    identity::{SigningKey, SpiffeId},
    json::{Limits, Value, read},
};

/// The key that signs the samples.
pub(super) fn key() -> SigningKey {
    SigningKey::from_seed([7; 32])
}

/// A value from its text.
pub(super) fn value(text: &str) -> Value {
    read(text.as_bytes(), &Limits::default()).unwrap()
}

/// A header of this kind with every field that the kind may have.
pub(super) fn header(kind: Kind) -> Header {
    let rule = kind.rule();
    let may = |presence| presence != Presence::Forbidden;
    Header {
        version: Version::CURRENT,
        kind,
        id: MessageId::from_bytes([1; 16]),
        nonce: Nonce::from_bytes([2; 16]),
        from: SpiffeId::parse_agent("spiffe://example.org/agent/alice").unwrap(),
        to: SpiffeId::parse_agent("spiffe://example.org/agent/bob").unwrap(),
        issued_at: Timestamp::from_ms(1_700_000_000_000).unwrap(),
        expires_at: Timestamp::from_ms(1_700_000_300_000).unwrap(),
        key_id: key().key_id(),
        correlation_id: Some(MessageId::from_bytes([3; 16])),
        in_reply_to: may(rule.in_reply_to).then(|| Digest::of(b"the request")),
        session: may(rule.session).then(|| SessionId::from_bytes([4; 16])),
        capability: may(rule.capability).then(|| Opaque::parse("Y2FwYWJpbGl0eQ").unwrap()),
    }
}

/// A payload of this kind with every field.
pub(super) fn payload(kind: Kind) -> Result<Payload, SchemaErrorKind> {
    let name = Name::parse;
    let names =
        |texts: &[&str]| List::new(texts.iter().map(|text| name(text).unwrap()).collect()).unwrap();
    let versions = || List::new(vec![Version::CURRENT, Version::parse("0.9")?]).map_err(|e| e.kind);
    let input = value(r#"{"pages":[1,2.5,null],"title":"J\u00e4hrlich"}"#);
    let deadline_at = Timestamp::from_ms(1_700_000_060_000).unwrap_or(Timestamp::MAX);
    Ok(match kind {
        Kind::Task => Payload::Task(Task {
            task: name("report.daily")?,
            input,
            deadline_at: Some(deadline_at),
        }),
        Kind::Result => Payload::Result(TaskResult { output: input }),
        Kind::Error => Payload::Error(Failure {
            code: name("task-unknown")?,
            message: Text::parse("no such task")?,
            retryable: false,
        }),
        Kind::Ask => Payload::Ask(Ask {
            question: Text::parse("Which one?")?,
            context: Some(input),
            deadline_at,
        }),
        Kind::Delegate => Payload::Delegate(Delegate {
            task: name("report.daily")?,
            input,
            deadline_at,
        }),
        Kind::Reply => Payload::Reply(Reply { answer: input }),
        Kind::Notify => Payload::Notify(Notify {
            event: name("started")?,
            data: Some(input),
        }),
        Kind::CapabilityRequest => Payload::CapabilityRequest(CapabilityRequest {
            versions: versions()?,
            requires: names(&["report.daily"]),
        }),
        Kind::CapabilityResponse => Payload::CapabilityResponse(CapabilityResponse {
            versions: versions()?,
            capabilities: names(&["report.daily", "report.weekly"]),
        }),
        Kind::HandshakeHello => Payload::HandshakeHello(HandshakeHello {
            versions: versions()?,
            suites: List::new(vec![name("x25519-chacha20poly1305-sha256")?]).map_err(|e| e.kind)?,
            capabilities: names(&[]),
            ephemeral_key: [5; 32],
            random: [6; 32],
        }),
        Kind::HandshakeAnswer => Payload::HandshakeAnswer(HandshakeAnswer {
            versions: versions()?,
            suites: List::new(vec![name("x25519-chacha20poly1305-sha256")?]).map_err(|e| e.kind)?,
            version: Version::CURRENT,
            suite: name("x25519-chacha20poly1305-sha256")?,
            capabilities: names(&["report.daily"]),
            ephemeral_key: [7; 32],
            random: [8; 32],
            proof: Opaque::parse("cHJvb2Y")?,
        }),
        Kind::HandshakeFinish => Payload::HandshakeFinish(HandshakeFinish {
            proof: Opaque::parse("cHJvb2Y")?,
        }),
        Kind::HandshakeConfirm => Payload::HandshakeConfirm(HandshakeConfirm {
            confirmation: [9; 32],
        }),
        Kind::Heartbeat => Payload::Heartbeat(Heartbeat {
            sequence: Sequence::MAX,
        }),
        Kind::Ack => Payload::Ack(Ack {
            acknowledges: Digest::of(b"the message"),
        }),
    })
}

/// A signed envelope of this kind.
pub(super) fn envelope(kind: Kind) -> Envelope {
    let body = Body::Payload(payload(kind).unwrap());
    Draft::new(header(kind), body).unwrap().sign(&key())
}

/// A signed envelope of each kind, and a sealed one where that is allowed.
pub(super) fn envelopes() -> Vec<Envelope> {
    let sealed = |kind: &Kind| {
        let body = Body::Sealed(Opaque::parse("c2VhbGVkIGJvZHk").unwrap());
        Some(Draft::new(header(*kind), body).ok()?.sign(&key()))
    };
    Kind::ALL
        .iter()
        .copied()
        .map(envelope)
        .chain(Kind::ALL.iter().filter_map(sealed))
        .collect()
}
