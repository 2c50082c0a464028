//! The options of the commands that ask one engine.

use std::path::PathBuf;

use clap::{Args, Subcommand};

use super::shared::{
    AuditScopeOptions, BusScopeOptions, CutoffOptions, EffortOptions, Format, RuleOptions,
    ScopeOptions, SessionScopeOptions, SolverOptions, ThreadOptions, WeakeningOptions,
};

/// Options of `explore`.
#[derive(Debug, Args)]
#[command(args_conflicts_with_subcommands = true)]
pub(crate) struct ExploreOptions {
    /// The system [default: envelope admission]
    #[command(subcommand)]
    pub(crate) system: Option<ExploreSystem>,
    #[command(flatten)]
    pub(crate) searching: SearchingOptions,
    #[command(flatten)]
    pub(crate) rules: RuleOptions,
    #[command(flatten)]
    pub(crate) scope: ScopeOptions,
    #[command(flatten)]
    pub(crate) effort: EffortOptions,
}

/// What any search is asked for.
#[derive(Debug, Args)]
pub(crate) struct SearchingOptions {
    /// Watch only this invariant
    #[arg(long = "invariant", value_name = "NAME")]
    pub(crate) invariants: Vec<String>,
    /// Watch nothing: print how many states there are at each depth
    #[arg(long, conflicts_with_all = ["invariants", "write", "format"])]
    pub(crate) depths: bool,
    /// Write every attack that was found into this folder
    #[arg(long, value_name = "DIR")]
    pub(crate) write: Option<PathBuf>,
    /// How results are printed
    #[arg(long, value_enum, default_value_t)]
    pub(crate) format: Format,
}

/// A system that `explore` can search besides envelope admission.
#[derive(Debug, Subcommand)]
pub(crate) enum ExploreSystem {
    /// The handshake, under a Dolev-Yao attacker
    #[command(after_help = "Examples:\n  countersign explore handshake --runs 3\n  \
                      countersign explore handshake --runs 2 --reveal own-long-term --without peer-is-other")]
    Handshake(HandshakeExploreOptions),
    /// One end's sessions, on a network that the attacker owns
    #[command(
        after_help = "Examples:\n  countersign explore session --records 4 --sessions 1\n  \
                      countersign explore session --without sequence-unseen --write found"
    )]
    Session(SessionExploreOptions),
    /// The audit trail, whose file the attacker can write
    #[command(after_help = "Examples:\n  countersign explore audit --messages 3\n  \
                      countersign explore audit --with fields-run-together --write found")]
    Audit(AuditExploreOptions),
    /// The bus, whose orchestrator every message passes
    #[command(
        after_help = "Examples:\n  countersign explore bus --messages 3 --clock 1 --faults 0\n  \
                      countersign explore bus --with binds-id-alone --write found"
    )]
    Bus(BusExploreOptions),
}

/// Options of `explore handshake`.
#[derive(Debug, Args)]
pub(crate) struct HandshakeExploreOptions {
    #[command(flatten)]
    pub(crate) searching: SearchingOptions,
    /// Runs at once, 1 to 4
    #[arg(long, value_name = "N", default_value_t = 3)]
    pub(crate) runs: usize,
    /// Give the attacker secrets: own-long-term, peer-long-term, own-ephemeral, other-ephemeral,
    /// other-session, sealing-keys
    #[arg(long = "reveal", value_name = "SECRET", value_delimiter = ',')]
    pub(crate) reveals: Vec<String>,
    #[command(flatten)]
    pub(crate) rules: WeakeningOptions,
    #[command(flatten)]
    pub(crate) cutoff: CutoffOptions,
}

/// Options of `explore session`.
#[derive(Debug, Args)]
pub(crate) struct SessionExploreOptions {
    #[command(flatten)]
    pub(crate) searching: SearchingOptions,
    #[command(flatten)]
    pub(crate) rules: WeakeningOptions,
    #[command(flatten)]
    pub(crate) scope: SessionScopeOptions,
    #[command(flatten)]
    pub(crate) effort: EffortOptions,
}

/// Options of `explore audit`.
#[derive(Debug, Args)]
pub(crate) struct AuditExploreOptions {
    #[command(flatten)]
    pub(crate) searching: SearchingOptions,
    #[command(flatten)]
    pub(crate) rules: WeakeningOptions,
    #[command(flatten)]
    pub(crate) scope: AuditScopeOptions,
    #[command(flatten)]
    pub(crate) effort: EffortOptions,
}

/// Options of `explore bus`.
#[derive(Debug, Args)]
pub(crate) struct BusExploreOptions {
    #[command(flatten)]
    pub(crate) searching: SearchingOptions,
    #[command(flatten)]
    pub(crate) rules: WeakeningOptions,
    #[command(flatten)]
    pub(crate) scope: BusScopeOptions,
    #[command(flatten)]
    pub(crate) effort: EffortOptions,
}

/// Options of `prove`.
#[derive(Debug, Args)]
#[command(args_conflicts_with_subcommands = true)]
pub(crate) struct ProveOptions {
    /// The system [default: envelope admission]
    #[command(subcommand)]
    pub(crate) system: Option<ProveSystem>,
    #[command(flatten)]
    pub(crate) proving: ProvingOptions,
    #[command(flatten)]
    pub(crate) rules: RuleOptions,
}

/// A system that `prove` can prove things about besides envelope admission.
#[derive(Debug, Subcommand)]
pub(crate) enum ProveSystem {
    /// The handshake, for any number of runs
    #[command(
        after_help = "Examples:\n  countersign prove handshake --invariant secret --verbose\n  \
                      countersign prove handshake --without identity-bound"
    )]
    Handshake(SystemProveOptions),
    /// The session, for any number of sessions and records
    #[command(after_help = "Examples:\n  countersign prove session --verbose\n  \
                      countersign prove session --smt-lib obligations")]
    Session(SystemProveOptions),
    /// The audit trail, for any number of records and checkpoints
    #[command(after_help = "Examples:\n  countersign prove audit --verbose\n  \
                      countersign prove audit --smt-lib obligations")]
    Audit(SystemProveOptions),
    /// The bus, for any number of agents, rules and messages
    #[command(after_help = "Examples:\n  countersign prove bus --verbose\n  \
                      countersign prove bus --invariant permitted")]
    Bus(SystemProveOptions),
}

/// Options of `prove handshake`, `prove session`, `prove audit` and `prove bus`.
#[derive(Debug, Args)]
pub(crate) struct SystemProveOptions {
    #[command(flatten)]
    pub(crate) proving: ProvingOptions,
    #[command(flatten)]
    pub(crate) rules: WeakeningOptions,
}

/// What any proof is asked for.
#[derive(Debug, Args)]
pub(crate) struct ProvingOptions {
    /// Prove only this invariant
    #[arg(long = "invariant", value_name = "NAME")]
    pub(crate) invariants: Vec<String>,
    /// Write every obligation as SMT-LIB 2 into this folder, and prove nothing
    #[arg(long, value_name = "DIR")]
    pub(crate) smt_lib: Option<PathBuf>,
    /// Name what no proof needed, and print countermodels
    #[arg(long, short)]
    pub(crate) verbose: bool,
    /// How results are printed
    #[arg(long, value_enum, default_value_t)]
    pub(crate) format: Format,
    #[command(flatten)]
    pub(crate) threads: ThreadOptions,
    #[command(flatten)]
    pub(crate) solver: SolverOptions,
}
