//! The `countersign` program: asks the checker, and tells what it answered.

mod cli;

use std::process::ExitCode;

fn main() -> ExitCode {
    cli::run()
}
