//! Whatever is done to the text of a trace, the reader answers; and what it takes can be replayed.

use std::sync::LazyLock;

use countersign_replay::any_trace::AnyTrace;
use countersign_replay::read_error::ReadError;
use countersign_replay::reader;
use countersign_replay::{Reference, Trace, replay, writer};
use proptest::prelude::*;

use crate::sample::counterexample;

/// Cases of each property.
const CASES: u32 = 2_000;

static TEXTS: LazyLock<Vec<String>> = LazyLock::new(|| {
    [
        "forgets-on-restart",
        "without-key-not-revoked",
        "checks-then-inserts",
    ]
    .map(|weakening| writer::write(&counterexample(weakening)))
    .to_vec()
});

/// Text that a trace could hold, in another place.
const WORDS: &[&str] = &[
    "null",
    "true",
    "0",
    "18446744073709551615",
    "-1",
    "1e400",
    "\"\"",
    "\"m1\"",
    "\"m1.1\"",
    "\"anyone\"",
    "\"bob\"",
    "\"n4294967295\"",
    "\"n999999999\"",
    "[]",
    "{}",
    "\"restart\"",
    "\"times\": 10000",
    "\"copies\": 2",
    "\"times\": 2,",
    "{\"advance\": {\"to\": 4294967295}}",
];

/// A good trace with some of its words exchanged.
fn reworded() -> impl Strategy<Value = String> {
    let change = (any::<prop::sample::Index>(), prop::sample::select(WORDS));
    (0..TEXTS.len(), prop::collection::vec(change, 1..4)).prop_map(|(text, changes)| {
        let mut words: Vec<&str> = TEXTS[text].split_inclusive([' ', ',', '\n']).collect();
        for (place, word) in changes {
            *place.get_mut(&mut words) = word;
        }
        words.concat()
    })
}

/// A good trace with some of its bytes changed.
fn flipped() -> impl Strategy<Value = Vec<u8>> {
    let change = (any::<prop::sample::Index>(), any::<u8>());
    (0..TEXTS.len(), prop::collection::vec(change, 1..6)).prop_map(|(text, changes)| {
        let mut bytes = TEXTS[text].clone().into_bytes();
        for (place, byte) in changes {
            *place.get_mut(&mut bytes) = byte;
        }
        bytes
    })
}

fn admission(trace: AnyTrace) -> Trace {
    match trace {
        AnyTrace::Admission(trace) => trace,
        AnyTrace::Handshake(_) | AnyTrace::Session(_) | AnyTrace::Audit(_) | AnyTrace::Bus(_) => {
            panic!("a trace of another system")
        }
    }
}

fn answers(bytes: &[u8]) {
    let trace = match reader::read("t.json", bytes) {
        Ok(trace) => trace,
        Err(ReadError::RuleBook { trace, .. }) => admission(*trace),
        Err(error) => {
            assert!(!error.to_string().is_empty() && !error.remedy().is_empty());
            return;
        }
    };
    let text = writer::write(&trace);
    match reader::read("t.json", text.as_bytes()) {
        Ok(again) => assert_eq!(again, trace),
        Err(ReadError::RuleBook { trace: again, .. }) => assert_eq!(admission(*again), trace),
        Err(error) => panic!("{error}\n{text}"),
    }
    // The outcome may be anything; that there is one, or a named failure, is what counts.
    let _ = replay(&trace, Reference::as_told);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: CASES, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_trace_with_bytes_changed_is_read_or_refused(bytes in flipped()) {
        answers(&bytes);
    }

    #[test]
    fn a_trace_with_words_exchanged_is_read_or_refused(text in reworded()) {
        answers(text.as_bytes());
    }
}
