//! What several weakenings together break, promise by promise.

use std::fs;
use std::path::Path;

use countersign_model::rulebook::{Promise as _, Row as _};
use countersign_replay::{Trace, sequence, writer};

use super::attack::lost;
use super::effort::Effort;
use super::examinable::{Examinable, width};
use super::exploration::{Question, explore};
use super::finding::{Finding, Standing, Steps};
use super::misuse::Misuse;
use super::performing::{perform, withstand};
use super::progress::Progress;
use super::reporter::Reporter;
use super::selection::Selection;
use super::status::Status;
use super::words::counted;

/// Explores the selected rules within `scope`, and reports what became of each promise.
pub(crate) fn report<S: Examinable>(
    report: &mut Reporter,
    selection: &Selection<S>,
    promises: &[S::Promise],
    scope: S::Scope,
    effort: &Effort,
    write: Option<&Path>,
) -> Result<(), Misuse> {
    let progress = Progress::new(1);
    let question = Question {
        rules: selection.rules(),
        scope,
    };
    let explored = explore::<S>(&question, promises, effort.threads, &effort.cutoff);
    drop(progress);
    let [section, ..] = S::SECTIONS;
    report.open(section, S::bound(&scope), width::<S>());
    let findings = explored.findings::<Misuse>(|promise, story| {
        let (mut finding, trace) = told(selection, promise, story, &scope);
        if let (Some(folder), Some(trace)) = (write, trace) {
            let rules = selection.described().replace(" + ", "+");
            let name = format!("{rules}-{}.json", promise.name());
            let path = folder.join(S::FOLDER).join(name);
            keep(&path, &trace, &mut finding)?;
        }
        Ok(finding)
    });
    for finding in findings? {
        report.add(finding);
    }
    for line in explored.totals() {
        report.total(line);
    }
    let needs = selection.needs();
    if !needs.is_empty() {
        report.total(lost(&needs));
    }
    Ok(())
}

/// How a promise is broken by the run of `story`, and the run as a trace, where the model repeats it.
pub(crate) fn told<S: Examinable>(
    selection: &Selection<S>,
    promise: S::Promise,
    story: &S::Story,
    scope: &S::Scope,
) -> (Finding, Option<Trace<S>>) {
    let (name, names) = (promise.name(), selection.names());
    let lesson = selection.lesson();
    let lesson = lesson.unwrap_or_else(|| promise.promise().to_owned());
    let trace = match S::told(story, scope, &names, promise, &lesson) {
        Ok(trace) => trace,
        Err(error) => {
            let words = format!("the model does not repeat what the explorer found: {error}");
            let (status, standing) = (Status::Diverges, Standing::Violation);
            return (Finding::new(status, standing, name, words), None);
        }
    };
    let (hardened, recorded) = withstand(&trace);
    let (replays, recorded) = if selection.is_hardened() {
        (vec![hardened], recorded)
    } else {
        let (weakened, recorded) = perform("weakened code", &trace, S::code);
        (vec![weakened, hardened], recorded)
    };
    let is_real = replays
        .first()
        .is_some_and(|it| it.status == Status::Confirmed);
    let trace = recorded.unwrap_or(trace);
    let steps = counted(trace.steps.len() as u64, "step");
    let attack = sequence::sequence(&trace);
    let finding = Finding {
        invariant: Some(name),
        lesson: Some(lesson),
        steps: Some(Steps {
            explorer: Some(trace.steps.len()),
            prover: None,
        }),
        attack: attack.lines().map(str::to_owned).collect(),
        replays,
        ..Finding::new(
            if is_real {
                Status::Broken
            } else {
                Status::Diverges
            },
            Standing::Violation,
            name,
            if is_real {
                format!("in {steps}")
            } else {
                format!("in {steps} of the model, which the code does not repeat")
            },
        )
    };
    (finding, Some(trace))
}

/// Writes the trace of an attack, and says so.
fn keep<S: Examinable>(path: &Path, trace: &Trace<S>, finding: &mut Finding) -> Result<(), Misuse> {
    let folder = path.parent().unwrap_or(Path::new("."));
    let written = fs::create_dir_all(folder).and_then(|()| fs::write(path, writer::write(trace)));
    written.map_err(|error| Misuse::file("write", path, &error))?;
    let path = path.display().to_string();
    finding.remarks = vec![
        format!("wrote {path}"),
        format!("repeat with: countersign replay {path}"),
    ];
    finding.trace = Some(path);
    Ok(())
}
