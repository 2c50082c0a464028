//! `countersign explore`: only the search.

use std::num::NonZeroUsize;
use std::process::ExitCode;

use countersign_model::admission::Admission;
use countersign_model::admission::system::Reception;
use countersign_model::explorer::{self, Cutoff, Ending};
use countersign_model::handshake::Handshake;

use crate::cli::args::{ExploreOptions, ExploreSystem, HandshakeExploreOptions};
use crate::cli::effort::Effort;
use crate::cli::handshake::exploration::Question;
use crate::cli::misuse::Misuse;
use crate::cli::progress::Progress;
use crate::cli::report::Report;
use crate::cli::reporter::Reporter;
use crate::cli::selection::{self, Selection};
use crate::cli::words::grouped;
use crate::cli::{handshake, screen, weakened};

pub(crate) fn run(options: &ExploreOptions) -> Result<ExitCode, Misuse> {
    if let Some(ExploreSystem::Handshake(options)) = &options.system {
        return handshake(options);
    }
    let selection = Selection::<Admission>::of(&options.rules)?;
    let scope = selection::scope(&options.scope)?;
    let effort = Effort::of(&options.effort);
    let invariants = selection::invariants::<Admission>(&options.invariants)?;
    if options.depths {
        let admission = Reception::new(selection.rules(), selection.widened(scope), &[]);
        depths(&admission, &effort);
        return Ok(ExitCode::SUCCESS);
    }
    let mut report = Reporter::new(
        options.format,
        Report::new("explore", selection.described()),
    );
    let write = options.write.as_deref();
    weakened::report(&mut report, &selection, &invariants, scope, &effort, write)?;
    Ok(report.close())
}

fn handshake(options: &HandshakeExploreOptions) -> Result<ExitCode, Misuse> {
    let selection = Selection::<Handshake>::of(&options.rules)?;
    let invariants = selection::invariants::<Handshake>(&options.invariants)?;
    let asked = handshake::selection::reveals(&options.reveals)?;
    let question = Question {
        rules: selection.rules(),
        runs: handshake::selection::runs(options.runs)?,
        reveals: asked.iter().chain(selection.needs().iter()).collect(),
    };
    let effort = Effort::of_one(&options.cutoff);
    let mut report = Reporter::new(
        options.format,
        Report::new("explore", selection.described()),
    );
    handshake::exploration::report(&mut report, question, &invariants, &effort);
    Ok(report.close())
}

/// A row for each depth: how many states are reached in that many steps, and no sooner. One thread
/// searches: only then is every path a shortest one.
fn depths(admission: &Reception, effort: &Effort) {
    screen::print("depth       states    no sooner  transitions\n");
    let (mut before, mut depth) = (1, NonZeroUsize::MIN);
    let limit = effort.cutoff.depth.map_or(usize::MAX, NonZeroUsize::get);
    screen::print(&format!("{:>5}  {:>11}  {:>11}  {:>11}\n", 0, 1, 1, 0));
    while depth.get() <= limit {
        let progress = Progress::new(1);
        let cutoff = Cutoff {
            depth: Some(depth),
            ..effort.cutoff.clone()
        };
        let report = explorer::explore(admission, NonZeroUsize::MIN, &cutoff);
        drop(progress);
        if report.distinct == before {
            return;
        }
        screen::print(&format!(
            "{depth:>5}  {:>11}  {:>11}  {:>11}\n",
            grouped(report.distinct),
            grouped(report.distinct - before),
            grouped(report.attempted)
        ));
        before = report.distinct;
        if report.ending == Ending::Exhausted {
            return;
        }
        depth = depth.saturating_add(1);
    }
}
