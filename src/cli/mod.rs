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
mod command;
mod corpus;
mod effort;
mod error;
mod exploration;
mod finding;
mod flush;
mod junit;
mod listing;
mod misuse;
mod pool;
mod progress;
mod proof;
mod report;
mod reporter;
mod sarif;
mod screen;
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
    };
    done.unwrap_or_else(|misuse| error::report(&misuse))
}
