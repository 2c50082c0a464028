//! `countersign prove`: only the proofs.

use std::fs;
use std::path::Path;
use std::process::ExitCode;
use std::time::Duration;

use countersign_model::admission::Admission;
use countersign_model::audit::Audit;
use countersign_model::bus::Bus;
use countersign_model::handshake::Handshake;
use countersign_model::rulebook::{Row as _, Ruleset};
use countersign_model::session::Session;

use crate::cli::args::{ProveOptions, ProveSystem, ProvingOptions};
use crate::cli::effort::Solving;
use crate::cli::examinable::{Examinable, width};
use crate::cli::misuse::Misuse;
use crate::cli::pool::{self, Job};
use crate::cli::progress::Progress;
use crate::cli::proof;
use crate::cli::report::Report;
use crate::cli::reporter::Reporter;
use crate::cli::selection::{self, Selection};
use crate::cli::words::{counted, seconds};

pub(crate) fn run(options: &ProveOptions) -> Result<ExitCode, Misuse> {
    match &options.system {
        None => {
            let selection = Selection::<Admission>::of_all(&options.rules)?;
            proved(&selection, &options.proving)
        }
        Some(ProveSystem::Handshake(options)) => {
            let selection = Selection::<Handshake>::of(&options.rules)?;
            proved(&selection, &options.proving)
        }
        Some(ProveSystem::Audit(options)) => {
            let selection = Selection::<Audit>::of(&options.rules)?;
            proved(&selection, &options.proving)
        }
        Some(ProveSystem::Bus(options)) => {
            let selection = Selection::<Bus>::of(&options.rules)?;
            proved(&selection, &options.proving)
        }
        Some(ProveSystem::Session(options)) => {
            let selection = Selection::<Session>::of(&options.rules)?;
            proved(&selection, &options.proving)
        }
    }
}

fn proved<S: Examinable>(
    selection: &Selection<S>,
    options: &ProvingOptions,
) -> Result<ExitCode, Misuse> {
    let promises = selection::promises::<S>(&options.invariants)?;
    let threads = options.threads.count();
    let solving = Solving::of(&options.solver)?;
    countersign_invariants::z3_version().map_err(Misuse::failed)?;
    let rules = selection.rules();
    if let Some(folder) = &options.smt_lib {
        return exported::<S>(rules, &promises, folder);
    }
    let mut report = Reporter::new(options.format, Report::new("prove", selection.described()));
    let [_, section, _] = S::SECTIONS;
    report.open(section, S::PROOF.to_owned(), width::<S>());
    let jobs = promises.iter().map(|promise| -> Job<'_, _> {
        Box::new(|| {
            let proof = S::prove(rules, *promise, solving.budget);
            proof::finding(promise.name(), proof, options.verbose)
        })
    });
    let progress = Progress::new(promises.len());
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
fn exported<S: Examinable>(
    rules: Ruleset<S>,
    promises: &[S::Promise],
    folder: &Path,
) -> Result<ExitCode, Misuse> {
    let failed = |error| Misuse::file("write", folder, &error);
    fs::create_dir_all(folder).map_err(failed)?;
    let mut names = std::collections::BTreeSet::new();
    for promise in promises {
        for script in S::export(rules, *promise) {
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
