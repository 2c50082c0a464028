//! Keys by role: [`SigningKey`] speaks for an agent, [`PeerVerifyingKey`] hears another one.
//!
//! Both are Ed25519 (RFC 8032), and the algorithm follows from the type, never from a message
//! (RFC 8725 section 3.1). Whom a key belongs to, and when it is valid, stands in the registry and
//! not here. A signing key has no `Debug`, no `Serialize` and no `Clone`, so that a copy of the
//! secret is always a decision; its one way out is named a hazard.

use std::fmt;

use ed25519_dalek::{Signature, Signer};
use thiserror::Error;
use zeroize::Zeroizing;

use super::base64url::{self, Base64UrlError};
use super::key_id::KeyId;

/// The first word of a secret key file: what the file is, and the version of its form.
const SECRET_KEY_FILE_FORMAT: &str = "countersign-signing-key/1";

/// The secret half of an agent's Ed25519 key. It is zeroized when dropped.
pub struct SigningKey(ed25519_dalek::SigningKey);

impl SigningKey {
    /// The size of a seed, in bytes: the private key of RFC 8032 section 5.1.5.
    pub const SEED_LENGTH: usize = 32;

    /// Draws a new key from the operating system's entropy.
    ///
    /// # Errors
    /// [`EntropyError`] if the system has no entropy to give.
    pub fn generate() -> Result<Self, EntropyError> {
        Ok(Self::from_seed(*entropy()?))
    }

    /// Derives the key of a seed. The same seed always gives the same key.
    pub fn from_seed(seed: [u8; Self::SEED_LENGTH]) -> Self {
        let seed = Zeroizing::new(seed);
        Self(ed25519_dalek::SigningKey::from_bytes(&seed))
    }

    /// Signs a message: 64 bytes, deterministic (RFC 8032 section 5.1.6).
    pub fn sign(&self, message: &[u8]) -> [u8; PeerVerifyingKey::SIGNATURE_LENGTH] {
        self.0.sign(message).to_bytes()
    }

    /// The public half, as everyone else sees it.
    pub fn peer_key(&self) -> PeerVerifyingKey {
        PeerVerifyingKey(self.0.verifying_key())
    }

    /// The name of this key.
    pub fn key_id(&self) -> KeyId {
        self.peer_key().key_id()
    }

    /// Writes the secret key file: one line of format, key id and seed.
    ///
    /// Whoever reads the text can speak as the agent. It is zeroized when dropped; what the caller
    /// writes it to is not.
    pub fn dangerously_export(&self) -> Zeroizing<String> {
        let seed = Zeroizing::new(base64url::encode(self.0.as_bytes()));
        let key_id = self.key_id().to_string();
        // One allocation of the exact size: growing would leave a copy of the seed behind.
        let mut text = Zeroizing::new(String::with_capacity(
            SECRET_KEY_FILE_FORMAT.len() + key_id.len() + seed.len() + 3,
        ));
        for part in [SECRET_KEY_FILE_FORMAT, " ", &key_id, " ", &seed, "\n"] {
            text.push_str(part);
        }
        text
    }

    /// Reads a secret key file, as [`SigningKey::dangerously_export`] writes it.
    ///
    /// # Errors
    /// [`SecretKeyFileError`]; its messages never quote the file, which may hold a secret.
    pub fn import(text: &str) -> Result<Self, SecretKeyFileError> {
        // An editor may have added or removed the end of the line; nothing else may differ.
        let line = text.strip_suffix('\n').unwrap_or(text);
        let line = line.strip_suffix('\r').unwrap_or(line);
        let mut words = line.split(' ');
        if words.next() != Some(SECRET_KEY_FILE_FORMAT) {
            return Err(SecretKeyFileError::UnknownFormat);
        }
        let (Some(key_id), Some(seed), None) = (words.next(), words.next(), words.next()) else {
            return Err(SecretKeyFileError::WrongShape);
        };
        let seed = base64url::decode(seed).map_err(|_| SecretKeyFileError::UnreadableSeed)?;
        let seed = Zeroizing::new(seed);
        let key = Self::from_seed(*seed);
        if key.key_id().to_string() != key_id {
            return Err(SecretKeyFileError::OtherKey {
                expected: key.key_id(),
            });
        }
        Ok(key)
    }
}

/// Draws 32 bytes from the operating system's entropy. They are zeroized when dropped.
pub(crate) fn entropy() -> Result<Zeroizing<[u8; 32]>, EntropyError> {
    let mut bytes = Zeroizing::new([0; 32]);
    getrandom::fill(bytes.as_mut())?;
    Ok(bytes)
}

/// The operating system gave no entropy.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("no entropy from the operating system: {0}")]
pub struct EntropyError(#[from] getrandom::Error);

/// Why a text is not a secret key file. No variant carries any part of the secret.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum SecretKeyFileError {
    /// The first word is another one.
    #[error("secret key file does not begin with \"{SECRET_KEY_FILE_FORMAT} \"")]
    UnknownFormat,
    /// The format is not followed by exactly a key id and a seed.
    #[error("secret key file is not one line of \"{SECRET_KEY_FILE_FORMAT} <key id> <seed>\"")]
    WrongShape,
    /// The seed is not the base64url of 32 bytes.
    #[error("seed of the secret key file is not 43 characters of base64url")]
    UnreadableSeed,
    /// The seed is that of another key than the file says: one of the two was altered.
    #[error("secret key file holds key {expected}, but names another one: restore the file")]
    OtherKey {
        /// The key id that belongs to the seed.
        expected: KeyId,
    },
}

/// The public half of another principal's Ed25519 key: 32 bytes.
///
/// There is one encoding for each key, and none of small or mixed order: [`Self::from_bytes`] is
/// the only door for bytes from outside.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct PeerVerifyingKey(ed25519_dalek::VerifyingKey);

impl PeerVerifyingKey {
    /// The size of an encoded key, in bytes.
    pub const LENGTH: usize = 32;

    /// The size of a signature, in bytes.
    pub const SIGNATURE_LENGTH: usize = 64;

    /// Reads the encoding of RFC 8032 section 5.1.2.
    ///
    /// # Errors
    /// [`PeerKeyError::NotAPoint`], [`PeerKeyError::NonCanonical`], [`PeerKeyError::SmallOrder`] or
    /// [`PeerKeyError::MixedOrder`], the first that applies.
    pub fn from_bytes(bytes: &[u8; Self::LENGTH]) -> Result<Self, PeerKeyError> {
        let key =
            ed25519_dalek::VerifyingKey::from_bytes(bytes).map_err(|_| PeerKeyError::NotAPoint)?;
        let point = key.to_edwards();
        // RFC 8032 section 5.1.3, steps 1 and 4: y >= p, and x = 0 with the sign bit set, fail to
        // decode. The library decodes them, so the encoding is compared with the point's own.
        if point.compress().as_bytes() != bytes {
            return Err(PeerKeyError::NonCanonical);
        }
        // A signature by a key of small order fits almost any message.
        if point.is_small_order() {
            return Err(PeerKeyError::SmallOrder);
        }
        // RFC 8032 section 5.1.7 lets a verifier multiply by the cofactor or not. The two can only
        // disagree about a key of honest origin if its signature is malformed; with a component of
        // small order they disagree at the will of the signer.
        if !point.is_torsion_free() {
            return Err(PeerKeyError::MixedOrder);
        }
        Ok(Self(key))
    }

    /// Reads the text form: 43 characters of base64url, the `x` of RFC 8037 section 2.
    ///
    /// # Errors
    /// [`PeerKeyError::Encoding`], and those of [`PeerVerifyingKey::from_bytes`].
    pub fn parse(text: &str) -> Result<Self, PeerKeyError> {
        Self::from_bytes(&base64url::decode(text)?)
    }

    /// Whether the signature is this key's for exactly this message.
    ///
    /// RFC 8032 section 5.1.7 without the cofactor, and stricter where the RFC leaves room: `S`
    /// MUST be below the group order, `R` must be canonical and not of small order.
    #[must_use]
    pub fn verifies(&self, message: &[u8], signature: &[u8; Self::SIGNATURE_LENGTH]) -> bool {
        self.0
            .verify_strict(message, &Signature::from_bytes(signature))
            .is_ok()
    }

    /// The encoded key, 32 bytes (RFC 8032 section 5.1.2).
    pub fn as_bytes(&self) -> &[u8; Self::LENGTH] {
        self.0.as_bytes()
    }

    /// The name of this key.
    pub fn key_id(&self) -> KeyId {
        KeyId::of(self.as_bytes())
    }
}

/// Why bytes are not a verifying key that this protocol accepts.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum PeerKeyError {
    /// The text is not the base64url of 32 bytes.
    #[error("public key is not 32 bytes: {0}")]
    Encoding(#[from] Base64UrlError),
    /// The bytes encode no point of the curve.
    #[error("public key is not a point of edwards25519")]
    NotAPoint,
    /// The bytes are a second encoding of a point.
    #[error("public key is not encoded canonically")]
    NonCanonical,
    /// The point has order 1, 2, 4 or 8.
    #[error("public key has small order: it would accept signatures that nobody made")]
    SmallOrder,
    /// The point is a sum of one of the prime-order group and one of small order.
    #[error("public key has mixed order: verifiers would disagree about its signatures")]
    MixedOrder,
}

impl fmt::Display for PeerVerifyingKey {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.pad(&base64url::encode(self.as_bytes()))
    }
}

impl fmt::Debug for PeerVerifyingKey {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "PeerVerifyingKey({self})")
    }
}

#[cfg(test)]
mod tests;
