//! `countersign check`: everything, in one run.

use std::collections::VecDeque;
use std::fs;
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use countersign_model::admission::Admission;
use countersign_model::admission::scope::Scope;
use countersign_model::audit::{Audit, scope as audit};
use countersign_model::bus::{Bus, scope as bus};
use countersign_model::handshake::Handshake;
use countersign_model::rulebook::Row as _;
use countersign_model::session::{Session, scope as session};
use countersign_replay::Trace;
use countersign_replay::any_trace::AnyTrace;

use self::chapter::{Answer, Chapter, Open};
use self::deployment::Instance;
use crate::cli::args::CheckOptions;
use crate::cli::corpus::with_trace;
use crate::cli::effort::{Effort, Solving};
use crate::cli::examinable::Examinable;
use crate::cli::examinable::handshake::{Casts, RUNS, RUNS_ATTACKED};
use crate::cli::finding::Finding;
use crate::cli::misuse::Misuse;
use crate::cli::performing::Performable;
use crate::cli::pool::{self, Job};
use crate::cli::progress::Progress;
use crate::cli::report::Report;
use crate::cli::reporter::Reporter;
use crate::cli::selection::{Selection, Selections};
use crate::cli::words::counted;
use crate::cli::{bounds, corpus, listing, weakened};

mod chapter;
mod deployment;
mod questions;

pub(crate) fn run(options: &CheckOptions) -> Result<ExitCode, Misuse> {
    let selections = Selections::of(&options.rules)?;
    let scope = bounds::admission(&options.scope)?;
    let instance = options.deployment.as_deref();
    let instance = instance.map(|path| Instance::read(path, &options.vacuous));
    let instance = instance.transpose()?;
    let offices = instance
        .as_ref()
        .map_or_else(bus::Scope::default, Instance::scope);
    let traces = if selections.is_hardened() && instance.is_none() {
        traces(options)?
    } else {
        Vec::new()
    };
    let effort = Effort::of(&options.effort);
    let solving = Solving::of(&options.solver)?;
    let z3 = countersign_invariants::z3_version().map_err(Misuse::failed)?;
    let mut report = Reporter::new(options.format, Report::new("check", selections.described()));
    report.preface(&format!(
        "countersign {}, {} rules, Z3 {z3}, {}",
        env!("CARGO_PKG_VERSION"),
        selections.described(),
        counted(effort.threads.get() as u64, "thread"),
    ));
    if selections.is_hardened() {
        let chapters = match &instance {
            Some(instance) => instance.chapters(offices, &effort, solving, options.verbose),
            None => everything(&traces, scope, &effort, solving, options.verbose),
        };
        return told(options, chapters, &effort, report);
    }
    let Selections {
        admission,
        handshake,
        session,
        audit: trail,
        bus: office,
    } = &selections;
    if let Some(profile) = admission.profile {
        listing::report(&mut report, profile, scope, &effort, solving);
        return Ok(report.close());
    }
    let write = options.write.as_deref();
    let (casts, sessions) = (Casts::of(RUNS_ATTACKED), session::Scope::default());
    explored(&mut report, admission, scope, &effort, write)?;
    explored(&mut report, handshake, casts, &effort, write)?;
    explored(&mut report, session, sessions, &effort, write)?;
    explored(&mut report, trail, audit::Scope::default(), &effort, write)?;
    explored(&mut report, office, offices, &effort, write)?;
    Ok(report.close())
}

/// What the weakenings of one system break, if there are any. What falls with the secrets that they
/// need, whatever the rules, says nothing about them, and is not asked.
fn explored<S: Examinable>(
    report: &mut Reporter,
    selection: &Selection<S>,
    base: S::Scope,
    effort: &Effort,
    write: Option<&Path>,
) -> Result<(), Misuse> {
    if selection.is_hardened() {
        return Ok(());
    }
    let widened = selection.widened(base);
    // Where that is not known because a search was cut, all is asked; that search is cut as well.
    let scope = S::settled(widened, &effort.cutoff).unwrap_or(widened);
    weakened::report(report, selection, S::Promise::all(), scope, effort, write)
}

/// Everything that is asked about the hardened rules.
fn everything<'a>(
    traces: &'a [(PathBuf, AnyTrace)],
    scope: Scope,
    effort: &'a Effort,
    solving: Solving,
    verbose: bool,
) -> Vec<Chapter<'a>> {
    let (one, sessions) = (NonZeroUsize::MIN, session::Scope::default());
    let (attacked, trails) = (Casts::of(RUNS_ATTACKED), audit::Scope::default());
    let offices = bus::Scope::default();
    vec![
        questions::explored::<Admission>(scope, effort.searching(), effort),
        questions::explored::<Handshake>(Casts::of(RUNS), one, effort),
        questions::explored::<Session>(sessions, one, effort),
        questions::explored::<Audit>(trails, one, effort),
        questions::explored::<Bus>(offices, one, effort),
        questions::proved::<Admission>(solving, verbose),
        questions::proved::<Handshake>(solving, verbose),
        questions::proved::<Session>(solving, verbose),
        questions::proved::<Audit>(solving, verbose),
        questions::proved::<Bus>(solving, verbose),
        questions::weakened::<Admission>(scope, "", effort, solving),
        questions::weakened::<Handshake>(attacked, ", 2 runs at once", effort, solving),
        questions::weakened::<Session>(sessions, "", effort, solving),
        questions::weakened::<Audit>(trails, "", effort, solving),
        questions::weakened::<Bus>(offices, "", effort, solving),
        replayed(traces),
    ]
}

/// Answers the questions of all chapters, and prints them as they come.
fn told(
    options: &CheckOptions,
    mut chapters: Vec<Chapter<'_>>,
    effort: &Effort,
    mut report: Reporter,
) -> Result<ExitCode, Misuse> {
    chapters.retain(|chapter| !chapter.questions.is_empty());
    let mut open: VecDeque<Open> = chapters.iter().map(Open::new).collect();
    let questions: Vec<_> = chapters
        .into_iter()
        .flat_map(|chapter| chapter.questions)
        .collect();
    let progress = Progress::new(questions.len());
    let mut written = Ok(());
    pool::run(effort.answering(), questions, |mut answer| {
        progress.advance();
        if let (Some((path, text)), true, Ok(())) =
            (answer.trace.take(), options.write_traces, &written)
        {
            written = write(options, &path, &text);
        }
        if let Some(chapter) = open.front_mut() {
            progress.around(|| chapter.take(answer, &mut report));
        }
        if open.front().is_some_and(Open::is_over) {
            open.pop_front();
        }
    });
    drop(progress);
    written?;
    Ok(report.close())
}

/// Every trace of the corpus.
fn replayed(traces: &[(PathBuf, AnyTrace)]) -> Chapter<'_> {
    let widths = traces.iter().map(|(path, _)| path.as_os_str().len());
    let questions = traces.iter().map(|(path, trace)| -> Job<'_, Answer> {
        Box::new(move || Answer::one(with_trace!(trace, it => on_code(path, it))))
    });
    Chapter {
        name: "replayed",
        bound: "every trace of the corpus, twice, on real code".to_owned(),
        width: widths.max().unwrap_or(0),
        questions: questions.collect(),
    }
}

fn on_code<S: Performable>(path: &Path, trace: &Trace<S>) -> Finding {
    corpus::finding(path, trace, S::code, false)
}

/// The traces to replay, all of them read before anything else happens.
fn traces(options: &CheckOptions) -> Result<Vec<(PathBuf, AnyTrace)>, Misuse> {
    let default = Path::new(corpus::FOLDER);
    let found = match &options.traces {
        // A folder that is to be filled may be empty.
        Some(folder) if options.write_traces => corpus::all(folder)?,
        Some(folder) => corpus::find(folder)?,
        None if default.is_dir() && !options.write_traces => corpus::find(default)?,
        None => return Ok(Vec::new()),
    };
    let found = found.into_iter();
    found
        .map(|path| corpus::read(&path).map(|trace| (path, trace)))
        .collect()
}

fn write(options: &CheckOptions, path: &Path, text: &str) -> Result<(), Misuse> {
    let folder = options.traces.as_deref();
    let path = folder.unwrap_or(Path::new(corpus::FOLDER)).join(path);
    let parent = path.parent().unwrap_or(Path::new(corpus::FOLDER));
    let written = fs::create_dir_all(parent).and_then(|()| fs::write(&path, text));
    written.map_err(|error| Misuse::file("write", &path, &error))
}
