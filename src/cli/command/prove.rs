//! `countersign prove`: only the proofs.

use std::fs;
use std::path::Path;
use std::process::ExitCode;
use std::time::Duration;

use countersign_invariants::admission::{export, prove};
use countersign_model::admission::Admission;
use countersign_model::admission::invariant::InvariantId;
use countersign_model::rulebook::{Row as _, Ruleset};

use crate::cli::args::ProveOptions;
use crate::cli::effort::Solving;
use crate::cli::misuse::Misuse;
use crate::cli::pool::{self, Job};
use crate::cli::progress::Progress;
use crate::cli::proof;
use crate::cli::report::Report;
use crate::cli::reporter::Reporter;
use crate::cli::selection::{self, Selection};
use crate::cli::weakened::NAME;
use crate::cli::words::{counted, seconds};

pub(crate) fn run(options: &ProveOptions) -> Result<ExitCode, Misuse> {
    let selection = Selection::<Admission>::of(&options.rules)?;
    let invariants = selection::invariants::<Admission>(&options.invariants)?;
    let threads = options.threads.count();
    let solving = Solving::of(&options.solver)?;
    countersign_invariants::z3_version().map_err(Misuse::failed)?;
    let rules = selection.rules();
    if let Some(folder) = &options.smt_lib {
        return exported(rules, &invariants, folder);
    }
    let mut report = Reporter::new(options.format, Report::new("prove", selection.described()));
    report.open("proved", proof::BOUND.to_owned(), NAME);
    let jobs = invariants.iter().map(|invariant| -> Job<'_, _> {
        Box::new(|| {
            let proof = prove(rules, *invariant, solving.budget);
            proof::finding(invariant.name(), proof, options.verbose)
        })
    });
    let progress = Progress::new(invariants.len());
    let (mut obligations, mut elapsed) = (0, Duration::ZERO);
    pool::run(threads, jobs.collect(), |(finding, time)| {
        obligations += finding.proof.as_ref().map_or(0, |proof| proof.obligations);
        elapsed += time;
        progress.advance();
        progress.around(|| report.add(finding));
    });
    drop(progress);
    let obligations = counted(obligations as u64, "obligation");
    report.total(format!(
        "{obligations}, {} of solver time",
        seconds(elapsed)
    ));
    Ok(report.close())
}

/// Writes every obligation as a file that another solver reads.
fn exported(
    rules: Ruleset<Admission>,
    invariants: &[InvariantId],
    folder: &Path,
) -> Result<ExitCode, Misuse> {
    let failed = |error| Misuse::file("write", folder, &error);
    fs::create_dir_all(folder).map_err(failed)?;
    let mut names = std::collections::BTreeSet::new();
    for invariant in invariants {
        for script in export(rules, *invariant) {
            let path = folder.join(format!("{}.smt2", script.name));
            fs::write(path, script.text).map_err(failed)?;
            names.insert(script.name);
        }
    }
    let count = counted(names.len() as u64, "obligation");
    crate::cli::screen::print(&format!(
        "{count} in {}; 'unsat' confirms each\n",
        folder.display()
    ));
    Ok(ExitCode::SUCCESS)
}
