//! What a signature covers: the pre-authentication encoding of DSSE version 1.

use super::kind::Kind;
use crate::json::{Object, cut_out, write_without};

/// The member that holds the signature, and that the signature cannot cover.
pub(super) const SIGNATURE: &str = "signature";

/// `DSSEv1 SP LEN(type) SP type SP LEN(body) SP body`, with the lengths in bytes, in decimal.
///
/// The lengths make the encoding injective: no other type and body give the same bytes.
pub fn signing_input(type_string: &str, canonical_without_signature: &[u8]) -> Vec<u8> {
    encode(type_string, [canonical_without_signature, &[]])
}

/// What the signature of a received envelope covers, from the value that was read; costs no second
/// reading of its fields.
pub fn signing_input_of(kind: Kind, envelope: &Object) -> Vec<u8> {
    signing_input(kind.signing_type(), &write_without(envelope, SIGNATURE))
}

/// The same from the text that was received, which must be the canonical text of the value: the
/// signature is cut out of it, and nothing is written again.
pub fn signing_input_within(kind: Kind, text: &[u8], envelope: &Object) -> Vec<u8> {
    encode(kind.signing_type(), cut_out(text, envelope, SIGNATURE))
}

/// The encoding of a body in two parts.
fn encode(type_string: &str, body: [&[u8]; 2]) -> Vec<u8> {
    let type_length = type_string.len();
    let body_length: usize = body.iter().map(|part| part.len()).sum();
    let start = format!("DSSEv1 {type_length} {type_string} {body_length} ");
    let [before, after] = body;
    [start.as_bytes(), before, after].concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_example_of_the_dsse_protocol_has_the_published_bytes() {
        // DSSE v1, protocol.md, "Test Vectors".
        let input = signing_input("http://example.com/HelloWorld", b"hello world");
        assert_eq!(
            input,
            b"DSSEv1 29 http://example.com/HelloWorld 11 hello world"
        );
    }

    #[test]
    fn a_type_and_a_body_do_not_run_into_each_other() {
        assert_ne!(signing_input("a 1 b", b"c"), signing_input("a", b"b 1 c"));
        assert_ne!(signing_input("ab", b"c"), signing_input("a", b"bc"));
        assert_eq!(
            signing_input("", "\u{e9}".as_bytes()),
            "DSSEv1 0  2 \u{e9}".as_bytes()
        );
    }
}
