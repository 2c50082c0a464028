//! Numbers: the grammar of RFC 8259 section 6, the range of RFC 7493 section 2.2.

use super::{
    error::{ReadError, ReadErrorKind},
    value::{NumberError, Value},
};

/// Reads the number that starts at `start` with a digit or a minus sign; returns it and the place
/// after it.
///
/// # Errors
/// [`NumberSyntax`](ReadErrorKind::NumberSyntax) at the first wrong byte, and at the number's first
/// byte [`IntegerTooLarge`](ReadErrorKind::IntegerTooLarge),
/// [`NumberNotFinite`](ReadErrorKind::NumberNotFinite) or
/// [`NotANumber`](ReadErrorKind::NotANumber) for `-Infinity`.
pub(super) fn read_number(text: &str, start: usize) -> Result<(Value, usize), ReadError> {
    let bytes = text.as_bytes();
    let mut at = start;
    let negative = bytes.get(at) == Some(&b'-');
    if negative {
        at += 1;
        if bytes
            .get(at..)
            .is_some_and(|rest| rest.starts_with(b"Infinity"))
        {
            return Err(ReadErrorKind::NotANumber { token: "-Infinity" }.at(start));
        }
    }
    let first_digit = at;
    let mut magnitude: i64 = 0;
    while let Some(digit @ b'0'..=b'9') = bytes.get(at) {
        // Saturation keeps what is too large too large.
        magnitude = magnitude
            .saturating_mul(10)
            .saturating_add(i64::from(digit - b'0'));
        at += 1;
    }
    if at == first_digit {
        return Err(ReadErrorKind::NumberSyntax {
            expected: "a digit",
        }
        .at(at));
    }
    if bytes.get(first_digit) == Some(&b'0') && at > first_digit + 1 {
        let expected = "no digit after a leading zero";
        return Err(ReadErrorKind::NumberSyntax { expected }.at(first_digit + 1));
    }
    let whole_end = at;
    if bytes.get(at) == Some(&b'.') {
        at = read_digits(bytes, at + 1)?;
    }
    if matches!(bytes.get(at), Some(b'e' | b'E')) {
        let signed = matches!(bytes.get(at + 1), Some(b'+' | b'-'));
        at = read_digits(bytes, at + 1 + usize::from(signed))?;
    }
    let number = if at == whole_end {
        Value::try_from(if negative { -magnitude } else { magnitude })
    } else {
        // A fraction or an exponent may still spell a whole number: `1e3` reads as 1000, and the
        // canonical check refuses the spelling. The grammar was checked, so the parser of the
        // standard library, which knows more spellings, cannot fail on it.
        let spelling = text.get(start..at).unwrap_or_default();
        Value::try_from(spelling.parse::<f64>().unwrap_or(f64::NAN))
    };
    match number {
        Ok(value) => Ok((value, at)),
        Err(NumberError::IntegerTooLarge(_)) => Err(ReadErrorKind::IntegerTooLarge.at(start)),
        Err(NumberError::NotFinite(_)) => Err(ReadErrorKind::NumberNotFinite.at(start)),
    }
}

/// Passes over at least one digit; returns the place after the last.
fn read_digits(bytes: &[u8], start: usize) -> Result<usize, ReadError> {
    let rest = bytes.get(start..).unwrap_or_default();
    match rest.iter().take_while(|byte| byte.is_ascii_digit()).count() {
        0 => Err(ReadErrorKind::NumberSyntax {
            expected: "a digit",
        }
        .at(start)),
        digits => Ok(start + digits),
    }
}
