//! What happens in a trace of sessions: the honest seal, time passes, things break, the attacker tries.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::trace::is_false;

/// One thing that happens.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Action {
    /// An honest end seals its next record and sends it.
    Seal {
        /// What later steps call it.
        record: String,
        /// Who seals.
        by: String,
        /// In which session.
        session: String,
        /// The epoch of its key.
        epoch: u64,
        /// Its number.
        number: u64,
    },
    /// The network delivers a record, perhaps altered, to the end that is looked at.
    Deliver {
        /// The record.
        record: String,
        /// What is changed on the way.
        #[serde(default, skip_serializing_if = "Presented::is_unaltered")]
        presented: Presented,
    },
    /// The attacker composes a record as one of a peer, and delivers it.
    Inject {
        /// What later steps call it.
        record: String,
        /// In which session.
        session: String,
        /// The epoch that it names.
        epoch: u64,
        /// The number that it names.
        number: u64,
        /// It is not sealed with any key.
        #[serde(default, skip_serializing_if = "is_false")]
        junk: bool,
        /// What is inside does not satisfy the schema of its type.
        #[serde(default, skip_serializing_if = "is_false")]
        malformed: bool,
    },
    /// The attacker opens a record with the keys that it has.
    Read {
        /// The record.
        record: String,
    },
    /// Time passes.
    Advance {
        /// Until this tick.
        to: u64,
    },
    /// The end loses its connection, or its process, and comes back.
    Reconnect {
        /// In which session.
        session: String,
    },
    /// The registry no longer lists a peer's key as current.
    Withdraw {
        /// Whose.
        peer: String,
    },
    /// The attacker obtains the keys that the end has for a session.
    Reveal {
        /// Which.
        session: String,
    },
}

/// How the network presents a record: what it changes on the way.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Presented {
    /// The session, if changed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub session: Option<String>,
    /// The epoch, if changed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub epoch: Option<u64>,
    /// The number, if changed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub number: Option<u64>,
    /// The header that it travels with is changed.
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
    /// The record that the action brings into the world, if any.
    pub fn introduces(&self) -> Option<&str> {
        match self {
            Self::Seal { record, .. } | Self::Inject { record, .. } => Some(record),
            Self::Deliver { .. }
            | Self::Read { .. }
            | Self::Advance { .. }
            | Self::Reconnect { .. }
            | Self::Withdraw { .. }
            | Self::Reveal { .. } => None,
        }
    }

    /// Whether an end is asked to seal or to accept something.
    pub fn is_judged(&self) -> bool {
        match self {
            Self::Seal { .. } | Self::Deliver { .. } | Self::Inject { .. } => true,
            Self::Read { .. }
            | Self::Advance { .. }
            | Self::Reconnect { .. }
            | Self::Withdraw { .. }
            | Self::Reveal { .. } => false,
        }
    }

    /// What it is called, as in the file.
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Seal { .. } => "seal",
            Self::Deliver { .. } => "deliver",
            Self::Inject { .. } => "inject",
            Self::Read { .. } => "read",
            Self::Advance { .. } => "advance",
            Self::Reconnect { .. } => "reconnect",
            Self::Withdraw { .. } => "withdraw",
            Self::Reveal { .. } => "reveal",
        }
    }
}
