//! The options of each command but `explore` and `prove`.

use std::num::NonZeroUsize;
use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::shared::{
    CutoffOptions, EffortOptions, Format, RuleOptions, ScopeOptions, SolverOptions, ThreadOptions,
    WeakeningOptions,
};

/// How the lattice is printed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum LatticeFormat {
    #[default]
    Text,
    Json,
    Mermaid,
}

/// Options of `lattice`.
#[derive(Debug, Args)]
pub(crate) struct LatticeOptions {
    /// Runs at once, 1 to 4
    #[arg(long, value_name = "N", default_value_t = 2)]
    pub(crate) runs: usize,
    /// How it is printed
    #[arg(long, value_enum, default_value_t)]
    pub(crate) format: LatticeFormat,
    #[command(flatten)]
    pub(crate) rules: WeakeningOptions,
    #[command(flatten)]
    pub(crate) cutoff: CutoffOptions,
}

/// What a trace is replayed on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum On {
    Model,
    #[default]
    Code,
    Hardened,
}

impl On {
    /// In words.
    pub(crate) const fn words(self) -> &'static str {
        match self {
            Self::Model => "the model",
            Self::Code => "real code",
            Self::Hardened => "hardened code",
        }
    }
}

/// Options of `replay`.
#[derive(Debug, Args)]
pub(crate) struct ReplayOptions {
    /// Traces, or folders of traces
    #[arg(required = true, value_name = "FILE")]
    pub(crate) files: Vec<PathBuf>,
    /// What to replay on: the model, real code under the rules that a trace names, or as users run it
    #[arg(long, value_enum, default_value_t)]
    pub(crate) on: On,
    /// Replay each so many times, and compare the transcripts
    #[arg(long, value_name = "N", default_value = "1")]
    pub(crate) repeat: NonZeroUsize,
    /// Reduce what diverges to the steps that it needs
    #[arg(long)]
    pub(crate) shrink: bool,
    /// How results are printed
    #[arg(long, value_enum, default_value_t)]
    pub(crate) format: Format,
    #[command(flatten)]
    pub(crate) threads: ThreadOptions,
}

/// Options of `validate`.
#[derive(Debug, Args)]
pub(crate) struct ValidateOptions {
    /// Recorded traces, or folders of them
    #[arg(required = true, value_name = "FILE")]
    pub(crate) files: Vec<PathBuf>,
    /// How results are printed
    #[arg(long, value_enum, default_value_t)]
    pub(crate) format: Format,
}

/// Options of `record`.
#[derive(Debug, Args)]
pub(crate) struct RecordOptions {
    /// The scenario
    #[arg(required_unless_present_any = ["list", "all"])]
    pub(crate) scenario: Option<String>,
    /// The file to write, instead of stdout
    #[arg(long, short, value_name = "FILE")]
    pub(crate) output: Option<PathBuf>,
    /// List the scenarios
    #[arg(long, conflicts_with_all = ["scenario", "output", "all"])]
    pub(crate) list: bool,
    /// Record every scenario into this folder
    #[arg(long, value_name = "DIR", conflicts_with_all = ["scenario", "output"])]
    pub(crate) all: Option<PathBuf>,
}

/// How the rule book is printed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum RulesFormat {
    #[default]
    Text,
    Json,
    Markdown,
}

/// The system whose rule book is printed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum RulesSystem {
    #[default]
    Admission,
    Handshake,
    Session,
    Audit,
    Bus,
}

/// Options of `rules`.
#[derive(Debug, Args)]
#[expect(clippy::struct_excessive_bools, reason = "flags of the command line")]
pub(crate) struct RulesOptions {
    /// The system
    #[arg(value_enum, default_value_t)]
    pub(crate) system: RulesSystem,
    /// The guards, in order of precedence
    #[arg(long)]
    pub(crate) guards: bool,
    /// The weakenings
    #[arg(long)]
    pub(crate) weakenings: bool,
    /// The invariants
    #[arg(long)]
    pub(crate) invariants: bool,
    /// The profiles
    #[arg(long)]
    pub(crate) profiles: bool,
    /// How they are printed
    #[arg(long, value_enum, default_value_t)]
    pub(crate) format: RulesFormat,
}

/// Options of `show`.
#[derive(Debug, Args)]
pub(crate) struct ShowOptions {
    /// The trace
    pub(crate) trace: PathBuf,
    /// As a Mermaid sequence diagram
    #[arg(long, group = "drawing")]
    pub(crate) mermaid: bool,
    /// As a page that needs nothing else
    #[arg(long, group = "drawing")]
    pub(crate) html: bool,
    /// In the Informal Trace Format of Apalache and Quint
    #[arg(long, group = "drawing")]
    pub(crate) itf: bool,
}

/// Options of `keygen`.
#[derive(Debug, Args)]
pub(crate) struct KeygenOptions {
    /// The file for the secret key; it must not exist
    #[arg(long, short, value_name = "FILE", default_value = "signing.key")]
    pub(crate) output: PathBuf,
}

/// Options of `sign`.
#[derive(Debug, Args)]
pub(crate) struct SignOptions {
    /// The secret key file
    #[arg(long, value_name = "FILE")]
    pub(crate) key: PathBuf,
    /// The registry file
    #[arg(long, value_name = "FILE")]
    pub(crate) registry: PathBuf,
    /// The recipient
    #[arg(long, value_name = "ID")]
    pub(crate) to: String,
    /// The sender [default: whom the registry lists with the key]
    #[arg(long, value_name = "ID")]
    pub(crate) from: Option<String>,
    /// The message type, such as task, result, ask, reply, notify or heartbeat
    #[arg(long = "type", value_name = "TYPE")]
    pub(crate) kind: String,
    /// For how long the message may be acted upon, in seconds
    #[arg(long, value_name = "SECONDS", default_value_t = 60)]
    pub(crate) expires_in: u64,
    /// The digest of the envelope that this one answers
    #[arg(long, value_name = "DIGEST")]
    pub(crate) in_reply_to: Option<String>,
    /// The session that the message belongs to
    #[arg(long, value_name = "ID")]
    pub(crate) session: Option<String>,
    /// The time, in milliseconds since 1970 [default: that of the machine]
    #[arg(long, value_name = "MS")]
    pub(crate) now_ms: Option<u64>,
}

/// Options of `verify`.
#[derive(Debug, Args)]
pub(crate) struct VerifyOptions {
    /// The registry file
    #[arg(long, value_name = "FILE")]
    pub(crate) registry: PathBuf,
    /// The receiver
    #[arg(long, value_name = "ID")]
    pub(crate) me: String,
    /// The replay store [default: one that forgets when the command ends]
    #[arg(long, value_name = "FILE")]
    pub(crate) store: Option<PathBuf>,
    /// The time, in milliseconds since 1970 [default: that of the machine]
    #[arg(long, value_name = "MS")]
    pub(crate) now_ms: Option<u64>,
}

/// Options of `completions`.
#[derive(Debug, Args)]
pub(crate) struct CompletionsOptions {
    /// The shell
    #[arg(value_enum)]
    pub(crate) shell: clap_complete::Shell,
}

/// Options of `check`.
#[derive(Debug, Args)]
pub(crate) struct CheckOptions {
    /// Only the bus, under the rules of this deployment file
    #[arg(value_name = "DEPLOYMENT", conflicts_with_all = ["profile", "write_traces", "traces", "ScopeOptions"])]
    pub(crate) deployment: Option<PathBuf>,
    /// A promise that this deployment gives no occasion to keep, and need not
    #[arg(long = "vacuous", value_name = "NAME", requires = "deployment")]
    pub(crate) vacuous: Vec<String>,
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
    #[command(flatten)]
    pub(crate) rules: RuleOptions,
    #[command(flatten)]
    pub(crate) scope: ScopeOptions,
    #[command(flatten)]
    pub(crate) effort: EffortOptions,
    #[command(flatten)]
    pub(crate) solver: SolverOptions,
}
