//! `countersign lattice`: which secrets must be lost before which promise of the handshake is.

use std::process::ExitCode;

use countersign_model::handshake::Handshake;
use countersign_model::handshake::lattice::Lattice;

use crate::cli::args::{LatticeFormat, LatticeOptions};
use crate::cli::bounds;
use crate::cli::effort::Effort;
use crate::cli::lattice;
use crate::cli::misuse::Misuse;
use crate::cli::progress::Progress;
use crate::cli::screen;
use crate::cli::selection::Selection;

/// The exit code where a search was not exhausted, or a promise is vacuous.
const UNDECIDED: u8 = 3;

pub(crate) fn run(options: &LatticeOptions) -> Result<ExitCode, Misuse> {
    let selection = Selection::<Handshake>::of(&options.rules)?;
    let runs = bounds::runs(options.runs)?;
    let effort = Effort::of_one(&options.cutoff);
    let progress = Progress::new(1);
    let found = Lattice::of(selection.rules(), runs, &effort.cutoff);
    drop(progress);
    let rules = selection.described();
    screen::print(&match options.format {
        LatticeFormat::Text => lattice::text(&found, &rules),
        LatticeFormat::Json => lattice::json(&found, &rules),
        LatticeFormat::Mermaid => lattice::mermaid(&found, &rules),
    });
    let code = if found.decides() { 0 } else { UNDECIDED };
    Ok(ExitCode::from(code))
}
