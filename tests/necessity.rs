//! Every weakening breaks its invariant: in the explorer, and confirmed on real code; the hardened
//! code refuses every such trace with a named rejection.

#![expect(clippy::panic, clippy::unwrap_used, reason = "a test fails loudly")]

use std::num::NonZeroUsize;

use countersign::lab::Lab;
use countersign_model::admission::Admission;
use countersign_model::admission::scope::Scope;
use countersign_model::admission::story::Story;
use countersign_model::admission::system::Reception;
use countersign_model::explorer::{Cutoff, Ending, explore};
use countersign_model::rulebook::{Book as _, Ruleset, Weakening};
use countersign_replay::trace::Seed;
use countersign_replay::{Outcome, Reference, Trace, replay};

fn counterexample(weakening: &Weakening<Admission>) -> Trace {
    let scope = weakening.scope(Scope::default());
    let rules = Ruleset::HARDENED.dangerously_with(weakening);
    let admission = Reception::new(rules, scope, &[weakening.breaks]);
    let report = explore(&admission, NonZeroUsize::MIN, &Cutoff::default());
    let Ending::Broken(path) = report.ending else {
        panic!("{}: {:?}", weakening.name, report.ending);
    };
    let story = Story::of_path(&admission, &scope, &path);
    Trace::tell(
        &story,
        &[weakening.name],
        Some(weakening.breaks),
        weakening.lesson,
        Seed([7; 16]),
    )
    .unwrap()
}

#[test]
fn every_counterexample_is_confirmed_on_weakened_code_and_refused_by_hardened_code() {
    let mut wrong = Vec::new();
    for weakening in Admission::WEAKENINGS {
        let trace = counterexample(weakening);
        let model = replay(&trace, Reference::as_told).map(|report| report.outcome);
        if !matches!(model, Ok(Outcome::Confirmed { .. })) {
            wrong.push(format!("{}: on the model {model:?}", weakening.name));
        }
        let weakened = replay(&trace, Lab::new).map(|report| report.outcome);
        if !matches!(weakened, Ok(Outcome::Confirmed { .. })) {
            wrong.push(format!(
                "{}: on weakened code {weakened:#?}",
                weakening.name
            ));
        }
        let hardened = replay(&trace, Lab::hardened).map(|report| report.outcome);
        println!("{}: {hardened:?}", weakening.name);
        if !matches!(hardened, Ok(Outcome::ModelOnly { .. })) {
            wrong.push(format!("{}: on hardened code {hardened:?}", weakening.name));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
