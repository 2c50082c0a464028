//! A checkpoint: how far a log goes and what its last link is, signed with the log's key.

use crate::envelope::record::record;
use crate::envelope::{Digest, Record as _, Sequence, Timestamp, signing_input};
use crate::identity::{PeerVerifyingKey, SigningKey};
use crate::json;

use super::chain::End;

/// The type string that its signature covers.
const SIGNING_TYPE: &str = "countersign/v1/audit-checkpoint";

record! {
    /// What a checkpoint says.
    struct Statement {
        /// When it was signed, in milliseconds since the Unix epoch.
        at: Timestamp,
        /// How many records it covers.
        count: Sequence,
        /// The link of the last of them.
        head: Digest,
    }
}

record! {
    /// A checkpoint as it is written.
    struct Signed {
        /// When it was signed, in milliseconds since the Unix epoch.
        at: Timestamp,
        /// How many records it covers.
        count: Sequence,
        /// The link of the last of them.
        head: Digest,
        /// The signature over the rest.
        signature: [u8; 64],
    }
}

/// A checkpoint, signed or said to be.
#[derive(Clone, Debug, PartialEq)]
pub struct Checkpoint {
    statement: Statement,
    signature: [u8; 64],
}

impl Checkpoint {
    /// Signs that the log ends here; nothing if it has more records than can be counted.
    pub(crate) fn sign(key: &SigningKey, end: &End, at: Timestamp) -> Option<Self> {
        let statement = Statement {
            at,
            count: Sequence::from_number(end.count)?,
            head: end.link,
        };
        let signature = key.sign(&statement.signing_input());
        Some(Self {
            statement,
            signature,
        })
    }

    /// The end of the log that it vouches for.
    pub fn end(&self) -> End {
        End {
            count: self.statement.count.as_number(),
            link: self.statement.head,
        }
    }

    /// When it was signed, in milliseconds since the Unix epoch.
    pub fn at_ms(&self) -> u64 {
        self.statement.at.as_ms()
    }

    /// Whether it was signed with this key.
    #[must_use]
    pub fn is_signed(&self, key: &PeerVerifyingKey) -> bool {
        key.verifies(&self.statement.signing_input(), &self.signature)
    }

    /// The canonical bytes (RFC 8785) that it is written as.
    pub fn to_bytes(&self) -> Vec<u8> {
        let Statement { at, count, head } = self.statement.clone();
        let signature = self.signature;
        let signed = Signed {
            at,
            count,
            head,
            signature,
        };
        json::write(&signed.to_value())
    }

    /// Reads one; nothing if the bytes are not the canonical ones of a checkpoint.
    pub fn of_bytes(bytes: &[u8]) -> Option<Self> {
        let value = json::read_canonical(bytes, &json::Limits::default()).ok()?;
        let signed = Signed::from_value(&value).ok()?;
        Some(Self {
            statement: Statement {
                at: signed.at,
                count: signed.count,
                head: signed.head,
            },
            signature: signed.signature,
        })
    }
}

impl Statement {
    fn signing_input(&self) -> Vec<u8> {
        signing_input(SIGNING_TYPE, &json::write(&self.to_value()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_checkpoint_is_read_as_it_was_written_and_covers_all_it_says() {
        let key = SigningKey::from_seed([3; 32]);
        let end = End {
            count: 7,
            link: Digest::of(b"x"),
        };
        let at = Timestamp::from_ms(5).unwrap();
        let signed = Checkpoint::sign(&key, &end, at).unwrap();
        let read = Checkpoint::of_bytes(&signed.to_bytes()).unwrap();
        assert_eq!((&read, read.end(), read.at_ms()), (&signed, end, 5));
        assert!(read.is_signed(&key.peer_key()));
        assert!(!read.is_signed(&SigningKey::from_seed([4; 32]).peer_key()));
        let text = String::from_utf8(signed.to_bytes()).unwrap();
        for (from, to) in [("\"count\":7", "\"count\":8"), ("\"at\":5", "\"at\":6")] {
            let altered = text.replace(from, to);
            assert_ne!(altered, text);
            let altered = Checkpoint::of_bytes(altered.as_bytes()).unwrap();
            assert!(!altered.is_signed(&key.peer_key()), "{to}");
        }
        assert_eq!(Checkpoint::of_bytes(format!("{text} ").as_bytes()), None);
    }
}
