//! The verdict on one delivery, as a trace writes it: `admitted`, or the code of a rejection.

use std::borrow::Cow;
use std::fmt;

use countersign_model::admission::guard::Rejection;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Serialize};

use crate::suggestion::Suggestion;

/// What a receiver decides on one delivery.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum Verdict {
    /// It acts upon it.
    Admitted,
    /// It refuses it.
    Refused(Rejection),
}

/// The word for a verdict that admits.
const ADMITTED: &str = "admitted";

/// A word that is no verdict.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("unknown verdict '{word}', expected '{ADMITTED}' or the code of a rejection{suggestion}")]
pub struct VerdictError {
    word: String,
    suggestion: Suggestion,
}

impl Verdict {
    /// The word for it.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Admitted => ADMITTED,
            Self::Refused(rejection) => rejection.code(),
        }
    }

    /// Whether it admits.
    pub const fn admits(self) -> bool {
        matches!(self, Self::Admitted)
    }

    /// Every word there is.
    fn words() -> impl Iterator<Item = &'static str> {
        let codes = Rejection::ALL.iter().map(|rejection| rejection.code());
        std::iter::once(ADMITTED).chain(codes)
    }
}

impl From<Result<(), Rejection>> for Verdict {
    fn from(judged: Result<(), Rejection>) -> Self {
        judged.map_or_else(Self::Refused, |()| Self::Admitted)
    }
}

impl TryFrom<String> for Verdict {
    type Error = VerdictError;

    fn try_from(word: String) -> Result<Self, VerdictError> {
        if word == ADMITTED {
            return Ok(Self::Admitted);
        }
        Rejection::of_code(&word)
            .map(Self::Refused)
            .ok_or_else(|| VerdictError {
                suggestion: Suggestion::among(Self::words(), &word),
                word,
            })
    }
}

impl From<Verdict> for String {
    fn from(verdict: Verdict) -> Self {
        verdict.word().to_owned()
    }
}

impl fmt::Display for Verdict {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.pad(self.word())
    }
}

impl JsonSchema for Verdict {
    fn schema_name() -> Cow<'static, str> {
        "Verdict".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        let words: Vec<&str> = Self::words().collect();
        json_schema!({
            "description": "What a receiver decides on one delivery: `admitted`, or the code of a rejection.",
            "type": "string",
            "enum": words,
        })
    }
}
