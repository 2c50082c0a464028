//! The options of `policy`.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};

/// How answers about a deployment are printed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum PolicyFormat {
    #[default]
    Text,
    Json,
    Markdown,
}

/// Options of `policy`.
#[derive(Debug, Args)]
#[command(args_conflicts_with_subcommands = true, subcommand_negates_reqs = true)]
pub(crate) struct PolicyOptions {
    #[command(subcommand)]
    pub(crate) command: Option<PolicyCommand>,
    /// The deployment file
    #[arg(required = true, value_name = "DEPLOYMENT")]
    pub(crate) deployment: Option<PathBuf>,
    // First: what follows the question would stand under its heading.
    #[command(flatten)]
    pub(crate) answer: PolicyAnswerOptions,
    #[command(flatten)]
    pub(crate) question: ReachOptions,
}

/// A question about chains of deputies: agents that, having received something, send on.
#[derive(Debug, Args)]
#[command(next_help_heading = "Can one agent reach another")]
pub(crate) struct ReachOptions {
    /// The agent that wants something done; '*' for one that no rule names
    #[arg(long, value_name = "AGENT", requires = "reach")]
    pub(crate) can: Option<String>,
    /// The agent that it wants to reach, directly or through others
    #[arg(long, value_name = "AGENT", requires = "can")]
    pub(crate) reach: Option<String>,
    /// The type that the last message must have [default: any, or an answer]
    #[arg(long = "type", value_name = "TYPE", requires = "can")]
    pub(crate) kind: Option<String>,
    /// Without any human being asked on the way
    #[arg(long, requires = "can")]
    pub(crate) without_approval: bool,
    /// Deputies declare on whose behalf they act [default: they are hostile or careless]
    #[arg(long, requires = "can")]
    pub(crate) declared: bool,
    /// An answer does not make its recipient act [default: whoever is answered may be led on]
    #[arg(long, requires = "can")]
    pub(crate) requests_only: bool,
    /// Perform the chain on the real bus, and write it as a trace into this file; it must not exist
    #[arg(long, value_name = "FILE", requires = "can")]
    pub(crate) write: Option<PathBuf>,
}

/// How the answer is found and printed.
#[derive(Debug, Args)]
pub(crate) struct PolicyAnswerOptions {
    /// How answers are printed
    #[arg(long, value_enum, default_value_t)]
    pub(crate) format: PolicyFormat,
    /// Milliseconds for each question to the solver
    #[arg(long, value_name = "MS", default_value_t = 10_000)]
    pub(crate) solver_timeout: u32,
}

/// What else can be asked about deployments.
#[derive(Debug, Subcommand)]
pub(crate) enum PolicyCommand {
    /// Compare two deployments: what is newly allowed, held or denied
    #[command(
        after_help = "Exit code: 0 nothing is possible that was not, 1 something is, 3 unknown.\n\n\
                      Examples:\n  countersign policy diff deployment.json proposed.json\n  \
                      git show main:deployment.json > old.json && countersign policy diff old.json deployment.json"
    )]
    Diff(PolicyDiffOptions),
    /// Write a deployment of any size, to try questions on
    #[command(hide = true)]
    Generate(PolicyGenerateOptions),
}

/// Options of `policy diff`.
#[derive(Debug, Args)]
pub(crate) struct PolicyDiffOptions {
    /// The deployment file as it was
    #[arg(value_name = "OLD")]
    pub(crate) old: PathBuf,
    /// The deployment file as it is to be
    #[arg(value_name = "NEW")]
    pub(crate) new: PathBuf,
    #[command(flatten)]
    pub(crate) answer: PolicyAnswerOptions,
}

/// Options of `policy generate`.
#[derive(Debug, Args)]
pub(crate) struct PolicyGenerateOptions {
    /// Agents
    #[arg(long, value_name = "N", default_value_t = 1_000)]
    pub(crate) agents: u32,
    /// Rules
    #[arg(long, value_name = "N", default_value_t = 10_000)]
    pub(crate) rules: u32,
    /// The same seed gives the same deployment
    #[arg(long, value_name = "N", default_value_t = 1)]
    pub(crate) seed: u64,
}
