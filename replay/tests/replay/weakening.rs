//! Every way to weaken the rules gives a trace that the weakened model confirms and the hardened one
//! evades.

use countersign_model::admission::Admission;
use countersign_model::admission::guard::Rejection::{self, *};
use countersign_model::rulebook::{Ruleset, Weakening};
use countersign_replay::outcome::Departure;
use countersign_replay::{Outcome, Reference, reader, replay, writer};

use crate::sample::counterexample;

/// A weakening, and how the hardened rules refuse the attack, at the trace's last step or sooner.
const REFUSED: &[(&str, Rejection)] = &[
    ("without-size-bounded", TooLarge),
    ("without-well-formed", Malformed),
    ("without-text-canonical", NotCanonical),
    ("without-version-supported", UnsupportedVersion),
    ("without-schema-valid", SchemaMismatch),
    ("without-sender-active", UnknownSender),
    ("without-key-of-sender", UnknownKey),
    ("without-key-not-revoked", KeyRevoked),
    ("without-signature-valid", BadSignature),
    ("without-recipient-is-me", WrongRecipient),
    ("without-not-self-addressed", SelfAddressed),
    ("without-not-from-future", FromFuture),
    ("without-not-expired", Expired),
    ("without-nonce-fresh", Replayed),
    ("without-rate-within", TooFast),
    ("checks-then-inserts", Replayed),
    ("forgets-on-restart", Replayed),
    ("key-from-message", UnknownKey),
    ("nonce-outside-signature", BadSignature),
    ("type-outside-signature", BadSignature),
    ("recipient-outside-signature", BadSignature),
];

/// A weakening that makes the receiver refuse honest messages, and the rejection that honest ones meet.
const DENIED: &[(&str, Rejection)] = &[
    ("inserts-before-authentication", Replayed),
    ("counts-before-authentication", TooFast),
    ("keyed-by-nonce-alone", Replayed),
    ("other-canonical-form", BadSignature),
];

fn outcomes(weakening: &str) -> (Outcome, Outcome) {
    let trace = counterexample(weakening);
    let weakened = replay(&trace, Reference::as_told).expect("a replay");
    let hardened = || Reference::under(Ruleset::HARDENED);
    let hardened = replay(&trace, hardened).expect("a replay");
    (weakened.outcome, hardened.outcome)
}

fn confirmed(weakening: &str) -> impl Fn(&Outcome) -> bool {
    let breaks = Weakening::<Admission>::of_name(weakening).map(|row| row.breaks);
    move |outcome| matches!(outcome, Outcome::Confirmed { invariant, .. } if Some(*invariant) == breaks)
}

#[test]
fn an_attack_is_confirmed_on_weakened_rules_and_refused_by_hardened_ones() {
    for (weakening, rejection) in REFUSED {
        let (weakened, hardened) = outcomes(weakening);
        assert!(confirmed(weakening)(&weakened), "{weakening}: {weakened:?}");
        let refused = Departure::Refused(*rejection);
        assert!(
            matches!(&hardened, Outcome::ModelOnly { departure, .. } if *departure == refused),
            "{weakening}: {hardened:?}"
        );
    }
}

#[test]
fn an_honest_message_that_weakened_rules_refuse_is_admitted_by_hardened_ones() {
    for (weakening, rejection) in DENIED {
        let (weakened, hardened) = outcomes(weakening);
        assert!(confirmed(weakening)(&weakened), "{weakening}: {weakened:?}");
        let admitted = Departure::Admitted {
            instead_of: *rejection,
        };
        assert!(
            matches!(&hardened, Outcome::ModelOnly { departure, .. } if *departure == admitted),
            "{weakening}: {hardened:?}"
        );
    }
}

#[test]
fn hardened_rules_attribute_a_message_to_the_sender_that_signed_it() {
    let (weakened, hardened) = outcomes("acts-on-inner-sender");
    assert!(confirmed("acts-on-inner-sender")(&weakened), "{weakened:?}");
    let departure = Departure::Attributed {
        to: "mallory".to_owned(),
        instead_of: "alice".to_owned(),
    };
    assert_eq!(hardened, Outcome::ModelOnly { step: 1, departure });
}

#[test]
fn two_messages_alike_in_everything_stay_two_and_a_hardened_sender_sends_no_second() {
    let (weakened, hardened) = outcomes("nonce-from-clock");
    assert!(confirmed("nonce-from-clock")(&weakened), "{weakened:?}");
    assert!(
        matches!(
            hardened,
            Outcome::ModelOnly {
                step: 2,
                departure: Departure::Impossible(_)
            }
        ),
        "{hardened:?}"
    );
}

#[test]
fn what_is_written_reads_as_the_same_trace_and_writes_as_the_same_bytes() {
    for (weakening, _) in REFUSED.iter().chain(DENIED) {
        let trace = counterexample(weakening);
        let text = writer::write(&trace);
        assert!(text.len() < 10 * 1024, "{weakening}: {} bytes", text.len());
        let read = reader::read(weakening, text.as_bytes()).expect(weakening);
        assert_eq!(read, trace, "{weakening}");
        assert_eq!(writer::write(&read), text, "{weakening}");
    }
}
