//! `countersign check`: everything, in one run.

use std::collections::VecDeque;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use countersign_model::admission::Admission;
use countersign_model::admission::invariant::InvariantId;
use countersign_model::admission::scope::Scope;
use countersign_replay::Trace;
use countersign_replay::reader::AnyTrace;

use self::chapter::{Answer, Chapter, Open};
use crate::cli::args::CheckOptions;
use crate::cli::corpus::with_trace;
use crate::cli::effort::{Effort, Solving};
use crate::cli::finding::Finding;
use crate::cli::misuse::Misuse;
use crate::cli::performing::Performable;
use crate::cli::pool::{self, Job};
use crate::cli::progress::Progress;
use crate::cli::report::Report;
use crate::cli::reporter::Reporter;
use crate::cli::selection::{self, Selection};
use crate::cli::words::counted;
use crate::cli::{corpus, listing, weakened};

mod admission;
mod audit;
mod chapter;
mod handshake;
mod session;

pub(crate) fn run(options: &CheckOptions) -> Result<ExitCode, Misuse> {
    let selection = Selection::<Admission>::of(&options.rules)?;
    let scope = selection::scope(&options.scope)?;
    let traces = if selection.weakenings.is_empty() {
        traces(options)?
    } else {
        Vec::new()
    };
    let effort = Effort::of(&options.effort);
    let solving = Solving::of(&options.solver)?;
    let z3 = countersign_invariants::z3_version().map_err(Misuse::failed)?;
    let mut report = Reporter::new(options.format, Report::new("check", selection.described()));
    report.preface(&format!(
        "countersign {}, {} rules, Z3 {z3}, {}",
        env!("CARGO_PKG_VERSION"),
        selection.described(),
        counted(effort.threads.get() as u64, "thread"),
    ));
    if selection.weakenings.is_empty() {
        return hardened(options, &traces, scope, &effort, solving, report);
    }
    let write = options.write.as_deref();
    if let Some(profile) = selection.profile {
        listing::report(&mut report, profile, scope, &effort, solving);
    } else {
        let all = InvariantId::ALL;
        weakened::report(&mut report, &selection, all, scope, &effort, write)?;
    }
    Ok(report.close())
}

fn hardened(
    options: &CheckOptions,
    traces: &[(PathBuf, AnyTrace)],
    scope: Scope,
    effort: &Effort,
    solving: Solving,
    mut report: Reporter,
) -> Result<ExitCode, Misuse> {
    let mut chapters = vec![
        admission::explored(scope, effort),
        handshake::explored(effort),
        session::explored(effort),
        audit::explored(effort),
        admission::proved(solving, options.verbose),
        handshake::proved(solving, options.verbose),
        session::proved(solving, options.verbose),
        audit::proved(solving, options.verbose),
        admission::weakened(scope, effort, solving),
        handshake::weakened(effort, solving),
        session::weakened(effort, solving),
        audit::weakened(effort, solving),
        replayed(traces),
    ];
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
    let folder = match &options.traces {
        Some(folder) => folder,
        None if default.is_dir() && !options.write_traces => default,
        None => return Ok(Vec::new()),
    };
    let found = corpus::find(folder)?.into_iter();
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
