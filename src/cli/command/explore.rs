//! `countersign explore`: only the search.

use std::num::NonZeroUsize;
use std::process::ExitCode;

use countersign_model::admission::Admission;
use countersign_model::audit::Audit;
use countersign_model::bus::Bus;
use countersign_model::explorer::{self, Cutoff, Ending, Limit};
use countersign_model::handshake::Handshake;
use countersign_model::session::Session;

use crate::cli::args::{
    AuditExploreOptions, BusExploreOptions, ExploreOptions, ExploreSystem, HandshakeExploreOptions,
    SearchingOptions, SessionExploreOptions,
};
use crate::cli::effort::Effort;
use crate::cli::examinable::Examinable;
use crate::cli::examinable::handshake::Casts;
use crate::cli::exploration::limit_words;
use crate::cli::misuse::Misuse;
use crate::cli::progress::Progress;
use crate::cli::report::Report;
use crate::cli::reporter::Reporter;
use crate::cli::selection::{self, Selection};
use crate::cli::words::grouped;
use crate::cli::{bounds, screen, weakened};

pub(crate) fn run(options: &ExploreOptions) -> Result<ExitCode, Misuse> {
    match &options.system {
        None => {
            let selection = Selection::<Admission>::of_all(&options.rules)?;
            let scope = selection.widened(bounds::admission(&options.scope)?);
            let effort = Effort::of(&options.effort);
            explored(&selection, scope, &options.searching, &effort)
        }
        Some(ExploreSystem::Handshake(options)) => handshake(options),
        Some(ExploreSystem::Session(options)) => session(options),
        Some(ExploreSystem::Audit(options)) => audit(options),
        Some(ExploreSystem::Bus(options)) => bus(options),
    }
}

fn handshake(options: &HandshakeExploreOptions) -> Result<ExitCode, Misuse> {
    let selection = Selection::<Handshake>::of(&options.rules)?;
    let asked = Casts {
        reveals: bounds::reveals(&options.reveals)?,
        ..Casts::of(bounds::runs(options.runs)?)
    };
    let effort = Effort::of_one(&options.cutoff);
    explored(
        &selection,
        selection.widened(asked),
        &options.searching,
        &effort,
    )
}

fn session(options: &SessionExploreOptions) -> Result<ExitCode, Misuse> {
    let selection = Selection::<Session>::of(&options.rules)?;
    let scope = selection.widened(bounds::session(&options.scope)?);
    let effort = Effort::of(&options.effort);
    explored(&selection, scope, &options.searching, &effort)
}

fn audit(options: &AuditExploreOptions) -> Result<ExitCode, Misuse> {
    let selection = Selection::<Audit>::of(&options.rules)?;
    let scope = selection.widened(bounds::audit(&options.scope)?);
    let effort = Effort::of(&options.effort);
    explored(&selection, scope, &options.searching, &effort)
}

fn bus(options: &BusExploreOptions) -> Result<ExitCode, Misuse> {
    let selection = Selection::<Bus>::of(&options.rules)?;
    let scope = selection.widened(bounds::bus(&options.scope)?);
    let effort = Effort::of(&options.effort);
    explored(&selection, scope, &options.searching, &effort)
}

/// Searches, and reports what became of each promise; or, where nothing is watched, of each depth.
fn explored<S: Examinable>(
    selection: &Selection<S>,
    scope: S::Scope,
    options: &SearchingOptions,
    effort: &Effort,
) -> Result<ExitCode, Misuse> {
    let promises = selection::promises::<S>(&options.invariants)?;
    if options.depths {
        return Ok(depths(&S::searched(selection.rules(), &scope, &[]), effort));
    }
    let mut report = Reporter::new(
        options.format,
        Report::new("explore", selection.described()),
    );
    let write = options.write.as_deref();
    weakened::report(&mut report, selection, &promises, scope, effort, write)?;
    Ok(report.close())
}

/// A row for each depth: how many states are reached in that many steps, and no sooner. One thread
/// searches: only then is every path a shortest one.
fn depths(searched: &(impl explorer::System + Clone), effort: &Effort) -> ExitCode {
    screen::print("depth       states    no sooner  transitions\n");
    let first = searched.first().len() as u64;
    let (mut before, mut depth) = (first, NonZeroUsize::MIN);
    let limit = effort.cutoff.depth.map_or(usize::MAX, NonZeroUsize::get);
    screen::print(&format!("{:>5}  {first:>11}  {first:>11}  {:>11}\n", 0, 0));
    while depth.get() <= limit {
        let progress = Progress::new(1);
        let cutoff = Cutoff {
            depth: Some(depth),
            ..effort.cutoff.clone()
        };
        let report = explorer::explore(searched, NonZeroUsize::MIN, &cutoff);
        drop(progress);
        if let Ending::Cut(limit) = report.ending
            && limit != Limit::Depth
        {
            return cut(limit, depth);
        }
        if report.distinct == before {
            return ExitCode::SUCCESS;
        }
        screen::print(&format!(
            "{depth:>5}  {:>11}  {:>11}  {:>11}\n",
            grouped(report.distinct),
            grouped(report.distinct - before),
            grouped(report.attempted)
        ));
        before = report.distinct;
        if report.ending == Ending::Exhausted {
            return ExitCode::SUCCESS;
        }
        depth = depth.saturating_add(1);
    }
    cut(Limit::Depth, depth)
}

/// Says that a table of depths ends before the search does.
fn cut(limit: Limit, depth: NonZeroUsize) -> ExitCode {
    let words = limit_words(limit);
    screen::print(&format!(
        "{depth:>5}  {words}: unknown, and so is what lies deeper\n"
    ));
    ExitCode::from(3)
}
