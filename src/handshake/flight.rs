//! Flights as bytes: the canonical JSON of their records, read strictly.

use countersign_model::handshake::guard::Flight;

use super::refusal::Unreadable;
use crate::envelope::{Record, SchemaError, SchemaErrorKind};
use crate::json::{self, Limits, Object, Value};

/// The longest flight that is parsed, in bytes: 16 KiB.
pub const FLIGHT_BYTES_MAX: usize = 16 * 1024;

/// A flight that was read.
pub(crate) struct Heard<R> {
    /// What it says.
    pub(crate) record: R,
    /// The same as a value, for the transcript.
    pub(crate) object: Object,
}

/// Reads the record of the flight that comes next; its size is bounded before it is parsed.
pub(crate) fn read<R: Record>(expected: Flight, bytes: &[u8]) -> Result<Heard<R>, Unreadable> {
    let limits = Limits {
        bytes_max: FLIGHT_BYTES_MAX,
        ..Limits::default()
    };
    let unreadable = |reason| Unreadable { expected, reason };
    let value = json::read_canonical(bytes, &limits).map_err(|error| unreadable(error.into()))?;
    let record = R::from_value(&value).map_err(|error| unreadable(error.into()))?;
    match value {
        Value::Object(object) => Ok(Heard { record, object }),
        // INVARIANT: what a record was read from is an object.
        other => {
            let (expected, found) = ("object", other.type_name());
            let error = SchemaErrorKind::WrongType { expected, found };
            Err(unreadable(SchemaError::from(error).into()))
        }
    }
}

/// The record as an object.
pub(crate) fn object_of(record: &impl Record) -> Object {
    let mut object = Object::new();
    record.put(&mut object);
    object
}

/// The bytes of a flight.
pub(crate) fn write(object: Object) -> Vec<u8> {
    json::write(&object.into())
}
