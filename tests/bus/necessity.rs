//! Every weakening's shortest attack happens on the weakened code as told, and not on hardened code.

use countersign::lab::BusLab;
use countersign_replay::outcome::Departure;
use countersign_replay::{Outcome, replay};

use crate::script::counterexamples;

#[test]
fn every_attack_is_confirmed_on_weakened_code_and_foiled_by_hardened_code() {
    let mut foiled = Vec::new();
    for (row, trace) in counterexamples() {
        let weakened = replay(&trace, BusLab::new).unwrap().outcome;
        let (invariant, step) = (row.breaks, trace.steps.len());
        let confirmed = Outcome::Confirmed { invariant, step };
        if weakened != confirmed {
            println!("{} on weakened code {weakened:#?}", row.name);
        }
        let hardened = replay(&trace, BusLab::hardened).unwrap().outcome;
        let Outcome::ModelOnly { step, departure } = hardened else {
            println!("{} on hardened code: {hardened:#?}", row.name);
            continue;
        };
        let how = match departure {
            Departure::Refused(rejection) => rejection.code().to_owned(),
            Departure::Admitted { instead_of } => format!("no {}", instead_of.code()),
            Departure::Impossible(why) => why,
            Departure::Withheld(how) => how.join(", "),
            other @ (Departure::RefusedOtherwise(_) | Departure::Attributed { .. }) => {
                println!("{}: {other:?}", row.name);
                continue;
            }
        };
        foiled.push(format!(
            "{:28} {step} of {}  {how}",
            row.name,
            trace.steps.len()
        ));
    }
    insta::assert_snapshot!(foiled.join("\n"));
}
