//! The command line: questions in, findings out.
//!
//! Results go to stdout, progress and errors to stderr. The exit code is 0 where all is as expected, 1 at
//! a violation or a divergence, 2 where the question could not be asked, 3 where an answer is
//! unknown, cut short or vacuous.
//!
//! Never here: a rule about messages, or a verdict that an engine did not give. Only [`ambient`]
//! looks at clocks and draws entropy.

mod ambient;
mod args;
mod attack;
mod bounds;
mod caller;
mod command;
mod corpus;
mod deployment;
mod effort;
mod error;
mod examinable;
mod exploration;
mod finding;
mod flush;
mod input;
mod junit;
mod kept;
mod lattice;
mod listing;
mod misuse;
mod moment;
mod performing;
mod policy;
mod pool;
mod progress;
mod proof;
mod report;
mod reporter;
mod sarif;
mod scenario;
mod screen;
mod script;
mod selection;
mod status;
mod weakened;
mod words;

use std::process::ExitCode;

use clap::Parser as _;

use self::args::{Cli, Command};

/// Runs the program.
pub(crate) fn run() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => return error::usage(&error),
    };
    let done = match &cli.command {
        Command::Check(options) => command::check::run(options),
        Command::Explore(options) => command::explore::run(options),
        Command::Prove(options) => command::prove::run(options),
        Command::Lattice(options) => command::lattice::run(options),
        Command::Replay(options) => command::replay::run(options),
        Command::Record(options) => command::record::run(options),
        Command::Validate(options) => command::validate::run(options),
        Command::Rules(options) => command::rules::run(options),
        Command::Policy(options) => command::policy::run(options),
        Command::Show(options) => command::show::run(options),
        Command::Keygen(options) => command::keygen::run(options),
        Command::Sign(options) => command::sign::run(options),
        Command::Verify(options) => command::verify::run(options),
        Command::Log(options) => command::log::run(options),
        Command::Serve(options) => command::serve::run(options),
        Command::Send(options) => command::send::run(options),
        Command::Receive(options) => command::receive::run(options),
        Command::Queue(options) => command::queue::run(options),
        Command::Completions(options) => Ok(command::completions::run(options)),
    };
    done.unwrap_or_else(|misuse| error::report(&misuse))
}
