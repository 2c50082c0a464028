//! What can be wrong with the file of a trace: where it is, what was expected, what to do.

use crate::any_trace::AnyTrace;
use crate::suggestion::NameError;
use crate::trace::{FORMAT, SIZE_MAX};

/// Why a file is not a trace that can be replayed. Each names the file, the place and what was expected;
/// [`ReadError::remedy`] says what to do.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ReadError {
    /// It has too many bytes; none was looked at.
    #[error("{file}: {size} bytes, a trace has at most {SIZE_MAX}")]
    TooLarge {
        /// The file.
        file: String,
        /// Its size in bytes.
        size: usize,
    },
    /// It is not text.
    #[error("{file}: byte {offset} is not UTF-8")]
    Encoding {
        /// The file.
        file: String,
        /// The first byte that is wrong, counted from 0.
        offset: usize,
    },
    /// It ends before the trace does.
    #[error("{file}:{line}:{column}: the file ends in the middle of the trace")]
    Truncated {
        /// The file.
        file: String,
        /// The line, counted from 1.
        line: usize,
        /// The column, counted from 1.
        column: usize,
    },
    /// It is no JSON, or not of the shape that the format demands.
    #[error("{file}:{line}:{column}: {what}")]
    Shape {
        /// The file.
        file: String,
        /// The line, counted from 1.
        line: usize,
        /// The column, counted from 1.
        column: usize,
        /// What was found, and what was expected.
        what: String,
    },
    /// It is of another version of the format.
    #[error("{file} at /format: {}, expected '{FORMAT}'", quoted(found.as_deref()))]
    Format {
        /// The file.
        file: String,
        /// The version that it names, if any.
        found: Option<String>,
    },
    /// It is a trace of a system that is unknown here.
    #[error("{file} at /system: {}, expected '{}'", quoted(found.as_deref()), known.join("' or '"))]
    System {
        /// The file.
        file: String,
        /// The system that it names, if any.
        found: Option<String>,
        /// The systems that would do.
        known: &'static [&'static str],
    },
    /// It names somebody or something unknown.
    #[error("{file} at {place}: {error}")]
    Name {
        /// The file.
        file: String,
        /// The place, as a JSON pointer (RFC 6901).
        place: String,
        /// The name.
        error: Box<NameError>,
        /// Every name that would do.
        known: Vec<String>,
    },
    /// It names two things alike.
    #[error("{file} at {place}: a second {what} '{}'", name.escape_debug())]
    Twice {
        /// The file.
        file: String,
        /// The place of the second, as a JSON pointer.
        place: String,
        /// What has that name.
        what: &'static str,
        /// The name.
        name: String,
    },
    /// A value does not fit.
    #[error("{file} at {place}: {found}, expected {expected}")]
    Value {
        /// The file.
        file: String,
        /// The place, as a JSON pointer.
        place: String,
        /// The value.
        found: String,
        /// What would fit.
        expected: String,
    },
    /// It was written against another rule book. All else is right, and the trace can still be replayed.
    #[error("{file} at /rulebook: written against rule book {found}, this one is {expected}")]
    RuleBook {
        /// The file.
        file: String,
        /// The digest that it names.
        found: String,
        /// The digest of the rule book here.
        expected: String,
        /// The trace.
        trace: Box<AnyTrace>,
    },
}

impl ReadError {
    /// What to do about it.
    pub fn remedy(&self) -> String {
        match self {
            Self::TooLarge { .. } => {
                "shorten it; in a trace of admission an injection's 'times' stands for many messages"
                    .to_owned()
            }
            Self::Encoding { .. } => {
                "save it as UTF-8, and write delivered bytes that are not text as 'hex'".to_owned()
            }
            Self::Truncated { .. } => "restore the file, or record the trace again".to_owned(),
            Self::Shape { .. } => {
                "compare it with the published schema: docs/schema/trace.json".to_owned()
            }
            Self::Format { .. } => {
                format!(
                    "record the trace again, or use a program that reads it; this one reads '{FORMAT}'"
                )
            }
            Self::System { known, .. } => match known {
                [one] => format!("the one system here is '{one}'"),
                several => format!("the systems here are '{}'", several.join("' and '")),
            },
            Self::Name { error, known, .. } => match known.as_slice() {
                [] => format!("give the {} where it first appears", error.what),
                known => format!("known here: {}", known.join(", ")),
            },
            Self::Twice { what, .. } => format!("give every {what} a name of its own"),
            Self::Value { place, .. } => format!("correct the value at {place}"),
            Self::RuleBook { .. } => {
                "review what changed in the rules, then record the trace again".to_owned()
            }
        }
    }
}

fn quoted(found: Option<&str>) -> String {
    found.map_or("nothing".to_owned(), |found| {
        format!("'{}'", found.escape_debug())
    })
}
