//! Who and what takes part in a trace of the audit trail: agents, an auditor, and messages.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::suggestion::{NameError, Suggestion};
use crate::trace::is_false;

/// The name of the record that the attacker makes up.
pub const FORGED: &str = "forged";
/// What follows the name of a message in that of the record which has its fields run together, and says
/// something else.
pub const MISREAD: &str = "-misread";

/// What stays fixed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Setting {
    /// The agent that may ask about everybody.
    pub auditor: String,
}

/// Everybody, and every message.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Roll {
    /// The agents, the auditor among them.
    pub agents: Vec<String>,
    /// The messages that the bus has to do with.
    pub messages: Vec<Message>,
}

/// A message.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Message {
    /// Its name.
    pub name: String,
    /// Who sends it.
    pub from: String,
    /// To whom.
    pub to: String,
    /// The policy denies it; its effect is the answer that says so.
    #[serde(default, skip_serializing_if = "is_false")]
    pub denied: bool,
}

/// The agents and records of one trace by name.
#[derive(Clone, Debug, Default)]
pub struct Names {
    agents: BTreeMap<String, u32>,
    records: BTreeMap<String, u32>,
}

impl Names {
    /// The names in `roll`: each message's record, what it can be misread as, and the made-up one.
    pub fn of(roll: &Roll) -> Self {
        let agents = roll.agents.iter().cloned();
        let written = roll.messages.iter().map(|message| message.name.clone());
        let misread = roll.messages.iter().map(|message| misread(&message.name));
        let records = written.chain(misread).chain([FORGED.to_owned()]);
        Self {
            agents: agents.zip(0..).collect(),
            records: records.zip(0..).collect(),
        }
    }

    /// The place of the agent with this name.
    pub fn agent(&self, name: &str) -> Result<u32, NameError> {
        place(&self.agents, "agent", name)
    }

    /// The place of the record with this name.
    pub fn record(&self, name: &str) -> Result<u32, NameError> {
        place(&self.records, "record", name)
    }

    /// The name of every agent.
    pub fn agents(&self) -> impl Iterator<Item = &str> + Clone {
        self.agents.keys().map(String::as_str)
    }

    /// The name of every record.
    pub fn records(&self) -> impl Iterator<Item = &str> + Clone {
        self.records.keys().map(String::as_str)
    }

    /// The name of the record in this place.
    pub fn record_at(&self, place: u32) -> &str {
        let mut all = self.records.iter();
        all.find(|(_, it)| **it == place)
            .map_or("unknown", |(name, _)| name)
    }
}

/// The name of what a message can be misread as.
pub fn misread(message: &str) -> String {
    format!("{message}{MISREAD}")
}

fn place(all: &BTreeMap<String, u32>, what: &'static str, name: &str) -> Result<u32, NameError> {
    all.get(name).copied().ok_or_else(|| NameError {
        what,
        name: name.to_owned(),
        suggestion: Suggestion::among(all.keys().map(String::as_str), name),
    })
}
