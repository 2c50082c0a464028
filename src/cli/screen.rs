//! Stdout: colour where it is wanted, and no complaint when nobody listens any more.

use std::fmt::Write as _;
use std::io::{ErrorKind, Write as _};

/// A line, or JSON, in which nothing is hidden from whoever reads it: what a terminal obeys or shows nothing
/// of is escaped, as JSON does. Text of others could else look like another text.
pub(crate) fn legible(text: &str) -> String {
    let mut legible = String::with_capacity(text.len());
    for letter in text.chars() {
        if is_hidden(letter) {
            for unit in letter.encode_utf16(&mut [0; 2]) {
                let _ = write!(legible, "\\u{unit:04x}");
            }
        } else {
            legible.push(letter);
        }
    }
    legible
}

/// Controls of a terminal, marks that turn the direction of text, and what has no width.
fn is_hidden(letter: char) -> bool {
    letter.is_control()
        || matches!(
            letter,
            '\u{ad}'
                | '\u{61c}'
                | '\u{180e}'
                | '\u{200b}'..='\u{200f}'
                | '\u{2028}'..='\u{202e}'
                | '\u{2060}'..='\u{206f}'
                | '\u{feff}'
                | '\u{fff9}'..='\u{fffb}'
                | '\u{e0000}'..='\u{e007f}'
        )
}

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

#[cfg(test)]
mod tests {
    use super::legible;

    #[test]
    fn what_a_terminal_obeys_or_hides_is_escaped_and_nothing_else() {
        let plain = r#"{"a":"\u001b","b":"Größe 日本語 é 🦀 \\ \""}"#;
        assert_eq!(legible(plain), plain);
        let hidden = "\"\u{9b}2J \u{202e}04\u{7f}\u{2028}\u{e0041}\"";
        let shown = legible(hidden);
        assert_eq!(shown, r#""\u009b2J \u202e04\u007f\u2028\udb40\udc41""#);
        let [read, meant]: [String; 2] =
            [shown.as_str(), hidden].map(|text| serde_json::from_str(text).unwrap());
        assert_eq!(read, meant);
    }
}
