//! `countersign record`: a scenario on the real code, written down as a trace.

use std::fs;
use std::path::Path;
use std::process::ExitCode;

use countersign::lab::Lab;
use countersign_replay::{Outcome, Trace, replay, writer};

use crate::cli::args::RecordOptions;
use crate::cli::misuse::Misuse;
use crate::cli::scenario::Scenario;
use crate::cli::screen;
use crate::cli::status::Status;

pub(crate) fn run(options: &RecordOptions) -> Result<ExitCode, Misuse> {
    if options.list {
        for scenario in Scenario::TABLE {
            screen::print(&format!("{:<42}  {}\n", scenario.path, scenario.lesson));
        }
        return Ok(ExitCode::SUCCESS);
    }
    if let Some(folder) = &options.all {
        for scenario in Scenario::TABLE {
            let path = folder.join(format!("{}.json", scenario.path));
            keep(&recorded(scenario)?, &path)?;
        }
        return Ok(ExitCode::SUCCESS);
    }
    let name = options.scenario.as_deref().unwrap_or_default();
    let scenario = Scenario::of_name(name).ok_or_else(|| {
        let known = Scenario::TABLE.iter().map(Scenario::name);
        Misuse::unknown("scenario", name, known, "countersign record --list")
    })?;
    let trace = recorded(scenario)?;
    match &options.output {
        Some(path) => keep(&trace, path)?,
        None => screen::print(&writer::write(&trace)),
    }
    Ok(ExitCode::SUCCESS)
}

/// The scenario with what the real code said and did.
pub(crate) fn recorded(scenario: &Scenario) -> Result<Trace, Misuse> {
    let path = scenario.path;
    let failed = |error: String| Misuse::failed(format!("failed to record {path}: {error}"));
    let trace = scenario
        .trace()
        .map_err(|error| failed(error.to_string()))?;
    let report = replay(&trace, Lab::new).map_err(|error| failed(error.to_string()))?;
    match &report.outcome {
        Outcome::Matches => Ok(trace.recording(&report)),
        other => Err(failed(format!("model and code disagree: {other:?}"))),
    }
}

fn keep(trace: &Trace, path: &Path) -> Result<(), Misuse> {
    let folder = path.parent().unwrap_or(Path::new("."));
    let written = fs::create_dir_all(folder).and_then(|()| fs::write(path, writer::write(trace)));
    written.map_err(|error| Misuse::file("write", path, &error))?;
    screen::print(&format!("{}  {}\n", Status::Matches, path.display()));
    Ok(())
}
