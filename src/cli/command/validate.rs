//! `countersign validate`: whether what was recorded is a behaviour of the model.

use std::path::Path;
use std::process::ExitCode;

use countersign_replay::Trace;
use countersign_replay::validation::{Deviation, validate};

use crate::cli::args::ValidateOptions;
use crate::cli::corpus::{self, with_trace};
use crate::cli::finding::{Finding, Standing};
use crate::cli::misuse::Misuse;
use crate::cli::performing::Performable;
use crate::cli::report::Report;
use crate::cli::reporter::Reporter;
use crate::cli::status::Status;
use crate::cli::words::counted;

pub(crate) fn run(options: &ValidateOptions) -> Result<ExitCode, Misuse> {
    let paths = corpus::named(&options.files)?;
    let traces = paths.iter().map(|path| corpus::read(path));
    let traces: Vec<_> = traces.collect::<Result<_, _>>()?;
    let mut report = Reporter::new(
        options.format,
        Report::new("validate", "hardened rules".to_owned()),
    );
    let widths = paths.iter().map(|path| path.as_os_str().len());
    let bound = "each step by the hardened model, after the steps before it as they were recorded";
    report.open("validated", bound.to_owned(), widths.max().unwrap_or(0));
    for (path, trace) in paths.iter().zip(&traces) {
        report.add(with_trace!(trace, it => judged(path, it)));
    }
    Ok(report.close())
}

fn judged<S: Performable>(path: &Path, trace: &Trace<S>) -> Finding {
    let subject = path.display().to_string();
    let found = |status, standing, words: String| Finding {
        trace: Some(subject.clone()),
        ..Finding::new(status, standing, subject.clone(), words)
    };
    if !trace.weakenings.is_empty() {
        let words = format!("not a record: under {}", trace.weakenings.join(" and "));
        return found(Status::Unknown, Standing::Undecided, words);
    }
    match validate(trace, S::model) {
        Ok(None) if trace.steps.is_empty() => {
            let words = "no steps: nothing was recorded".to_owned();
            found(Status::Vacuous, Standing::Undecided, words)
        }
        Ok(None) => {
            let steps = counted(trace.steps.len() as u64, "step");
            let words = format!("{steps}, each of them the model's");
            found(Status::Matches, Standing::Expected, words)
        }
        Ok(Some(deviation)) => Finding {
            remarks: told(trace, &deviation),
            ..found(
                Status::Diverges,
                Standing::Violation,
                format!("at step {}", deviation.divergence.step),
            )
        },
        Err(error) => found(Status::Unknown, Standing::Undecided, error.to_string()),
    }
}

/// What was recorded, what the model has instead, and the nearest step that it allows.
fn told<S: Performable>(trace: &Trace<S>, deviation: &Deviation<S>) -> Vec<String> {
    let mut lines = deviation.divergence.lines("recorded", "model");
    lines.push(match deviation.nearest_line(trace) {
        Some(nearest) => format!("allowed:  {nearest}"),
        None => "allowed:  none of the steps that were recorded, under any names".to_owned(),
    });
    lines
}
