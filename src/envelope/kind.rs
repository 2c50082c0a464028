//! The kinds of message, and what each asks of its envelope.

use std::fmt;

use thiserror::Error;

/// Whether a message of a kind has a field.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Presence {
    /// It must.
    Required,
    /// It may.
    Optional,
    /// It must not.
    Forbidden,
}

/// Which fields a message of a kind has, of those that not every message has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rule {
    /// The digest of the envelope that this one answers.
    pub in_reply_to: Presence,
    /// The session that the message belongs to.
    pub session: Presence,
    /// The capability token that the message uses.
    pub capability: Presence,
    /// A sealed body in place of a payload.
    pub sealed: Presence,
}

/// A text that is not that of a kind.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("expected {expected}, found {0:?}", expected = Self::EXPECTED)]
pub struct UnknownKind(pub String);

impl UnknownKind {
    pub(super) const EXPECTED: &str = "a message type such as task";
}

/// Declares the kinds, one row each.
macro_rules! kinds {
    (
        $(
            $(#[doc = $doc:literal])+
            $kind:ident = $text:literal:
                $in_reply_to:ident $session:ident $capability:ident $sealed:ident,
        )+
    ) => {
        /// What a message is for. Its text is the `type` of the envelope.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Kind {
            $($(#[doc = $doc])+ $kind,)+
        }

        impl Kind {
            /// Every kind, in the order of the protocol.
            pub const ALL: &'static [Self] = &[$(Self::$kind,)+];

            /// The text of the kind.
            pub const fn as_str(self) -> &'static str {
                match self {
                    $(Self::$kind => $text,)+
                }
            }

            /// The type string of the kind, which its signatures cover: a signature made for one
            /// kind is none for another.
            pub const fn signing_type(self) -> &'static str {
                match self {
                    $(Self::$kind => concat!("countersign/v1/", $text),)+
                }
            }

            /// Which fields a message of the kind has.
            pub const fn rule(self) -> Rule {
                match self {
                    $(Self::$kind => Rule {
                        in_reply_to: Presence::$in_reply_to,
                        session: Presence::$session,
                        capability: Presence::$capability,
                        sealed: Presence::$sealed,
                    },)+
                }
            }

            /// Reads the text of a kind.
            ///
            /// # Errors
            /// [`UnknownKind`] for any other text.
            pub fn parse(text: &str) -> Result<Self, UnknownKind> {
                match text {
                    $($text => Ok(Self::$kind),)+
                    _ => Err(UnknownKind(text.to_owned())),
                }
            }
        }
    };
}

kinds! {
    //                                            in_reply_to session   capability sealed
    /// Work for the recipient.
    Task = "task":                                Forbidden   Optional  Optional   Optional,
    /// What came of a task or a delegated task.
    Result = "result":                            Required    Optional  Forbidden  Optional,
    /// Why nothing came of a request.
    Error = "error":                              Required    Optional  Forbidden  Optional,
    /// A question, which must be answered.
    Ask = "ask":                                  Forbidden   Optional  Optional   Optional,
    /// A task handed on, whose completion is reported.
    Delegate = "delegate":                        Forbidden   Optional  Optional   Optional,
    /// The answer to a question.
    Reply = "reply":                              Required    Optional  Forbidden  Optional,
    /// An event that nobody answers.
    Notify = "notify":                            Forbidden   Optional  Optional   Optional,
    /// A question about versions and capabilities.
    CapabilityRequest = "capability_request":     Forbidden   Optional  Forbidden  Forbidden,
    /// The answer to that.
    CapabilityResponse = "capability_response":   Required    Optional  Forbidden  Forbidden,
    /// Handshake message 1, to the responder: the offers.
    HandshakeHello = "handshake_hello":           Forbidden   Forbidden Forbidden  Forbidden,
    /// Handshake message 2, to the initiator: the choice, and who the responder is.
    HandshakeAnswer = "handshake_answer":         Required    Forbidden Forbidden  Forbidden,
    /// Handshake message 3, to the responder: who the initiator is.
    HandshakeFinish = "handshake_finish":         Required    Forbidden Forbidden  Forbidden,
    /// Handshake message 4, to the initiator: the responder has the keys.
    HandshakeConfirm = "handshake_confirm":       Required    Forbidden Forbidden  Forbidden,
    /// The sender is alive.
    Heartbeat = "heartbeat":                      Forbidden   Optional  Forbidden  Forbidden,
    /// A message arrived.
    Ack = "ack":                                  Forbidden   Optional  Forbidden  Forbidden,
}

impl fmt::Display for Kind {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.pad(self.as_str())
    }
}
