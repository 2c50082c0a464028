//! A question that could not be asked: what is wrong with it, and what to do instead.

use std::fmt;
use std::io::ErrorKind;
use std::path::Path;

use countersign_replay::read_error::ReadError;

/// Why a command did nothing. It exits 2.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Misuse {
    /// What is wrong: a lower-case fragment.
    pub(crate) error: String,
    /// What to do about it.
    pub(crate) help: Option<String>,
}

impl Misuse {
    pub(crate) fn new(error: impl fmt::Display, help: impl fmt::Display) -> Self {
        Self {
            error: error.to_string(),
            help: Some(help.to_string()),
        }
    }

    /// Something failed that no other words on the command line would have helped.
    pub(crate) fn failed(error: impl fmt::Display) -> Self {
        Self {
            error: error.to_string(),
            help: None,
        }
    }

    /// A file could not be read or written.
    pub(crate) fn file(doing: &str, path: &Path, error: &std::io::Error) -> Self {
        let help = "check the path; it starts at the current folder";
        Self {
            error: format!("failed to {doing} {}: {error}", path.display()),
            help: (error.kind() == ErrorKind::NotFound).then(|| help.to_owned()),
        }
    }

    /// `word` names no `what`; the nearest of `known` is suggested, and `list` lists them all.
    pub(crate) fn unknown<'a>(
        what: &str,
        word: &str,
        known: impl IntoIterator<Item = &'a str>,
        list: &str,
    ) -> Self {
        let near = known
            .into_iter()
            .map(|name| (strsim::jaro_winkler(word, name), name));
        let nearest = near
            .filter(|(similarity, _)| *similarity > 0.75)
            .max_by(|(one, _), (other, _)| one.total_cmp(other));
        let suggestion =
            nearest.map_or_else(String::new, |(_, name)| format!("did you mean '{name}'? "));
        Self::new(
            format!("unknown {what} '{}'", word.escape_debug()),
            format!("{suggestion}list them with: {list}"),
        )
    }
}

impl From<ReadError> for Misuse {
    fn from(error: ReadError) -> Self {
        Self::new(&error, error.remedy())
    }
}
