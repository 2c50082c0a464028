//! A divergence is shrunk to the steps that it needs.

use countersign_replay::admission::action::{Action, Presented};
use countersign_replay::shrink::shrink;
use countersign_replay::trace::{Expect, Step};
use countersign_replay::{Observation, Outcome, Reference, replay};

use crate::flush::flush;
use crate::sample::{Twisted, counterexample};

/// A target that loses count of restarts: after one, its clock is a tick fast.
fn confused() -> Twisted<impl FnMut(usize, &Step, &mut Observation)> {
    let mut restarted = false;
    Twisted::new(move |number, step, seen| {
        restarted &= number > 1;
        restarted |= step.action == Action::Restart;
        if restarted && !seen.verdicts.is_empty() {
            seen.state.now += 1;
        }
    })
}

fn step(action: Action) -> Step {
    Step {
        action,
        expect: Expect::default(),
        bytes: Vec::new(),
    }
}

#[test]
fn only_the_steps_that_a_divergence_needs_remain() {
    let mut trace = counterexample("forgets-on-restart");
    trace.weakenings.clear();
    for at in [0, 2] {
        trace.steps.insert(at, step(Action::FailOver));
    }
    trace.steps.push(step(Action::Restart));
    let before = trace.steps.len();
    let shrunk = shrink(&trace, confused)
        .expect("a replay")
        .expect("a divergence");
    let names: Vec<&str> = shrunk.steps.iter().map(|step| step.action.name()).collect();
    assert_eq!(names, ["inject", "restart", "deliver"], "of {before} steps");
    let report = replay(&shrunk, confused).expect("a replay");
    assert!(matches!(report.outcome, Outcome::Diverges(found) if found.step == 3));
}

#[test]
fn where_nothing_diverges_nothing_is_shrunk() {
    assert_eq!(shrink(&flush(), Reference::as_told), Ok(None));
}

#[test]
fn what_the_code_alone_admits_is_shrunk_too() {
    let mut trace = flush();
    trace.weakenings.clear();
    trace.steps.push(step(Action::Deliver {
        message: "m1".to_owned(),
        presented: Presented::default(),
        copies: 1,
    }));
    let forgetful = || {
        Twisted::new(|_, _, seen: &mut Observation| {
            for verdict in &mut seen.verdicts {
                *verdict = countersign_replay::Verdict::Admitted;
            }
            for acting in &mut seen.acting {
                *acting = Some("alice".to_owned());
            }
        })
    };
    let shrunk = shrink(&trace, forgetful)
        .expect("a replay")
        .expect("a divergence");
    let last = shrunk.steps.last().map(|step| step.action.name());
    assert_eq!((shrunk.steps.len(), last), (1, Some("inject")));
}
