//! One table for each flight: a flight with every defect, repaired one by one until it is taken.

use std::fmt::Debug;

use countersign_model::handshake::facts::Party;
use countersign_model::handshake::guard::{Flight, Rejection, table};

use super::fixture::{NOW_MS, Pair, id, registry_of};
use super::scene::{Scene, honest_flights};
use crate::domain::Real;
use crate::handshake::facts::unknown;
use crate::handshake::mechanism::{Hardened, Mechanisms};
use crate::handshake::{Refusal, Reply};
use crate::identity::{KeyRecord, Standing};

use Rejection as R;

/// The flight, what is wrong with it, what the sender is told, and the repair that the next row begins
/// with.
#[rustfmt::skip]
pub(super) const TABLE: &[(Flight, R, &str, &str)] = &[
    (Flight::Hello,   R::NoCommonVersion,   "no-common-version",   "offer a version that both speak"),
    (Flight::Hello,   R::VersionDeprecated, "version-deprecated",  "offer one that has not retired"),
    (Flight::Hello,   R::CapabilityMissing, "capability-missing",  "have what is required"),
    (Flight::Hello,   R::ShareDegenerate,   "share-degenerate",    "send a share of large order"),
    (Flight::Answer,  R::NoCommonVersion,   "no-common-version",   "offer a version that both speak"),
    (Flight::Answer,  R::VersionDeprecated, "version-deprecated",  "choose one that has not retired"),
    (Flight::Answer,  R::CapabilityMissing, "capability-missing",  "have what is required"),
    (Flight::Answer,  R::VersionDowngraded, "version-downgraded",  "choose the best one"),
    (Flight::Answer,  R::SuiteNotOffered,   "suite-not-offered",   "choose a suite that was offered"),
    (Flight::Answer,  R::ShareDegenerate,   "share-degenerate",    "send a share of large order"),
    (Flight::Answer,  R::ProofDoesNotOpen,  "proof-does-not-open", "seal the proof"),
    (Flight::Answer,  R::IdentityUnbound,   "identity-unbound",    "vouch for the identity"),
    (Flight::Answer,  R::UnknownKey,        "unknown-key",         "name the principal's own key"),
    (Flight::Answer,  R::PeerNotEntitled,   "peer-not-entitled",   "do not revoke it"),
    (Flight::Answer,  R::PeerIsSelf,        "peer-is-self",        "be somebody else"),
    (Flight::Answer,  R::WrongPeer,         "wrong-peer",          "be the one that was meant"),
    (Flight::Answer,  R::BadSignature,      "bad-signature",       "sign what was said"),
    (Flight::Finish,  R::ProofDoesNotOpen,  "proof-does-not-open", "seal the proof"),
    (Flight::Finish,  R::IdentityUnbound,   "identity-unbound",    "vouch for the identity"),
    (Flight::Finish,  R::UnknownKey,        "unknown-key",         "name the principal's own key"),
    (Flight::Finish,  R::PeerNotEntitled,   "peer-not-entitled",   "do not revoke it"),
    (Flight::Finish,  R::PeerIsSelf,        "peer-is-self",        "be somebody else"),
    (Flight::Finish,  R::BadSignature,      "bad-signature",       "sign what was said"),
    (Flight::Confirm, R::NotConfirmed,      "not-confirmed",       "confirm under the key of both"),
];

/// Both ends as they wait for `flight`, after the honest flights before it.
pub(super) fn waiting<M: Mechanisms + Clone>(
    mechanisms: &M,
    flight: Flight,
    said: &[Vec<u8>],
) -> Pair<M> {
    let mut pair = Pair::new(mechanisms);
    for (earlier, bytes) in Flight::ALL.into_iter().zip(said) {
        if earlier < flight {
            hear(&mut pair, earlier, bytes).unwrap();
        }
    }
    pair
}

/// Lets the end that a flight is for hear it.
pub(super) fn hear<M: Mechanisms + Clone>(
    pair: &mut Pair<M>,
    flight: Flight,
    bytes: &[u8],
) -> Result<Reply, Refusal> {
    match flight {
        Flight::Hello | Flight::Finish => pair.tell_bob(bytes),
        Flight::Answer | Flight::Confirm => pair.tell_alice(bytes),
    }
}

/// The rejection, or a panic.
pub(super) fn rejection<T: Debug>(heard: Result<T, Refusal>) -> Rejection {
    match heard {
        Err(Refusal::Rejected { rejection, .. }) => rejection,
        other => panic!("not rejected: {other:?}"),
    }
}

#[test]
fn the_first_defect_left_names_the_rejection_until_none_is_left() {
    let said = honest_flights();
    for (flight, honest) in Flight::ALL.into_iter().zip(&said) {
        let rows: Vec<_> = TABLE.iter().filter(|row| row.0 == flight).collect();
        let defects: Vec<_> = rows.iter().map(|row| row.1).collect();
        let asked = table::<Real>()
            .iter()
            .filter(|guard| flight.asks().contains(&guard.stage))
            .map(|guard| guard.rejects);
        assert_eq!(
            defects,
            asked.collect::<Vec<_>>(),
            "every guard has its row, in order"
        );
        let mut repaired = "nothing yet";
        for (place, (_, _, code, repair)) in rows.into_iter().enumerate() {
            let scene = Scene::with(&defects[place..]);
            let mut pair = waiting(&Hardened, flight, &said);
            pair.registry = scene.registry();
            let bytes = scene.flight(flight, &said, honest);
            let rejection = rejection(hear(&mut pair, flight, &bytes));
            assert_eq!(
                rejection.code(),
                *code,
                "{} after '{repaired}'",
                flight.name()
            );
            repaired = repair;
        }
        let flawless = Scene::with(&[]).flight(flight, &said, honest);
        assert_eq!(
            flawless, *honest,
            "what the parts compose is what a run says"
        );
    }
}

#[test]
fn a_single_defect_is_refused_by_its_own_guard_and_changes_nothing() {
    let said = honest_flights();
    for (flight, defect, code, _) in TABLE {
        let place = *flight as usize;
        let defects = [*defect];
        let scene = Scene::with(&defects);
        let bytes = scene.flight(*flight, &said, &said[place]);
        let mut pair = waiting(&Hardened, *flight, &said);
        for _ in 0..2 {
            pair.registry = scene.registry();
            assert_eq!(rejection(hear(&mut pair, *flight, &bytes)).code(), *code);
        }
        // The rest of the exchange is what it would have been, byte for byte.
        pair.registry = Scene::with(&[]).registry();
        for rest in Flight::ALL.into_iter().skip(place) {
            let reply = hear(&mut pair, rest, &said[rest as usize]).unwrap();
            assert_eq!(
                reply.flight.as_ref(),
                said.get(rest as usize + 1),
                "after {code}"
            );
        }
    }
}

#[test]
fn a_peer_is_entitled_while_it_is_active_and_its_key_current() {
    let said = honest_flights();
    let valid_until = |last_ms| registry_of(Standing::Active, move |key| key.until(last_ms));
    let standing = |standing| registry_of(standing, |key| key);
    let revoked = registry_of(Standing::Active, KeyRecord::revoked);
    #[rustfmt::skip]
    let rows = [
        ("on its first day",   valid_until(NOW_MS),           NOW_MS - 10, true),
        ("on its last day",    valid_until(NOW_MS),           NOW_MS,      true),
        ("not yet valid",      valid_until(NOW_MS),           NOW_MS - 11, false),
        ("no longer valid",    valid_until(NOW_MS - 1),       NOW_MS,      false),
        ("revoked",            revoked,                       NOW_MS,      false),
        ("suspended",          standing(Standing::Suspended), NOW_MS,      false),
        ("retired",            standing(Standing::Retired),   NOW_MS,      false),
        ("dead",               standing(Standing::Dead),      NOW_MS,      false),
    ];
    for (name, registry, now_ms, is_entitled) in rows {
        let mut pair = waiting(&Hardened, Flight::Answer, &said);
        let heard = pair.alice.hear(&said[1], &registry, now_ms);
        if is_entitled {
            assert!(heard.is_ok(), "{name}: {heard:?}");
        } else {
            assert_eq!(rejection(heard), R::PeerNotEntitled, "{name}");
        }
    }
}

#[test]
fn a_refusal_about_offers_names_those_of_both_sides() {
    let said = honest_flights();
    let bytes = Scene::with(&[R::NoCommonVersion]).flight(Flight::Hello, &said, &said[0]);
    let mut pair = Pair::new(&Hardened);
    let refusal = pair.tell_bob(&bytes).unwrap_err().to_string();
    assert_eq!(
        refusal,
        "no-common-version: this side offers versions 2.0 1.0 0.9, suites \
         x25519-chacha20poly1305-sha256, capabilities report and requires report; the peer offers \
         versions 9.0, suites x25519-chacha20poly1305-sha256, capabilities report"
    );
    let bytes = Scene::with(&[R::CapabilityMissing]).flight(Flight::Answer, &said, &said[1]);
    let mut pair = waiting(&Hardened, Flight::Answer, &said);
    let refusal = pair.tell_alice(&bytes).unwrap_err().to_string();
    assert!(
        refusal.starts_with("capability-missing: this side"),
        "{refusal}"
    );
    assert!(refusal.ends_with("capabilities none"), "{refusal}");
}

#[test]
fn a_text_that_is_not_the_next_flight_is_unreadable_and_says_what_was_expected() {
    let said = honest_flights();
    let long = vec![b' '; 16 * 1024 + 1];
    let texts: [(&[u8], &str); 4] = [
        (&said[1], "not a handshake hello: unknown field at /proof"),
        (b"{}", "not a handshake hello: missing field at /versions"),
        (b"{ }", "not a handshake hello: "),
        (
            &long,
            "not a handshake hello: 16385 bytes of text where at most 16384 are allowed",
        ),
    ];
    for (text, expected) in texts {
        let refusal = Pair::new(&Hardened).tell_bob(text).unwrap_err();
        assert!(matches!(refusal, Refusal::Unreadable(_)), "{refusal}");
        assert!(refusal.to_string().starts_with(expected), "{refusal}");
    }
}

#[test]
fn facts_begin_unknown_and_every_guard_refuses_them() {
    let me = Party {
        me: id("alice"),
        intended: id("bob"),
        version_floor: 1,
    };
    let facts = unknown(&me.me);
    let mut holding = table::<Real>()
        .iter()
        .filter(|guard| (guard.holds)(&facts, &me));
    assert!(holding.next().is_none());
}
