//! `countersign replay`: traces on real code, as often as one likes.

use std::collections::BTreeSet;
use std::path::Path;
use std::process::ExitCode;

use countersign_replay::any_trace::AnyTrace;
use countersign_replay::{Target, Trace, replay, sequence, shrink};

use crate::cli::args::{On, ReplayOptions};
use crate::cli::corpus::{self, with_trace};
use crate::cli::finding::{Finding, Standing};
use crate::cli::misuse::Misuse;
use crate::cli::performing::Performable;
use crate::cli::pool::{self, Job};
use crate::cli::progress::Progress;
use crate::cli::report::Report;
use crate::cli::reporter::Reporter;
use crate::cli::status::Status;

pub(crate) fn run(options: &ReplayOptions) -> Result<ExitCode, Misuse> {
    let paths = corpus::named(&options.files)?;
    let traces = paths
        .iter()
        .map(|path| corpus::read(path).map(|trace| (path.as_path(), trace)));
    let traces: Vec<(&Path, AnyTrace)> = traces.collect::<Result<_, _>>()?;
    let threads = options.threads.count();
    let mut report = Reporter::new(
        options.format,
        Report::new("replay", options.on.words().to_owned()),
    );
    let width = paths
        .iter()
        .map(|path| path.display().to_string().len())
        .max()
        .unwrap_or(0);
    let often = match options.repeat.get() {
        1 => "twice".to_owned(),
        repeat => format!("{repeat} times over, on {threads} threads"),
    };
    report.open(
        "replayed",
        format!("on {}, {often}", options.on.words()),
        width,
    );
    let jobs = traces.iter().map(|(path, trace)| -> Job<'_, Finding> {
        Box::new(|| with_trace!(trace, it => repeated(path, it, options)))
    });
    let progress = Progress::new(traces.len());
    pool::run(threads, jobs.collect(), |finding| {
        progress.advance();
        progress.around(|| report.add(finding));
    });
    drop(progress);
    Ok(report.close())
}

/// Replays once for the finding, and as often again as asked for the transcript.
fn repeated<S: Performable>(path: &Path, trace: &Trace<S>, options: &ReplayOptions) -> Finding {
    match options.on {
        On::Code => on(path, trace, options, S::code),
        On::Hardened => foiled(path, trace, options),
        On::Model => on(path, trace, options, S::model),
    }
}

/// Whether hardened code foils an attack means nothing where the code that it is told of does not suffer it.
fn foiled<S: Performable>(path: &Path, trace: &Trace<S>, options: &ReplayOptions) -> Finding {
    if !trace.weakenings.is_empty() {
        let suffered = corpus::finding(path, trace, S::code, false);
        if suffered.standing != Standing::Expected {
            let mut remarks = vec![format!("on code under {}:", trace.weakenings.join(" and "))];
            remarks.extend(suffered.remarks);
            return Finding {
                remarks,
                ..suffered
            };
        }
    }
    on(path, trace, options, S::hardened)
}

fn on<S: Performable, T: Target<S>>(
    path: &Path,
    trace: &Trace<S>,
    options: &ReplayOptions,
    fresh: fn() -> T,
) -> Finding {
    let mut finding = corpus::finding(path, trace, fresh, options.on == On::Hardened);
    let again = if options.repeat.get() > 1 {
        options.repeat.get()
    } else {
        0
    };
    let transcripts = (0..again).map(|_| {
        replay(trace, fresh)
            .map(|report| report.transcript)
            .map_err(|error| error.to_string())
    });
    let transcripts: BTreeSet<_> = transcripts.collect();
    if transcripts.len() > 1 {
        finding.status = Status::Diverges;
        finding.standing = Standing::Violation;
        finding
            .remarks
            .push(format!("{} different transcripts", transcripts.len()));
    }
    if options.shrink
        && finding.status == Status::Diverges
        && let Ok(Some(shorter)) = shrink::shrink(trace, fresh)
    {
        finding
            .remarks
            .push(format!("the same in {} steps:", shorter.steps.len()));
        finding
            .remarks
            .extend(sequence::sequence(&shorter).lines().map(str::to_owned));
    }
    finding
}
