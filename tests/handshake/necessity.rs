//! Every weakening's shortest attack happens on the weakened code as told, and not on hardened code.

use countersign::lab::HandshakeLab;
use countersign_replay::outcome::Departure;
use countersign_replay::{Outcome, replay};

use crate::script::counterexamples;

/// How the hardened code foils the attack on each weakening: at which step, and by which rejection, or
/// by nothing being gained at the last.
const FOILED: &[(&str, usize, Option<&str>)] = &[];

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
            Departure::Withheld => None,
            other => panic!("{} on hardened code: {other:?} at step {step}", row.name),
        };
        foiled.push((row.name, step, rejection));
    }
    assert_eq!(foiled, FOILED);
}
