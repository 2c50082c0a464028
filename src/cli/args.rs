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
    /// Search every run within a scope
    #[command(
        after_help = "Examples:\n  countersign explore --messages 3 --nonces 3 --faults 1\n  \
                      countersign explore --depths"
    )]
    Explore(ExploreOptions),
    /// Prove the invariants by induction, for any number of everything
    #[command(after_help = "Examples:\n  countersign prove --verbose\n  \
                      countersign prove --smt-lib obligations && cvc5 obligations/once-after-deliver.smt2")]
    Prove(ProveOptions),
    /// Perform traces on real code, and compare
    #[command(after_help = "Examples:\n  countersign replay traces\n  \
                      countersign replay --on hardened traces/counterexamples/evicts-oldest.json")]
    Replay(ReplayOptions),
    /// Run a scenario on real code, and write the exchange as a trace
    #[command(after_help = "Examples:\n  countersign record --list\n  \
                      countersign record key-rotation -o key-rotation.json")]
    Record(RecordOptions),
    /// Print guards, weakenings, invariants and profiles
    #[command(
        after_help = "Examples:\n  countersign rules --guards\n  countersign rules --format markdown"
    )]
    Rules(RulesOptions),
    /// Draw a trace
    #[command(
        after_help = "Examples:\n  countersign show traces/counterexamples/evicts-oldest.json\n  \
                      countersign show --html traces/exchanges/key-rotation.json > key-rotation.html"
    )]
    Show(ShowOptions),
    /// Make a signing key
    #[command(after_help = "Examples:\n  countersign keygen -o alice.key\n  \
                      countersign keygen -o alice-2.key  # to rotate to")]
    Keygen(KeygenOptions),
    /// Sign a payload that is read from stdin
    #[command(
        after_help = "Examples:\n  echo '{\"event\": \"finished\"}' | countersign sign --key alice.key \
                      --registry agents.json \\\n    --to spiffe://example.org/agent/bob --type notify > notify.json\n  \
                      echo '{\"sequence\": 7}' | countersign sign --key alice.key --registry agents.json \\\n    \
                      --to spiffe://example.org/agent/bob --type heartbeat --expires-in 5"
    )]
    Sign(SignOptions),
    /// Decide on an envelope that is read from stdin, as its receiver would
    #[command(
        after_help = "Examples:\n  countersign verify --registry agents.json --me spiffe://example.org/agent/bob < notify.json\n  \
                      countersign verify --registry agents.json --me spiffe://example.org/agent/bob \\\n    \
                      --store bob.sqlite < notify.json  # the second time it is refused"
    )]
    Verify(VerifyOptions),
    /// Print what a shell needs to complete these words
    #[command(
        after_help = "Examples:\n  countersign completions bash > /etc/bash_completion.d/countersign\n  \
                      countersign completions fish > ~/.config/fish/completions/countersign.fish"
    )]
    Completions(CompletionsOptions),
}

/// Options of `explore`.
#[derive(Debug, Args)]
pub(crate) struct ExploreOptions {
    #[command(flatten)]
    pub(crate) rules: RuleOptions,
    /// Watch only this invariant
    #[arg(long = "invariant", value_name = "NAME")]
    pub(crate) invariants: Vec<String>,
    #[command(flatten)]
    pub(crate) scope: ScopeOptions,
    #[command(flatten)]
    pub(crate) effort: EffortOptions,
    /// Watch nothing: print how many states there are at each depth
    #[arg(long)]
    pub(crate) depths: bool,
    /// Write every attack that was found into this folder
    #[arg(long, value_name = "DIR")]
    pub(crate) write: Option<PathBuf>,
    /// How results are printed
    #[arg(long, value_enum, default_value_t)]
    pub(crate) format: Format,
}

/// Options of `prove`.
#[derive(Debug, Args)]
pub(crate) struct ProveOptions {
    #[command(flatten)]
    pub(crate) rules: RuleOptions,
    /// Prove only this invariant
    #[arg(long = "invariant", value_name = "NAME")]
    pub(crate) invariants: Vec<String>,
    #[command(flatten)]
    pub(crate) effort: EffortOptions,
    #[command(flatten)]
    pub(crate) solver: SolverOptions,
    /// Write every obligation as SMT-LIB 2 into this folder, and prove nothing
    #[arg(long, value_name = "DIR")]
    pub(crate) smt_lib: Option<PathBuf>,
    /// Name what no proof needed, and print countermodels
    #[arg(long, short)]
    pub(crate) verbose: bool,
    /// How results are printed
    #[arg(long, value_enum, default_value_t)]
    pub(crate) format: Format,
}

/// What a trace is replayed on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum On {
    /// The model
    Model,
    /// Real code under the rules that the trace names
    #[default]
    Code,
    /// Real code as users run it
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
    /// What to replay on
    #[arg(long, value_enum, default_value_t)]
    pub(crate) on: On,
    /// Replay each so many times, and compare the transcripts
    #[arg(long, value_name = "N", default_value = "1")]
    pub(crate) repeat: NonZeroUsize,
    /// Reduce what diverges to the steps that it needs
    #[arg(long)]
    pub(crate) shrink: bool,
    #[command(flatten)]
    pub(crate) effort: EffortOptions,
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
    /// For people
    #[default]
    Text,
    /// Every cell, in one document
    Json,
    /// Tables for a page
    Markdown,
}

/// Options of `rules`.
#[derive(Debug, Args)]
#[expect(clippy::struct_excessive_bools, reason = "flags of the command line")]
pub(crate) struct RulesOptions {
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
