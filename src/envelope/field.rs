//! Fields: the types that a member can have, each with its text, its check and its schema.

use super::error::{SchemaError, SchemaErrorKind};
use super::kind::Kind;
use crate::{
    identity::{KeyId, SpiffeId, base64url},
    json::{Object, Value},
};

/// A type that a JSON value is read as.
pub(crate) trait Field: Sized {
    /// Reads a value that is well-formed for the type.
    fn read(value: &Value) -> Result<Self, SchemaError>;

    /// The one value that [`read`](Self::read) reads as this.
    fn to_value(&self) -> Value;

    /// The JSON Schema that accepts what [`read`](Self::read) accepts.
    fn schema() -> Object;
}

/// The text of a value that must be a string.
pub(crate) fn read_text(value: &Value) -> Result<&str, SchemaErrorKind> {
    let found = value.type_name();
    value.as_str().ok_or(SchemaErrorKind::WrongType {
        expected: "string",
        found,
    })
}

/// The schema of the strings that match a pattern.
pub(super) fn pattern_schema(pattern: impl Into<Value>) -> Object {
    schema([("type", "string".into()), ("pattern", pattern.into())])
}

/// An object from its members.
pub(crate) fn schema<const N: usize>(members: [(&str, Value); N]) -> Object {
    members
        .into_iter()
        .map(|(name, value)| (name.to_owned(), value))
        .collect()
}

/// Any JSON value: data, which the protocol carries and does not read.
impl Field for Value {
    fn read(value: &Value) -> Result<Self, SchemaError> {
        Ok(value.clone())
    }

    fn to_value(&self) -> Value {
        self.clone()
    }

    fn schema() -> Object {
        Object::new()
    }
}

impl Field for bool {
    fn read(value: &Value) -> Result<Self, SchemaError> {
        match value {
            Value::Bool(truth) => Ok(*truth),
            other => {
                let found = other.type_name();
                Err(SchemaErrorKind::WrongType {
                    expected: "boolean",
                    found,
                }
                .into())
            }
        }
    }

    fn to_value(&self) -> Value {
        Value::Bool(*self)
    }

    fn schema() -> Object {
        schema([("type", "boolean".into())])
    }
}

/// An agent's id, which has a path: the id of a whole trust domain sends and receives nothing.
impl Field for SpiffeId {
    fn read(value: &Value) -> Result<Self, SchemaError> {
        let text = read_text(value)?;
        let malformed = |_| SchemaErrorKind::malformed("the SPIFFE ID of an agent", text);
        Ok(Self::parse_agent(text).map_err(malformed)?)
    }

    fn to_value(&self) -> Value {
        self.as_str().into()
    }

    fn schema() -> Object {
        // A segment of one or two dots is no segment (SPIFFE-ID section 2.2).
        let pattern = r"^spiffe://[a-z0-9._-]{1,255}(/(?!\.{1,2}(/|$))[A-Za-z0-9._-]+)+$";
        let mut schema = pattern_schema(pattern);
        schema.insert("maxLength", 2048_u32);
        schema
    }
}

impl Field for KeyId {
    fn read(value: &Value) -> Result<Self, SchemaError> {
        let text = read_text(value)?;
        let malformed = |_| SchemaErrorKind::malformed("43 characters of base64url", text);
        Ok(Self::parse(text).map_err(malformed)?)
    }

    fn to_value(&self) -> Value {
        self.to_string().into()
    }

    fn schema() -> Object {
        <[u8; Self::LENGTH] as Field>::schema()
    }
}

/// Bytes of a fixed number, as base64url without padding (RFC 4648 section 5).
impl<const N: usize> Field for [u8; N] {
    fn read(value: &Value) -> Result<Self, SchemaError> {
        let text = read_text(value)?;
        let malformed = |_| SchemaErrorKind::malformed("base64url of a fixed length", text);
        Ok(base64url::decode(text).map_err(malformed)?)
    }

    fn to_value(&self) -> Value {
        base64url::encode(self).into()
    }

    fn schema() -> Object {
        // RFC 4648 section 3.5: the bits of the last character that belong to no byte are zero.
        let symbol = "[A-Za-z0-9_-]";
        pattern_schema(match N % 3 {
            0 => format!("^{symbol}{{{}}}$", N / 3 * 4),
            1 => format!("^{symbol}{{{}}}[AQgw]$", N / 3 * 4 + 1),
            _ => format!("^{symbol}{{{}}}[AEIMQUYcgkosw048]$", N / 3 * 4 + 2),
        })
    }
}

impl Field for Kind {
    fn read(value: &Value) -> Result<Self, SchemaError> {
        Ok(Self::parse(read_text(value)?).map_err(SchemaErrorKind::from)?)
    }

    fn to_value(&self) -> Value {
        self.as_str().into()
    }

    fn schema() -> Object {
        let texts: Vec<Value> = Self::ALL.iter().map(Field::to_value).collect();
        schema([("enum", texts.into())])
    }
}
