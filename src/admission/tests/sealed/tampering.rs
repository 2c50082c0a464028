//! A record put under another header, in another session, or into another envelope.
//!
//! The strongest liar there can be: whoever holds the sender's signing key, but not the session.

use super::fixture::{BEGUN_MS, code, endpoint, handshake, header, marked, notification, sealed};
use crate::admission::tests::fixture::{NOW_MS, agent, key};
use crate::admission::{Admitted, Endpoint, Verdict};
use crate::envelope::payload::{Task, TaskResult};
use crate::envelope::{
    Body, Digest, Draft, Envelope, Header, Kind, MessageId, Name, Nonce, Opaque, Payload,
    SessionId, Timestamp, Version,
};
use crate::identity::SigningKey;
use crate::json::Value;
use crate::session::{self, Session};
use crate::store::MemoryStore;

/// Alice's end of a session, and bob's endpoint, which holds it and another of hers.
struct Scene {
    alice: Session,
    bob: Endpoint<MemoryStore>,
    id: SessionId,
    other: SessionId,
}

fn scene() -> Scene {
    let [ours, theirs] = handshake("alice", 1);
    let [_, more] = handshake("alice", 2);
    let mut bob = endpoint("bob");
    Scene {
        alice: Session::new(ours, session::Limits::default()),
        id: bob.establish(theirs, session::Limits::default()).unwrap(),
        other: bob.establish(more, session::Limits::default()).unwrap(),
        bob,
    }
}

impl Scene {
    /// What bob says to an envelope of this header, signed with this key.
    fn tell(&mut self, header: Header, body: Body, key: &SigningKey) -> Verdict {
        let draft = Draft::new(header, body).unwrap();
        let bytes = draft.sign(key).canonical_bytes();
        self.bob.receive(&bytes, NOW_MS).unwrap()
    }

    /// A header of this kind with every member that the kind may have, and the payload to it.
    fn full(&self, kind: Kind) -> (Header, Vec<u8>) {
        let mut header = header("alice", "bob", self.id, 9);
        header.kind = kind;
        header.correlation_id = Some(MessageId::from_bytes([3; 16]));
        let output = Value::Null;
        let payload = if kind == Kind::Task {
            header.capability = Some(Opaque::parse("AA").unwrap());
            Payload::Task(Task {
                task: Name::parse("report").unwrap(),
                input: output,
                deadline_at: None,
            })
        } else {
            header.in_reply_to = Some(Digest::of(b"the request"));
            Payload::Result(TaskResult { output })
        };
        (header, crate::json::write(&payload.to_value()))
    }
}

/// A member of the header, what is done to it, and who refuses that with which code.
type Row = (
    Kind,
    &'static str,
    fn(&mut Header, SessionId),
    (&'static str, &'static str),
);

#[rustfmt::skip]
const TABLE: [Row; 14] = [
    (Kind::Task,   "version",        |it, _| it.version = Version::parse("1.9").unwrap(),  ("admission", "unsupported-version")),
    (Kind::Task,   "type",           |it, _| it.kind = Kind::Notify,                       DOES_NOT_OPEN),
    (Kind::Task,   "id",             |it, _| it.id = MessageId::from_bytes([8; 16]),       DOES_NOT_OPEN),
    (Kind::Task,   "nonce",          |it, _| it.nonce = Nonce::from_bytes([8; 16]),        DOES_NOT_OPEN),
    (Kind::Task,   "from",           |it, _| from_carol(it),                               ("admission", "unknown-session")),
    (Kind::Task,   "to",             |it, _| it.to = agent("carol"),                       ("admission", "wrong-recipient")),
    (Kind::Task,   "issued_at",      |it, _| it.issued_at = at(NOW_MS - 1),                DOES_NOT_OPEN),
    (Kind::Task,   "expires_at",     |it, _| it.expires_at = at(NOW_MS + 1),               DOES_NOT_OPEN),
    (Kind::Task,   "key_id",         |it, _| it.key_id = key(&agent("carol")).key_id(),    ("admission", "unknown-key")),
    (Kind::Task,   "correlation_id", |it, _| it.correlation_id = None,                     DOES_NOT_OPEN),
    (Kind::Task,   "session",        |it, other| it.session = Some(other),                 ("session", "unknown-session")),
    (Kind::Task,   "capability",     |it, _| it.capability = None,                         DOES_NOT_OPEN),
    (Kind::Result, "in_reply_to",    |it, _| it.in_reply_to = Some(Digest::of(b"another")), DOES_NOT_OPEN),
    (Kind::Result, "type",           |it, _| it.kind = Kind::Error,                        DOES_NOT_OPEN),
];

const DOES_NOT_OPEN: (&str, &str) = ("session", "record-does-not-open");

fn from_carol(header: &mut Header) {
    header.from = agent("carol");
    header.key_id = key(&agent("carol")).key_id();
}

fn at(instant_ms: u64) -> Timestamp {
    Timestamp::from_ms(instant_ms).unwrap()
}

#[test]
fn no_member_of_the_header_can_be_changed_even_by_who_can_sign_it() {
    let mut changed = std::collections::BTreeSet::new();
    for (kind, member, change, expected) in TABLE {
        let mut scene = scene();
        let (header, plaintext) = scene.full(kind);
        let body = sealed(&mut scene.alice, &header, &plaintext, |_| {});
        let before = (marked(&scene.bob, &scene.id), scene.bob.store_mut().clone());

        let mut other = header.clone();
        change(&mut other, scene.other);
        let signer = key(&other.from);
        let verdict = scene.tell(other.clone(), body.clone(), &signer);
        assert_eq!(code(&verdict), expected, "{member} of {kind}");
        // Without the key it does not even come that far.
        let stranger = scene.tell(other, body.clone(), &SigningKey::from_seed([200; 32]));
        assert_eq!(code(&stranger).0, "admission", "{member} of {kind}");
        let after = (marked(&scene.bob, &scene.id), scene.bob.store_mut().clone());
        assert_eq!(before, after, "{member} of {kind}");

        let honest = scene.tell(header, body, &key(&agent("alice")));
        assert_eq!(code(&honest), ("", "admitted"), "{member} of {kind}");
        changed.insert(member);
    }
    // As many as a header has.
    assert_eq!(changed.len(), 13);
}

#[test]
fn a_sealed_envelope_is_admitted_once_and_its_record_in_another_envelope_never() {
    let mut scene = scene();
    let first = header("alice", "bob", scene.id, 1);
    let body = sealed(&mut scene.alice, &first, &notification(), |_| {});
    let alice = key(&agent("alice"));
    let mut answers = Vec::new();
    for header in [
        first.clone(),
        first.clone(),
        header("alice", "bob", scene.id, 2),
    ] {
        answers.push(code(&scene.tell(header, body.clone(), &alice)));
    }
    let replayed = ("admission", "replayed");
    let again = ("session", "record-replayed");
    assert_eq!(answers, [("", "admitted"), replayed, again]);
}

#[test]
fn the_session_of_one_peer_is_none_of_anothers() {
    let mut scene = scene();
    let [ours, theirs] = handshake("carol", 3);
    let carols = scene
        .bob
        .establish(theirs, session::Limits::default())
        .unwrap();
    let mut carol = Session::new(ours, session::Limits::default());
    let [alice_key, carol_key] = ["alice", "carol"].map(|name| key(&agent(name)));

    // Carol, in the session of alice, with a record of her own and with one that she saw.
    let hers = header("carol", "bob", scene.id, 1);
    let own = sealed(&mut carol, &hers, &notification(), |_| {});
    let seen = sealed(&mut scene.alice, &hers, &notification(), |_| {});
    for body in [own, seen] {
        let verdict = scene.tell(hers.clone(), body, &carol_key);
        assert_eq!(code(&verdict), ("admission", "unknown-session"));
    }
    // Alice, in the session of carol.
    let header = header("alice", "bob", carols, 2);
    let body = sealed(&mut scene.alice, &header, &notification(), |_| {});
    let verdict = scene.tell(header.clone(), body, &alice_key);
    assert_eq!(code(&verdict), ("admission", "unknown-session"));
    // Nor in the clear.
    let clear = Body::Payload(crate::admission::tests::fixture::notification());
    let verdict = scene.tell(header, clear, &alice_key);
    assert_eq!(code(&verdict), ("admission", "unknown-session"));
}

#[test]
fn what_an_end_sealed_is_not_sent_back_to_it() {
    let [ours, theirs] = handshake("alice", 4);
    let mut alice = endpoint("alice");
    let id = alice.establish(ours, session::Limits::default()).unwrap();
    let mut bob = Session::new(theirs, session::Limits::default());

    let there = header("alice", "bob", id, 1);
    let draft = alice.seal(
        there,
        &crate::admission::tests::fixture::notification(),
        BEGUN_MS,
    );
    let envelope: Envelope = draft.unwrap().sign(&key(&agent("alice")));
    let back = header("bob", "alice", id, 2);
    let reflected = Draft::new(back.clone(), envelope.body().clone()).unwrap();
    let bytes = reflected.sign(&key(&agent("bob"))).canonical_bytes();
    let verdict = alice.receive(&bytes, NOW_MS).unwrap();
    assert_eq!(code(&verdict), DOES_NOT_OPEN);

    let honest = sealed(&mut bob, &back, &notification(), |_| {});
    let bytes = Draft::new(back, honest).unwrap();
    let bytes = bytes.sign(&key(&agent("bob"))).canonical_bytes();
    let Verdict::Admitted(admitted) = alice.receive(&bytes, NOW_MS).unwrap() else {
        panic!("refused");
    };
    assert_eq!(Admitted::sender(&admitted), &agent("bob"));
}
