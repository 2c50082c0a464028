//! Shares: the ephemeral X25519 keys of a run, and what two of them agree on (RFC 7748).
//!
//! A secret here has no `Debug`, no `Serialize` and no `Clone`, and is zeroized when dropped. Whether
//! a shared secret is good enough is a row of the guard table.

use x25519_dalek::{PublicKey, StaticSecret};
use zeroize::Zeroizing;

use crate::identity::EntropyError;
use crate::identity::key::entropy;

/// What one run draws: an ephemeral key, and 32 bytes that tell its flights from every other's.
///
/// A run consumes it, so that no two runs have one in common.
pub struct Fresh {
    secret: StaticSecret,
    share: [u8; 32],
    random: [u8; 32],
}

impl Fresh {
    /// Draws from the operating system's entropy.
    ///
    /// # Errors
    /// [`EntropyError`] if the system has no entropy to give.
    pub fn generate() -> Result<Self, EntropyError> {
        Ok(Self::of(*entropy()?, *entropy()?))
    }

    /// What these bytes give, for whoever has drawn them: 32 secret ones, which are clamped when they
    /// are used (RFC 7748 section 5), and 32 public ones. Never use either a second time.
    pub fn of(secret: [u8; 32], random: [u8; 32]) -> Self {
        let secret = StaticSecret::from(*Zeroizing::new(secret));
        let share = PublicKey::from(&secret).to_bytes();
        Self {
            secret,
            share,
            random,
        }
    }

    /// The public half of the ephemeral key: 32 bytes, little-endian (RFC 7748 section 5).
    pub fn share(&self) -> [u8; 32] {
        self.share
    }

    /// The 32 random bytes.
    pub fn random(&self) -> [u8; 32] {
        self.random
    }

    /// What both sides compute from their own secret and the other's share.
    pub(crate) fn agree(&self, share: &[u8; 32]) -> SharedSecret {
        SharedSecret(self.secret.diffie_hellman(&PublicKey::from(*share)))
    }
}

/// The result of one X25519 exchange: 32 bytes, no key yet.
pub(crate) struct SharedSecret(x25519_dalek::SharedSecret);

impl SharedSecret {
    /// Whether it depends on both sides, in constant time. RFC 7748 section 6.1: all zero, it came
    /// from a share of small order, and both parties MAY abort; here a guard demands that they do.
    pub(crate) fn is_contributory(&self) -> bool {
        self.0.was_contributory()
    }

    /// The bytes.
    pub(crate) fn as_bytes(&self) -> &[u8; 32] {
        self.0.as_bytes()
    }
}
