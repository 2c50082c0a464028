//! Who takes part in a handshake trace: runs, each of one principal in one role.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::suggestion::{NameError, Suggestion};

/// What the attacker is given.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Setting {
    /// Kinds of secrets that are revealed to it. Whose they are is told from the first run.
    pub reveals: Vec<String>,
}

/// The runs at once.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Roll {
    /// Up to 4; with reveals, it is the first whose promises are looked at.
    pub runs: Vec<Participant>,
}

/// One run.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Participant {
    /// Its name.
    pub name: String,
    /// Which side it is on.
    pub role: Role,
    /// The principal who runs it.
    pub me: String,
    /// The principal whom it means to reach, where it is an initiator.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub peer: Option<String>,
}

/// Which side of a handshake a run is on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// It begins.
    Initiator,
    /// It waits for anybody.
    Responder,
}

impl Role {
    /// The word for it.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Initiator => "initiator",
            Self::Responder => "responder",
        }
    }
}

/// The runs of one trace by name.
#[derive(Clone, Debug, Default)]
pub struct Names(BTreeMap<String, u8>);

impl Names {
    /// The names in `roll`.
    pub fn of(roll: &Roll) -> Self {
        let names = roll.runs.iter().map(|run| run.name.clone());
        Self(names.zip(0..).collect())
    }

    /// The place of the run with this name.
    pub fn place(&self, name: &str) -> Result<u8, NameError> {
        self.0.get(name).copied().ok_or_else(|| NameError {
            what: "run",
            name: name.to_owned(),
            suggestion: Suggestion::among(self.all(), name),
        })
    }

    /// Every name.
    pub fn all(&self) -> impl Iterator<Item = &str> + Clone {
        self.0.keys().map(String::as_str)
    }
}
