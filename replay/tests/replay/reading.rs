//! Whatever is wrong with a file: what the reader says, and what it advises.

use countersign_replay::any_trace::AnyTrace;
use countersign_replay::read_error::ReadError;
use countersign_replay::reader::read;
use countersign_replay::trace::SIZE_MAX;
use countersign_replay::{Reference, Trace, replay, writer};

use crate::flush::flush;

/// One change to the text of a good trace, and how the reader's message then begins.
const WRONG: &[(&str, &str, &str)] = &[
    // The head.
    (
        "trace/1",
        "trace/2",
        "t.json at /format: 'countersign-trace/2', expected 'countersign-trace/1'",
    ),
    (
        "\"format\"",
        "\"fromat\"",
        "t.json at /format: nothing, expected 'countersign-trace/1'",
    ),
    (
        "\"admission\"",
        "\"handshake\"",
        "t.json at /system: 'handshake', expected 'admission'",
    ),
    (
        "\"lesson\"",
        "\"lessen\"",
        "t.json:5:10: unknown field `lessen`, expected one of",
    ),
    (
        "\"lesson\"",
        "\"system\"",
        "t.json:5:10: duplicate field `system`",
    ),
    (
        "\"seed\": \"01",
        "\"seed\": \"0g",
        "t.json:17:44: seed '0g010101010101010101010101010101' is not",
    ),
    (
        "\"evicts-oldest\"",
        "\"evict-oldest\"",
        "t.json at /weakenings/0: unknown weakening 'evict-oldest'; did you mean 'evicts-oldest'?",
    ),
    (
        "\"evicts-oldest\"",
        "\"evicts-oldest\", \"evicts-oldest\"",
        "t.json at /weakenings/1: a second weakening 'evicts-oldest'",
    ),
    (
        "\"me\": \"bob\"",
        "\"me\": \"rob\"",
        "t.json at /setting/me: unknown principal 'rob'; did you mean 'bob'?",
    ),
    (
        "\"tick_ms\": 60000",
        "\"tick_ms\": 0",
        "t.json at /clock/tick_ms: 0, expected 1 to 86400000",
    ),
    (
        "\"window\": 5",
        "\"window\": -5",
        "t.json:9:16: invalid value: integer `-5`, expected u64",
    ),
    (
        "\"window\": 5",
        "\"window\": 4294967296",
        "t.json at /setting/window: 4294967296, expected 0 to",
    ),
    // The cast.
    (
        "{\"name\": \"alice\"}",
        "{\"name\": \"bob\"}",
        "t.json at /cast/principals/2/name: a second principal 'bob'",
    ),
    (
        "{\"name\": \"alice\"}",
        "{\"name\": \"Alice\"}",
        "t.json at /cast/principals/2/name: 'Alice', expected a letter",
    ),
    (
        "{\"name\": \"alice\"}",
        "{\"name\": \"anyone\"}",
        "t.json at /cast/principals/2/name: 'anyone', expected a letter",
    ),
    (
        "\"owner\": \"alice\"",
        "\"owner\": \"alive\"",
        "t.json at /cast/keys/2/owner: unknown principal 'alive'; did you mean 'alice'?",
    ),
    (
        "\"name\": \"alice-1\"",
        "\"name\": \"bob-1\"",
        "t.json at /cast/keys/2/name: a second key 'bob-1'",
    ),
    // The steps.
    (
        "{\"advance\": {\"to\": 2}}",
        "\"vanish\"",
        "t.json:91:24: unknown variant `vanish`",
    ),
    (
        "{\"to\": 2}",
        "{\"to\": 2, \"by\": 1}",
        "t.json:91:42: unknown field `by`, expected `to`",
    ),
    (
        "\"deliver\": {\"message\": \"m1\"",
        "\"deliver\": {\"message\": \"m9\"",
        "t.json at /steps/1/action/deliver/message: unknown message 'm9'",
    ),
    (
        "\"handle\": \"m3\"",
        "\"handle\": \"m1\"",
        "t.json at /steps/4/action/inject/message/handle: a second message 'm1'",
    ),
    (
        "\"nonce\": \"n601\"",
        "\"nonce\": \"n0601\"",
        "t.json at /steps/4/action/inject/message/nonce: 'n0601', expected 'n' and",
    ),
    (
        "\"kind\": \"task\"",
        "\"kind\": \"tusk\"",
        "t.json at /steps/0/action/send/message/kind: unknown message type 'tusk'; did you mean 'task'?",
    ),
    (
        "\"key\": \"alice-1\"",
        "\"key\": \"alice-2\"",
        "t.json at /steps/0/action/send/message/key: unknown key 'alice-2'; did you mean 'alice-1'?",
    ),
    (
        "\"times\": 600",
        "\"times\": 4000000000",
        "t.json at /steps: 4000000404, expected 0 to 10000",
    ),
    (
        "\"times\": 600",
        "\"times\": 0",
        "t.json at /steps/2/action/inject/times: 0, expected 1 to 10000",
    ),
    (
        "\"admitted\"",
        "\"admited\"",
        "t.json:49:31: unknown verdict 'admited', expected 'admitted' or the code of a rejection; did you mean 'admitted'?",
    ),
    (
        "[\"admitted\"]",
        "[]",
        "t.json at /steps/1/expect/verdicts: 0 verdicts, expected 1, one for each delivery",
    ),
    // The end.
    (
        "\"invariant\": \"once\"",
        "\"invariant\": \"onze\"",
        "t.json at /violates/invariant: unknown invariant 'onze'; did you mean 'once'?",
    ),
    (
        "\"step\": 6",
        "\"step\": 7",
        "t.json at /violates/step: 7, expected 1 to 6",
    ),
    (
        "\"transcript\": null",
        "\"transcript\": \"00\"",
        "t.json at /transcript: '00', expected 64 lower-case hexadecimal digits",
    ),
];

#[test]
fn whatever_is_wrong_is_named_with_its_place_and_what_was_expected() {
    let good = writer::write(&flush());
    let mut wrong = Vec::new();
    for (from, to, message) in WRONG {
        let bad = good.replacen(from, to, 1);
        assert_ne!(bad, good, "nothing to replace: {from}");
        let error = read("t.json", bad.as_bytes()).expect_err(to);
        assert!(!error.remedy().is_empty());
        let said = error.to_string();
        if !said.starts_with(message) {
            wrong.push(format!("{to}\n  said {said}\n  not  {message}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_file_cut_anywhere_is_called_truncated() {
    let good = writer::write(&flush());
    let end = good.trim_end().len();
    for length in [0, 1, 100, 1_000, end - 1] {
        let error = read("t.json", &good.as_bytes()[..length]).expect_err("a file cut short");
        assert!(
            matches!(error, ReadError::Truncated { .. }),
            "{length}: {error}"
        );
    }
}

#[test]
fn what_is_no_text_or_too_long_is_not_parsed() {
    let error = read("t.json", b"{\"format\": \"\xff\"}").expect_err("no UTF-8");
    assert_eq!(error.to_string(), "t.json: byte 12 is not UTF-8");
    let error = read("t.json", &vec![b' '; SIZE_MAX + 1]).expect_err("too long");
    assert_eq!(
        error.to_string(),
        "t.json: 1048577 bytes, a trace has at most 1048576"
    );
}

#[test]
fn a_trace_of_another_rule_book_is_refused_but_can_still_be_had() {
    let mut trace: Trace = flush();
    trace.rulebook = "00".repeat(32);
    let text = writer::write(&trace);
    let Err(ReadError::RuleBook { trace: had, .. }) = read("t.json", text.as_bytes()) else {
        panic!("read as if it were of this rule book");
    };
    let AnyTrace::Admission(had) = *had else {
        panic!("a trace of another system");
    };
    assert_eq!(had, trace);
    assert!(replay(&had, Reference::as_told).is_ok());
}

#[test]
fn any_spacing_is_read_and_written_as_the_one_layout() {
    let good = writer::write(&flush());
    let value: serde_json::Value = serde_json::from_str(&good).expect("JSON");
    for loose in [value.to_string(), format!("{value:#}")] {
        let trace = read("t.json", loose.as_bytes()).expect("a trace");
        assert_eq!(writer::write(&trace), good);
    }
}
