//! `countersign record`: a scenario on the real code, written down as a trace.

use std::fs;
use std::path::Path;
use std::process::ExitCode;

use countersign_replay::writer;

use crate::cli::args::RecordOptions;
use crate::cli::corpus::with_trace;
use crate::cli::misuse::Misuse;
use crate::cli::performing::recorded;
use crate::cli::scenario::Scenario;
use crate::cli::screen;
use crate::cli::status::Status;

pub(crate) fn run(options: &RecordOptions) -> Result<ExitCode, Misuse> {
    if options.list {
        let width = Scenario::all().map(|scenario| scenario.path.len()).max();
        let width = width.unwrap_or(0);
        for scenario in Scenario::all() {
            let (path, lesson) = (scenario.path, scenario.lesson);
            screen::print(&format!("{path:<width$}  {lesson}\n"));
        }
        return Ok(ExitCode::SUCCESS);
    }
    if let Some(folder) = &options.all {
        for scenario in Scenario::all() {
            let path = folder.join(format!("{}.json", scenario.path));
            keep(&written(scenario)?, &path)?;
        }
        return Ok(ExitCode::SUCCESS);
    }
    let name = options.scenario.as_deref().unwrap_or_default();
    let scenario = Scenario::of_name(name).ok_or_else(|| {
        let known = Scenario::all().map(Scenario::name);
        Misuse::unknown("scenario", name, known, "countersign record --list")
    })?;
    let text = written(scenario)?;
    match &options.output {
        Some(path) => keep(&text, path)?,
        None => screen::print(&text),
    }
    Ok(ExitCode::SUCCESS)
}

/// The scenario with what the real code said and did, as it is written.
fn written(scenario: &Scenario) -> Result<String, Misuse> {
    let path = scenario.path;
    let failed = |error: String| Misuse::failed(format!("failed to record {path}: {error}"));
    let told = scenario.trace();
    let told = told.map_err(|error| failed(error.to_string()))?;
    let text = with_trace!(told, trace => recorded(trace).map(|trace| writer::write(&trace)));
    text.map_err(failed)
}

fn keep(text: &str, path: &Path) -> Result<(), Misuse> {
    let folder = path.parent().unwrap_or(Path::new("."));
    let written = fs::create_dir_all(folder).and_then(|()| fs::write(path, text));
    written.map_err(|error| Misuse::file("write", path, &error))?;
    screen::print(&format!("{}  {}\n", Status::Matches, path.display()));
    Ok(())
}
