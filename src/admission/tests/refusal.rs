//! What leaves the endpoint: the token of an admission, the words of a refusal, the store's failure.

use countersign_model::admission::guard::Rejection;

use super::fixture::{NOW_MS, Scene};
use crate::admission::{Refusal, Verdict};
use crate::envelope::{Digest, Envelope};
use crate::json::{Limits, read};
use crate::store::{SqliteStore, StoreError};

#[test]
fn an_admission_carries_the_envelope_and_the_digest_of_the_very_bytes() {
    let scene = Scene::flawless();
    let verdict = scene.endpoint().receive(&scene.bytes, NOW_MS).unwrap();
    let Verdict::Admitted(admitted) = verdict else {
        panic!("{verdict:?}");
    };
    let value = read(&scene.bytes, &Limits::default()).unwrap();
    assert_eq!(
        admitted.to_envelope(),
        Envelope::from_value(&value).unwrap()
    );
    assert_eq!(admitted.to_envelope().canonical_bytes(), scene.bytes);
    assert_eq!(admitted.digest(), Digest::of(&scene.bytes));
    assert_eq!(
        admitted.sender().as_str(),
        "spiffe://example.org/agent/alice"
    );
}

#[test]
fn a_refusal_says_where_a_text_is_wrong_and_otherwise_only_its_code() {
    for (defect, words) in [
        (Rejection::TooLarge, "too-large"),
        (
            Rejection::Malformed,
            "malformed: duplicate member name \"to\" at byte 374",
        ),
        (
            Rejection::NotCanonical,
            "not-canonical: not the canonical text: the first difference is at byte 1",
        ),
        (
            Rejection::SchemaMismatch,
            "schema-mismatch: unknown field at /payload/administrator",
        ),
        (Rejection::UnknownSender, "unknown-sender"),
        (Rejection::BadSignature, "bad-signature"),
        (Rejection::Replayed, "replayed"),
    ] {
        let scene = Scene::with(&[defect]);
        let verdict = scene.endpoint().receive(&scene.bytes, NOW_MS).unwrap();
        let Verdict::Refused(refusal) = verdict else {
            panic!("{}: admitted", defect.code());
        };
        assert_eq!(refusal.to_string(), words);
    }
    assert_eq!(Refusal::from(Rejection::Stale).to_string(), "stale");
}

#[test]
fn a_store_that_fails_gives_an_error_and_no_verdict() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("store");
    let scene = Scene::flawless();
    let mut endpoint = scene.endpoint_on(SqliteStore::open(&path).unwrap());
    let other = rusqlite::Connection::open(&path).unwrap();
    other.execute_batch("DROP TABLE entry").unwrap();
    for _ in 0..2 {
        let failed = endpoint.receive(&scene.bytes, NOW_MS);
        assert!(
            matches!(failed, Err(StoreError::Damaged { .. })),
            "{failed:?}"
        );
    }
    // What is refused before the store is asked is still refused.
    let forged = Scene::with(&[Rejection::BadSignature]);
    let verdict = endpoint.receive(&forged.bytes, NOW_MS).unwrap();
    assert_eq!(verdict, Verdict::Refused(Rejection::BadSignature.into()));
}
