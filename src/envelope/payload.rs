//! The payloads, one record for each kind of message.
//!
//! Free-form JSON stands only where a message carries data that the protocol does not read:
//! `input`, `output`, `context`, `answer` and `data`.

use super::{
    error::SchemaError,
    identifier::{Digest, Sequence, Timestamp},
    kind::Kind,
    record::{MemberSchema, Record, record},
    text::{List, Name, Opaque, Text},
    version::Version,
};
use crate::identity::{KeyId, SpiffeId};
use crate::json::Value;

record! {
    /// Work for the recipient.
    pub struct Task {
        /// What is to be done.
        task: Name,
        /// The data to do it with.
        input: Value,
        /// When the result stops being of use, in milliseconds since the Unix epoch.
        deadline_at: Option<Timestamp>,
    }
}

record! {
    /// What came of a task or a delegated task.
    pub struct TaskResult {
        /// The outcome.
        output: Value,
    }
}

record! {
    /// Why nothing came of a request.
    pub struct Failure {
        /// The reason, for machines.
        code: Name,
        /// The reason, for people.
        message: Text<4096>,
        /// Whether the same request may succeed later.
        retryable: bool,
    }
}

record! {
    /// A question, which must be answered.
    pub struct Ask {
        /// The question.
        question: Text<65536>,
        /// What helps to answer it.
        context: Option<Value>,
        /// Until when an answer is accepted, in milliseconds since the Unix epoch.
        deadline_at: Timestamp,
    }
}

record! {
    /// A task handed on, whose completion is reported.
    pub struct Delegate {
        /// What is to be done.
        task: Name,
        /// The data to do it with.
        input: Value,
        /// Until when a report is accepted, in milliseconds since the Unix epoch.
        deadline_at: Timestamp,
    }
}

record! {
    /// The answer to a question.
    pub struct Reply {
        /// The answer.
        answer: Value,
    }
}

record! {
    /// An event that nobody answers.
    pub struct Notify {
        /// What happened.
        event: Name,
        /// The particulars.
        data: Option<Value>,
    }
}

record! {
    /// A question about versions and capabilities.
    pub struct CapabilityRequest {
        /// The versions that the sender speaks, the preferred one first.
        versions: List<Version, 1, 16>,
        /// The capabilities that the sender requires of the recipient.
        requires: List<Name, 0, 64>,
    }
}

record! {
    /// The answer to a question about versions and capabilities.
    pub struct CapabilityResponse {
        /// The versions that the sender speaks, the preferred one first.
        versions: List<Version, 1, 16>,
        /// The capabilities that the sender has.
        capabilities: List<Name, 0, 64>,
    }
}

record! {
    /// Handshake message 1, to the responder: the offers.
    pub struct HandshakeHello {
        /// The versions that the initiator speaks, the preferred one first.
        versions: List<Version, 1, 16>,
        /// The cipher suites that the initiator has, the preferred one first.
        suites: List<Name, 1, 16>,
        /// The capabilities that the initiator has.
        capabilities: List<Name, 0, 64>,
        /// The initiator's ephemeral X25519 key, 32 bytes (RFC 7748).
        ephemeral_key: [u8; 32],
        /// 32 random bytes of the initiator.
        random: [u8; 32],
    }
}

record! {
    /// Handshake message 2, to the initiator: the choice, and who the responder is.
    pub struct HandshakeAnswer {
        /// The versions that the responder speaks, the preferred one first.
        versions: List<Version, 1, 16>,
        /// The cipher suites that the responder has, the preferred one first.
        suites: List<Name, 1, 16>,
        /// The version for the session, one of those offered.
        version: Version,
        /// The cipher suite for the session, one of those offered.
        suite: Name,
        /// The capabilities that the responder has.
        capabilities: List<Name, 0, 64>,
        /// The responder's ephemeral X25519 key, 32 bytes (RFC 7748).
        ephemeral_key: [u8; 32],
        /// 32 random bytes of the responder.
        random: [u8; 32],
        /// The responder's id, key id, signature and MAC, encrypted.
        proof: Opaque<16384>,
    }
}

record! {
    /// Handshake message 3, to the responder: who the initiator is.
    pub struct HandshakeFinish {
        /// The initiator's id, key id, signature and MAC, encrypted.
        proof: Opaque<16384>,
    }
}

record! {
    /// Handshake message 4, to the initiator: the responder has the keys.
    pub struct HandshakeConfirm {
        /// The MAC over the whole transcript under the key for confirmation, 32 bytes.
        confirmation: [u8; 32],
    }
}

record! {
    /// Who takes part in a handshake, and what vouches for it; travels encrypted.
    pub struct HandshakeProof {
        /// The principal.
        id: SpiffeId,
        /// The thumbprint of its verifying key (RFC 7638).
        key_id: KeyId,
        /// The Ed25519 signature over role and transcript, 64 bytes (RFC 8032).
        signature: [u8; 64],
        /// The MAC over `id` and `key_id` under a key of this handshake, 32 bytes (RFC 2104).
        mac: [u8; 32],
    }
}

record! {
    /// The sender is alive.
    pub struct Heartbeat {
        /// The place of the heartbeat among those of its sender since it started, from 0.
        sequence: Sequence,
    }
}

record! {
    /// A message arrived.
    pub struct Ack {
        /// The SHA-256 digest of the whole envelope that arrived.
        acknowledges: Digest,
    }
}

/// Declares which record each kind of message carries.
macro_rules! payloads {
    ($($kind:ident => $record:ident,)+) => {
        /// A body that everyone on the way can read: the record of its kind.
        #[derive(Debug, Clone, PartialEq)]
        pub enum Payload {
            $(#[doc = concat!("Carried by a message of kind [`Kind::", stringify!($kind), "`].")]
            $kind($record),)+
        }

        impl Payload {
            /// The kind of message that carries it.
            pub fn kind(&self) -> Kind {
                match self {
                    $(Self::$kind(_) => Kind::$kind,)+
                }
            }

            /// Reads the record that a message of this kind carries.
            ///
            /// # Errors
            /// The first fault, by the declaration of the record.
            pub fn from_value(kind: Kind, value: &Value) -> Result<Self, SchemaError> {
                match kind {
                    $(Kind::$kind => <$record>::from_value(value).map(Self::$kind),)+
                }
            }

            /// The record as a value.
            pub fn to_value(&self) -> Value {
                match self {
                    $(Self::$kind(record) => record.to_value(),)+
                }
            }

            /// The description and the members of the record that a message of this kind carries.
            pub(super) fn members(kind: Kind) -> (&'static str, &'static [MemberSchema]) {
                match kind {
                    $(Kind::$kind => (<$record>::DESCRIPTION, <$record>::MEMBERS),)+
                }
            }
        }
    };
}

payloads! {
    Task => Task,
    Result => TaskResult,
    Error => Failure,
    Ask => Ask,
    Delegate => Delegate,
    Reply => Reply,
    Notify => Notify,
    CapabilityRequest => CapabilityRequest,
    CapabilityResponse => CapabilityResponse,
    HandshakeHello => HandshakeHello,
    HandshakeAnswer => HandshakeAnswer,
    HandshakeFinish => HandshakeFinish,
    HandshakeConfirm => HandshakeConfirm,
    Heartbeat => Heartbeat,
    Ack => Ack,
}
