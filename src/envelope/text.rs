//! Texts and lists, bounded in length.

use std::fmt;

use super::{
    error::{SchemaError, SchemaErrorKind},
    field::{Field, pattern_schema, read_text, schema},
};
use crate::identity::base64url;
use crate::json::{Object, Value};

/// What machines compare: a lower-case letter, then at most 63 lower-case letters, digits, dots,
/// hyphens and underscores.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Name(String);

impl Name {
    /// Reads a name.
    ///
    /// # Errors
    /// [`SchemaErrorKind::Malformed`] for any other text.
    pub fn parse(text: &str) -> Result<Self, SchemaErrorKind> {
        let is_symbol = |byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'.' | b'_' | b'-');
        let starts_well = text.starts_with(|first: char| first.is_ascii_lowercase());
        if starts_well && text.len() <= 64 && text.bytes().all(is_symbol) {
            return Ok(Self(text.to_owned()));
        }
        Err(SchemaErrorKind::malformed(
            "a name such as report.daily",
            text,
        ))
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Name {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.pad(&self.0)
    }
}

impl Field for Name {
    fn read(value: &Value) -> Result<Self, SchemaError> {
        Ok(Self::parse(read_text(value)?)?)
    }

    fn to_value(&self) -> Value {
        self.as_str().into()
    }

    fn schema() -> Object {
        pattern_schema("^[a-z][a-z0-9._-]{0,63}$")
    }
}

/// What people or models read: 1 to `MAX` Unicode scalar values.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Text<const MAX: usize>(String);

impl<const MAX: usize> Text<MAX> {
    /// Takes a text.
    ///
    /// # Errors
    /// [`SchemaErrorKind::Length`] for an empty or too long one.
    pub fn parse(text: &str) -> Result<Self, SchemaErrorKind> {
        let found = text.chars().count();
        check_length("characters", 1, MAX, found)?;
        Ok(Self(text.to_owned()))
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl<const MAX: usize> Field for Text<MAX> {
    fn read(value: &Value) -> Result<Self, SchemaError> {
        Ok(Self::parse(read_text(value)?)?)
    }

    fn to_value(&self) -> Value {
        self.as_str().into()
    }

    fn schema() -> Object {
        let (minimum, maximum) = (length_value(1), length_value(MAX));
        schema([
            ("type", "string".into()),
            ("minLength", minimum),
            ("maxLength", maximum),
        ])
    }
}

/// What only its recipient can read: 1 to `MAX` characters of base64url without padding.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Opaque<const MAX: usize>(String);

impl<const MAX: usize> Opaque<MAX> {
    /// Takes a text.
    ///
    /// # Errors
    /// [`SchemaErrorKind::Length`] or [`SchemaErrorKind::Malformed`]; the latter also for unused
    /// bits that are not zero, so that no bytes have two texts (RFC 4648 section 3.5).
    pub fn parse(text: &str) -> Result<Self, SchemaErrorKind> {
        check_length("characters", 1, MAX, text.chars().count())?;
        let is_symbol = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
        let ends_well = match text.len() % 4 {
            0 => true,
            2 => text.ends_with(['A', 'Q', 'g', 'w']),
            3 => text.ends_with(|last| "AEIMQUYcgkosw048".contains(last)),
            _ => false,
        };
        if ends_well && text.bytes().all(is_symbol) {
            return Ok(Self(text.to_owned()));
        }
        Err(SchemaErrorKind::malformed(
            "base64url without padding",
            text,
        ))
    }

    /// Takes bytes.
    ///
    /// # Errors
    /// [`SchemaErrorKind::Length`] for none or too many.
    pub fn of(bytes: &[u8]) -> Result<Self, SchemaErrorKind> {
        let text = base64url::encode(bytes);
        check_length("characters", 1, MAX, text.len())?;
        Ok(Self(text))
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The bytes.
    pub fn to_bytes(&self) -> Vec<u8> {
        // INVARIANT: both constructors see to it that the text is that of some bytes.
        base64url::decode_any(&self.0).unwrap_or_default()
    }
}

impl<const MAX: usize> Field for Opaque<MAX> {
    fn read(value: &Value) -> Result<Self, SchemaError> {
        Ok(Self::parse(read_text(value)?)?)
    }

    fn to_value(&self) -> Value {
        self.as_str().into()
    }

    fn schema() -> Object {
        let symbol = "[A-Za-z0-9_-]";
        let end = format!("{symbol}[AQgw]|{symbol}{{2}}[AEIMQUYcgkosw048]");
        let mut schema = pattern_schema(format!("^({symbol}{{4}})*({end})?$"));
        schema.insert("minLength", length_value(1));
        schema.insert("maxLength", length_value(MAX));
        schema
    }
}

/// `MIN` to `MAX` elements in an order that matters, none twice.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct List<T, const MIN: usize, const MAX: usize>(Vec<T>);

impl<T: PartialEq, const MIN: usize, const MAX: usize> List<T, MIN, MAX> {
    /// Takes the elements.
    ///
    /// # Errors
    /// [`SchemaErrorKind::Length`] for the list, [`SchemaErrorKind::Repeated`] for the first
    /// element that is equal to an earlier one.
    pub fn new(elements: Vec<T>) -> Result<Self, SchemaError> {
        check_length("elements", MIN, MAX, elements.len())?;
        // At most `MAX` squared comparisons, and the lists are short.
        let is_repeated =
            |(place, element)| elements.iter().take(place).any(|other| other == element);
        match elements.iter().enumerate().position(is_repeated) {
            Some(place) => Err(SchemaErrorKind::Repeated.at(&place.to_string())),
            None => Ok(Self(elements)),
        }
    }

    /// The elements.
    pub fn as_slice(&self) -> &[T] {
        &self.0
    }
}

impl<T: Field + PartialEq, const MIN: usize, const MAX: usize> Field for List<T, MIN, MAX> {
    fn read(value: &Value) -> Result<Self, SchemaError> {
        let Value::Array(elements) = value else {
            let found = value.type_name();
            return Err(SchemaErrorKind::WrongType {
                expected: "array",
                found,
            }
            .into());
        };
        check_length("elements", MIN, MAX, elements.len())?;
        let read = |(place, element): (usize, &Value)| {
            T::read(element).map_err(|error| error.within(&place.to_string()))
        };
        Self::new(
            elements
                .iter()
                .enumerate()
                .map(read)
                .collect::<Result<_, _>>()?,
        )
    }

    fn to_value(&self) -> Value {
        Value::Array(self.0.iter().map(Field::to_value).collect())
    }

    fn schema() -> Object {
        schema([
            ("type", "array".into()),
            ("items", T::schema().into()),
            ("uniqueItems", true.into()),
            ("minItems", length_value(MIN)),
            ("maxItems", length_value(MAX)),
        ])
    }
}

fn check_length(
    unit: &'static str,
    minimum: usize,
    maximum: usize,
    found: usize,
) -> Result<(), SchemaErrorKind> {
    if (minimum..=maximum).contains(&found) {
        return Ok(());
    }
    Err(SchemaErrorKind::Length {
        unit,
        minimum,
        maximum,
        found,
    })
}

/// A length in a schema. Lengths are small; one beyond 32 bits would forbid nothing less.
fn length_value(length: usize) -> Value {
    u32::try_from(length).unwrap_or(u32::MAX).into()
}
