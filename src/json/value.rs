//! The values that an I-JSON text can have.

use thiserror::Error;

use super::members::{Members, canonical_order};

/// The largest integer of I-JSON, 2^53-1 (RFC 7493 section 2.2). The smallest is its negative.
pub const INTEGER_MAX: i64 = 9_007_199_254_740_991;

/// Below this magnitude, 10^21, the canonical form of a whole double has no exponent and so reads
/// as an integer (ECMA-262, `Number::toString`).
const WHOLE_FLOAT_MIN: f64 = 1e21;

/// A JSON value.
///
/// INVARIANT: an [`Integer`](Value::Integer) is within ±[`INTEGER_MAX`]; a
/// [`Float`](Value::Float) is finite, and either has a fraction or is of magnitude 10^21 and
/// above. So no number has two representations, and equality of values is equality of texts. The
/// reader and the `From` and `TryFrom` conversions keep this; build numbers with those. A variant
/// filled by hand against the invariant is written as a text that the reader refuses.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// `null`
    Null,
    /// `true` or `false`
    Bool(bool),
    /// A whole number within ±(2^53-1).
    Integer(i64),
    /// Any other finite double.
    Float(f64),
    /// A string of Unicode scalar values.
    String(String),
    /// An array, in its order.
    Array(Vec<Value>),
    /// An object, in canonical order.
    Object(Object),
}

/// Why a number is not an I-JSON number.
#[derive(Debug, Clone, Copy, PartialEq, Error)]
pub enum NumberError {
    /// A whole number beyond ±(2^53-1) that is written without an exponent.
    #[error("{0} is beyond 9007199254740991")]
    IntegerTooLarge(f64),
    /// An infinity or not a number.
    #[error("{0} is not finite")]
    NotFinite(f64),
}

impl Value {
    /// The text of a string, or nothing for any other value.
    pub fn as_str(&self) -> Option<&str> {
        match self {
            Self::String(text) => Some(text),
            _ => None,
        }
    }

    /// The object, or nothing for any other value.
    pub fn as_object(&self) -> Option<&Object> {
        match self {
            Self::Object(object) => Some(object),
            _ => None,
        }
    }

    /// What JSON calls this kind of value; an integer is told from other numbers.
    pub fn type_name(&self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::Bool(_) => "boolean",
            Self::Integer(_) => "integer",
            Self::Float(_) => "number",
            Self::String(_) => "string",
            Self::Array(_) => "array",
            Self::Object(_) => "object",
        }
    }
}

impl From<bool> for Value {
    fn from(value: bool) -> Self {
        Self::Bool(value)
    }
}

impl From<u32> for Value {
    fn from(value: u32) -> Self {
        Self::Integer(i64::from(value))
    }
}

impl TryFrom<i64> for Value {
    type Error = NumberError;

    fn try_from(value: i64) -> Result<Self, NumberError> {
        if value.unsigned_abs() <= INTEGER_MAX.unsigned_abs() {
            Ok(Self::Integer(value))
        } else {
            #[expect(clippy::cast_precision_loss, reason = "only for the message")]
            Err(NumberError::IntegerTooLarge(value as f64))
        }
    }
}

impl TryFrom<f64> for Value {
    type Error = NumberError;

    /// A whole number within ±(2^53-1), negative zero included, becomes an integer.
    fn try_from(value: f64) -> Result<Self, NumberError> {
        if !value.is_finite() {
            return Err(NumberError::NotFinite(value));
        }
        #[expect(clippy::float_cmp, reason = "exactly whole is meant")]
        if value != value.trunc() || value.abs() >= WHOLE_FLOAT_MIN {
            return Ok(Self::Float(value));
        }
        #[expect(
            clippy::cast_possible_truncation,
            reason = "whole; a saturated cast is refused"
        )]
        Self::try_from(value as i64).map_err(|_| NumberError::IntegerTooLarge(value))
    }
}

impl From<&str> for Value {
    fn from(value: &str) -> Self {
        Self::String(value.to_owned())
    }
}

impl From<String> for Value {
    fn from(value: String) -> Self {
        Self::String(value)
    }
}

impl From<Vec<Value>> for Value {
    fn from(value: Vec<Value>) -> Self {
        Self::Array(value)
    }
}

impl From<Object> for Value {
    fn from(value: Object) -> Self {
        Self::Object(value)
    }
}

/// The members of an object: unique names in canonical order, by UTF-16 code units
/// (RFC 8785 section 3.2.3).
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Object(Vec<(String, Value)>);

impl Object {
    /// An object without members.
    pub fn new() -> Self {
        Self::default()
    }

    /// The value of the member of this name.
    pub fn get(&self, name: &str) -> Option<&Value> {
        let place = self.place(name).ok()?;
        self.0.get(place).map(|(_, value)| value)
    }

    /// Adds a member; returns the value that a member of this name had before.
    pub fn insert(&mut self, name: impl Into<String>, value: impl Into<Value>) -> Option<Value> {
        let (name, value) = (name.into(), value.into());
        match self.place(&name) {
            Ok(place) => self
                .0
                .get_mut(place)
                .map(|member| std::mem::replace(&mut member.1, value)),
            Err(place) => {
                self.0.insert(place, (name, value));
                None
            }
        }
    }

    /// Removes the member of this name and returns its value.
    pub fn remove(&mut self, name: &str) -> Option<Value> {
        let place = self.place(name).ok()?;
        Some(self.0.remove(place).1)
    }

    /// The members in canonical order.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = (&str, &Value)> {
        self.0.iter().map(|(name, value)| (name.as_str(), value))
    }

    /// The number of members.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there is no member.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Where the member is, or where it would have to be inserted.
    fn place(&self, name: &str) -> Result<usize, usize> {
        self.0
            .binary_search_by(|(other, _)| canonical_order(other, name))
    }
}

impl FromIterator<(String, Value)> for Object {
    /// Of several members of one name the last stays.
    fn from_iter<I: IntoIterator<Item = (String, Value)>>(members: I) -> Self {
        let mut object = Self::new();
        for (name, value) in members {
            object.insert(name, value);
        }
        object
    }
}

impl From<Members<Value>> for Object {
    fn from(members: Members<Value>) -> Self {
        Self(members.into_sorted())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[rustfmt::skip]
    #[test]
    fn a_number_has_one_representation() {
        let beyond = 9_223_372_036_854_775_808.0;
        let rows: [(f64, Result<Value, NumberError>); 12] = [
            (1.0,                      Ok(Value::Integer(1))),
            (-0.0,                     Ok(Value::Integer(0))),
            (0.5,                      Ok(Value::Float(0.5))),
            (9_007_199_254_740_991.0,  Ok(Value::Integer(INTEGER_MAX))),
            (-9_007_199_254_740_991.0, Ok(Value::Integer(-INTEGER_MAX))),
            (9_007_199_254_740_992.0,  Err(NumberError::IntegerTooLarge(9_007_199_254_740_992.0))),
            (beyond,                   Err(NumberError::IntegerTooLarge(beyond))),
            (-1e20,                    Err(NumberError::IntegerTooLarge(-1e20))),
            (1e21,                     Ok(Value::Float(1e21))),
            (-1e300,                   Ok(Value::Float(-1e300))),
            (f64::INFINITY,            Err(NumberError::NotFinite(f64::INFINITY))),
            (f64::NEG_INFINITY,        Err(NumberError::NotFinite(f64::NEG_INFINITY))),
        ];
        for (number, expected) in rows {
            assert_eq!(Value::try_from(number), expected, "{number}");
        }
        assert!(Value::try_from(f64::NAN).is_err());
        assert_eq!(Value::try_from(INTEGER_MAX), Ok(Value::Integer(INTEGER_MAX)));
        assert!(Value::try_from(INTEGER_MAX + 1).is_err());
        assert!(Value::try_from(i64::MIN).is_err());
    }
    #[test]
    fn each_kind_of_value_has_the_name_that_json_gives_it() {
        let rows = [
            (Value::Null, "null"),
            (Value::from(true), "boolean"),
            (Value::from(7), "integer"),
            (Value::Float(0.5), "number"),
            (Value::from("a"), "string"),
            (Value::Array(Vec::new()), "array"),
            (Value::from(Object::new()), "object"),
        ];
        for (value, name) in rows {
            assert_eq!(value.type_name(), name);
        }
    }
}
