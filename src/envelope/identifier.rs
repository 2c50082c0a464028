//! Identifiers, times and counts: values of a fixed shape with one text each.

use std::fmt;

use sha2::Digest as _;

use super::{
    error::{SchemaError, SchemaErrorKind},
    field::{Field, pattern_schema, read_text, schema},
};
use crate::json::{INTEGER_MAX, Object, Value};

/// Declares bytes of a fixed number whose text is lower-case hexadecimal.
macro_rules! hexadecimal {
    ($(#[doc = $doc:literal])+ $name:ident, $bytes:literal, $expected:literal, $pattern:literal) => {
        $(#[doc = $doc])+
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name([u8; $bytes]);

        impl $name {
            /// The value with these bytes.
            pub const fn from_bytes(bytes: [u8; $bytes]) -> Self {
                Self(bytes)
            }

            /// The bytes.
            pub const fn as_bytes(&self) -> &[u8; $bytes] {
                &self.0
            }

            /// Reads the text form.
            ///
            /// # Errors
            /// [`SchemaErrorKind::Malformed`] for any other text, one with upper-case digits included.
            pub fn parse(text: &str) -> Result<Self, SchemaErrorKind> {
                decode(text).map(Self).ok_or_else(|| SchemaErrorKind::malformed($expected, text))
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.pad(&encode(&self.0))
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(formatter, concat!(stringify!($name), "({})"), self)
            }
        }

        impl Field for $name {
            fn read(value: &Value) -> Result<Self, SchemaError> {
                Ok(Self::parse(read_text(value)?)?)
            }

            fn to_value(&self) -> Value {
                encode(&self.0).into()
            }

            fn schema() -> Object {
                pattern_schema($pattern)
            }
        }
    };
}

hexadecimal!(
    /// What makes a message of its sender unlike every other: 16 random bytes, never derived from
    /// the time.
    Nonce, 16, "32 lower-case hexadecimal digits", "^[0-9a-f]{32}$"
);
hexadecimal!(
    /// What a message is called: 16 bytes.
    MessageId, 16, "32 lower-case hexadecimal digits", "^[0-9a-f]{32}$"
);
hexadecimal!(
    /// What a session is called: 16 bytes.
    SessionId, 16, "32 lower-case hexadecimal digits", "^[0-9a-f]{32}$"
);
hexadecimal!(
    /// A SHA-256 digest (FIPS 180-4): 32 bytes.
    Digest, 32, "64 lower-case hexadecimal digits", "^[0-9a-f]{64}$"
);

impl Digest {
    /// The digest of these bytes.
    pub fn of(bytes: &[u8]) -> Self {
        Self(sha2::Sha256::digest(bytes).into())
    }
}

/// Declares an integer from 0 to 2^53-1.
macro_rules! natural {
    ($(#[doc = $doc:literal])+ $name:ident, $from:ident, $as:ident) => {
        $(#[doc = $doc])+
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(u64);

        impl $name {
            /// The largest value, 2^53-1.
            pub const MAX: Self = Self(INTEGER_MAX.unsigned_abs());

            /// The value of this number, or nothing beyond [`MAX`](Self::MAX).
            pub const fn $from(number: u64) -> Option<Self> {
                if number <= Self::MAX.0 { Some(Self(number)) } else { None }
            }

            /// The number.
            pub const fn $as(self) -> u64 {
                self.0
            }
        }

        impl Field for $name {
            fn read(value: &Value) -> Result<Self, SchemaError> {
                let &Value::Integer(integer) = value else {
                    let found = value.type_name();
                    return Err(SchemaErrorKind::WrongType { expected: "integer", found }.into());
                };
                let number = u64::try_from(integer).ok().and_then(Self::$from);
                Ok(number.ok_or(SchemaErrorKind::OutOfRange { found: integer })?)
            }

            fn to_value(&self) -> Value {
                // INVARIANT: at most 2^53-1, so the cast and the value are exact.
                Value::Integer(self.0.cast_signed())
            }

            fn schema() -> Object {
                let maximum = Value::Integer(INTEGER_MAX);
                let minimum = Value::Integer(0);
                schema([("type", "integer".into()), ("minimum", minimum), ("maximum", maximum)])
            }
        }
    };
}

natural!(
    /// A time: milliseconds since the Unix epoch, 0 to 2^53-1.
    Timestamp, from_ms, as_ms
);
natural!(
    /// A place in a sequence, 0 to 2^53-1.
    Sequence, from_number, as_number
);

/// The digits of hexadecimal, by value.
const DIGITS: &[u8; 16] = b"0123456789abcdef";

fn encode(bytes: &[u8]) -> String {
    let digit = |value: u8| {
        DIGITS
            .get(usize::from(value))
            .map(|digit| char::from(*digit))
    };
    let mut text = String::with_capacity(2 * bytes.len());
    text.extend(
        bytes
            .iter()
            .flat_map(|byte| [digit(byte >> 4), digit(byte & 0xF)])
            .flatten(),
    );
    text
}

/// Reads exactly `N` bytes, or nothing.
fn decode<const N: usize>(text: &str) -> Option<[u8; N]> {
    let digit = |byte: u8| match byte {
        b'0'..=b'9' => Some(byte - b'0'),
        b'a'..=b'f' => Some(byte - b'a' + 10),
        _ => None,
    };
    let (pairs, rest) = text.as_bytes().as_chunks::<2>();
    if pairs.len() != N || !rest.is_empty() {
        return None;
    }
    let mut bytes = [0; N];
    for (byte, &[high, low]) in bytes.iter_mut().zip(pairs) {
        *byte = digit(high)? << 4 | digit(low)?;
    }
    Some(bytes)
}
