//! Weaknesses: what real primitives allow, and perfect ones do not.
//!
//! Each is a rule of deduction more. With none of them a signature is made by whoever has the secret and
//! by nobody else, and a ciphertext opens under one key. How real protocols fall to both, found by
//! symbolic search: <https://doi.org/10.1145/3319535.3339813> and
//! <https://www.usenix.org/conference/usenixsecurity23/presentation/cremers-protocols>.

/// A weakness of a primitive.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Weakness {
    /// Signatures verify under public keys of small order: one signature, which needs no secret, for every
    /// message. So does Ed25519 where RFC 8032 is followed to the letter
    /// (<https://eprint.iacr.org/2020/1244>, section 4).
    LooseSignature,
    /// Sealing does not commit to the key: who knows two makes one ciphertext that opens under both, to a
    /// plaintext each. So does ChaCha20-Poly1305 (RFC 9771 calls what is missing key commitment; <https://doi.org/10.1007/978-3-319-96884-1_6>).
    UncommittedSeal,
}

/// A set of weaknesses.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Weaknesses(u8);

impl Weaknesses {
    /// Nothing: cryptography is perfect.
    pub const NONE: Self = Self(0);

    /// These and one more.
    #[must_use]
    pub const fn with(self, weakness: Weakness) -> Self {
        Self(self.0 | 1 << weakness as u8)
    }

    /// Whether this one is among them.
    pub const fn has(self, weakness: Weakness) -> bool {
        self.0 & (1 << weakness as u8) != 0
    }
}
