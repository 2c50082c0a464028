//! Base64url without padding, one text for each value (RFC 4648 sections 3.2, 3.5 and 5).
//!
//! Written out because the protocol needs the strict reading only: no padding, no line breaks, no
//! second alphabet, and no unused bits that differ from zero. It is not meant for long secrets:
//! neither direction runs in constant time.

use thiserror::Error;

/// The alphabet of RFC 4648 section 5, by value.
const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/// Writes bytes as text: 4 characters for 3 bytes, 43 for 32, 86 for 64.
pub fn encode(bytes: &[u8]) -> String {
    // The capacity is exact, so that a secret is never left behind by a reallocation.
    let mut text = String::with_capacity(encoded_length(bytes.len()));
    for chunk in bytes.chunks(3) {
        let mut group = [0; 4];
        for (slot, byte) in group.iter_mut().skip(1).zip(chunk) {
            *slot = *byte;
        }
        let group = u32::from_be_bytes(group);
        for position in 0..=chunk.len() {
            let sextet = (group >> (18 - 6 * position)) as usize & 0x3f;
            text.extend(ALPHABET.get(sextet).map(|&symbol| char::from(symbol)));
        }
    }
    text
}

/// Reads the text of exactly `N` bytes.
///
/// # Errors
/// [`Base64UrlError::Length`] before anything else, then the first [`Base64UrlError::Character`],
/// then [`Base64UrlError::UnusedBits`].
pub fn decode<const N: usize>(text: &str) -> Result<[u8; N], Base64UrlError> {
    let expected = encoded_length(N);
    if text.len() != expected {
        return Err(Base64UrlError::Length {
            found: text.len(),
            expected,
        });
    }
    let mut bytes = [0; N];
    read(text, &mut bytes)?;
    Ok(bytes)
}

/// Reads the text of any number of bytes.
///
/// # Errors
/// As [`decode`]; [`Base64UrlError::Length`] where no number of bytes has a text of this length.
pub fn decode_any(text: &str) -> Result<Vec<u8>, Base64UrlError> {
    let mut bytes = vec![0; text.len() * 3 / 4];
    let expected = encoded_length(bytes.len());
    if text.len() != expected {
        return Err(Base64UrlError::Length {
            found: text.len(),
            expected,
        });
    }
    read(text, &mut bytes)?;
    Ok(bytes)
}

/// Fills `bytes` from a text of the length that they need.
fn read(text: &str, bytes: &mut [u8]) -> Result<(), Base64UrlError> {
    let mut slots = bytes.iter_mut();
    let (mut pending, mut pending_bits) = (0_u32, 0_u32);
    for (offset, character) in text.char_indices() {
        let sextet = sextet(character).ok_or(Base64UrlError::Character { character, offset })?;
        pending = pending << 6 | sextet;
        pending_bits += 6;
        if pending_bits >= 8 {
            pending_bits -= 8;
            let [.., byte] = (pending >> pending_bits).to_be_bytes();
            pending &= (1 << pending_bits) - 1;
            if let Some(slot) = slots.next() {
                *slot = byte;
            }
        }
    }
    // RFC 4648 section 3.5: a decoder MAY refuse set pad bits. Ours must, or one value has several
    // texts and a key id could be written in two ways.
    if pending != 0 {
        return Err(Base64UrlError::UnusedBits);
    }
    Ok(())
}

/// Why a text is not the base64url of a value of the expected size.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum Base64UrlError {
    /// The text has the wrong length, padding included.
    #[error("base64url is {found} bytes long, expected {expected} without padding")]
    Length {
        /// The length of the text, in bytes.
        found: usize,
        /// The length that the value needs, in bytes.
        expected: usize,
    },
    /// A character is outside the URL-safe alphabet.
    #[error("{character:?} at byte {offset} is not base64url, expected one of A-Z a-z 0-9 - _")]
    Character {
        /// The character.
        character: char,
        /// Where it stands, in bytes.
        offset: usize,
    },
    /// The last character carries bits that belong to no byte.
    #[error("last base64url character has unused bits set, expected zeros")]
    UnusedBits,
}

const fn encoded_length(bytes: usize) -> usize {
    (bytes * 4).div_ceil(3)
}

fn sextet(character: char) -> Option<u32> {
    let code = u32::from(character);
    match character {
        'A'..='Z' => Some(code - u32::from('A')),
        'a'..='z' => Some(code - u32::from('a') + 26),
        '0'..='9' => Some(code - u32::from('0') + 52),
        '-' => Some(62),
        '_' => Some(63),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// RFC 4648 section 10, without the padding.
    #[test]
    fn the_examples_of_rfc_4648_are_written_and_read() {
        let texts = ["", "Zg", "Zm8", "Zm9v", "Zm9vYg", "Zm9vYmE", "Zm9vYmFy"];
        for (length, text) in texts.iter().enumerate() {
            assert_eq!(encode(&b"foobar"[..length]), *text);
        }
        assert_eq!(decode("Zm9vYmE"), Ok(*b"fooba"));
        assert_eq!(decode("Zm9vYmFy"), Ok(*b"foobar"));
        assert_eq!(encode(&[0xfb, 0xff]), "-_8");
    }

    #[test]
    fn every_other_spelling_of_a_value_is_refused() {
        let length = |found| Base64UrlError::Length { found, expected: 3 };
        let refusals = [
            ("Zm8=", length(4)),
            ("Zm", length(2)),
            ("Zm8\n", length(4)),
            ("Zm9", Base64UrlError::UnusedBits),
            (
                "Z+8",
                Base64UrlError::Character {
                    character: '+',
                    offset: 1,
                },
            ),
            (
                "Zé",
                Base64UrlError::Character {
                    character: 'é',
                    offset: 1,
                },
            ),
        ];
        for (text, refusal) in refusals {
            assert_eq!(decode::<2>(text), Err(refusal), "{text:?}");
        }
    }

    proptest! {
        #[test]
        fn bytes_survive_the_round_trip(bytes: [u8; 32]) {
            let text = encode(&bytes);
            prop_assert_eq!(text.len(), 43);
            prop_assert_eq!(decode(&text), Ok(bytes));
        }

        #[test]
        fn bytes_of_any_number_survive_the_round_trip(bytes: Vec<u8>) {
            prop_assert_eq!(decode_any(&encode(&bytes)), Ok(bytes));
        }

        #[test]
        fn an_accepted_text_of_any_length_is_the_only_one(text in "[A-Za-z0-9_-]{0,9}") {
            if let Ok(bytes) = decode_any(&text) {
                prop_assert_eq!(encode(&bytes), text);
            }
        }

        #[test]
        fn an_accepted_text_is_the_only_one(text in "[A-Za-z0-9_-]{43}") {
            if let Ok(bytes) = decode::<32>(&text) {
                prop_assert_eq!(encode(&bytes), text);
            }
        }
    }
}
