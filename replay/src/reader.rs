//! Reads a trace, and refuses whatever is not exactly one.
//!
//! The text is bounded before it is parsed; unknown and duplicate fields are errors; every name must
//! be known and every count must fit. What can go wrong is a [`ReadError`], which says where and what
//! to do about it. Laying out is free: the reader takes any spacing, [`crate::writer`] has but one.

use countersign_model::admission::Admission;
use countersign_model::audit::Audit;
use countersign_model::bus::Bus;
use countersign_model::handshake::Handshake;
use countersign_model::session::Session;
use serde::Deserialize;
use serde_json::error::Category;

use crate::any_trace::{AnyTrace, SYSTEMS};
use crate::form::Form as _;
use crate::read_error::ReadError;
use crate::rulebook;
use crate::system::System;
use crate::trace::{FORMAT, SIZE_MAX, Trace};

/// What is read first, so that a trace of another version is called that and not full of unknown fields.
#[derive(Deserialize)]
struct Header {
    #[serde(default)]
    format: Option<String>,
    #[serde(default)]
    system: Option<String>,
}

/// Reads the trace that `file` (a name for messages only) holds, of whichever system it names.
///
/// # Errors
/// [`ReadError`] at the first thing that is wrong; [`ReadError::RuleBook`] only if all else is right.
pub fn read_any(file: &str, bytes: &[u8]) -> Result<AnyTrace, ReadError> {
    let text = text(file, bytes)?;
    match system(file, text)?.as_deref() {
        Some(Handshake::NAME) => Ok(read_as::<Handshake>(file, text)?.into()),
        Some(Audit::NAME) => Ok(read_as::<Audit>(file, text)?.into()),
        Some(Bus::NAME) => Ok(read_as::<Bus>(file, text)?.into()),
        Some(Session::NAME) => Ok(read_as::<Session>(file, text)?.into()),
        Some(Admission::NAME) => Ok(read_as::<Admission>(file, text)?.into()),
        other => Err(unknown(file, other, &SYSTEMS)),
    }
}

/// The same for a trace of envelope admission; any other is refused.
///
/// # Errors
/// [`ReadError`], as for [`read_any`].
pub fn read(file: &str, bytes: &[u8]) -> Result<Trace, ReadError> {
    let text = text(file, bytes)?;
    match system(file, text)?.as_deref() {
        Some(Admission::NAME) => read_as::<Admission>(file, text),
        other => Err(unknown(file, other, &[Admission::NAME])),
    }
}

fn text<'a>(file: &str, bytes: &'a [u8]) -> Result<&'a str, ReadError> {
    if bytes.len() > SIZE_MAX {
        return Err(ReadError::TooLarge {
            file: file.to_owned(),
            size: bytes.len(),
        });
    }
    str::from_utf8(bytes).map_err(|error| ReadError::Encoding {
        file: file.to_owned(),
        offset: error.valid_up_to(),
    })
}

/// The system that a trace of this version of the format names.
fn system(file: &str, text: &str) -> Result<Option<String>, ReadError> {
    let header: Header = parse(file, text)?;
    if header.format.as_deref() == Some(FORMAT) {
        return Ok(header.system);
    }
    Err(ReadError::Format {
        file: file.to_owned(),
        found: header.format,
    })
}

fn unknown(file: &str, found: Option<&str>, known: &'static [&'static str]) -> ReadError {
    ReadError::System {
        file: file.to_owned(),
        found: found.map(str::to_owned),
        known,
    }
}

fn read_as<S: System>(file: &str, text: &str) -> Result<Trace<S>, ReadError>
where
    AnyTrace: From<Trace<S>>,
{
    let trace: Trace<S> = parse(file, text)?;
    S::check(file, &trace)?;
    let expected = rulebook::digest::<S>();
    if trace.rulebook != expected {
        return Err(ReadError::RuleBook {
            file: file.to_owned(),
            found: trace.rulebook.clone(),
            expected,
            trace: Box::new(trace.into()),
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
