//! `countersign show`: a trace for people.

use std::process::ExitCode;

use countersign_replay::system::System;
use countersign_replay::{Trace, itf, mermaid, page, sequence, side};

use crate::cli::args::ShowOptions;
use crate::cli::corpus::{self, with_trace};
use crate::cli::misuse::Misuse;
use crate::cli::screen;

pub(crate) fn run(options: &ShowOptions) -> Result<ExitCode, Misuse> {
    let trace = corpus::read(&options.trace)?;
    let text = with_trace!(&trace, it => drawn(it, options));
    screen::print(text.trim_end());
    screen::print("\n");
    Ok(ExitCode::SUCCESS)
}

/// The trace as it is asked for.
fn drawn<S: System>(trace: &Trace<S>, options: &ShowOptions) -> String {
    if options.mermaid {
        mermaid::mermaid(trace)
    } else if options.html {
        page::page(trace)
    } else if options.itf {
        itf::itf(trace)
    } else {
        let rules = if trace.weakenings.is_empty() {
            "hardened rules".to_owned()
        } else {
            trace.weakenings.join(" + ")
        };
        let ends = trace
            .violates
            .as_ref()
            .map_or_else(String::new, |violation| {
                format!(
                    "{:11}breaks '{}': {}\n",
                    "", violation.invariant, violation.conclusion
                )
            });
        format!(
            "{} ({rules})\n{}{ends}",
            screen::legible(&trace.lesson),
            side::side_by_side(trace).unwrap_or_else(|| sequence::sequence(trace))
        )
    }
}
