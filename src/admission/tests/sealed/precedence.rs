//! One table: a sealed delivery with every defect of both tables, repaired one by one.

use countersign_model::admission::guard::Rejection;
use countersign_model::session::guard::Rejection as InSession;

use super::fixture::{Scene, code, marked};
use crate::admission::tests::fixture::NOW_MS;

/// The defect and its repair, in the order of the session's guard table.
#[rustfmt::skip]
const TABLE: [(InSession, &str, &str); 8] = [
    (InSession::UnknownSession,  "unknown-session",      "seal in the session that the header names"),
    (InSession::SessionExpired,  "session-expired",      "let it live"),
    (InSession::PeerNotEntitled, "peer-not-entitled",    "do not revoke the key that opened it"),
    (InSession::WrongEpoch,      "wrong-epoch",          "seal in its epoch"),
    (InSession::SequenceTooOld,  "sequence-too-old",     "take a number that is still told apart"),
    (InSession::Replayed,        "record-replayed",      "take the next number"),
    (InSession::DoesNotOpen,     "record-does-not-open", "leave the record as it was sealed"),
    (InSession::PayloadMismatch, "payload-mismatch",     "seal what the schema demands"),
];

#[test]
fn every_guard_of_admission_comes_first_then_every_guard_of_the_session() {
    let in_session = TABLE.map(|(defect, _, _)| defect);
    assert_eq!(
        in_session,
        InSession::ALL,
        "every guard has its row, in order"
    );
    let mut repaired = "nothing yet";
    for (row, defect) in Rejection::ALL.iter().enumerate() {
        let scene = Scene::with(&Rejection::ALL[row..], &in_session);
        let expected = ("admission", defect.code());
        assert_eq!(answered(scene), expected, "after '{repaired}'");
        repaired = defect.code();
    }
    for (row, (_, expected, repair)) in TABLE.iter().enumerate() {
        let scene = Scene::with(&[], &in_session[row..]);
        assert_eq!(
            answered(scene),
            ("session", *expected),
            "after '{repaired}'"
        );
        repaired = repair;
    }
    assert_eq!(
        answered(Scene::with(&[], &[])),
        ("", "admitted"),
        "after '{repaired}'"
    );
}

fn answered(scene: Scene) -> (&'static str, &'static str) {
    let (bytes, store) = (scene.bytes.clone(), scene.store.clone());
    let mut endpoint = scene.endpoint_on(store);
    code(&endpoint.receive(&bytes, NOW_MS).unwrap())
}

#[test]
fn a_refusal_of_either_table_changes_neither_store_nor_session() {
    let rows = TABLE.iter().map(|(defect, _, _)| *defect);
    let in_session = rows.map(|defect| (Scene::with(&[], &[defect]), ("session", defect.code())));
    let of_admission = Rejection::ALL.iter();
    let of_admission = of_admission.map(|it| (Scene::with(&[*it], &[]), ("admission", it.code())));
    for (scene, expected) in of_admission.chain(in_session) {
        let (id, bytes, store) = (scene.id, scene.bytes.clone(), scene.store.clone());
        let mut endpoint = scene.endpoint_on(store.clone());
        let before = marked(&endpoint, &id);
        for _ in 0..2 {
            let verdict = endpoint.receive(&bytes, NOW_MS).unwrap();
            assert_eq!(code(&verdict), expected);
        }
        assert_eq!(endpoint.store_mut(), &store, "{expected:?}");
        assert_eq!(marked(&endpoint, &id), before, "{expected:?}");
    }
}
