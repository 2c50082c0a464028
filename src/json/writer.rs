//! The canonical writer: RFC 8785, section 3.2, into whatever takes text.

use std::fmt::{self, Write};

use super::{
    string::{must_be_escaped, plain_length},
    value::{Object, Value},
};

/// The canonical text of a value (RFC 8785).
pub fn write(value: &Value) -> Vec<u8> {
    let mut text = String::with_capacity(256);
    infallible(write_value(value, &mut text));
    text.into_bytes()
}

/// The canonical text of an object as if it had no member of this name: what a signature that
/// stands in the object covers.
pub fn write_without(object: &Object, omitted: &str) -> Vec<u8> {
    let mut text = String::with_capacity(256);
    infallible(write_members(
        object.iter().filter(|(name, _)| *name != omitted),
        &mut text,
    ));
    text.into_bytes()
}

/// What [`write_without`] writes, as the two parts of `text` around the omitted member. `text` must be
/// the canonical text of the object.
///
/// Copies nothing. The member is found by measuring those after it, from the end of the text.
pub fn cut_out<'text>(text: &'text [u8], object: &Object, omitted: &str) -> [&'text [u8]; 2] {
    let Some(place) = object.iter().position(|(name, _)| name == omitted) else {
        return [text, &[]];
    };
    let mut lengths = object.iter().skip(place).map(member_length);
    let own = lengths.next().unwrap_or_default();
    let later: usize = lengths.map(|length| ",".len() + length).sum();
    let mut end = text.len().saturating_sub(later + "}".len());
    let mut start = end.saturating_sub(own);
    // One comma goes with the member: the one before it or, if it is the first, the one after it.
    if place > 0 {
        start = start.saturating_sub(1);
    } else if later > 0 {
        end += 1;
    }
    let part = |range| text.get(range).unwrap_or_default();
    let parts = [part(0..start), part(end..text.len())];
    debug_assert_eq!(parts.concat(), write_without(object, omitted));
    parts
}

/// The length of the canonical text, in bytes, without writing it.
pub fn canonical_length(value: &Value) -> usize {
    let mut length = Length(0);
    infallible(write_value(value, &mut length));
    length.0
}

/// The offset of the first byte in which `bytes` differs from the canonical text of the value, or
/// nothing if they are the same.
pub(super) fn first_difference(value: &Value, bytes: &[u8]) -> Option<usize> {
    let mut comparison = Comparison { bytes, at: 0 };
    let written = write_value(value, &mut comparison);
    (written.is_err() || comparison.at < bytes.len()).then_some(comparison.at)
}

/// Whether `bytes` are the canonical text of this string, quotation marks included.
pub(super) fn is_written_as(string: &str, bytes: &[u8]) -> bool {
    let mut comparison = Comparison { bytes, at: 0 };
    write_string(string, &mut comparison).is_ok() && comparison.at == bytes.len()
}

fn write_value(value: &Value, out: &mut impl Write) -> fmt::Result {
    match value {
        Value::Null => out.write_str("null"),
        Value::Bool(true) => out.write_str("true"),
        Value::Bool(false) => out.write_str("false"),
        Value::Integer(integer) => write!(out, "{integer}"),
        // RFC 8785 section 3.2.2.3: as ECMA-262 prints it.
        Value::Float(float) => out.write_str(ryu_js::Buffer::new().format(*float)),
        Value::String(string) => write_string(string, out),
        Value::Array(elements) => {
            out.write_char('[')?;
            for (place, element) in elements.iter().enumerate() {
                if place > 0 {
                    out.write_char(',')?;
                }
                write_value(element, out)?;
            }
            out.write_char(']')
        }
        Value::Object(object) => write_members(object.iter(), out),
    }
}

/// RFC 8785 section 3.2.3: in the order that [`Object`] keeps.
fn write_members<'value>(
    members: impl Iterator<Item = (&'value str, &'value Value)>,
    out: &mut impl Write,
) -> fmt::Result {
    out.write_char('{')?;
    for (place, (name, value)) in members.enumerate() {
        if place > 0 {
            out.write_char(',')?;
        }
        write_member(name, value, out)?;
    }
    out.write_char('}')
}

fn write_member(name: &str, value: &Value, out: &mut impl Write) -> fmt::Result {
    write_string(name, out)?;
    out.write_char(':')?;
    write_value(value, out)
}

fn member_length((name, value): (&str, &Value)) -> usize {
    let mut length = Length(0);
    infallible(write_member(name, value, &mut length));
    length.0
}

/// RFC 8785 section 3.2.2.2: escapes what must be, in the shortest way, and nothing else.
fn write_string(string: &str, out: &mut impl Write) -> fmt::Result {
    out.write_char('"')?;
    let mut rest = string;
    loop {
        let (plain, special) = rest.split_at(plain_length(rest.as_bytes(), must_be_escaped));
        out.write_str(plain)?;
        let Some(byte) = special.bytes().next() else {
            return out.write_char('"');
        };
        match byte {
            0x08 => out.write_str(r"\b")?,
            0x09 => out.write_str(r"\t")?,
            0x0A => out.write_str(r"\n")?,
            0x0C => out.write_str(r"\f")?,
            0x0D => out.write_str(r"\r")?,
            b'"' => out.write_str(r#"\""#)?,
            b'\\' => out.write_str(r"\\")?,
            control => write!(out, r"\u{control:04x}")?,
        }
        rest = special.get(1..).unwrap_or_default();
    }
}

/// For a destination that takes any text.
fn infallible(written: fmt::Result) {
    debug_assert!(written.is_ok(), "a string and a counter take any text");
}

/// Counts the bytes of a text.
struct Length(usize);

impl Write for Length {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        self.0 += text.len();
        Ok(())
    }
}

/// Compares a text with given bytes as it is written; stops the writer at the first difference.
struct Comparison<'bytes> {
    bytes: &'bytes [u8],
    at: usize,
}

impl Write for Comparison<'_> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        let rest = self.bytes.get(self.at..).unwrap_or_default();
        if rest.starts_with(text.as_bytes()) {
            self.at += text.len();
            return Ok(());
        }
        self.at += rest
            .iter()
            .zip(text.as_bytes())
            .take_while(|(a, b)| a == b)
            .count();
        Err(fmt::Error)
    }
}
