//! What the log says of one message, and the bytes that it is written as.

use std::fmt;

use zeroize::Zeroizing;

use crate::envelope::field::{Field, read_text, schema};
use crate::envelope::record::record;
use crate::envelope::{
    Digest, Header, Kind, MessageId, Record as _, SchemaError, SchemaErrorKind, SessionId,
    Timestamp,
};
use crate::identity::key::entropy;
use crate::identity::{EntropyError, SpiffeId};
use crate::json::{self, Object, Value};

/// What precedes salt and payload in their hash.
const PAYLOAD_LABEL: &[u8] = b"audit-payload/v1";

record! {
    /// What the log says of one message.
    pub struct Entry {
        /// When it was recorded, in milliseconds since the Unix epoch.
        at: Timestamp,
        /// What the message is called.
        id: MessageId,
        /// What it is for.
        kind as "type": Kind,
        /// Who sent it.
        from: SpiffeId,
        /// Whom it is for.
        to: SpiffeId,
        /// The hash of a secret salt and its payload.
        payload: Digest,
        /// What the policy says of it.
        policy: Policy,
        /// What became of the approval that it needed.
        approval: Option<Approval>,
        /// The first message of the conversation that it belongs to.
        correlation_id: Option<MessageId>,
        /// The session that it belongs to.
        session: Option<SessionId>,
    }
}

impl Entry {
    /// The canonical bytes (RFC 8785) of the record, which the chain is over.
    pub fn to_bytes(&self) -> Vec<u8> {
        json::write(&self.to_value())
    }

    /// Reads a record; nothing if the bytes are not the canonical ones of exactly one.
    pub fn of_bytes(bytes: &[u8]) -> Option<Self> {
        let value = json::read_canonical(bytes, &json::Limits::default()).ok()?;
        Self::from_value(&value).ok()
    }

    /// Whether the agent sent the message or was to receive it.
    pub fn concerns(&self, agent: &SpiffeId) -> bool {
        self.from == *agent || self.to == *agent
    }
}

/// What is to be recorded of a message: all that an [`Entry`] says, the payload instead of its hash.
#[derive(Clone, Copy)]
pub struct Draft<'a> {
    /// When, in milliseconds since the Unix epoch.
    pub at: Timestamp,
    /// The header of the message.
    pub header: &'a Header,
    /// The bytes of the payload, sealed or not.
    pub payload: &'a [u8],
    /// What makes its hash tell nothing: drawn for this message alone, and given to its parties only.
    pub salt: &'a Salt,
    /// What the policy says of the message.
    pub policy: Policy,
    /// What became of the approval that it needed.
    pub approval: Option<Approval>,
}

impl Draft<'_> {
    /// The record, with this hash of the payload.
    pub(crate) fn entry(&self, payload: Digest) -> Entry {
        let header = self.header;
        Entry {
            at: self.at,
            id: header.id,
            kind: header.kind,
            from: header.from.clone(),
            to: header.to.clone(),
            payload,
            policy: self.policy,
            approval: self.approval,
            correlation_id: header.correlation_id,
            session: header.session,
        }
    }
}

/// 32 random bytes that make the hash of one payload tell nothing to whoever has not got them.
///
/// They are not in the log: whoever reads them there could try one guess after another. The parties keep
/// them with the message and can show by them, if they have to, what the hash is of. Wiped when dropped.
pub struct Salt(Zeroizing<[u8; Self::LENGTH]>);

impl Salt {
    /// The size of a salt, in bytes.
    pub const LENGTH: usize = 32;

    /// A salt of the caller's own entropy.
    pub fn from_bytes(bytes: [u8; Self::LENGTH]) -> Self {
        Self(Zeroizing::new(bytes))
    }

    /// Draws one from the operating system's entropy.
    ///
    /// # Errors
    /// [`EntropyError`] if the system has no entropy to give.
    pub fn generate() -> Result<Self, EntropyError> {
        entropy().map(Self)
    }

    /// The hash that the log has of this payload: SHA-256 over a label, the salt and the bytes.
    pub fn hash(&self, payload: &[u8]) -> Digest {
        Digest::of(&Zeroizing::new(
            [PAYLOAD_LABEL, self.0.as_slice(), payload].concat(),
        ))
    }

    /// The bytes, for whoever gives them to a party.
    pub fn dangerously_expose(&self) -> &[u8; Self::LENGTH] {
        &self.0
    }
}

impl fmt::Debug for Salt {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Salt")
    }
}

/// Declares a choice of words, each with its text.
macro_rules! words {
    ($(#[doc = $doc:literal])+ $name:ident, $expected:literal: $($(#[doc = $each:literal])+ $word:ident = $text:literal,)+) => {
        $(#[doc = $doc])+
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $name { $($(#[doc = $each])+ $word,)+ }

        impl $name {
            /// Every word.
            pub const ALL: &'static [Self] = &[$(Self::$word,)+];

            /// Its text.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$word => $text,)+ }
            }
        }

        impl Field for $name {
            fn read(value: &Value) -> Result<Self, SchemaError> {
                let text = read_text(value)?;
                let found = Self::ALL.iter().find(|word| word.as_str() == text);
                Ok(*found.ok_or_else(|| SchemaErrorKind::malformed($expected, text))?)
            }

            fn to_value(&self) -> Value {
                self.as_str().into()
            }

            fn schema() -> Object {
                let texts: Vec<Value> = Self::ALL.iter().map(Field::to_value).collect();
                schema([("enum", texts.into())])
            }
        }
    };
}

words! {
    /// What the policy says of a message.
    Policy, "allowed, denied or pending":
    /// It goes on.
    Allowed = "allowed",
    /// It ends here, and its sender is told so.
    Denied = "denied",
    /// It waits for an approval.
    Pending = "pending",
}

words! {
    /// What became of an approval.
    Approval, "approved, rejected or expired":
    /// Somebody who may approved it.
    Approved = "approved",
    /// Somebody who may rejected it.
    Rejected = "rejected",
    /// Nobody did either in time.
    Expired = "expired",
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hash_is_of_one_salt_and_one_payload() {
        let (one, other) = (Salt::from_bytes([1; 32]), Salt::from_bytes([2; 32]));
        assert_eq!(one.hash(b"yes"), one.hash(b"yes"));
        assert_ne!(one.hash(b"yes"), one.hash(b"no"));
        assert_ne!(one.hash(b"yes"), other.hash(b"yes"));
        assert_ne!(one.hash(b"yes"), Digest::of(b"yes"));
    }
}
