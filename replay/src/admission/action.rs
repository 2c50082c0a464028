//! What can happen in a trace, with every individual by its name.
//!
//! A message is described in full where it first appears (`send`, `inject`); later steps name its
//! handle. Fields are called as in the model.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::trace::{Until, is_false};

/// One thing that happens.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Action {
    /// An honest principal sends a message: it is on the network, and nothing is delivered yet.
    Send {
        /// The message.
        message: Message,
    },
    /// The attacker composes a message and delivers it.
    Inject {
        /// The message; with `times`, the first of them.
        message: Message,
        /// How the network presents it.
        #[serde(default, skip_serializing_if = "Presented::is_unaltered")]
        presented: Presented,
        /// Copies delivered at the same moment: 1 or 2.
        #[serde(default = "once", skip_serializing_if = "is_once")]
        #[schemars(range(min = 1, max = 2))]
        copies: u32,
        /// How many messages like it, each with the next nonce. `m2` with nonce `n5` three times is
        /// `m2.1` with `n5`, `m2.2` with `n6`, `m2.3` with `n7`.
        #[serde(default = "once", skip_serializing_if = "is_once")]
        #[schemars(range(min = 1, max = 10000))]
        times: u32,
    },
    /// The network delivers a message that was sent or injected before.
    Deliver {
        /// The handle of the message.
        message: String,
        /// How the network presents it.
        #[serde(default, skip_serializing_if = "Presented::is_unaltered")]
        presented: Presented,
        /// Copies delivered at the same moment: 1 or 2.
        #[serde(default = "once", skip_serializing_if = "is_once")]
        #[schemars(range(min = 1, max = 2))]
        copies: u32,
    },
    /// Time passes.
    Advance {
        /// Until this tick.
        to: u64,
    },
    /// The receiver's wall clock is set back.
    SetBack {
        /// To this tick.
        to: u64,
    },
    /// The receiver forgets an entry of the replay store, if its time has passed.
    Forget {
        /// Whose entry; `anyone` in a store that does not tell senders apart.
        sender: String,
        /// The nonce.
        nonce: String,
    },
    /// The receiver's process restarts.
    Restart,
    /// Another replica of the receiver takes over.
    FailOver,
    /// The attacker obtains a key.
    Compromise {
        /// The key.
        key: String,
    },
    /// The registry lists a successor and ends a key's validity after the overlap.
    Rotate {
        /// The key that ends.
        old: String,
        /// Its successor.
        new: String,
    },
    /// The registry revokes a key.
    Revoke {
        /// The key.
        key: String,
    },
    /// The registry retires a principal.
    Retire {
        /// The principal.
        agent: String,
    },
}

/// A message as its author composes it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Message {
    /// What later steps call it.
    pub handle: String,
    /// Who really composes it.
    pub author: String,
    /// The sender that the envelope names.
    pub from: String,
    /// The sender that the payload names.
    pub inner_from: String,
    /// The recipient that the envelope names.
    pub to: String,
    /// The nonce: `n` and a number.
    #[schemars(regex(pattern = "^n(0|[1-9][0-9]{0,8})$"))]
    pub nonce: String,
    /// The message type.
    pub kind: String,
    /// When it says it was issued, in ticks.
    pub issued_at: u64,
    /// Whether that instant is a number at all.
    #[serde(default = "yes", skip_serializing_if = "is_true")]
    pub timed: bool,
    /// Until when it may be acted upon, in ticks; null for ever.
    pub expires_at: Until,
    /// The key that the envelope names.
    pub key: String,
    /// Whether it is really signed with that key.
    #[serde(default = "yes", skip_serializing_if = "is_true")]
    pub signed: bool,
    /// It holds text or numbers on which canonical forms other than RFC 8785 differ.
    #[serde(default, skip_serializing_if = "is_false")]
    pub intricate: bool,
    /// What is wrong with its text.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub defects: Vec<Defect>,
}

/// What can be wrong with the text of a message; named by the rejection that it earns.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum Defect {
    /// It is longer than the limit.
    TooLarge,
    /// It is not I-JSON: one text, two meanings.
    Malformed,
    /// It is not its own canonical form.
    NotCanonical,
    /// It is of a version that nobody here speaks.
    UnsupportedVersion,
    /// It does not satisfy the schema of its type.
    SchemaMismatch,
    /// It names a session that the receiver does not hold.
    UnknownSession,
}

impl Defect {
    /// What it is called, as in the file.
    pub const fn word(self) -> &'static str {
        match self {
            Self::TooLarge => "too-large",
            Self::Malformed => "malformed",
            Self::NotCanonical => "not-canonical",
            Self::UnsupportedVersion => "unsupported-version",
            Self::SchemaMismatch => "schema-mismatch",
            Self::UnknownSession => "unknown-session",
        }
    }
}

/// How the network presents a message: what it changes on the way.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Presented {
    /// The recipient, if changed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<String>,
    /// The nonce, if changed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub nonce: Option<String>,
    /// The type, if changed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kind: Option<String>,
    /// The text is spelled otherwise, in a way that re-serialising it hides.
    #[serde(default, skip_serializing_if = "is_false")]
    pub respelled: bool,
    /// Anything else of the content is changed.
    #[serde(default, skip_serializing_if = "is_false")]
    pub altered: bool,
}

impl Presented {
    /// Whether nothing is changed.
    pub fn is_unaltered(&self) -> bool {
        *self == Self::default()
    }
}

impl Action {
    /// The message that the action brings into the world, if any, and how many like it.
    pub fn introduces(&self) -> Option<(&Message, u32)> {
        match self {
            Self::Send { message } => Some((message, 1)),
            Self::Inject { message, times, .. } => Some((message, *times)),
            Self::Deliver { .. }
            | Self::Advance { .. }
            | Self::SetBack { .. }
            | Self::Forget { .. }
            | Self::Restart
            | Self::FailOver
            | Self::Compromise { .. }
            | Self::Rotate { .. }
            | Self::Revoke { .. }
            | Self::Retire { .. } => None,
        }
    }

    /// How many deliveries it consists of.
    pub fn deliveries(&self) -> u32 {
        match self {
            Self::Inject { copies, times, .. } => copies.saturating_mul(*times),
            Self::Deliver { copies, .. } => *copies,
            Self::Send { .. }
            | Self::Advance { .. }
            | Self::SetBack { .. }
            | Self::Forget { .. }
            | Self::Restart
            | Self::FailOver
            | Self::Compromise { .. }
            | Self::Rotate { .. }
            | Self::Revoke { .. }
            | Self::Retire { .. } => 0,
        }
    }

    /// What it is called, as in the file.
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Send { .. } => "send",
            Self::Inject { .. } => "inject",
            Self::Deliver { .. } => "deliver",
            Self::Advance { .. } => "advance",
            Self::SetBack { .. } => "set_back",
            Self::Forget { .. } => "forget",
            Self::Restart => "restart",
            Self::FailOver => "fail_over",
            Self::Compromise { .. } => "compromise",
            Self::Rotate { .. } => "rotate",
            Self::Revoke { .. } => "revoke",
            Self::Retire { .. } => "retire",
        }
    }
}

fn once() -> u32 {
    1
}

fn yes() -> bool {
    true
}

#[expect(
    clippy::trivially_copy_pass_by_ref,
    reason = "serde hands over references"
)]
fn is_once(value: &u32) -> bool {
    *value == 1
}

#[expect(
    clippy::trivially_copy_pass_by_ref,
    reason = "serde hands over references"
)]
fn is_true(value: &bool) -> bool {
    *value
}
