//! Why a text was refused, and at which byte.

use thiserror::Error;

/// The first reason, in reading order, why a text is not acceptable.
///
/// Encoding is judged before structure: a text with an invalid UTF-8 byte is refused for that
/// byte, wherever it stands.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("{kind} at byte {offset}")]
pub struct ReadError {
    /// What is wrong.
    pub kind: ReadErrorKind,
    /// Where, in bytes since the start of the text; the length of the text if it ends too early.
    pub offset: usize,
}

/// What is wrong with a text.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum ReadErrorKind {
    /// The text is longer than [`Limits::bytes_max`](super::Limits::bytes_max); nothing was read.
    #[error("{bytes} bytes of text where at most {bytes_max} are allowed")]
    TooLarge {
        /// Length of the text, in bytes.
        bytes: usize,
        /// The limit, in bytes.
        bytes_max: usize,
    },
    /// One more array or object was opened than may be open at once.
    #[error("nesting deeper than {depth_max}")]
    TooDeep {
        /// How many arrays and objects may be open at once.
        depth_max: usize,
    },
    /// The members of all objects and the elements of all arrays are too many.
    #[error("more than {members_max} members and elements")]
    TooManyMembers {
        /// The limit on their sum.
        members_max: usize,
    },
    /// The text starts with U+FEFF (RFC 8259 section 8.1 forbids sending it).
    #[error("byte order mark")]
    ByteOrderMark,
    /// A byte that no UTF-8 text has there (RFC 7493 section 2.1).
    #[error("invalid UTF-8")]
    InvalidUtf8,
    /// The text ends inside a value.
    #[error("unexpected end of text, expected {expected}")]
    UnexpectedEnd {
        /// What could have stood there.
        expected: &'static str,
    },
    /// A character that the grammar of RFC 8259 does not allow there.
    #[error("unexpected {found:?}, expected {expected}")]
    UnexpectedByte {
        /// What could have stood there.
        expected: &'static str,
        /// What stands there.
        found: char,
    },
    /// Something other than white space follows the value.
    #[error("trailing bytes after the value")]
    TrailingBytes,
    /// An object has two members of one name (RFC 7493 section 2.3). The offset is the second's.
    #[error("duplicate member name {name:?}")]
    DuplicateKey {
        /// The name, unescaped.
        name: String,
    },
    /// A backslash that starts none of the escapes of RFC 8259 section 7.
    #[error("invalid escape sequence")]
    InvalidEscape,
    /// A `\u` escape of one half of a surrogate pair (RFC 7493 section 2.1).
    #[error("lone surrogate U+{code_unit:04X}")]
    LoneSurrogate {
        /// The UTF-16 code unit without its other half.
        code_unit: u16,
    },
    /// A code point that Unicode reserves for internal use (RFC 7493 section 2.1).
    #[error("noncharacter U+{code_point:04X}")]
    Noncharacter {
        /// The code point.
        code_point: u32,
    },
    /// A character below U+0020 that is not escaped.
    #[error("unescaped control character U+{code_point:04X}")]
    ControlCharacter {
        /// The code point.
        code_point: u8,
    },
    /// A number that does not follow RFC 8259 section 6. The offset is the first wrong byte's.
    #[error("malformed number, expected {expected}")]
    NumberSyntax {
        /// What could have stood there.
        expected: &'static str,
    },
    /// A whole number beyond 2^53-1, of which a double cannot tell neighbours apart
    /// (RFC 7493 section 2.2). The offset is the number's.
    #[error("integer beyond 9007199254740991")]
    IntegerTooLarge,
    /// A number beyond the largest double, such as `1e999`. The offset is the number's.
    #[error("number beyond the range of a double")]
    NumberNotFinite,
    /// A token that other languages read as a number and JSON does not have.
    #[error("`{token}` is not a JSON number")]
    NotANumber {
        /// `NaN`, `Infinity` or `-Infinity`.
        token: &'static str,
    },
    /// The text differs from the one canonical text of its value (RFC 8785). The offset is that
    /// of the first difference.
    #[error("not the canonical text: the first difference is")]
    NotCanonical,
}

impl ReadErrorKind {
    /// Joins the reason with its place.
    pub(super) fn at(self, offset: usize) -> ReadError {
        ReadError { kind: self, offset }
    }
}
