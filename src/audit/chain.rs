//! The chain: each record's link is the hash of the link before it and the record.

use sha2::{Digest as _, Sha256};

use crate::envelope::Digest;

/// What precedes everything that a link is over.
pub(crate) const LABEL: &[u8] = b"audit/v1";

/// The link before the first record.
pub(crate) const GENESIS: Digest = Digest::from_bytes([0; 32]);

/// `h_i = SHA-256(label, h_(i-1), length, record)`; the length in 8 bytes, big-endian.
pub(crate) fn link(before: &Digest, record: &[u8]) -> Digest {
    hashed(&[
        before.as_bytes(),
        &(record.len() as u64).to_be_bytes(),
        record,
    ])
}

/// The hash of the label and these parts, run together.
pub(crate) fn hashed(parts: &[&[u8]]) -> Digest {
    let mut hash = Sha256::new();
    hash.update(LABEL);
    for part in parts {
        hash.update(part);
    }
    Digest::from_bytes(hash.finalize().into())
}

/// Where a log ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct End {
    /// How many records it has.
    pub count: u64,
    /// The link of the last of them.
    pub link: Digest,
}

impl End {
    /// The end of a log without records.
    pub const GENESIS: Self = Self {
        count: 0,
        link: GENESIS,
    };
}

/// A record as it stands in a log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// Its bytes.
    pub record: Vec<u8>,
    /// Its link.
    pub link: Digest,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_depends_on_every_byte_before_it() {
        let first = link(&GENESIS, b"one");
        assert_ne!(first, link(&GENESIS, b"on"));
        assert_ne!(link(&first, b"two"), link(&GENESIS, b"two"));
        // By hand: the label, 32 zeros, the length, the record.
        let bytes = [LABEL, &[0; 32], &[0, 0, 0, 0, 0, 0, 0, 3], b"one"].concat();
        assert_eq!(first, Digest::of(&bytes));
    }
}
