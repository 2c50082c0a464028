//! The words of the command line.

use clap::{Parser, Subcommand};

mod engine;
mod log;
mod options;
mod policy;
mod service;
mod shared;

pub(crate) use engine::{
    AuditExploreOptions, BusExploreOptions, ExploreOptions, ExploreSystem, HandshakeExploreOptions,
    ProveOptions, ProveSystem, ProvingOptions, SearchingOptions, SessionExploreOptions,
};
pub(crate) use log::{LogCommand, LogFormat, LogOptions, LogVerifyOptions};
pub(crate) use options::{
    CheckOptions, CompletionsOptions, KeygenOptions, LatticeFormat, LatticeOptions, On,
    RecordOptions, ReplayOptions, RulesFormat, RulesOptions, RulesSystem, ShowOptions, SignOptions,
    ValidateOptions, VerifyOptions,
};
pub(crate) use policy::{
    PolicyAnswerOptions, PolicyCommand, PolicyFormat, PolicyOptions, ReachOptions,
};
pub(crate) use service::{
    CallerOptions, LogLevel, QueueCommand, QueueOptions, ReceiveOptions, SendOptions, ServeOptions,
    TraceFormat,
};
pub(crate) use shared::{
    AuditScopeOptions, BusScopeOptions, CutoffOptions, EffortOptions, Format, RuleOptions,
    ScopeOptions, SessionScopeOptions, SolverOptions, WeakeningOptions,
};

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
        after_help = "Examples:\n  countersign check\n  countersign check deployment.json\n  countersign check --without nonce-fresh\n  \
                      countersign check --profile listing\n  countersign check --format sarif > countersign.sarif"
    )]
    Check(CheckOptions),
    /// Search every run within a scope
    #[command(
        after_help = "Examples:\n  countersign explore --messages 3 --nonces 3 --faults 1\n  \
                      countersign explore handshake --runs 2\n  \
                      countersign explore session --records 4 --sessions 1"
    )]
    Explore(ExploreOptions),
    /// Prove the invariants by induction, for any number of everything
    #[command(after_help = "Examples:\n  countersign prove handshake --verbose\n  \
                      countersign prove --smt-lib obligations && cvc5 obligations/once-after-deliver.smt2")]
    Prove(ProveOptions),
    /// Print which secrets must be lost before which promise of the handshake is
    #[command(
        after_help = "Examples:\n  countersign lattice\n  countersign lattice --format mermaid --with static-shares"
    )]
    Lattice(LatticeOptions),
    /// Perform traces on real code, and compare
    #[command(after_help = "Examples:\n  countersign replay traces\n  \
                      countersign replay --on hardened traces/counterexamples/evicts-oldest.json")]
    Replay(ReplayOptions),
    /// Run a scenario on real code, and write the exchange as a trace
    #[command(after_help = "Examples:\n  countersign record --list\n  \
                      countersign record key-rotation -o key-rotation.json")]
    Record(RecordOptions),
    /// Say whether a recorded run is a behaviour of the model, and where it is not
    #[command(after_help = "Examples:\n  countersign validate traces/exchanges\n  \
                      countersign validate recorded.json")]
    Validate(ValidateOptions),
    /// Print guards, weakenings, invariants and profiles
    #[command(
        after_help = "Examples:\n  countersign rules --guards\n  countersign rules handshake --format markdown"
    )]
    Rules(RulesOptions),
    /// Print who may send what to whom, and answer questions about it
    #[command(
        after_help = "Exit code: 0 printed, or one agent cannot reach the other; 1 it can; 2 the question could not be \
                      asked; 3 unknown.\n\n\
                      Examples:\n  countersign policy deployment.json\n  \
                      countersign policy deployment.json --can agent-research --reach agent-payment \\\n    \
                      --type delegate --without-approval\n  \
                      countersign policy deployment.json --can agent-research --reach agent-payment \\\n    \
                      --write chain.json; countersign show chain.json\n  \
                      countersign policy diff deployment.json proposed.json"
    )]
    Policy(PolicyOptions),
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
    /// Print what an audit log has, or verify it
    #[command(
        after_help = "Examples:\n  countersign log bus.log --agent spiffe://example.org/agent/bob --result denied\n  \
                      countersign log verify bus.log --key 11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"
    )]
    Log(LogOptions),
    /// Run the bus of a deployment, on the loopback interface
    #[command(
        after_help = "Stops at SIGINT or SIGTERM, once every request that came is answered and the log is signed.\n\n\
                      Examples:\n  countersign serve deployment.json --state bus.sqlite --key bus.key\n  \
                      countersign serve deployment.json --state bus.sqlite --key bus.key --port 0 --log-format json\n  \
                      countersign serve deployment.json --state new.sqlite --key bus.key --record run.json"
    )]
    Serve(ServeOptions),
    /// Send a payload that is read from stdin over a bus
    #[command(
        after_help = "Examples:\n  echo '{\"event\": \"finished\"}' | countersign send deployment.json --key research.key \\\n    \
                      --to agent-writer --type notify"
    )]
    Send(SendOptions),
    /// Print what came over a bus
    #[command(
        after_help = "Examples:\n  countersign receive deployment.json --key writer.key --cursor writer.cursor --wait 10"
    )]
    Receive(ReceiveOptions),
    /// Look at what waits for an approval, and decide
    #[command(
        after_help = "Examples:\n  countersign queue list deployment.json --key operator.key\n  \
                      countersign queue approve deployment.json --key operator.key 0 DIGEST"
    )]
    Queue(QueueOptions),
    /// Print what a shell needs to complete these words
    #[command(
        after_help = "Examples:\n  countersign completions bash > /etc/bash_completion.d/countersign\n  \
                      countersign completions fish > ~/.config/fish/completions/countersign.fish"
    )]
    Completions(CompletionsOptions),
}
