//! The words of the command line.

use std::num::NonZeroUsize;
use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};
use countersign_model::admission::scope::Scope;

/// Checks, proves and replays a secure agent-to-agent messaging protocol.
#[derive(Debug, Parser)]
#[command(
    version,
    disable_help_subcommand = false,
    after_help = "Exit code: 0 all as expected, 1 a violation or divergence, 2 the question could not be asked, \
                  3 unknown, cut short or vacuous.\n\n\
                  Examples:\n  countersign check\n  countersign check --without nonce-fresh"
)]
pub(crate) struct Cli {
    #[command(subcommand)]
    pub(crate) command: Command,
}

/// The commands.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Explore, prove, weaken and replay: everything
    #[command(
        after_help = "Examples:\n  countersign check\n  countersign check --without nonce-fresh\n  \
                      countersign check --profile listing\n  countersign check --format sarif > countersign.sarif"
    )]
    Check(CheckOptions),
}

/// How results are printed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// For people
    #[default]
    Text,
    /// Every fact, in one document
    Json,
    /// `JUnit` XML, for continuous integration
    Junit,
    /// SARIF 2.1.0, for code scanning
    Sarif,
}

/// Options of `check`.
#[derive(Debug, Args)]
pub(crate) struct CheckOptions {
    #[command(flatten)]
    pub(crate) rules: RuleOptions,
    #[command(flatten)]
    pub(crate) scope: ScopeOptions,
    #[command(flatten)]
    pub(crate) effort: EffortOptions,
    #[command(flatten)]
    pub(crate) solver: SolverOptions,
    /// The traces to replay [default: `traces`, if there is such a folder]
    #[arg(long, value_name = "DIR")]
    pub(crate) traces: Option<PathBuf>,
    /// Write every attack that was found into this folder
    #[arg(long, value_name = "DIR")]
    pub(crate) write: Option<PathBuf>,
    /// Write the counterexample of every weakening into the folder of traces
    #[arg(long, conflicts_with_all = ["profile", "without", "with"])]
    pub(crate) write_traces: bool,
    /// Name what no proof needed
    #[arg(long, short)]
    pub(crate) verbose: bool,
    /// How results are printed
    #[arg(long, value_enum, default_value_t)]
    pub(crate) format: Format,
}

/// Which rules.
#[derive(Debug, Args)]
#[command(next_help_heading = "Rules")]
pub(crate) struct RuleOptions {
    /// A named set of weakenings [default: hardened]
    #[arg(long, value_name = "NAME", conflicts_with_all = ["without", "with"])]
    pub(crate) profile: Option<String>,
    /// Switch a guard off
    #[arg(long, value_name = "GUARD")]
    pub(crate) without: Vec<String>,
    /// Apply a weakening
    #[arg(long, value_name = "WEAKENING")]
    pub(crate) with: Vec<String>,
}

/// How much a search covers.
#[derive(Debug, Args)]
#[command(next_help_heading = "Scope of the search")]
pub(crate) struct ScopeOptions {
    /// Principals, the receiver and the attacker among them
    #[arg(long, value_name = "N", default_value_t = Scope::default().agents)]
    agents: u8,
    /// Messages on the network
    #[arg(long, value_name = "N", default_value_t = Scope::default().messages)]
    messages: u8,
    /// Nonces
    #[arg(long, value_name = "N", default_value_t = Scope::default().nonces)]
    nonces: u8,
    /// The last instant of the clock, in ticks; it begins at 1
    #[arg(long, value_name = "TICK", default_value_t = Scope::default().clock)]
    clock: u8,
    /// Compromises, rotations, revocations, retirements, restarts and clock changes together
    #[arg(long, value_name = "N", default_value_t = Scope::default().faults)]
    faults: u8,
    /// How old an envelope may be, in ticks
    #[arg(long, value_name = "TICKS", default_value_t = Scope::default().window)]
    window: u8,
    /// How far a sender's clock may run ahead, in ticks
    #[arg(long, value_name = "TICKS", default_value_t = Scope::default().skew)]
    skew: u8,
    /// Entries that one sender may hold in the replay store
    #[arg(long, value_name = "N", default_value_t = Scope::default().share)]
    share: u8,
    /// Messages that one sender may have admitted in one tick
    #[arg(long, value_name = "N", default_value_t = Scope::default().rate)]
    rate: u8,
}

impl ScopeOptions {
    /// The scope asked for, which a search may not be able to hold.
    pub(crate) fn scope(&self) -> Scope {
        Scope {
            agents: self.agents,
            messages: self.messages,
            nonces: self.nonces,
            clock: self.clock,
            faults: self.faults,
            window: self.window,
            skew: self.skew,
            share: self.share,
            rate: self.rate,
            ..Scope::default()
        }
    }
}

/// How much a search may cost. Whatever is cut short says so.
#[derive(Debug, Args)]
#[command(next_help_heading = "Effort")]
pub(crate) struct EffortOptions {
    /// Threads [default: as many as the machine has]
    #[arg(long, value_name = "N")]
    pub(crate) threads: Option<NonZeroUsize>,
    /// Stop a search after this many states
    #[arg(long, value_name = "N")]
    pub(crate) max_states: Option<u64>,
    /// Stop a search at this many steps
    #[arg(long, value_name = "STEPS")]
    pub(crate) max_depth: Option<NonZeroUsize>,
    /// Stop every search after this many seconds
    #[arg(long, value_name = "SECONDS")]
    pub(crate) time_limit: Option<u64>,
}

/// How much the solver may do.
#[derive(Debug, Args)]
#[command(next_help_heading = "Solver")]
pub(crate) struct SolverOptions {
    /// Milliseconds for each question to the solver
    #[arg(long, value_name = "MS", default_value_t = 10_000)]
    pub(crate) solver_timeout: u32,
    /// The longest run that the solver searches, in steps
    #[arg(long, value_name = "STEPS", default_value_t = 10)]
    pub(crate) steps_max: usize,
}
