//! `countersign check`: everything, in one run.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Duration;

use countersign_model::admission::invariant::InvariantId;
use countersign_model::admission::scope::Scope;
use countersign_model::admission::weakening::{Ruleset, Weakening};
use countersign_replay::reader::AnyTrace;
use countersign_replay::{Trace, writer};

use crate::cli::args::CheckOptions;
use crate::cli::attack::{self, Attack};
use crate::cli::effort::{Effort, Solving};
use crate::cli::exploration::{self, Exploration};
use crate::cli::finding::Finding;
use crate::cli::misuse::Misuse;
use crate::cli::pool::{self, Job};
use crate::cli::progress::Progress;
use crate::cli::report::Report;
use crate::cli::reporter::Reporter;
use crate::cli::selection::{self, Selection};
use crate::cli::words::{counted, seconds};
use crate::cli::{corpus, listing, proof, weakened};

/// One answer of the main job.
enum Answer {
    Explored(Exploration),
    Proved(Finding, Duration),
    Attacked(Box<Attack>),
    Replayed(Finding),
}

pub(crate) fn run(options: &CheckOptions) -> Result<ExitCode, Misuse> {
    let selection = Selection::of(&options.rules)?;
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
    let mut jobs: Vec<Job<'_, Answer>> = vec![Box::new(|| {
        let (all, threads) = (InvariantId::ALL, effort.searching());
        let rules = Ruleset::HARDENED;
        Answer::Explored(exploration::explore(
            rules,
            scope,
            all,
            threads,
            &effort.cutoff,
        ))
    })];
    for invariant in InvariantId::ALL {
        jobs.push(Box::new(|| {
            let (rules, verbose) = (Ruleset::HARDENED, options.verbose);
            let (finding, elapsed) = proof::finding(rules, *invariant, solving.budget, verbose);
            Answer::Proved(finding, elapsed)
        }));
    }
    for weakening in Weakening::TABLE {
        jobs.push(Box::new(|| {
            let attack = attack::on_weakening(weakening, scope, &effort.cutoff, solving);
            Answer::Attacked(Box::new(attack))
        }));
    }
    for (path, trace) in traces {
        jobs.push(Box::new(|| Answer::Replayed(corpus::on_code(path, trace))));
    }
    let progress = Progress::new(jobs.len());
    let mut screen = Sections::new(&mut report, scope);
    let mut written = Ok(());
    pool::run(effort.answering(), jobs, |answer| {
        progress.advance();
        if let (Answer::Attacked(attack), true, Ok(())) = (&answer, options.write_traces, &written)
        {
            written = attack
                .trace
                .as_ref()
                .map_or(Ok(()), |trace| write(options, trace));
        }
        progress.around(|| screen.take(answer));
    });
    drop(progress);
    written?;
    Ok(report.close())
}

/// The answers of the main job, section by section.
struct Sections<'a> {
    report: &'a mut Reporter,
    scope: Scope,
    proofs: Vec<(usize, Duration)>,
    attacks: usize,
    replays: usize,
}

impl<'a> Sections<'a> {
    fn new(report: &'a mut Reporter, scope: Scope) -> Self {
        Self {
            report,
            scope,
            proofs: Vec::new(),
            attacks: 0,
            replays: 0,
        }
    }

    fn take(&mut self, answer: Answer) {
        match answer {
            Answer::Explored(exploration) => self.explored(&exploration),
            Answer::Proved(finding, elapsed) => self.proved(finding, elapsed),
            Answer::Attacked(attack) => self.attacked(attack.finding),
            Answer::Replayed(finding) => self.replayed(finding),
        }
    }

    fn explored(&mut self, exploration: &Exploration) {
        let bound = format!("every run of {}", self.scope);
        self.report.open("explored", bound, NAME);
        for (invariant, reached) in &exploration.unbroken {
            self.report.add(exploration.finding(*invariant, *reached));
        }
        for line in exploration.totals() {
            self.report.total(line);
        }
    }

    fn proved(&mut self, finding: Finding, elapsed: Duration) {
        if self.proofs.is_empty() {
            self.report.open("proved", proof::BOUND.to_owned(), NAME);
        }
        let obligations = finding.proof.as_ref().map_or(0, |proof| proof.obligations);
        self.proofs.push((obligations, elapsed));
        self.report.add(finding);
        if self.proofs.len() == InvariantId::ALL.len() {
            let all: usize = self.proofs.iter().map(|(obligations, _)| obligations).sum();
            let elapsed: Duration = self.proofs.iter().map(|(_, elapsed)| elapsed).sum();
            let all = counted(all as u64, "obligation");
            self.report
                .total(format!("{all}, {} of solver time", seconds(elapsed)));
        }
    }

    fn attacked(&mut self, finding: Finding) {
        if self.attacks == 0 {
            let bound = "one at a time; the shortest run is as long in the explorer as in the prover, \
                         and is performed on real code";
            self.report.open("weakened", bound.to_owned(), WEAKENING);
        }
        self.attacks += 1;
        self.report.add(finding);
    }

    fn replayed(&mut self, finding: Finding) {
        if self.replays == 0 {
            let bound = "every trace of the corpus, twice, on real code".to_owned();
            self.report.open("replayed", bound, PATH);
        }
        self.replays += 1;
        self.report.add(finding);
    }
}

/// Columns of an invariant's name.
const NAME: usize = 9;
/// Columns of a weakening's name.
const WEAKENING: usize = 29;
/// Columns of most paths.
const PATH: usize = 57;

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

fn write(options: &CheckOptions, trace: &Trace) -> Result<(), Misuse> {
    let folder = options
        .traces
        .as_deref()
        .unwrap_or(Path::new(corpus::FOLDER));
    let folder = folder.join("counterexamples");
    let path = folder.join(format!("{}.json", trace.weakenings.join("+")));
    let written = fs::create_dir_all(&folder).and_then(|()| fs::write(&path, writer::write(trace)));
    written.map_err(|error| Misuse::file("write", &path, &error))
}
