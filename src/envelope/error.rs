//! Why a value is not an envelope, and which field is at fault.

use thiserror::Error;

use super::kind::{Kind, UnknownKind};

/// The first fault of a value, in the order in which the fields are declared; fields that are not
/// declared come last.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("{kind} at {}", if path.is_empty() { "the root" } else { path.as_str() })]
pub struct SchemaError {
    /// What is wrong.
    pub kind: SchemaErrorKind,
    /// The field at fault, a JSON pointer (RFC 6901); empty for the envelope itself.
    pub path: String,
}

/// What is wrong with a field.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum SchemaErrorKind {
    /// A field that every such record has is not there.
    #[error("missing field")]
    Missing,
    /// A field that no such record has.
    #[error("unknown field")]
    Unknown,
    /// A field without which a message of this kind has no meaning.
    #[error("missing field, required in a message of type {0}")]
    RequiredFor(Kind),
    /// A field without which another that is there has no meaning.
    #[error("missing field, required with {0}")]
    RequiredWith(&'static str),
    /// A field that means nothing in a message of this kind.
    #[error("field not allowed in a message of type {0}")]
    ForbiddenFor(Kind),
    /// A value of another JSON type.
    #[error("expected {expected}, found {found}")]
    WrongType {
        /// The type that the field has.
        expected: &'static str,
        /// The type of the value.
        found: &'static str,
    },
    /// A text that is not one of the texts of its type.
    #[error("expected {expected}, found {found:?}")]
    Malformed {
        /// The texts of the type.
        expected: &'static str,
        /// The first 64 characters of the text.
        found: String,
    },
    /// An integer beyond its bounds.
    #[error("expected an integer from 0 to 9007199254740991, found {found}")]
    OutOfRange {
        /// The integer.
        found: i64,
    },
    /// A text or a list of the wrong length.
    #[error("expected {minimum} to {maximum} {unit}, found {found}")]
    Length {
        /// What is counted.
        unit: &'static str,
        /// The least that is allowed.
        minimum: usize,
        /// The most that is allowed.
        maximum: usize,
        /// How many there are.
        found: usize,
    },
    /// An element that is equal to an earlier one.
    #[error("element occurs a second time")]
    Repeated,
    /// Neither `payload` nor `sealed`.
    #[error("expected one of payload and sealed, found neither")]
    NoBody,
    /// Both `payload` and `sealed`.
    #[error("expected one of payload and sealed, found both")]
    TwoBodies,
    /// A draft whose header names another kind than its payload has.
    #[error("payload of type {payload} in a message of type {header}")]
    KindMismatch {
        /// The kind that the header names.
        header: Kind,
        /// The kind of the payload.
        payload: Kind,
    },
    /// A payload whose canonical text is too long.
    #[error("payload of {bytes} canonical bytes where at most {bytes_max} are allowed")]
    PayloadTooLarge {
        /// The length of the text, in bytes.
        bytes: usize,
        /// The limit, in bytes.
        bytes_max: usize,
    },
}

impl SchemaErrorKind {
    /// A text that is not what its type expects; keeps only the beginning of a long one.
    pub(crate) fn malformed(expected: &'static str, found: &str) -> Self {
        Self::Malformed {
            expected,
            found: found.chars().take(64).collect(),
        }
    }

    /// The fault of this member of the record at hand.
    pub(crate) fn at(self, name: &str) -> SchemaError {
        SchemaError::from(self).within(name)
    }
}

impl From<UnknownKind> for SchemaErrorKind {
    fn from(UnknownKind(found): UnknownKind) -> Self {
        Self::malformed(UnknownKind::EXPECTED, &found)
    }
}

impl From<SchemaErrorKind> for SchemaError {
    /// The fault of the value at hand.
    fn from(kind: SchemaErrorKind) -> Self {
        Self {
            kind,
            path: String::new(),
        }
    }
}

impl SchemaError {
    /// The same fault, seen from the record or list that contains the value under this name.
    pub(crate) fn within(self, name: &str) -> Self {
        // RFC 6901 section 3: `~` is written `~0`, `/` is written `~1`.
        let segment = name.replace('~', "~0").replace('/', "~1");
        Self {
            path: format!("/{segment}{}", self.path),
            ..self
        }
    }
}
