//! The name of a verifying key: its JWK thumbprint.
//!
//! A key id follows from the key alone, so nobody chooses it and two keys never share one. It is a
//! name to look a key up by, never a key: whoever holds only an id can verify nothing.

use std::fmt;
use std::str::FromStr;

use sha2::{Digest, Sha256};
use thiserror::Error;

use super::base64url::{self, Base64UrlError};

/// The SHA-256 thumbprint of an Ed25519 key: 32 bytes, 43 characters as text (RFC 7638, RFC 8037).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct KeyId([u8; Self::LENGTH]);

impl KeyId {
    /// The size of an id, in bytes.
    pub const LENGTH: usize = 32;

    /// Computes the id of an encoded key (RFC 8032 section 5.1.2).
    pub(super) fn of(key: &[u8; 32]) -> Self {
        // RFC 7638 section 3: the required members only, in lexicographic order, without white
        // space. RFC 8037 section 2 names those of an OKP key: `crv`, `kty` and `x`.
        let mut hash = Sha256::new();
        hash.update(br#"{"crv":"Ed25519","kty":"OKP","x":""#);
        hash.update(base64url::encode(key));
        hash.update(br#""}"#);
        Self(hash.finalize().into())
    }

    /// Reads the text form: base64url without padding (RFC 7638 section 3.1 by way of RFC 7515).
    ///
    /// # Errors
    /// [`KeyIdError`] for any text that is not the one that [`fmt::Display`] writes.
    pub fn parse(text: &str) -> Result<Self, KeyIdError> {
        Ok(Self(base64url::decode(text)?))
    }

    /// The thumbprint, 32 bytes.
    pub fn as_bytes(&self) -> &[u8; Self::LENGTH] {
        &self.0
    }
}

/// Why a text is not a key id.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("key id is not a SHA-256 thumbprint: {0}")]
pub struct KeyIdError(#[from] Base64UrlError);

impl FromStr for KeyId {
    type Err = KeyIdError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::parse(text)
    }
}

impl fmt::Display for KeyId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.pad(&base64url::encode(&self.0))
    }
}

impl fmt::Debug for KeyId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "KeyId({self})")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::identity::PeerVerifyingKey;

    /// RFC 8037 appendix A.2 (the key) and A.3 (its thumbprint).
    #[test]
    fn the_id_is_the_thumbprint_of_rfc_8037() {
        let key = PeerVerifyingKey::parse("11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo").unwrap();
        let id = key.key_id();
        assert_eq!(
            id.to_string(),
            "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k"
        );
        assert_eq!(KeyId::parse(&id.to_string()), Ok(id));
        assert_eq!(format!("{id:?}"), format!("KeyId({id})"));
    }

    #[test]
    fn a_text_that_is_not_a_thumbprint_is_refused() {
        let message = KeyId::parse("kPrK").unwrap_err().to_string();
        assert_eq!(
            message,
            "key id is not a SHA-256 thumbprint: base64url is 4 bytes long, expected 43 without \
             padding"
        );
        assert!(KeyId::parse("kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4l").is_err());
    }
}
