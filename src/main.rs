//! The `countersign` program: asks the checker, and tells what it answered.

mod cli;

/// Searches allocate a little for every state they generate.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

use std::process::ExitCode;

fn main() -> ExitCode {
    cli::run()
}
