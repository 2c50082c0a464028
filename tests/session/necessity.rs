//! Every weakening's shortest attack happens on the weakened code as told, and not on hardened code.

use std::fs;
use std::path::Path;

use countersign::lab::SessionLab;
use countersign_model::rulebook::{Book as _, Weakening};
use countersign_model::session::Session;
use countersign_replay::any_trace::AnyTrace;
use countersign_replay::outcome::Departure;
use countersign_replay::reader::read_any;
use countersign_replay::{Outcome, Trace, replay};

/// How the hardened code foils the attack on each weakening: at which step, and by which rejection or
/// otherwise.
#[rustfmt::skip]
const FOILED: &[(&str, usize, &str)] = &[
    ("without-session-known",      2, "unknown-session"),
    ("without-session-alive",      2, "session-expired"),
    ("without-peer-entitled",      2, "peer-not-entitled"),
    ("without-epoch-current",      1, "wrong-epoch"),
    ("without-sequence-in-window", 3, "sequence-too-old"),
    ("without-sequence-unseen",    2, "record-replayed"),
    ("without-record-opens",       1, "record-does-not-open"),
    ("without-plaintext-schema",   1, "payload-mismatch"),
    ("one-key-both-ways",          2, "record-does-not-open"),
    ("one-key-for-all-sessions",   2, "record-does-not-open"),
    ("sequence-outside-aad",       2, "record-does-not-open"),
    ("header-outside-aad",         2, "record-does-not-open"),
    ("static-nonce",               2, "r2 is sealed under a nonce of its own"),
    ("sequence-restarts",          3, "unknown-session"),
    ("window-restarts",            3, "unknown-session"),
    ("marks-before-opening",       3, "no record-replayed"),
    ("ratchets-before-opening",    3, "no wrong-epoch"),
    ("window-slides-back",         3, "record-replayed"),
    ("highest-only",               4, "no record-replayed"),
    ("never-ratchets",             2, "bob seals it in epoch 1, as number 0"),
    ("keys-from-secret",           5, "no key that the attacker has opens it"),
    ("keeps-old-keys",             5, "no key that the attacker has opens it"),
];

/// The shortest attack on each weakening, as it was committed: `tests/cli/corpus.rs` holds that to what is
/// found today.
fn counterexamples() -> impl Iterator<Item = (&'static Weakening<Session>, Trace<Session>)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("traces/counterexamples/session");
    Session::WEAKENINGS.iter().map(move |row| {
        let bytes = fs::read(folder.join(format!("{}.json", row.name))).unwrap();
        let AnyTrace::Session(trace) = read_any(row.name, &bytes).unwrap() else {
            panic!("{} is of another system", row.name);
        };
        assert_eq!(trace.weakenings, [row.name]);
        assert!(trace.transcript.is_some(), "{}", row.name);
        (row, trace)
    })
}

#[test]
fn every_attack_is_confirmed_on_weakened_code_and_foiled_by_hardened_code() {
    let mut foiled = Vec::new();
    for (row, trace) in counterexamples() {
        let weakened = replay(&trace, SessionLab::new).unwrap().outcome;
        let (invariant, step) = (row.breaks, trace.steps.len());
        let confirmed = Outcome::Confirmed { invariant, step };
        assert_eq!(weakened, confirmed, "{} on weakened code", row.name);
        let hardened = replay(&trace, SessionLab::hardened).unwrap().outcome;
        let Outcome::ModelOnly { step, departure } = hardened else {
            panic!("{} on hardened code: {hardened:#?}", row.name);
        };
        let how = match departure {
            Departure::Refused(rejection) => rejection.code().to_owned(),
            Departure::Admitted { instead_of } => format!("no {}", instead_of.code()),
            Departure::Impossible(why) => why,
            Departure::Withheld(how) => how.join(", "),
            other @ (Departure::RefusedOtherwise(_) | Departure::Attributed { .. }) => {
                panic!("{}: {other:?}", row.name)
            }
        };
        foiled.push((row.name, step, how));
    }
    let found = foiled
        .iter()
        .map(|(name, step, how)| (*name, *step, how.as_str()));
    assert_eq!(found.collect::<Vec<_>>(), FOILED);
}
