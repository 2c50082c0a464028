//! The options of `log`.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};

use crate::cli::moment;

/// How records are printed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum LogFormat {
    #[default]
    Text,
    Json,
}

/// Options of `log`.
#[derive(Debug, Args)]
#[command(args_conflicts_with_subcommands = true, subcommand_negates_reqs = true)]
pub(crate) struct LogOptions {
    #[command(subcommand)]
    pub(crate) command: Option<LogCommand>,
    /// The log
    #[arg(required = true, value_name = "FILE")]
    pub(crate) file: Option<PathBuf>,
    /// Only messages that this agent sent or was to receive
    #[arg(long, value_name = "ID")]
    pub(crate) agent: Option<String>,
    /// Only what was recorded then or later, as in 2026-11-21T15:00:00Z
    #[arg(long, value_name = "TIME", value_parser = moment::read)]
    pub(crate) since: Option<u64>,
    /// Only what was recorded then or earlier
    #[arg(long, value_name = "TIME", value_parser = moment::read)]
    pub(crate) until: Option<u64>,
    /// Only messages of this type
    #[arg(long = "type", value_name = "TYPE")]
    pub(crate) kind: Option<String>,
    /// Only messages of which the policy says this: allowed, denied, pending
    #[arg(long, value_name = "RESULT")]
    pub(crate) result: Option<String>,
    /// Only messages of this conversation
    #[arg(long, value_name = "ID")]
    pub(crate) correlation_id: Option<String>,
    /// At most so many, the newest
    #[arg(long, value_name = "N")]
    pub(crate) limit: Option<usize>,
    /// How they are printed
    #[arg(long, value_enum, default_value_t)]
    pub(crate) format: LogFormat,
}

/// What else can be done with a log.
#[derive(Debug, Subcommand)]
pub(crate) enum LogCommand {
    /// Check records, links and checkpoint, and name the first bad record
    #[command(
        after_help = "Examples:\n  countersign log verify bus.log --key 11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo\n  \
                      countersign log verify bus.log --key ... --remember seen.txt  # notices older copies"
    )]
    Verify(LogVerifyOptions),
}

/// Options of `log verify`.
#[derive(Debug, Args)]
pub(crate) struct LogVerifyOptions {
    /// The log
    #[arg(value_name = "FILE")]
    pub(crate) file: PathBuf,
    /// The public key that the log's checkpoints are signed with; without it nothing verifies
    #[arg(long, value_name = "KEY", allow_hyphen_values = true)]
    pub(crate) key: Option<String>,
    /// What was seen of the log before: read if it is there, and written if the log verifies. Keep it where
    /// whoever writes the log does not
    #[arg(long, value_name = "FILE")]
    pub(crate) remember: Option<PathBuf>,
    /// How the answer is printed
    #[arg(long, value_enum, default_value_t)]
    pub(crate) format: LogFormat,
}
