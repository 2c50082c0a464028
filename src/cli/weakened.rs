//! What several weakenings together break, invariant by invariant.

use std::fs;
use std::path::Path;

use countersign::lab::Lab;
use countersign_model::admission::Admission;
use countersign_model::admission::invariant::InvariantId;
use countersign_model::admission::scope::Scope;
use countersign_model::admission::story::Story;
use countersign_model::rulebook::Row as _;
use countersign_replay::{Trace, sequence, writer};

use super::attack;
use super::effort::Effort;
use super::exploration::explore;
use super::finding::{Finding, Standing, Steps};
use super::misuse::Misuse;
use super::performing::{SEED, perform};
use super::progress::Progress;
use super::reporter::Reporter;
use super::selection::Selection;
use super::status::Status;
use super::words::counted;

/// Columns of an invariant's name.
pub(crate) const NAME: usize = 9;

/// Explores the selected rules, and reports what became of each invariant.
pub(crate) fn report(
    report: &mut Reporter,
    selection: &Selection<Admission>,
    invariants: &[InvariantId],
    base: Scope,
    effort: &Effort,
    write: Option<&Path>,
) -> Result<(), Misuse> {
    let scope = selection.widened(base);
    let progress = Progress::new(1);
    let exploration = explore(
        selection.rules(),
        scope,
        invariants,
        effort.threads,
        &effort.cutoff,
    );
    drop(progress);
    report.open("explored", format!("every run of {scope}"), NAME);
    for invariant in invariants {
        let mut broken_ones = exploration.broken.iter();
        if let Some((_, story)) = broken_ones.find(|(id, _)| id == invariant) {
            report.add(broken(selection, *invariant, story, write)?);
        }
        let unbroken = exploration.unbroken.iter();
        for (_, reached) in unbroken.filter(|(id, _)| id == invariant) {
            report.add(exploration.finding(*invariant, *reached));
        }
    }
    for line in exploration.totals() {
        report.total(line);
    }
    Ok(())
}

fn broken(
    selection: &Selection<Admission>,
    invariant: InvariantId,
    story: &Story,
    write: Option<&Path>,
) -> Result<Finding, Misuse> {
    let names = selection.names();
    let lessons: Vec<&str> = selection.weakenings.iter().map(|row| row.lesson).collect();
    let lesson = match selection.profile {
        Some(profile) => profile.summary.to_owned(),
        None => lessons.join("; "),
    };
    let told = Trace::tell(story, &names, Some(invariant), &lesson, SEED);
    let trace = match told {
        Ok(trace) => attack::plainest(trace, invariant),
        Err(error) => {
            let words = format!("the model does not repeat what the explorer found: {error}");
            let (status, standing) = (Status::Diverges, Standing::Violation);
            return Ok(Finding::new(status, standing, invariant.name(), words));
        }
    };
    let (weakened, recorded) = perform("weakened code", &trace, Lab::new);
    let (hardened, _) = perform("hardened code", &trace, Lab::hardened);
    let trace = recorded.unwrap_or(trace);
    let mut finding = Finding {
        invariant: Some(invariant.name()),
        lesson: Some(lesson),
        steps: Some(Steps {
            explorer: Some(trace.steps.len()),
            prover: None,
        }),
        attack: sequence::sequence(&trace)
            .lines()
            .map(str::to_owned)
            .collect(),
        replays: vec![weakened, hardened],
        ..Finding::new(
            Status::Broken,
            Standing::Violation,
            invariant.name(),
            format!("in {}", counted(trace.steps.len() as u64, "step")),
        )
    };
    if let Some(folder) = write {
        let path = folder.join(format!(
            "{}-{}.json",
            selection.described().replace(" + ", "+"),
            invariant.name()
        ));
        let written =
            fs::create_dir_all(folder).and_then(|()| fs::write(&path, writer::write(&trace)));
        written.map_err(|error| Misuse::file("write", &path, &error))?;
        let path = path.display().to_string();
        finding.remarks = vec![
            format!("wrote {path}"),
            format!("repeat with: countersign replay {path}"),
        ];
        finding.trace = Some(path);
    }
    Ok(finding)
}
