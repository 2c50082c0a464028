//! Stdout: colour where it is wanted, and no complaint when nobody listens any more.

use std::io::{ErrorKind, Write as _};

/// Prints `text` as it is. Colour leaves it where stdout is no terminal or `NO_COLOR` is set.
pub(crate) fn print(text: &str) {
    let mut stdout = anstream::stdout();
    let written = stdout
        .write_all(text.as_bytes())
        .and_then(|()| stdout.flush());
    if let Err(error) = written {
        // Whoever read our output has seen enough: `countersign rules | head` is no failure.
        let code = if error.kind() == ErrorKind::BrokenPipe {
            0
        } else {
            2
        };
        std::process::exit(code);
    }
}
