//! Every weakening's shortest attack happens on the weakened code as told, and not on hardened code.

use countersign::lab::AuditLab;
use countersign_replay::outcome::Departure;
use countersign_replay::{Outcome, replay};

use crate::script::counterexamples;

/// How the hardened code foils the attack on each weakening: at which step, and by which rejection or
/// otherwise.
#[rustfmt::skip]
const FOILED: &[(&str, usize, &str)] = &[
    ("without-head-kept",          2, "head-moved"),
    ("without-record-durable",     1, "unrecorded"),
    ("without-reader-entitled",    2, "reader-not-entitled"),
    ("without-links-follow",       4, "link-broken"),
    ("without-checkpoint-signed",  2, "checkpoint-not-signed"),
    ("without-checkpoint-reached", 4, "truncated"),
    ("without-checkpoint-matches", 4, "rewritten"),
    ("without-memory-matches",     6, "rolled-back"),
    ("effect-before-record",       1, "unrecorded"),
    ("acknowledges-early",         3, "the log holds m1, where the trace says nothing, the record of m1 is not lost"),
    ("skips-denials",              1, "unrecorded"),
    ("unchained",                  5, "rewritten"),
    ("fields-run-together",        4, "link-broken"),
    ("chain-restarts",             5, "no link-broken"),
    ("unsalted-hash",              2, "the guess of m1 by mallory is not confirmed"),
    ("salt-in-record",             2, "the guess of m1 by mallory is not confirmed"),
    ("whole-log-only",             3, "no rewritten"),
    ("counts-only",                6, "rolled-back"),
];

#[test]
fn every_attack_is_confirmed_on_weakened_code_and_foiled_by_hardened_code() {
    let mut foiled = Vec::new();
    for (row, trace) in counterexamples() {
        let weakened = replay(&trace, AuditLab::new).unwrap().outcome;
        let (invariant, step) = (row.breaks, trace.steps.len());
        let confirmed = Outcome::Confirmed { invariant, step };
        assert_eq!(weakened, confirmed, "{} on weakened code", row.name);
        let hardened = replay(&trace, AuditLab::hardened).unwrap().outcome;
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
