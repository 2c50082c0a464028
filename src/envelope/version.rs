//! Protocol versions.

use std::fmt;

use super::{
    error::{SchemaError, SchemaErrorKind},
    field::{Field, pattern_schema, read_text},
};
use crate::json::{Object, Value};

/// A version of the protocol, `MAJOR.MINOR`, each from 0 to 9999. Ordered by age.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Version {
    major: u16,
    minor: u16,
}

impl Version {
    /// The version that this code speaks.
    pub const CURRENT: Self = Self { major: 1, minor: 0 };

    /// Whether this code can judge a message of this version.
    pub fn is_supported(self) -> bool {
        self == Self::CURRENT
    }

    /// A number that orders versions as their age does: `major * 2^32 + minor`.
    pub fn rank(self) -> u64 {
        u64::from(self.major) << 32 | u64::from(self.minor)
    }

    /// Reads the text form.
    ///
    /// # Errors
    /// [`SchemaErrorKind::Malformed`] for any other text, one with a leading zero included.
    pub fn parse(text: &str) -> Result<Self, SchemaErrorKind> {
        let version = text.split_once('.').and_then(|(major, minor)| {
            Some(Self {
                major: read_number(major)?,
                minor: read_number(minor)?,
            })
        });
        version.ok_or_else(|| SchemaErrorKind::malformed("a version such as 1.0", text))
    }
}

/// The version that a value claims, read before anything else of it, since it says how to read the
/// rest. Nothing if there is none or it is not one.
pub fn version_of(value: &Value) -> Option<Version> {
    let text = value.as_object()?.get("version")?.as_str()?;
    Version::parse(text).ok()
}

/// Reads one to four digits without a leading zero.
fn read_number(text: &str) -> Option<u16> {
    let is_number = matches!(text.len(), 1..=4) && text.bytes().all(|byte| byte.is_ascii_digit());
    if !is_number || (text.len() > 1 && text.starts_with('0')) {
        return None;
    }
    text.parse().ok()
}

impl fmt::Display for Version {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}.{}", self.major, self.minor)
    }
}

impl Field for Version {
    fn read(value: &Value) -> Result<Self, SchemaError> {
        Ok(Self::parse(read_text(value)?)?)
    }

    fn to_value(&self) -> Value {
        self.to_string().into()
    }

    fn schema() -> Object {
        pattern_schema(r"^(0|[1-9][0-9]{0,3})\.(0|[1-9][0-9]{0,3})$")
    }
}
