//! `countersign completions`: what a shell needs to complete our words.

use std::process::ExitCode;

use clap::CommandFactory as _;

use crate::cli::args::{Cli, CompletionsOptions};
use crate::cli::screen;

pub(crate) fn run(options: &CompletionsOptions) -> ExitCode {
    let mut script = Vec::new();
    clap_complete::generate(
        options.shell,
        &mut Cli::command(),
        "countersign",
        &mut script,
    );
    screen::print(&String::from_utf8_lossy(&script));
    ExitCode::SUCCESS
}
