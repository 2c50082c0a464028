//! Writes a trace in its one canonical layout.
//!
//! Fields come in the order of the format; what fits on a line stands on one line, so that a step
//! reads like a sentence and a changed step is a changed line.

use serde::Serialize;

use crate::system::System;
use crate::trace::Trace;

/// Columns of a line.
const WIDTH: usize = 100;
/// Columns of one level of indentation.
const INDENT: usize = 2;

/// The canonical text of `trace`, ended by a newline.
pub fn write<S: System>(trace: &Trace<S>) -> String {
    let mut text = pretty(&compact(trace));
    text.push('\n');
    text
}

/// JSON without any white space. What has no JSON form (nothing here does) would be empty.
pub(crate) fn compact(value: &impl Serialize) -> String {
    serde_json::to_string(value).unwrap_or_default()
}

/// Lays out JSON that has no white space.
pub(crate) fn pretty(compact: &str) -> String {
    let mut layout = Layout {
        rest: compact,
        text: String::with_capacity(compact.len() * 2),
        column: 0,
    };
    layout.value(0, 0);
    layout.text
}

struct Layout<'a> {
    rest: &'a str,
    text: String,
    column: usize,
}

impl Layout<'_> {
    /// Lays out one value that stands at `indent`; `trailing` columns follow it on its line.
    fn value(&mut self, indent: usize, trailing: usize) {
        let length = extent(self.rest);
        let (value, _) = self.rest.split_at(length);
        let flat = spaced(value);
        let composite = value.starts_with(['{', '[']) && value.len() > 2;
        if !composite || (indent > 0 && self.column + flat.chars().count() + trailing <= WIDTH) {
            self.rest = self.rest.get(length..).unwrap_or_default();
            self.put(&flat);
            return;
        }
        self.take(1);
        while !self.rest.starts_with(['}', ']']) {
            self.line(indent + INDENT);
            if value.starts_with('{') {
                self.take(extent(self.rest));
                self.take(1);
                self.put(" ");
            }
            self.value(indent + INDENT, 1);
            if self.rest.starts_with(',') {
                self.take(1);
            }
        }
        self.line(indent);
        self.take(1);
    }

    /// Copies the next `length` bytes.
    fn take(&mut self, length: usize) {
        let (taken, rest) = self.rest.split_at(length);
        self.rest = rest;
        self.put(taken);
    }

    fn put(&mut self, text: &str) {
        self.text.push_str(text);
        self.column += text.chars().count();
    }

    fn line(&mut self, indent: usize) {
        self.text.push('\n');
        self.text.extend(std::iter::repeat_n(' ', indent));
        self.column = indent;
    }
}

/// How many bytes the value at the beginning of `text` takes.
fn extent(text: &str) -> usize {
    let mut depth = 0usize;
    let mut inside = Quotes::default();
    for (at, character) in text.char_indices() {
        if inside.after(character) {
            continue;
        }
        match character {
            '{' | '[' => depth += 1,
            '}' | ']' | ',' | ':' if depth == 0 => return at,
            '}' | ']' => depth -= 1,
            _ => continue,
        }
        if depth == 0 {
            return at + 1;
        }
    }
    text.len()
}

/// A compact value with a space after every comma and colon.
fn spaced(value: &str) -> String {
    let mut inside = Quotes::default();
    let mut text = String::with_capacity(value.len() * 5 / 4);
    for character in value.chars() {
        let quoted = inside.after(character);
        text.push(character);
        if !quoted && matches!(character, ',' | ':') {
            text.push(' ');
        }
    }
    text
}

/// Follows a text in and out of its strings.
#[derive(Default)]
struct Quotes {
    open: bool,
    escaped: bool,
}

impl Quotes {
    /// Whether `character`, the next one, belongs to a string.
    fn after(&mut self, character: char) -> bool {
        let was_open = self.open;
        match character {
            _ if self.escaped => self.escaped = false,
            '\\' if self.open => self.escaped = true,
            '"' => self.open = !self.open,
            _ => {}
        }
        was_open || self.open
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_fits_a_line_stands_on_one_and_the_outermost_never_does() {
        let short = r#"{"a":[1,{"b":"c,d:e"}],"f":{},"g":"\"]\\"}"#;
        let laid = "{\n  \"a\": [1, {\"b\": \"c,d:e\"}],\n  \"f\": {},\n  \"g\": \"\\\"]\\\\\"\n}";
        assert_eq!(pretty(short), laid);
        assert_eq!(pretty("{}"), "{}");
        assert_eq!(pretty("7"), "7");
    }

    #[test]
    fn a_line_is_filled_up_to_its_last_column_and_no_further() {
        for (length, fits) in [(88, true), (89, false)] {
            let laid = pretty(&format!("{{\"k\":[\"{}\"]}}", "x".repeat(length)));
            let longest = laid.lines().map(str::len).max();
            assert_eq!(laid.lines().count() == 3, fits, "{length}: {laid}");
            assert!(longest <= Some(WIDTH), "{length}: {longest:?}");
        }
    }
}
