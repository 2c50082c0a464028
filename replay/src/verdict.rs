//! The verdict on one delivery, as a trace writes it: that it is admitted, or the code of a rejection.

use std::borrow::Cow;
use std::fmt;

use countersign_model::admission::guard::Rejection;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Serialize};

use crate::form::Code;
use crate::suggestion::Suggestion;

/// What a receiver decides on one delivery.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String", bound = "R: Code")]
pub enum Verdict<R = Rejection> {
    /// It acts upon it.
    Admitted,
    /// It refuses it.
    Refused(R),
}

/// A word that is no verdict.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("unknown verdict '{word}', expected '{admitted}' or the code of a rejection{suggestion}")]
pub struct VerdictError {
    word: String,
    admitted: &'static str,
    suggestion: Suggestion,
}

impl<R: Code> Verdict<R> {
    /// The word for it.
    pub fn word(self) -> &'static str {
        match self {
            Self::Admitted => R::ADMITTED,
            Self::Refused(rejection) => rejection.code(),
        }
    }

    /// Whether it admits.
    pub const fn admits(self) -> bool {
        matches!(self, Self::Admitted)
    }

    /// Every word there is.
    fn words() -> impl Iterator<Item = &'static str> {
        let codes = R::all().iter().map(|rejection| rejection.code());
        std::iter::once(R::ADMITTED).chain(codes)
    }
}

impl<R> From<Result<(), R>> for Verdict<R> {
    fn from(judged: Result<(), R>) -> Self {
        judged.map_or_else(Self::Refused, |()| Self::Admitted)
    }
}

impl<R: Code> TryFrom<String> for Verdict<R> {
    type Error = VerdictError;

    fn try_from(word: String) -> Result<Self, VerdictError> {
        if word == R::ADMITTED {
            return Ok(Self::Admitted);
        }
        let mut all = R::all().iter();
        let found = all.find(|rejection| rejection.code() == word);
        found
            .map(|rejection| Self::Refused(*rejection))
            .ok_or_else(|| VerdictError {
                suggestion: Suggestion::among(Self::words(), &word),
                admitted: R::ADMITTED,
                word,
            })
    }
}

impl<R: Code> From<Verdict<R>> for String {
    fn from(verdict: Verdict<R>) -> Self {
        verdict.word().to_owned()
    }
}

impl<R: Code> fmt::Display for Verdict<R> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.pad(self.word())
    }
}

impl<R: Code> JsonSchema for Verdict<R> {
    fn schema_name() -> Cow<'static, str> {
        "Verdict".into()
    }

    fn schema_id() -> Cow<'static, str> {
        // Each system has its own words.
        format!("Verdict {} {:?}", R::ADMITTED, R::all()).into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        let words: Vec<&str> = Self::words().collect();
        json_schema!({
            "description": format!(
                "What a receiver decides on one delivery: `{}`, or the code of a rejection.",
                R::ADMITTED
            ),
            "type": "string",
            "enum": words,
        })
    }
}
