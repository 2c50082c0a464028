//! When a session is over, and what a failure in the middle leaves behind: nothing.

use super::fixture::{
    BEGUN_MS, Scene, code, endpoint, handshake, header, marked, notification, sealed,
};
use crate::admission::SessionHeld;
use crate::admission::tests::fixture::{self, NOW_MS, agent, key};
use crate::envelope::{Body, Draft, Header};
use crate::session::{self, SealError, Session};
use crate::store::SqliteStore;

const HOUR_MS: u64 = 60 * 60 * 1000;

fn signed(header: Header, body: Body) -> Vec<u8> {
    let key = key(&header.from);
    Draft::new(header, body)
        .unwrap()
        .sign(&key)
        .canonical_bytes()
}

#[test]
fn a_store_that_fails_leaves_the_record_unmarked() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("store");
    let scene = Scene::with(&[], &[]);
    let (id, bytes) = (scene.id, scene.bytes.clone());
    let mut endpoint = scene.endpoint_on(SqliteStore::open(&path).unwrap());
    let before = marked(&endpoint, &id);
    let other = rusqlite::Connection::open(&path).unwrap();
    // The occupancy can still be read, so guards and session pass; only the insertion fails.
    let broken = "CREATE TRIGGER broken BEFORE INSERT ON entry BEGIN SELECT RAISE(ABORT, 'x'); END";
    other.execute_batch(broken).unwrap();
    let failed = endpoint.receive(&bytes, NOW_MS);
    assert!(failed.is_err(), "{failed:?}");
    assert_eq!(marked(&endpoint, &id), before);

    other.execute_batch("DROP TRIGGER broken").unwrap();
    let verdict = endpoint.receive(&bytes, NOW_MS).unwrap();
    assert_eq!(code(&verdict), ("", "admitted"));
    assert_ne!(marked(&endpoint, &id), before);
}

#[test]
fn a_session_past_its_lifetime_takes_nothing_and_is_dropped_by_a_sweep() {
    let [ours, theirs] = handshake("alice", 1);
    let mut bob = endpoint("bob");
    let id = bob.establish(theirs, session::Limits::default()).unwrap();
    let mut alice = Session::new(ours, session::Limits::default());
    let over_ms = BEGUN_MS + HOUR_MS + 1;
    let sealed = |alice: &mut Session, nonce, now_ms| {
        let mut header = header("alice", "bob", id, nonce);
        header.issued_at = crate::envelope::Timestamp::from_ms(now_ms).unwrap();
        header.expires_at = header.issued_at;
        let body = sealed(alice, &header, &notification(), |_| {});
        (signed(header.clone(), body), header)
    };
    let (bytes, _) = sealed(&mut alice, 1, over_ms - 1);
    assert_eq!(
        code(&bob.receive(&bytes, over_ms - 1).unwrap()),
        ("", "admitted")
    );
    let (bytes, late) = sealed(&mut alice, 2, over_ms);
    let clear = signed(late.clone(), Body::Payload(fixture::notification()));
    let answer = Header {
        from: late.to.clone(),
        to: late.from.clone(),
        ..late
    };
    for text in [&bytes, &clear] {
        let verdict = bob.receive(text, over_ms).unwrap();
        assert_eq!(code(&verdict), ("session", "session-expired"));
    }
    let refused = |error: SealError| error.to_string();
    let unsealed = bob.seal(answer.clone(), &fixture::notification(), over_ms);
    assert_eq!(
        unsealed.map_err(refused),
        Err("session-expired: make a new handshake".to_owned())
    );
    bob.sweep(over_ms).unwrap();
    assert!(bob.session(&id).is_none());
    for text in [&bytes, &clear] {
        let verdict = bob.receive(text, over_ms).unwrap();
        assert_eq!(code(&verdict), ("admission", "unknown-session"));
    }
    let unsealed = bob.seal(answer, &fixture::notification(), over_ms);
    assert_eq!(
        unsealed.map_err(refused),
        Err("unknown-session: make a new handshake".to_owned())
    );
}

#[test]
fn a_sweep_keeps_a_session_whose_peer_is_not_entitled_for_now() {
    let [_, theirs] = handshake("alice", 1);
    let mut bob = endpoint("bob");
    let id = bob.establish(theirs, session::Limits::default()).unwrap();
    bob.registry_mut().retire(&agent("alice")).unwrap();
    bob.sweep(NOW_MS).unwrap();
    assert!(bob.session(&id).is_some());
}

#[test]
fn after_a_reconnection_only_a_new_handshake_gives_a_session() {
    let [ours, theirs] = handshake("alice", 1);
    let mut bob = endpoint("bob");
    let mut alice = Session::new(ours, session::Limits::default());
    let id = bob.establish(theirs, session::Limits::default()).unwrap();
    // The same random numbers again: the session is not begun anew.
    let [_, again] = handshake("alice", 1);
    let held = bob.establish(again, session::Limits::default());
    assert_eq!(held, Err(SessionHeld { session: id }));

    assert!(bob.close(&id));
    assert!(!bob.close(&id));
    let header = header("alice", "bob", id, 1);
    let body = sealed(&mut alice, &header, &notification(), |_| {});
    let verdict = bob.receive(&signed(header, body), NOW_MS).unwrap();
    assert_eq!(code(&verdict), ("admission", "unknown-session"));
    let [_, new] = handshake("alice", 2);
    assert_ne!(bob.establish(new, session::Limits::default()), Ok(id));
}

#[test]
fn an_envelope_that_cannot_be_sealed_uses_no_number() {
    let [ours, theirs] = handshake("alice", 1);
    let (mut alice, mut bob) = (endpoint("alice"), endpoint("bob"));
    let id = alice.establish(ours, session::Limits::default()).unwrap();
    bob.establish(theirs, session::Limits::default()).unwrap();
    let good = header("alice", "bob", id, 1);
    let mut never = good.clone();
    never.kind = crate::envelope::Kind::Heartbeat;
    let mut wrong = good.clone();
    wrong.in_reply_to = Some(crate::envelope::Digest::of(b""));
    let elsewhere = header("alice", "carol", id, 1);
    let payload = fixture::notification();
    let said = [never, wrong, elsewhere].map(|header| {
        let refused = alice.seal(header, &payload, NOW_MS);
        refused.map_err(|error| error.to_string())
    });
    let expected = [
        "field not allowed in a message of type heartbeat at /sealed",
        "field not allowed in a message of type notify at /in_reply_to",
        "unknown-session: make a new handshake",
    ];
    assert_eq!(said, expected.map(|words| Err(words.to_owned())));

    let draft = alice.seal(good, &payload, NOW_MS).unwrap();
    let bytes = draft.sign(&key(&agent("alice"))).canonical_bytes();
    let verdict = bob.receive(&bytes, NOW_MS).unwrap();
    let crate::admission::Verdict::Admitted(admitted) = verdict else {
        panic!("{verdict:?}");
    };
    assert_eq!(admitted.opened().unwrap().sequence(), 0);
}
