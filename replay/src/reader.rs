//! Reads a trace, and refuses whatever is not exactly one.
//!
//! The text is bounded before it is parsed; unknown and duplicate fields are errors; every name must
//! be known and every count must fit. What can go wrong is a [`ReadError`], which says where and what
//! to do about it. Laying out is free: the reader takes any spacing, [`crate::writer`] has but one.

use serde::Deserialize;
use serde_json::error::Category;

use crate::check;
use crate::read_error::ReadError;
use crate::rulebook;
use crate::trace::{FORMAT, SYSTEM, Trace};

/// The most bytes that a trace may have.
pub const SIZE_MAX: usize = 1024 * 1024;

/// What is read first, so that a trace of another version is called that and not full of unknown fields.
#[derive(Deserialize)]
struct Header {
    #[serde(default)]
    format: Option<String>,
    #[serde(default)]
    system: Option<String>,
}

/// Reads the trace that `file` (a name for messages only) holds.
///
/// # Errors
/// [`ReadError`] at the first thing that is wrong; [`ReadError::RuleBook`] only if all else is right.
pub fn read(file: &str, bytes: &[u8]) -> Result<Trace, ReadError> {
    if bytes.len() > SIZE_MAX {
        return Err(ReadError::TooLarge {
            file: file.to_owned(),
            size: bytes.len(),
        });
    }
    let text = str::from_utf8(bytes).map_err(|error| ReadError::Encoding {
        file: file.to_owned(),
        offset: error.valid_up_to(),
    })?;
    let header: Header = parse(file, text)?;
    if header.format.as_deref() != Some(FORMAT) {
        return Err(ReadError::Format {
            file: file.to_owned(),
            found: header.format,
        });
    }
    if header.system.as_deref() != Some(SYSTEM) {
        return Err(ReadError::System {
            file: file.to_owned(),
            found: header.system,
        });
    }
    let trace: Trace = parse(file, text)?;
    check::check(file, &trace)?;
    let expected = rulebook::digest();
    if trace.rulebook != expected {
        return Err(ReadError::RuleBook {
            file: file.to_owned(),
            found: trace.rulebook.clone(),
            expected,
            trace: Box::new(trace),
        });
    }
    Ok(trace)
}

fn parse<'a, T: Deserialize<'a>>(file: &str, text: &'a str) -> Result<T, ReadError> {
    serde_json::from_str(text).map_err(|error| {
        let file = file.to_owned();
        let (line, column) = (error.line(), error.column());
        match error.classify() {
            Category::Eof => ReadError::Truncated { file, line, column },
            Category::Io | Category::Syntax | Category::Data => {
                // serde_json ends its messages with the place, which we name ourselves.
                let place = format!(" at line {line} column {column}");
                let what = error.to_string();
                ReadError::Shape {
                    file,
                    line,
                    column,
                    what: what.strip_suffix(&place).unwrap_or(&what).to_owned(),
                }
            }
        }
    })
}
