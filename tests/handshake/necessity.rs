//! Every weakening's shortest attack happens on the weakened code as told, and not on hardened code.

use std::fs;
use std::path::Path;

use countersign::lab::HandshakeLab;
use countersign_model::handshake::Handshake;
use countersign_model::rulebook::{Book as _, Weakening};
use countersign_replay::any_trace::AnyTrace;
use countersign_replay::outcome::Departure;
use countersign_replay::reader::read_any;
use countersign_replay::{Outcome, Trace, replay};

/// How the hardened code foils the attack on each weakening: at which step, and by which rejection, or
/// by nothing being gained at the last.
#[rustfmt::skip]
const FOILED: &[(&str, usize, Option<&str>)] = &[
    ("without-version-common",          1, Some("no-common-version")),
    ("without-version-current",         1, Some("version-deprecated")),
    ("without-capabilities-sufficient", 1, Some("capability-missing")),
    ("without-version-best",            1, Some("version-downgraded")),
    ("without-suite-offered",           1, Some("suite-not-offered")),
    ("without-share-contributes",       1, Some("share-degenerate")),
    ("without-proof-opens",             3, Some("proof-does-not-open")),
    ("without-identity-bound",          2, Some("identity-unbound")),
    ("without-key-of-peer",             1, Some("unknown-key")),
    ("without-peer-entitled",           2, Some("peer-not-entitled")),
    ("without-peer-is-other",           2, Some("peer-is-self")),
    ("without-peer-intended",           1, Some("wrong-peer")),
    ("without-signature-valid",         1, Some("bad-signature")),
    ("without-confirmation-valid",      3, Some("not-confirmed")),
    ("offers-outside-transcript",       2, Some("proof-does-not-open")),
    ("capabilities-outside-transcript", 2, Some("proof-does-not-open")),
    ("signs-shares-in-the-clear",       2, Some("proof-does-not-open")),
    ("signs-own-share",                 2, Some("bad-signature")),
    ("raw-shared-secret",               3, None),
    ("static-shares",                   2, None),
];

/// The shortest attack on each weakening, as it was committed: `tests/cli/corpus.rs` holds that to what is
/// found today.
fn counterexamples() -> impl Iterator<Item = (&'static Weakening<Handshake>, Trace<Handshake>)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("traces/counterexamples/handshake");
    Handshake::WEAKENINGS.iter().map(move |row| {
        let bytes = fs::read(folder.join(format!("{}.json", row.name))).unwrap();
        let AnyTrace::Handshake(trace) = read_any(row.name, &bytes).unwrap() else {
            panic!("{} is of another system", row.name);
        };
        assert_eq!(trace.weakenings, [row.name]);
        assert!(trace.transcript.is_some(), "{}", row.name);
        assert!(trace.steps.iter().all(|step| step.bytes.len() == 1));
        (row, trace)
    })
}

#[test]
fn every_attack_is_confirmed_on_weakened_code_and_foiled_by_hardened_code() {
    let mut foiled = Vec::new();
    for (row, trace) in counterexamples() {
        let weakened = replay(&trace, HandshakeLab::new).unwrap().outcome;
        match weakened {
            Outcome::Confirmed { invariant, step } => {
                assert_eq!((invariant.invariant, step), (row.breaks, trace.steps.len()));
            }
            other => panic!("{} on weakened code: {other:#?}", row.name),
        }
        let hardened = replay(&trace, HandshakeLab::hardened).unwrap().outcome;
        let Outcome::ModelOnly { step, departure } = hardened else {
            panic!("{} on hardened code: {hardened:#?}", row.name);
        };
        let rejection = match departure {
            Departure::Refused(rejection) => Some(rejection.code()),
            Departure::Withheld(_) => None,
            other => panic!("{} on hardened code: {other:?} at step {step}", row.name),
        };
        foiled.push((row.name, step, rejection));
    }
    assert_eq!(foiled, FOILED);
}
