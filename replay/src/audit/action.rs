//! What happens in a trace of the audit trail.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// One thing that happens.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Action {
    /// The writer writes the record of a message.
    Record {
        /// The message.
        message: String,
    },
    /// The writer signs a checkpoint over all that the log has.
    Sign {
        /// What later steps call it.
        checkpoint: String,
    },
    /// A message has its effect: it is delivered, or its denial is answered.
    Act {
        /// The message.
        message: String,
    },
    /// The writer's process ends, at the worst moment, and comes back.
    Crash {},
    /// The attacker writes to the file.
    Tamper(Tampering),
    /// The verifier verifies the log.
    Verify {},
    /// Somebody asks for an agent's messages, of which this is one.
    Ask {
        /// Who asks.
        reader: String,
        /// About whose messages.
        about: String,
        /// One of them.
        message: String,
    },
    /// Somebody who has the records tries a guess, which is right, at the payload of a message.
    Guess {
        /// Who guesses.
        guesser: String,
        /// At the payload of which message.
        message: String,
    },
}

/// What the attacker leaves in the file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Tampering {
    /// The records, in order.
    pub records: Vec<String>,
    /// The records that the links beside them are computed over; if left out, those records.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub links: Option<Vec<String>>,
    /// The checkpoint, one that was signed; if left out, one that the attacker makes up.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub checkpoint: Option<String>,
    /// The records that a made-up checkpoint covers; if left out, those whose links are there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub covers: Option<Vec<String>>,
}

impl Tampering {
    /// The records that the links are computed over.
    pub fn linked(&self) -> &[String] {
        self.links.as_ref().unwrap_or(&self.records)
    }

    /// The records that a made-up checkpoint covers.
    pub fn covered(&self) -> &[String] {
        self.covers.as_deref().unwrap_or_else(|| self.linked())
    }
}

impl Action {
    /// Its name, as a trace writes it.
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Record { .. } => "record",
            Self::Sign { .. } => "sign",
            Self::Act { .. } => "act",
            Self::Crash {} => "crash",
            Self::Tamper(_) => "tamper",
            Self::Verify {} => "verify",
            Self::Ask { .. } => "ask",
            Self::Guess { .. } => "guess",
        }
    }

    /// Whether the rules are asked, so that there is a verdict.
    pub const fn is_judged(&self) -> bool {
        match self {
            Self::Record { .. }
            | Self::Sign { .. }
            | Self::Act { .. }
            | Self::Verify {}
            | Self::Ask { .. } => true,
            Self::Crash {} | Self::Tamper(_) | Self::Guess { .. } => false,
        }
    }

    /// Whether it writes something whose bytes a trace keeps, if it is admitted.
    pub const fn writes(&self) -> bool {
        matches!(self, Self::Record { .. } | Self::Sign { .. })
    }
}
