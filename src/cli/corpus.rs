//! The corpus: traces in files, each carrying what it expects.

use std::fs;
use std::path::{Path, PathBuf};

use countersign_model::rulebook::Refusal as _;
use countersign_replay::any_trace::AnyTrace;
use countersign_replay::form::Promise;
use countersign_replay::outcome::Departure;
use countersign_replay::reader;
use countersign_replay::system::System;
use countersign_replay::trace::SIZE_MAX;
use countersign_replay::{Outcome, Target, Trace, replay};

use super::finding::{Finding, Standing};
use super::input;
use super::misuse::Misuse;
use super::status::Status;
use super::words::counted;

/// The folder of traces, where nobody names another.
pub(crate) const FOLDER: &str = "traces";

/// Every trace in `folder` and the folders in it, in the order of their names; at least one.
pub(crate) fn find(folder: &Path) -> Result<Vec<PathBuf>, Misuse> {
    let found = all(folder)?;
    if found.is_empty() {
        return Err(Misuse::new(
            format!("{} holds no trace", folder.display()),
            "name a folder with files that end in .json, or none",
        ));
    }
    Ok(found)
}

/// Every trace in `folder` and the folders in it, in the order of their names, if there are any.
pub(crate) fn all(folder: &Path) -> Result<Vec<PathBuf>, Misuse> {
    let mut found = Vec::new();
    gather(folder, &mut found)?;
    found.sort();
    Ok(found)
}

/// Links to folders are not followed: they can lead back.
fn gather(folder: &Path, found: &mut Vec<PathBuf>) -> Result<(), Misuse> {
    let failed = |error| Misuse::file("read", folder, &error);
    for entry in fs::read_dir(folder).map_err(failed)? {
        let entry = entry.map_err(failed)?;
        let path = entry.path();
        if entry.file_type().map_err(failed)?.is_dir() {
            gather(&path, found)?;
        } else if path.extension().is_some_and(|end| end == "json") {
            found.push(path);
        }
    }
    Ok(())
}

/// The files named, and every trace in the folders named.
pub(crate) fn named(paths: &[PathBuf]) -> Result<Vec<PathBuf>, Misuse> {
    let mut all = Vec::new();
    for path in paths {
        if path.is_dir() {
            all.extend(find(path)?);
        } else {
            all.push(path.clone());
        }
    }
    Ok(all)
}

/// Reads a trace, of whichever system.
pub(crate) fn read(path: &Path) -> Result<AnyTrace, Misuse> {
    let remedy = "no trace is that long: name one that was recorded";
    let bytes = input::file(path, SIZE_MAX, remedy)?;
    Ok(reader::read_any(&path.display().to_string(), &bytes)?)
}

/// Does with a trace of whichever system what can be done with all.
macro_rules! with_trace {
    ($any:expr, $trace:ident => $done:expr) => {
        match $any {
            countersign_replay::any_trace::AnyTrace::Admission($trace) => $done,
            countersign_replay::any_trace::AnyTrace::Handshake($trace) => $done,
            countersign_replay::any_trace::AnyTrace::Session($trace) => $done,
            countersign_replay::any_trace::AnyTrace::Audit($trace) => $done,
            countersign_replay::any_trace::AnyTrace::Bus($trace) => $done,
        }
    };
}
pub(crate) use with_trace;

/// Replays a trace on a target, and compares. A hardened target should foil it (`foiled`), if it is
/// an attack on weakened code.
pub(crate) fn finding<S: System, T: Target<S>>(
    path: &Path,
    trace: &Trace<S>,
    fresh: impl FnMut() -> T,
    foiled: bool,
) -> Finding {
    let subject = path.display().to_string();
    let steps = counted(trace.steps.len() as u64, "step");
    let report = match replay(trace, fresh) {
        Ok(report) => report,
        Err(error) => {
            let words = error.to_string();
            return Finding::new(Status::Unknown, Standing::Undecided, subject, words);
        }
    };
    let (status, standing, words, remarks) = match &report.outcome {
        Outcome::Confirmed { invariant, step } => {
            let words = format!("'{}' breaks at step {step}", invariant.name());
            (Status::Confirmed, Standing::Expected, words, Vec::new())
        }
        Outcome::Matches if trace.steps.is_empty() => {
            let words = "no steps: nothing was performed".to_owned();
            (Status::Vacuous, Standing::Undecided, words, Vec::new())
        }
        Outcome::Matches => (Status::Matches, Standing::Expected, steps, Vec::new()),
        Outcome::ModelOnly { step, departure } if foiled => {
            let (status, words) = match departure {
                Departure::Refused(rejection) => (
                    Status::Refused,
                    format!("at step {step}: {}", rejection.code()),
                ),
                Departure::RefusedOtherwise(rejection) => (
                    Status::Diverges,
                    format!(
                        "at step {step}: {}, and that is not what the trace takes away",
                        rejection.code()
                    ),
                ),
                Departure::Admitted { instead_of } => (
                    Status::Admitted,
                    format!("step {step}, no '{}'", instead_of.code()),
                ),
                Departure::Attributed { to, instead_of } => (
                    Status::Admitted,
                    format!("step {step}, as of {to} and not {instead_of}"),
                ),
                Departure::Withheld(withheld) => (
                    Status::Admitted,
                    format!("step {step}, but {}", withheld.join(", ")),
                ),
                Departure::Impossible(why) => (Status::Refused, format!("step {step}: {why}")),
            };
            let standing = match status {
                Status::Diverges => Standing::Violation,
                _ => Standing::Expected,
            };
            (status, standing, words, Vec::new())
        }
        Outcome::ModelOnly { step, .. } => {
            let words = format!("the code went another way at step {step}");
            (Status::Diverges, Standing::Violation, words, Vec::new())
        }
        Outcome::CodeOnly { step, expected, .. } => {
            let words = format!("step {step} was admitted, expected '{}'", expected.code());
            (Status::Diverges, Standing::Violation, words, Vec::new())
        }
        Outcome::Diverges(divergence) => {
            let words = format!("at step {}", divergence.step);
            let report = divergence.to_string();
            let lines = report.lines().map(str::to_owned).collect();
            (Status::Diverges, Standing::Violation, words, lines)
        }
    };
    Finding {
        invariant: invariant_of(trace),
        lesson: Some(trace.lesson.clone()),
        trace: Some(subject.clone()),
        remarks,
        ..Finding::new(status, standing, subject, words)
    }
}

/// The name of the invariant that a trace says it breaks.
fn invariant_of<S: System>(trace: &Trace<S>) -> Option<&'static str> {
    let violation = trace.violates.as_ref()?;
    violation.told::<S::Invariant>().map(Promise::name)
}
