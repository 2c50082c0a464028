//! What happens in a trace of the bus.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// One thing that happens.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Action {
    /// A message reaches the orchestrator; for the first time, or again.
    Submit {
        /// The message.
        message: String,
    },
    /// An operator approves what it takes for the message that it saw.
    Approve {
        /// The message that the orchestrator notes the approval with.
        message: String,
        /// The message that was on the screen; if left out, that one.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        saw: Option<String>,
    },
    /// An operator rejects a message.
    Reject {
        /// The message.
        message: String,
    },
    /// The orchestrator is to deliver what it held.
    Release {
        /// The message.
        message: String,
    },
    /// A message reaches an agent, from the orchestrator or behind its back.
    Receive {
        /// The message.
        message: String,
        /// Who receives it.
        by: String,
    },
    /// Time passes: requests that nobody answered in time end, as the present instant does.
    Advance {
        /// Until this tick.
        to: u64,
    },
    /// An agent is no longer listed as active.
    Deactivate {
        /// Who.
        agent: String,
    },
    /// All rights of an agent to send are withdrawn, by a rule that denies it every type.
    Withdraw {
        /// Whose.
        agent: String,
    },
}

impl Action {
    /// What it is called, as in the file.
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Submit { .. } => "submit",
            Self::Approve { .. } => "approve",
            Self::Reject { .. } => "reject",
            Self::Release { .. } => "release",
            Self::Receive { .. } => "receive",
            Self::Advance { .. } => "advance",
            Self::Deactivate { .. } => "deactivate",
            Self::Withdraw { .. } => "withdraw",
        }
    }

    /// Whether the rules are asked, so that there is a verdict.
    pub const fn is_judged(&self) -> bool {
        match self {
            Self::Submit { .. } | Self::Release { .. } | Self::Receive { .. } => true,
            Self::Approve { .. }
            | Self::Reject { .. }
            | Self::Advance { .. }
            | Self::Deactivate { .. }
            | Self::Withdraw { .. } => false,
        }
    }

    /// Whether something arrives, whose bytes a trace keeps.
    pub const fn delivers(&self) -> bool {
        matches!(self, Self::Submit { .. } | Self::Receive { .. })
    }
}
