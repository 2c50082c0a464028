//! Recorded runs, judged by the model; altered in one place, they are no behaviour of it.

use std::fs;
use std::path::{Path, PathBuf};

use countersign_replay::any_trace::AnyTrace;
use countersign_replay::divergence::Difference;
use countersign_replay::reader::read_any;
use countersign_replay::system::System;
use countersign_replay::validation::validate;
use countersign_replay::{Reference, Target, Trace, Verdict, audit, bus, handshake, session};

fn files(folder: &Path, all: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            files(&path, all);
        } else {
            all.push(path);
        }
    }
}

/// Every trace in this folder of the corpus.
fn corpus(folder: &str) -> Vec<AnyTrace> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../traces");
    let mut all = Vec::new();
    files(&root.join(folder), &mut all);
    all.sort();
    let read = |path: &PathBuf| {
        let bytes = fs::read(path).expect("a file");
        read_any(&path.display().to_string(), &bytes).expect("a trace")
    };
    all.iter().map(read).collect()
}

/// The run is the model's; with a verdict or a state altered, or an earlier step left out on which it
/// depends, it is not, and the step where it was altered is named with what the model has there.
fn judge<S: System, T: Target<S>>(trace: &Trace<S>, model: fn() -> T, altered: &mut usize) {
    assert_eq!(validate(trace, model).expect("a verdict"), None);
    for at in 0..trace.steps.len() {
        let step = &trace.steps[at];
        let mut other = trace.clone();
        let expect = &mut other.steps[at].expect;
        let verdict = match expect.verdicts.first().copied() {
            Some(Verdict::Admitted) => {
                let all = <S::Rejection as countersign_model::rulebook::Refusal>::all();
                Verdict::Refused(all[0])
            }
            Some(Verdict::Refused(_)) => Verdict::Admitted,
            None => continue,
        };
        expect.verdicts = vec![verdict; step.expect.verdicts.len()];
        let found = validate(&other, model).expect("a verdict");
        let found = found.expect("a deviation");
        assert_eq!(found.divergence.step, at + 1);
        let Difference::Verdict { expected, .. } = found.divergence.difference else {
            panic!("{:?}", found.divergence);
        };
        assert_eq!(expected, verdict);
        let nearest = found.nearest.clone().expect("a step");
        assert_eq!(nearest.action, step.action);
        let line = found.nearest_line(&other).expect("words");
        assert!(line.ends_with(nearest.expect.verdicts[0].word()), "{line}");
        *altered += 1;
    }
    let Some(first) = trace.steps.iter().position(|step| {
        let before = S::first_state(trace);
        step.expect.state != before
    }) else {
        return;
    };
    let mut other = trace.clone();
    other.steps[first].expect.state = S::first_state(trace);
    let found = validate(&other, model).expect("a verdict");
    let found = found.expect("a deviation");
    assert_eq!(found.divergence.step, first + 1);
    assert!(matches!(found.divergence.difference, Difference::State(_)));
    let nearest = found.nearest.expect("a step");
    assert_eq!(nearest.expect.state, trace.steps[first].expect.state);
    *altered += 1;
}

#[test]
fn what_was_recorded_is_a_behaviour_of_the_model_and_nothing_near_it_is() {
    let (mut runs, mut altered) = (0, 0);
    for folder in ["exchanges", "rejected"] {
        for trace in corpus(folder) {
            runs += 1;
            match trace {
                AnyTrace::Admission(trace) => judge(&trace, Reference::as_told, &mut altered),
                AnyTrace::Handshake(trace) => {
                    judge(
                        &trace,
                        handshake::reference::Reference::as_told,
                        &mut altered,
                    );
                }
                AnyTrace::Session(trace) => {
                    judge(&trace, session::reference::Reference::as_told, &mut altered);
                }
                AnyTrace::Audit(trace) => {
                    judge(&trace, audit::reference::Reference::as_told, &mut altered);
                }
                AnyTrace::Bus(trace) => {
                    judge(&trace, bus::reference::Reference::as_told, &mut altered);
                }
            }
        }
    }
    assert!(
        runs > 60 && altered > 3 * runs,
        "{runs} runs, {altered} altered"
    );
}

#[test]
fn in_place_of_a_step_that_cannot_happen_one_is_told_that_can() {
    let model = session::reference::Reference::as_told;
    let mut impossible = 0;
    for trace in corpus("exchanges") {
        let AnyTrace::Session(trace) = trace else {
            continue;
        };
        for at in 1..trace.steps.len() {
            let mut other = trace.clone();
            other.steps.swap(at - 1, at);
            let Some(found) = validate(&other, model).expect("a verdict") else {
                continue;
            };
            if let Difference::Impossible(_) = found.divergence.difference {
                assert_eq!(found.divergence.step, at);
                let nearest = found.nearest.expect("a step");
                assert_ne!(nearest.action, other.steps[at - 1].action);
                impossible += 1;
            }
        }
    }
    assert!(impossible > 0);
}
