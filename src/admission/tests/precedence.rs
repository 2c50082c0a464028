//! One table: a delivery with every defect, repaired one by one until it is admitted.

use countersign_model::admission::facts::Receiver;
use countersign_model::admission::guard::{GuardId, Rejection, table};

use super::fixture::{NOW_MS, Scene, bob};
use crate::admission::{Limits, Refusal, Verdict, unknown};
use crate::domain::Real;

/// What is wrong, what the sender is told, and the repair that the next row begins with.
#[rustfmt::skip]
const TABLE: [(Rejection, &str, &str); 19] = [
    (Rejection::TooLarge,           "too-large",           "take the padding away"),
    (Rejection::Malformed,          "malformed",           "say the recipient once"),
    (Rejection::NotCanonical,       "not-canonical",       "leave no space"),
    (Rejection::UnsupportedVersion, "unsupported-version", "speak version 1"),
    (Rejection::SchemaMismatch,     "schema-mismatch",     "leave the unknown member out"),
    (Rejection::UnknownSender,      "unknown-sender",      "let the sender take part"),
    (Rejection::UnknownKey,         "unknown-key",         "name the sender's own key"),
    (Rejection::KeyExpired,         "key-expired",         "let the key be valid"),
    (Rejection::KeyRevoked,         "key-revoked",         "do not revoke it"),
    (Rejection::BadSignature,       "bad-signature",       "sign what is sent"),
    (Rejection::WrongRecipient,     "wrong-recipient",     "address the receiver"),
    (Rejection::SelfAddressed,      "self-addressed",      "send from another agent"),
    (Rejection::UnknownSession,     "unknown-session",     "name no session"),
    (Rejection::Stale,              "stale",               "issue it later, much later"),
    (Rejection::FromFuture,         "from-future",         "issue it now"),
    (Rejection::Expired,            "expired",             "let it expire now, not before"),
    (Rejection::Replayed,           "replayed",            "draw a fresh nonce"),
    (Rejection::StoreFull,          "store-full",          "leave room in the share"),
    (Rejection::TooFast,            "too-fast",            "wait for the rate period to end"),
];

#[test]
fn the_first_defect_left_names_the_rejection_until_none_is_left() {
    let defects = TABLE.map(|(defect, _, _)| defect);
    assert_eq!(defects, Rejection::ALL, "every guard has its row, in order");
    let mut repaired = "nothing yet";
    for (row, (_, code, repair)) in TABLE.iter().enumerate() {
        let scene = Scene::with(&defects[row..]);
        let verdict = scene.endpoint().receive(&scene.bytes, NOW_MS).unwrap();
        let Verdict::Refused(refusal) = verdict else {
            panic!("{code}: admitted after '{repaired}'");
        };
        assert_eq!(refusal.rejection.code(), *code, "after '{repaired}'");
        repaired = repair;
    }
    let scene = Scene::flawless();
    let verdict = scene.endpoint().receive(&scene.bytes, NOW_MS).unwrap();
    assert!(
        matches!(verdict, Verdict::Admitted(_)),
        "{verdict:?} after '{repaired}'"
    );
}

#[test]
fn a_single_defect_is_refused_by_its_own_guard_and_changes_nothing() {
    for defect in Rejection::ALL {
        let scene = Scene::with(&[*defect]);
        let mut endpoint = scene.endpoint();
        for _ in 0..2 {
            let verdict = endpoint.receive(&scene.bytes, NOW_MS).unwrap();
            let Verdict::Refused(Refusal { rejection, .. }) = verdict else {
                panic!("{}: admitted", defect.code());
            };
            assert_eq!(rejection, *defect);
        }
        // Entries, counters and the clock mark; agents and keys.
        assert_eq!(endpoint.store_mut(), &scene.store, "{}", defect.code());
        assert_eq!(endpoint.registry(), &scene.registry, "{}", defect.code());
    }
}

#[test]
fn facts_begin_unknown_and_every_guard_refuses_them() {
    let facts = unknown(&bob());
    let me = Receiver {
        me: bob(),
        now: NOW_MS,
        limits: Limits::default().for_guards(),
    };
    let holding = table::<Real>()
        .iter()
        .filter(|guard| (guard.holds)(&facts, &me))
        .map(|guard| guard.id);
    // Nothing is both stale and from the future, so one of these two must hold of every time.
    assert_eq!(holding.collect::<Vec<_>>(), [GuardId::NotFromFuture]);
}
