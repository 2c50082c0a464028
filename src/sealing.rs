//! Sealing for more than one reader: bodies that mean the same to everybody who opens them.
//!
//! An AEAD promises that to those who have *the* key. A sender that hands out two keys can make one
//! ChaCha20-Poly1305 ciphertext that opens under both, to different texts ([`crate::lab::two_keys`] does),
//! and so show an approver something else than the receiver. A body therefore begins with a commitment to
//! its key, by a hash that nobody finds two keys for: key commitment in the sense of RFC 9771.
//!
//! ```text
//! commitment 32 | sealed text | tag 16      (bytes)
//! ```
//!
//! A record of a [`session`](crate::session) needs none: its head names the session, and the name is derived
//! from the session's secret.

use chacha20poly1305::ChaCha20Poly1305;
use chacha20poly1305::aead::{Aead as _, KeyInit as _, Payload};
use zeroize::Zeroizing;

use crate::handshake::schedule::expand;

/// Bytes that a commitment takes.
const COMMITMENT: usize = 32;
/// All zero. RFC 8439 section 2.8: a nonce MUST NOT be used twice with one key; a body's key is used once.
const NONCE: [u8; 12] = [0; 12];

/// The key of one body, for all who may open it: 32 bytes, drawn for this body alone.
pub struct BodyKey {
    commitment: Zeroizing<[u8; COMMITMENT]>,
    key: Zeroizing<[u8; 32]>,
}

impl BodyKey {
    /// The key that was drawn as `secret`.
    pub fn new(secret: [u8; 32]) -> Self {
        let secret = Zeroizing::new(secret);
        Self {
            commitment: expand(&secret, "body commitment", &[]),
            key: expand(&secret, "body key", &[]),
        }
    }

    /// What commits to it, and gives nothing of it away: 32 bytes.
    pub fn commitment(&self) -> [u8; COMMITMENT] {
        *self.commitment
    }

    /// Seals `text`, the only one that this key ever seals, for a `context` that stays readable. None where
    /// the text is longer than a cipher can seal (RFC 8439 section 2.8: 256 GiB).
    pub fn seal(self, text: &[u8], context: &[u8]) -> Option<Vec<u8>> {
        let sealed = self.cipher().encrypt(&NONCE.into(), payload(text, context));
        let mut body = self.commitment.to_vec();
        body.extend(sealed.ok()?);
        Some(body)
    }

    /// Opens a body, if it was sealed under this key, for this `context`.
    pub fn open(&self, body: &[u8], context: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
        let (commitment, sealed) = body.split_first_chunk::<COMMITMENT>()?;
        // Everybody may know a commitment: how long it takes to compare gives nothing away.
        if *commitment != *self.commitment {
            return None;
        }
        let opened = self
            .cipher()
            .decrypt(&NONCE.into(), payload(sealed, context));
        opened.ok().map(Zeroizing::new)
    }

    /// The key of the cipher, for the attacker of a replay that drew it.
    #[cfg(test)]
    pub(crate) fn dangerously_reveal(&self) -> &[u8; 32] {
        &self.key
    }

    fn cipher(&self) -> ChaCha20Poly1305 {
        ChaCha20Poly1305::new((&*self.key).into())
    }
}

fn payload<'a>(text: &'a [u8], context: &'a [u8]) -> Payload<'a, 'a> {
    Payload {
        msg: text,
        aad: context,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_body_opens_under_its_key_and_for_its_context_alone() {
        let (key, other) = (BodyKey::new([1; 32]), BodyKey::new([2; 32]));
        let body = BodyKey::new([1; 32]).seal(b"a text", b"for bob").unwrap();
        assert_eq!(body[..COMMITMENT], key.commitment());
        assert_eq!(key.open(&body, b"for bob").unwrap().as_slice(), b"a text");
        assert!(key.open(&body, b"for carol").is_none());
        assert!(other.open(&body, b"for bob").is_none());
        for place in 0..body.len() {
            let mut altered = body.clone();
            altered[place] ^= 1;
            assert!(key.open(&altered, b"for bob").is_none(), "{place}");
            assert!(key.open(&body[..place], b"for bob").is_none(), "{place}");
        }
    }

    #[test]
    fn commitment_and_key_are_apart_and_each_secret_has_its_own() {
        let keys = [1, 2].map(|byte| BodyKey::new([byte; 32]));
        let all = keys.iter().flat_map(|it| [it.commitment(), *it.key]);
        let distinct: std::collections::BTreeSet<_> = all.collect();
        assert_eq!(distinct.len(), 4);
    }
}
