//! Random and mutated input for every reader: nothing panics, and nothing is accepted that is not
//! exactly what a writer writes.
//!
//! Each property tries [`CASES`] inputs; `PROPTEST_CASES` sets another number, as `make fuzz` does.
//! `cargo fuzz` needs a nightly compiler, which this workspace does without: these are the same
//! targets, driven by structure and mutation in place of coverage.

#![expect(clippy::unwrap_used, reason = "a test fails loudly")]

#[path = "fuzz/mutation.rs"]
mod mutation;

use std::collections::BTreeSet;
use std::env;
use std::num::NonZeroUsize;
use std::sync::LazyLock;

use countersign::admission::{Endpoint, Limits, Verdict};
use countersign::deployment::Deployment;
use countersign::envelope::payload::{Notify, Task};
use countersign::envelope::{
    Body, Digest, Draft, Envelope, Header, Kind, MessageId, Name, Nonce, Opaque, Payload,
    SessionId, Timestamp, Version,
};
use countersign::identity::{Agent, KeyRecord, Registry, SigningKey, SpiffeId, Standing, Trust};
use countersign::json::{self, Object, Value};
use countersign::store::MemoryStore;
use countersign_model::admission::Admission;
use countersign_model::admission::scope::Scope;
use countersign_model::admission::story::Story;
use countersign_model::admission::system::Reception;
use countersign_model::explorer::{Cutoff, Ending, explore};
use countersign_model::rulebook::{Book as _, Ruleset};
use countersign_replay::trace::Seed;
use countersign_replay::{Trace, reader, writer};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::Index;

use self::mutation::{mutated, mutation, token_soup};

/// Inputs for each property.
const CASES: u32 = 2_000;
const NOW_MS: u64 = 1_700_000_000_000;
const DEPLOYMENT: &[u8] = include_bytes!("../docs/example/deployment.json");

fn config() -> ProptestConfig {
    if env::var_os("PROPTEST_CASES").is_some() {
        ProptestConfig::default()
    } else {
        ProptestConfig::with_cases(CASES)
    }
}

/// Values with the member names and the texts that an envelope has.
fn envelope_like() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        (0..=json::INTEGER_MAX).prop_map(Value::Integer),
        prop::sample::select(vec![
            "1.0",
            "notify",
            "task",
            "spiffe://example.org/agent/alice",
            "finished",
            "",
            "00000000000000000000000000000000",
        ])
        .prop_map(Value::from),
        "[ -~\u{e9}]{0,12}".prop_map(Value::from),
    ];
    let name = prop::sample::select(vec![
        "version",
        "type",
        "id",
        "nonce",
        "from",
        "to",
        "issued_at",
        "expires_at",
        "key_id",
        "correlation_id",
        "in_reply_to",
        "session",
        "capability",
        "payload",
        "sealed",
        "signature",
        "event",
        "data",
        "task",
        "input",
    ]);
    leaf.prop_recursive(3, 48, 16, move |inner| {
        prop_oneof![
            vec(inner.clone(), 0..4).prop_map(Value::Array),
            vec((name.clone(), inner), 0..16).prop_map(|members| {
                let owned = members
                    .into_iter()
                    .map(|(name, value)| (name.to_owned(), value));
                Value::Object(owned.collect::<Object>())
            }),
        ]
    })
}

fn agent(name: &str) -> SpiffeId {
    SpiffeId::parse_agent(&format!("spiffe://example.org/agent/{name}")).unwrap()
}

fn signing_key() -> SigningKey {
    SigningKey::from_seed([7; 32])
}

fn header(kind: Kind, nonce: u8) -> Header {
    Header {
        version: Version::CURRENT,
        kind,
        id: MessageId::from_bytes([nonce; 16]),
        nonce: Nonce::from_bytes([nonce; 16]),
        from: agent("alice"),
        to: agent("bob"),
        issued_at: Timestamp::from_ms(NOW_MS).unwrap(),
        expires_at: Timestamp::from_ms(NOW_MS + 1000).unwrap(),
        key_id: signing_key().key_id(),
        correlation_id: None,
        in_reply_to: None,
        session: None,
        capability: None,
    }
}

/// Valid envelopes from alice to bob, and their texts: the only ones that bob may ever admit.
static ENVELOPES: LazyLock<Vec<Vec<u8>>> = LazyLock::new(|| {
    let input = json::read(
        br#"{"amounts":[0,-1,1e-7,2.5],"author":"Zo\u00eb","nested":{"a":{"b":[]}}}"#,
        &json::Limits::default(),
    )
    .unwrap();
    let bodies = [
        Body::Payload(Payload::Notify(Notify {
            event: Name::parse("finished").unwrap(),
            data: None,
        })),
        Body::Payload(Payload::Notify(Notify {
            event: Name::parse("finished").unwrap(),
            data: Some(input.clone()),
        })),
        Body::Payload(Payload::Task(Task {
            task: Name::parse("summarise").unwrap(),
            input,
            deadline_at: Some(Timestamp::MAX),
        })),
        Body::Sealed(Opaque::parse("c2VhbGVkIGJvZHk").unwrap()),
    ];
    let texts = (1..).zip(bodies).map(|(nonce, body)| {
        let (kind, session) = match &body {
            Body::Payload(payload) => (payload.kind(), None),
            Body::Sealed(_) => (Kind::Notify, Some(SessionId::from_bytes([7; 16]))),
        };
        let header = Header {
            session,
            ..header(kind, nonce)
        };
        let draft = Draft::new(header, body).unwrap();
        draft.sign(&signing_key()).canonical_bytes()
    });
    texts.collect()
});

fn endpoint() -> Endpoint<MemoryStore> {
    let mut registry = Registry::new();
    let alice = Agent {
        id: agent("alice"),
        standing: Standing::Active,
        handle: None,
        trust: Trust::Nothing,
        capabilities: BTreeSet::new(),
        keys: vec![KeyRecord::new(signing_key().peer_key(), 0)],
    };
    registry.enrol(alice).unwrap();
    Endpoint::new(
        agent("bob"),
        registry,
        Limits::default(),
        MemoryStore::new(),
    )
    .unwrap()
}

/// Traces of every kind of defect, as texts: the counterexample of each weakening.
static TRACES: LazyLock<Vec<Vec<u8>>> = LazyLock::new(|| {
    let traces = Admission::WEAKENINGS.iter().map(|weakening| {
        let scope = weakening.scope(Scope::default());
        let rules = Ruleset::HARDENED.dangerously_with(weakening);
        let admission = Reception::new(rules, scope, &[weakening.breaks]);
        let report = explore(&admission, NonZeroUsize::MIN, &Cutoff::default());
        let Ending::Broken(path) = report.ending else {
            return None;
        };
        let story = Story::of_path(&admission, &scope, &path);
        let (breaks, seed) = (Some(weakening.breaks), Seed([7; 16]));
        let trace = Trace::tell(&story, &[weakening.name], breaks, weakening.lesson, seed);
        Some(writer::write(&trace.unwrap()).into_bytes())
    });
    traces.flatten().collect()
});

/// Whatever is read as canonical is exactly what is written of what it means.
fn check_json(bytes: &[u8]) -> Result<(), TestCaseError> {
    let limits = json::Limits::default();
    let read = json::read(bytes, &limits);
    match json::read_canonical(bytes, &limits) {
        Ok(value) => {
            prop_assert_eq!(json::write(&value), bytes);
            prop_assert_eq!(read, Ok(value));
        }
        Err(error) => prop_assert!(error.offset <= bytes.len(), "{error:?}"),
    }
    Ok(())
}

/// Whatever is read as an envelope means, and is written as, the value that it was read from.
fn check_envelope(value: &Value) -> Result<bool, TestCaseError> {
    let Ok(envelope) = Envelope::from_value(value) else {
        return Ok(false);
    };
    prop_assert_eq!(&envelope.to_value(), value);
    prop_assert_eq!(envelope.canonical_bytes(), json::write(value));
    prop_assert_eq!(Envelope::from_value(&envelope.to_value()), Ok(envelope));
    Ok(true)
}

/// Only a text that was really signed is admitted, bit by bit, and only once.
fn check_endpoint(bytes: &[u8]) -> Result<(), TestCaseError> {
    let mut endpoint = endpoint();
    let verdict = endpoint.receive(bytes, NOW_MS).unwrap();
    // The last one is sealed, in a session that this endpoint does not hold.
    let mut admissible = ENVELOPES.iter().rev().skip(1);
    prop_assert_eq!(
        matches!(&verdict, Verdict::Admitted(_)),
        admissible.any(|envelope| envelope == bytes),
        "{:?}",
        verdict
    );
    if let Verdict::Admitted(admitted) = verdict {
        prop_assert_eq!(admitted.digest(), Digest::of(bytes));
    }
    let again = endpoint.receive(bytes, NOW_MS).unwrap();
    prop_assert!(matches!(again, Verdict::Refused(_)));
    Ok(())
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn the_json_reader_survives_any_bytes(bytes in vec(any::<u8>(), 0..256)) {
        check_json(&bytes)?;
    }

    #[test]
    fn the_json_reader_survives_a_soup_of_tokens(bytes in token_soup()) {
        check_json(&bytes)?;
    }

    #[test]
    fn the_json_reader_survives_mutated_canonical_texts(
        which in any::<Index>(), mutations in vec(mutation(), 1..4),
    ) {
        let text = which.get(&ENVELOPES);
        check_json(&mutated(text, &mutations))?;
    }

    #[test]
    fn the_envelope_survives_values_that_look_like_one(value in envelope_like()) {
        check_envelope(&value)?;
    }

    #[test]
    fn the_envelope_survives_real_ones_with_members_exchanged(
        which in any::<Index>(),
        changes in vec((any::<Index>(), envelope_like(), any::<bool>()), 0..3),
    ) {
        let text = which.get(ENVELOPES.as_slice());
        let Ok(Value::Object(mut object)) = json::read(text, &json::Limits::default()) else {
            return Err(TestCaseError::fail("a real envelope is an object"));
        };
        for (member, value, removed) in changes.clone() {
            let names: Vec<String> = object.iter().map(|(name, _)| name.to_owned()).collect();
            let name = member.get(&names);
            object.remove(name);
            if !removed {
                object.insert(name.clone(), value);
            }
        }
        let accepted = check_envelope(&Value::Object(object))?;
        prop_assert!(accepted || !changes.is_empty(), "a real envelope was refused");
    }

    #[test]
    fn the_endpoint_admits_no_bytes_that_nobody_signed(bytes in vec(any::<u8>(), 0..256)) {
        check_endpoint(&bytes)?;
    }

    #[test]
    fn the_endpoint_admits_a_mutated_envelope_only_if_it_is_unchanged(
        which in any::<Index>(), mutations in vec(mutation(), 0..3),
    ) {
        let text = which.get(&ENVELOPES);
        check_endpoint(&mutated(text, &mutations))?;
    }

    #[test]
    fn the_deployment_reader_survives_mutated_deployments(
        mutations in vec(mutation(), 0..4),
    ) {
        let bytes = mutated(DEPLOYMENT, &mutations);
        if let Err(error) = Deployment::read("fuzz", &bytes) {
            let lines = bytes.split(|byte| *byte == b'\n').count();
            prop_assert!((1..=lines).contains(&error.line), "{}", error);
            prop_assert!(error.column > 0 && !error.remedy.is_empty(), "{}", error);
        }
    }

    #[test]
    fn the_trace_reader_survives_any_bytes(bytes in prop_oneof![
        vec(any::<u8>(), 0..256), token_soup(),
    ]) {
        prop_assert!(reader::read("fuzz", &bytes).is_err());
    }

    #[test]
    fn the_trace_reader_survives_mutated_traces(
        which in any::<Index>(), mutations in vec(mutation(), 0..4),
    ) {
        let text = which.get(&TRACES);
        let bytes = mutated(text, &mutations);
        match reader::read("fuzz", &bytes) {
            // What is accepted can be written, and is then read as the same.
            Ok(trace) => {
                let written = writer::write(&trace);
                prop_assert_eq!(reader::read("fuzz", written.as_bytes()).ok(), Some(trace));
            }
            Err(error) => prop_assert!(!error.to_string().is_empty() && !mutations.is_empty()),
        }
    }
}

#[test]
fn there_is_a_trace_of_every_weakening_and_each_is_read() {
    assert_eq!(TRACES.len(), Admission::WEAKENINGS.len());
    for text in TRACES.iter() {
        let trace = reader::read("fuzz", text).unwrap();
        assert_eq!(writer::write(&trace).as_bytes(), text);
    }
}
