//! The options of `serve`, and of those who speak to a bus that runs: `send`, `receive`, `queue`.

use std::net::SocketAddr;
use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};

/// Where a bus listens unless it is told otherwise.
const ADDRESS: &str = "127.0.0.1:7465";
/// Where it is asked unless told otherwise.
const URL: &str = "http://127.0.0.1:7465/";

/// Options of `serve`.
#[derive(Debug, Args)]
pub(crate) struct ServeOptions {
    /// The deployment file, with an orchestrator
    #[arg(value_name = "DEPLOYMENT")]
    pub(crate) deployment: PathBuf,
    /// The file that everything is kept in; made if it is not there
    #[arg(long, value_name = "FILE")]
    pub(crate) state: PathBuf,
    /// The orchestrator's secret key
    #[arg(long, value_name = "FILE")]
    pub(crate) key: PathBuf,
    /// Where to listen: an address of the loopback interface
    #[arg(long, value_name = "ADDRESS", default_value = ADDRESS)]
    pub(crate) listen: SocketAddr,
    /// Another port there; 0 lets the system choose one
    #[arg(long, value_name = "PORT")]
    pub(crate) port: Option<u16>,
    /// What is logged to stderr
    #[arg(long, value_enum, default_value_t)]
    pub(crate) log: LogLevel,
    /// How it is logged
    #[arg(long, value_enum, default_value_t)]
    pub(crate) log_format: TraceFormat,
    /// Write down all that the bus does, as a trace in this new file: now and then, and when it stops
    #[arg(long, value_name = "FILE")]
    pub(crate) record: Option<PathBuf>,
    /// How many pages of 4096 bytes the file may have, for tests
    #[arg(long, value_name = "N", hide = true)]
    pub(crate) pages_max: Option<u32>,
}

/// What is logged.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum LogLevel {
    /// Failures only
    Error,
    /// Every ruling too
    #[default]
    Info,
    /// Every refusal at the door too
    Debug,
}

/// How it is logged.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum TraceFormat {
    /// For people
    #[default]
    Text,
    /// An object a line
    Json,
}

/// Who speaks to which bus.
#[derive(Debug, Args)]
pub(crate) struct CallerOptions {
    /// The deployment file of the bus
    #[arg(value_name = "DEPLOYMENT")]
    pub(crate) deployment: PathBuf,
    /// The secret key of whoever speaks
    #[arg(long, value_name = "FILE")]
    pub(crate) key: PathBuf,
    /// Where the bus listens
    #[arg(long, value_name = "URL", default_value = URL)]
    pub(crate) server: String,
}

/// Options of `send`.
#[derive(Debug, Args)]
pub(crate) struct SendOptions {
    #[command(flatten)]
    pub(crate) caller: CallerOptions,
    /// The recipient, by its name in the deployment; the orchestrator's for everybody
    #[arg(long, value_name = "NAME")]
    pub(crate) to: String,
    /// The message type: ask, reply, delegate, result, notify, task, error, ack, heartbeat or another of the
    /// protocol's
    #[arg(long = "type", value_name = "TYPE")]
    pub(crate) kind: String,
    /// The digest of the envelope that the message answers
    #[arg(long, value_name = "DIGEST")]
    pub(crate) in_reply_to: Option<String>,
    /// The id of the first message of the conversation
    #[arg(long, value_name = "ID")]
    pub(crate) correlation_id: Option<String>,
    /// For how long the message may be accepted, in seconds
    #[arg(long, value_name = "SECONDS", default_value_t = 3600)]
    pub(crate) expires_in: u64,
}

/// Options of `receive`.
#[derive(Debug, Args)]
pub(crate) struct ReceiveOptions {
    #[command(flatten)]
    pub(crate) caller: CallerOptions,
    /// The file that says what the agent has; what is printed is acknowledged the next time
    #[arg(long, value_name = "FILE")]
    pub(crate) cursor: PathBuf,
    /// How long to wait for something to come, in seconds
    #[arg(long, value_name = "SECONDS", default_value_t = 0)]
    pub(crate) wait: u64,
    /// How deliveries are printed
    #[arg(long, value_enum, default_value_t)]
    pub(crate) format: super::LogFormat,
}

/// Options of `queue`.
#[derive(Debug, Args)]
pub(crate) struct QueueOptions {
    #[command(subcommand)]
    pub(crate) command: QueueCommand,
}

/// What an operator does with the queue.
#[derive(Debug, Subcommand)]
pub(crate) enum QueueCommand {
    /// Print what waits, each with its place and digest
    List(CallerOptions),
    /// Let one message go, as it was shown
    Approve(ApproveOptions),
    /// Refuse one message; its sender is told
    Deny(DenyOptions),
}

/// Options of `queue approve`.
#[derive(Debug, Args)]
pub(crate) struct ApproveOptions {
    #[command(flatten)]
    pub(crate) caller: CallerOptions,
    /// The place that 'queue list' printed
    #[arg(value_name = "PLACE")]
    pub(crate) place: u64,
    /// The digest that it printed there
    #[arg(value_name = "DIGEST")]
    pub(crate) digest: String,
}

/// Options of `queue deny`.
#[derive(Debug, Args)]
pub(crate) struct DenyOptions {
    #[command(flatten)]
    pub(crate) caller: CallerOptions,
    /// The digest that 'queue list' printed
    #[arg(value_name = "DIGEST")]
    pub(crate) digest: String,
}
