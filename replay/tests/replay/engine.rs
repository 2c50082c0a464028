//! The engine finds whatever a target does otherwise, and calls it by its name.

use std::cell::Cell;

use countersign_model::admission::guard::Rejection;
use countersign_model::admission::invariant::InvariantId;
use countersign_model::rulebook::Row;
use countersign_replay::admission::projection::{Entry, Projection};
use countersign_replay::divergence::Difference;
use countersign_replay::outcome::{Departure, ReplayError};
use countersign_replay::trace::{Recorded, Step, Until};
use countersign_replay::{
    Observation, Outcome, Reference, Target, TargetError, Trace, Verdict, replay,
};

use crate::sample::{Twisted, counterexample, foiled, replayed_at_once};

/// The outcome on a target that differs from the model in `twist`.
fn outcome(trace: &Trace, twist: impl FnMut(usize, &Step, &mut Observation) + Copy) -> Outcome {
    replay(trace, || Twisted::new(twist))
        .expect("a replay")
        .outcome
}

fn difference(outcome: Outcome) -> (usize, Difference) {
    match outcome {
        Outcome::Diverges(divergence) => (divergence.step, divergence.difference),
        other => panic!("no divergence: {other:?}"),
    }
}

/// The bytes of a delivery, made up from the step's number.
fn spoken(number: usize, step: &Step, seen: &mut Observation) {
    let deliveries = step.action.deliveries();
    seen.bytes = (0..deliveries)
        .map(|delivery| format!("{{\"step\":{number},\"delivery\":{delivery}}}").into_bytes())
        .collect();
}

#[test]
fn a_refused_attack_matches() {
    let trace = foiled(replayed_at_once());
    let report = replay(&trace, Reference::as_told).expect("a replay");
    assert_eq!(report.outcome, Outcome::Matches);
    assert_eq!(report.transcript, None, "the model delivers no bytes");
    let last = report.observations.last().expect("a step");
    let second = Verdict::Refused(Rejection::Replayed);
    assert_eq!(last.verdicts, [Verdict::Admitted, second]);
}

#[test]
fn what_the_target_alone_admits_is_named_with_what_it_violates() {
    let trace = foiled(replayed_at_once());
    let admitting = |_: usize, _: &Step, seen: &mut Observation| {
        for verdict in &mut seen.verdicts {
            *verdict = Verdict::Admitted;
        }
        for acting in &mut seen.acting {
            *acting = Some("mallory".to_owned());
        }
    };
    let Outcome::CodeOnly {
        step,
        expected,
        violates,
    } = outcome(&trace, admitting)
    else {
        panic!("not called the code's alone");
    };
    assert_eq!((step, expected), (2, Rejection::Replayed));
    assert!(violates.contains(&InvariantId::Once), "{violates:?}");
}

#[test]
fn a_differing_rejection_diverges_and_names_the_guard_that_comes_first() {
    let trace = foiled(replayed_at_once());
    let other = |_: usize, _: &Step, seen: &mut Observation| {
        for verdict in seen.verdicts.iter_mut().filter(|verdict| !verdict.admits()) {
            *verdict = Verdict::Refused(Rejection::TooFast);
        }
    };
    let Outcome::Diverges(divergence) = outcome(&trace, other) else {
        panic!("no divergence");
    };
    assert_eq!(divergence.guard(), Some("nonce-fresh"));
    insta::assert_snapshot!("divergence_of_a_verdict", divergence.to_string());
}

/// A target on which the last verdict of the step with this number is that it refuses so.
fn refusing(at: usize, rejection: Rejection) -> impl FnMut(usize, &Step, &mut Observation) + Copy {
    move |number: usize, _: &Step, seen: &mut Observation| {
        if number == at
            && let Some(verdict) = seen.verdicts.last_mut()
        {
            *verdict = Verdict::Refused(rejection);
        }
    }
}

#[test]
fn only_the_guard_that_is_left_out_foils_an_attack_on_it() {
    let trace = replayed_at_once();
    let departure = Departure::Refused(Rejection::Replayed);
    let foiled = Outcome::ModelOnly { step: 2, departure };
    assert_eq!(outcome(&trace, refusing(2, Rejection::Replayed)), foiled);
    // An earlier guard, and a later one: neither says anything about replays.
    for rejection in [Rejection::Stale, Rejection::TooFast] {
        let departure = Departure::RefusedOtherwise(rejection);
        let expected = Outcome::ModelOnly { step: 2, departure };
        assert_eq!(outcome(&trace, refusing(2, rejection)), expected);
    }
}

#[test]
fn where_a_mechanism_is_flawed_only_what_the_hardened_model_refuses_foils_the_attack() {
    let trace = counterexample("parses-twice");
    let refused = |rejection| match outcome(&trace, refusing(1, rejection)) {
        Outcome::ModelOnly { step: 1, departure } => departure,
        other => panic!("{other:?}"),
    };
    let malformed = Departure::Refused(Rejection::Malformed);
    assert_eq!(refused(Rejection::Malformed), malformed);
    let otherwise = Departure::RefusedOtherwise(Rejection::Stale);
    assert_eq!(refused(Rejection::Stale), otherwise);
}

#[test]
fn a_wrong_refusal_is_not_foiled_by_a_later_one() {
    let trace = counterexample("keyed-by-nonce-alone");
    let last = trace.steps.len();
    let found = difference(outcome(&trace, refusing(last, Rejection::StoreFull)));
    assert_eq!(found.0, last);
    assert!(matches!(found.1, Difference::Verdict { .. }), "{found:?}");
}

#[test]
fn a_differing_state_diverges_part_by_part() {
    let trace = foiled(replayed_at_once());
    let leaky = |_: usize, _: &Step, seen: &mut Observation| {
        for entry in &mut seen.state.store {
            entry.keep_until = Until(9);
        }
        seen.state.store.push(Entry {
            sender: "alice".to_owned(),
            nonce: "n7".to_owned(),
            keep_until: Until::ENDLESS,
        });
        seen.state.senders.clear();
        seen.state.now += 1;
    };
    let Outcome::Diverges(divergence) = outcome(&trace, leaky) else {
        panic!("no divergence");
    };
    insta::assert_snapshot!("divergence_of_a_state", divergence.to_string());
}

#[test]
fn a_violation_is_confirmed_only_if_what_was_seen_violates() {
    // The verdicts are as told, but the message is attributed to the one who signed it.
    let trace = counterexample("acts-on-inner-sender");
    let honest = |_: usize, _: &Step, seen: &mut Observation| {
        seen.acting = vec![Some("mallory".to_owned())];
    };
    assert!(matches!(outcome(&trace, honest), Outcome::ModelOnly { .. }));

    // All is as told, but what is claimed is another invariant.
    let mut trace = replayed_at_once();
    if let Some(violation) = &mut trace.violates {
        violation.invariant = Row::name(InvariantId::Timely).to_owned();
    }
    let found = difference(
        replay(&trace, Reference::as_told)
            .expect("a replay")
            .outcome,
    );
    assert_eq!(found, (2, Difference::Holds(InvariantId::Timely)));

    // All is as told, but nothing is claimed.
    trace.violates = None;
    let found = difference(
        replay(&trace, Reference::as_told)
            .expect("a replay")
            .outcome,
    );
    assert_eq!(found, (2, Difference::Violates(InvariantId::Once)));
}

#[test]
fn one_flipped_byte_of_a_recorded_delivery_diverges_at_that_byte() {
    let trace = replayed_at_once();
    let speaking = || Twisted::speaking(spoken);
    let report = replay(&trace, speaking).expect("a replay");
    let recorded = trace.recording(&report);
    let again = replay(&recorded, speaking).expect("a replay");
    assert!(matches!(again.outcome, Outcome::Confirmed { .. }));
    assert_eq!(again.transcript, recorded.transcript);

    let mut flipped = recorded.clone();
    flipped.steps[1].bytes = vec![Recorded::Text("{\"step\":3,\"delivery\":0}".to_owned())];
    let Outcome::Diverges(divergence) = replay(&flipped, speaking).expect("a replay").outcome
    else {
        panic!("no divergence");
    };
    insta::assert_snapshot!("divergence_of_a_byte", divergence.to_string());

    let mut flipped = recorded;
    flipped.transcript = flipped
        .transcript
        .map(|digest| digest.replace(|_| true, "0"));
    let (step, found) = difference(replay(&flipped, speaking).expect("a replay").outcome);
    assert_eq!(step, 2);
    assert!(matches!(found, Difference::Transcript { .. }), "{found:?}");
}

#[test]
fn long_and_many_deliveries_are_recorded_as_digests() {
    let trace = replayed_at_once();
    let lengthy =
        || Twisted::speaking(|_, _, seen: &mut Observation| seen.bytes = vec![vec![b'x'; 200_000]]);
    let report = replay(&trace, lengthy).expect("a replay");
    let recorded = trace.recording(&report);
    let first = recorded.steps[0].bytes.first();
    assert!(
        matches!(
            first,
            Some(Recorded::Digest {
                length: 200_000,
                ..
            })
        ),
        "{first:?}"
    );
}

#[test]
fn two_replays_that_differ_are_not_believed() {
    let trace = foiled(replayed_at_once());
    let run = Cell::new(0);
    let fickle = || {
        run.set(run.get() + 1);
        let now = run.get();
        Twisted::speaking(move |_, _, seen: &mut Observation| seen.bytes = vec![vec![now]])
    };
    let found = difference(replay(&trace, fickle).expect("a replay").outcome);
    assert_eq!(found, (1, Difference::Unrepeatable));
}

/// A target that fails at its second step.
struct Failing(u32);

impl Target for Failing {
    fn begin(&mut self, _: &Trace) -> Result<(), TargetError> {
        Ok(())
    }

    fn take(&mut self, _: &Step) -> Result<Observation, TargetError> {
        self.0 += 1;
        if self.0 == 2 {
            return Err(TargetError::Failed("the disk is full".to_owned()));
        }
        Ok(Observation::default())
    }

    fn look(&mut self) -> Result<Projection, TargetError> {
        Ok(Projection::default())
    }
}

#[test]
fn a_target_that_fails_has_no_outcome() {
    let failed = replay(&replayed_at_once(), || Failing(0));
    let error = TargetError::Failed("the disk is full".to_owned());
    assert_eq!(failed, Err(ReplayError::Step { step: 2, error }));
}

#[test]
fn a_target_that_leaves_a_delivery_without_a_verdict_has_no_outcome() {
    let silent = |_: usize, _: &Step, seen: &mut Observation| seen.verdicts.clear();
    let failed = replay(&replayed_at_once(), || Twisted::new(silent));
    assert!(
        matches!(failed, Err(ReplayError::Step { step: 2, .. })),
        "{failed:?}"
    );
}
