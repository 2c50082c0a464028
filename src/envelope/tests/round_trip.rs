//! What an envelope survives.

use std::collections::BTreeSet;

use proptest::prelude::*;

use super::sample::{envelope, envelopes, header, key, payload};
use crate::{
    envelope::{
        BODY_BYTES_MAX, Body, Digest, Draft, Envelope, Kind, Opaque, Payload, SchemaError,
        SchemaErrorKind, Version, payload::TaskResult, signing_input_of, signing_input_within,
        version_of,
    },
    json::{Limits, Value, read_canonical},
};

#[test]
fn an_envelope_of_every_kind_is_read_as_it_was_written_and_verifies() {
    let envelopes = envelopes();
    assert_eq!((Kind::ALL.len(), envelopes.len()), (15, 15 + 7));
    for envelope in envelopes {
        let bytes = envelope.canonical_bytes();
        let value = read_canonical(&bytes, &Limits::default()).unwrap();
        assert_eq!(Envelope::from_value(&value).as_ref(), Ok(&envelope));
        assert_eq!(envelope.to_value(), value);
        assert_eq!(envelope.digest(), Digest::of(&bytes));
        assert_eq!(version_of(&value), Some(envelope.header().version));
        let input = signing_input_of(envelope.header().kind, value.as_object().unwrap());
        assert_eq!(input, envelope.signing_input());
        let object = value.as_object().unwrap();
        let within = signing_input_within(envelope.header().kind, &bytes, object);
        assert_eq!(within, input);
        assert!(key().peer_key().verifies(&input, envelope.signature()));
    }
}

#[test]
fn a_signature_covers_the_kind_and_every_other_field() {
    let types: BTreeSet<_> = Kind::ALL.iter().map(|kind| kind.signing_type()).collect();
    assert_eq!(types.len(), Kind::ALL.len());
    let value = envelope(Kind::Reply).to_value();
    let input = envelope(Kind::Reply).signing_input();
    let object = value.as_object().unwrap();
    for (name, _) in object.iter() {
        let mut changed = object.clone();
        changed.insert(name, "changed");
        let is_covered = signing_input_of(Kind::Reply, &changed) != input;
        assert_eq!(is_covered, name != "signature", "{name}");
    }
    assert_ne!(signing_input_of(Kind::Result, object), input);
}

#[test]
fn an_envelope_of_another_version_is_well_formed() {
    let mut object = envelope(Kind::Ack).to_value().as_object().unwrap().clone();
    for (text, is_supported) in [
        ("1.0", true),
        ("1.1", false),
        ("2.0", false),
        ("0.9", false),
    ] {
        object.insert("version", text);
        let value = Value::from(object.clone());
        assert_eq!(
            version_of(&value).map(Version::is_supported),
            Some(is_supported)
        );
        let version = Envelope::from_value(&value).unwrap().header().version;
        assert_eq!(
            (version.to_string().as_str(), version.is_supported()),
            (text, is_supported)
        );
    }
    for text in [
        "1",
        "1.",
        ".0",
        "01.0",
        "1.00",
        "1.0.0",
        "+1.0",
        "1.0 ",
        "10000.0",
        "\u{661}.0",
    ] {
        object.insert("version", text);
        assert_eq!(version_of(&object.clone().into()), None, "{text}");
    }
    assert_eq!(version_of(&Value::Null), None);
}

#[test]
fn a_draft_keeps_the_rules_of_its_kind() {
    let task = || Body::Payload(payload(Kind::Task).unwrap());
    let mut answering = header(Kind::Task);
    answering.in_reply_to = Some(Digest::of(b""));
    let mut unanswering = header(Kind::Result);
    unanswering.in_reply_to = None;
    let sealed = || Body::Sealed(Opaque::parse("AA").unwrap());
    let mut homeless = header(Kind::Delegate);
    homeless.session = None;
    let mismatch = SchemaErrorKind::KindMismatch {
        header: Kind::Delegate,
        payload: Kind::Task,
    };
    let rows = [
        (
            answering,
            task(),
            SchemaErrorKind::ForbiddenFor(Kind::Task),
            "/in_reply_to",
        ),
        (
            unanswering,
            task(),
            SchemaErrorKind::RequiredFor(Kind::Result),
            "/in_reply_to",
        ),
        (
            header(Kind::Ack),
            sealed(),
            SchemaErrorKind::ForbiddenFor(Kind::Ack),
            "/sealed",
        ),
        (
            homeless,
            sealed(),
            SchemaErrorKind::RequiredWith("sealed"),
            "/session",
        ),
        (header(Kind::Delegate), task(), mismatch, "/payload"),
    ];
    for (header, body, kind, path) in rows {
        assert_eq!(
            Draft::new(header, body),
            Err(SchemaError {
                kind,
                path: path.to_owned()
            })
        );
    }
}

#[test]
fn a_body_may_be_102400_bytes_and_no_more() {
    let body = |length: usize| {
        let output = Value::from("x".repeat(length - r#"{"output":""}"#.len()));
        Body::Payload(Payload::Result(TaskResult { output }))
    };
    let largest = Draft::new(header(Kind::Result), body(BODY_BYTES_MAX))
        .unwrap()
        .sign(&key());
    let value = largest.to_value();
    assert_eq!(Envelope::from_value(&value), Ok(largest));

    let kind = SchemaErrorKind::PayloadTooLarge {
        bytes: 102_401,
        bytes_max: 102_400,
    };
    let error = SchemaError {
        kind,
        path: "/payload".to_owned(),
    };
    assert_eq!(
        Draft::new(header(Kind::Result), body(102_401)),
        Err(error.clone())
    );
    let mut object = value.as_object().unwrap().clone();
    let mut payload = object
        .get("payload")
        .and_then(Value::as_object)
        .unwrap()
        .clone();
    payload.insert("output", "x".repeat(102_401 - r#"{"output":""}"#.len()));
    object.insert("payload", payload);
    assert_eq!(Envelope::from_value(&object.into()), Err(error));
    assert!(Opaque::<BODY_BYTES_MAX>::parse(&"A".repeat(102_400)).is_ok());
    assert!(Opaque::<BODY_BYTES_MAX>::parse(&"A".repeat(102_402)).is_err());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(16_384))]

    #[test]
    fn damaged_bytes_are_refused_or_are_the_bytes_of_what_they_are_read_as(
        kind in prop::sample::select(Kind::ALL),
        damage in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>(), 0..3), 0..3),
    ) {
        let mut bytes = envelope(kind).canonical_bytes();
        for (place, byte, way) in damage {
            let place = place.index(bytes.len());
            match way {
                0 => bytes[place] = byte,
                1 => bytes.insert(place, byte),
                _ => drop(bytes.remove(place)),
            }
        }
        if let Ok(value) = read_canonical(&bytes, &Limits::default())
            && let Ok(envelope) = Envelope::from_value(&value)
        {
            prop_assert_eq!(envelope.canonical_bytes(), bytes);
        }
    }
}
