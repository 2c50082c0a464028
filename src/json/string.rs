//! Strings: the grammar of RFC 8259 section 7, the code points of RFC 7493 section 2.1.

#![expect(
    clippy::needless_bitwise_bool,
    reason = "with `||`, or a pattern, bytes are judged one by one, which takes ten times as long"
)]

use super::error::{ReadError, ReadErrorKind};

/// Reads the string whose opening quotation mark stands at `start`; returns it and the place after
/// its closing one. The text is valid UTF-8, so only escapes can smuggle surrogates in.
///
/// # Errors
/// At the byte that is wrong, or at the backslash of the escape that is:
/// [`UnexpectedEnd`](ReadErrorKind::UnexpectedEnd),
/// [`ControlCharacter`](ReadErrorKind::ControlCharacter),
/// [`InvalidEscape`](ReadErrorKind::InvalidEscape),
/// [`LoneSurrogate`](ReadErrorKind::LoneSurrogate),
/// [`Noncharacter`](ReadErrorKind::Noncharacter).
pub(super) fn read_string(text: &str, start: usize) -> Result<(String, usize), ReadError> {
    let bytes = text.as_bytes();
    let mut unescaped = String::new();
    let mut run = start + 1;
    loop {
        let at = run_end(text, run)?;
        let plain = text.get(run..at).unwrap_or_default();
        match bytes.get(at) {
            // Without an escape this is the only allocation, of the exact size.
            Some(b'"') if unescaped.is_empty() => return Ok((plain.to_owned(), at + 1)),
            Some(b'"') => {
                unescaped.push_str(plain);
                return Ok((unescaped, at + 1));
            }
            Some(b'\\') => {
                let (character, after) = read_escape(bytes, at)?;
                refuse_noncharacter(character, at)?;
                unescaped.push_str(plain);
                unescaped.push(character);
                run = after;
            }
            Some(&code_point) => return Err(ReadErrorKind::ControlCharacter { code_point }.at(at)),
            None => {
                let expected = "a closing quotation mark";
                return Err(ReadErrorKind::UnexpectedEnd { expected }.at(at));
            }
        }
    }
}

/// The end of the run of characters from `start` that stand for themselves.
fn run_end(text: &str, start: usize) -> Result<usize, ReadError> {
    let mut at = start;
    loop {
        let rest = text.as_bytes().get(at..).unwrap_or_default();
        at += plain_length(rest, may_end_run);
        match text.get(at..).and_then(|rest| rest.chars().next()) {
            Some(character) if !character.is_ascii() => {
                refuse_noncharacter(character, at)?;
                at += character.len_utf8();
            }
            _ => return Ok(at),
        }
    }
}

/// The bytes that end a run, and those that a noncharacter may start with: EF to F4 in UTF-8.
fn may_end_run(byte: u8) -> bool {
    must_be_escaped(byte) | (byte >= 0xEF)
}

/// The bytes that cannot stand for themselves in a string (RFC 8259 section 7).
pub(super) fn must_be_escaped(byte: u8) -> bool {
    (byte < 0x20) | (byte == b'"') | (byte == b'\\')
}

/// How many bytes come before the first special one.
pub(super) fn plain_length(bytes: &[u8], is_special: impl Fn(u8) -> bool) -> usize {
    // A block is judged as a whole, without a branch for each byte, so that it becomes a few vector
    // instructions; only the block in which the run ends is looked at byte by byte. The verdicts are
    // gathered as bytes: gathered as `bool`, they are not vectorised, and it takes seven times as long.
    let (blocks, _) = bytes.as_chunks::<16>();
    let is_plain = |block: &&[u8; 16]| {
        let any = block
            .iter()
            .fold(0, |any, byte| any | u8::from(is_special(*byte)));
        any == 0
    };
    let plain = 16 * blocks.iter().take_while(is_plain).count();
    let rest = bytes.get(plain..).unwrap_or_default();
    plain + rest.iter().take_while(|byte| !is_special(**byte)).count()
}

/// RFC 7493 section 2.1: names and strings MUST NOT include noncharacters.
fn refuse_noncharacter(character: char, at: usize) -> Result<(), ReadError> {
    let code_point = u32::from(character);
    // Unicode, section 23.7: the last two code points of each plane, and 32 more.
    if matches!(code_point, 0xFDD0..=0xFDEF) || code_point & 0xFFFE == 0xFFFE {
        return Err(ReadErrorKind::Noncharacter { code_point }.at(at));
    }
    Ok(())
}

/// Reads the escape whose backslash stands at `start`; returns its character and the place after.
fn read_escape(bytes: &[u8], start: usize) -> Result<(char, usize), ReadError> {
    let character = match bytes.get(start + 1) {
        Some(b'"') => '"',
        Some(b'\\') => '\\',
        Some(b'/') => '/',
        Some(b'b') => '\u{8}',
        Some(b'f') => '\u{c}',
        Some(b'n') => '\n',
        Some(b'r') => '\r',
        Some(b't') => '\t',
        Some(b'u') => return read_unicode_escape(bytes, start),
        Some(_) => return Err(ReadErrorKind::InvalidEscape.at(start)),
        None => {
            let expected = "an escaped character";
            return Err(ReadErrorKind::UnexpectedEnd { expected }.at(start + 1));
        }
    };
    Ok((character, start + 2))
}

/// Reads `\uXXXX`, or two of them that are a surrogate pair.
fn read_unicode_escape(bytes: &[u8], start: usize) -> Result<(char, usize), ReadError> {
    let first = read_code_unit(bytes, start)?;
    let second_start = start + 6;
    let second = match (first, bytes.get(second_start..second_start + 2)) {
        (0xD800..=0xDBFF, Some(br"\u")) => Some(read_code_unit(bytes, second_start)?),
        _ => None,
    };
    let code_units = [first, second.unwrap_or_default()];
    let used = if second.is_some() {
        code_units.as_slice()
    } else {
        &[first]
    };
    match char::decode_utf16(used.iter().copied()).next() {
        Some(Ok(character)) => Ok((character, start + 6 * used.len())),
        // RFC 7493 section 2.1: names and strings MUST NOT include surrogates.
        _ => Err(ReadErrorKind::LoneSurrogate { code_unit: first }.at(start)),
    }
}

/// Reads the four hexadecimal digits, of either case, of the `\u` at `start`.
fn read_code_unit(bytes: &[u8], start: usize) -> Result<u16, ReadError> {
    let mut code_unit = 0;
    for at in start + 2..start + 6 {
        let Some(&byte) = bytes.get(at) else {
            let expected = "four hexadecimal digits";
            return Err(ReadErrorKind::UnexpectedEnd { expected }.at(at));
        };
        let digit = match byte {
            b'0'..=b'9' => byte - b'0',
            b'a'..=b'f' => byte - b'a' + 10,
            b'A'..=b'F' => byte - b'A' + 10,
            _ => return Err(ReadErrorKind::InvalidEscape.at(start)),
        };
        code_unit = code_unit << 4 | u16::from(digit);
    }
    Ok(code_unit)
}
