//! Flights as bytes: the canonical JSON of their records, read strictly.

use countersign_model::handshake::guard::Flight;

use super::refusal::Unreadable;
use crate::envelope::Record;
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
    Ok(Heard {
        record,
        object: object(value),
    })
}

/// The record as an object.
pub(crate) fn object_of(record: &impl Record) -> Object {
    object(record.to_value())
}

/// The bytes of a flight.
pub(crate) fn write(object: Object) -> Vec<u8> {
    json::write(&object.into())
}

/// The members of a record's value.
fn object(value: Value) -> Object {
    match value {
        Value::Object(object) => object,
        // INVARIANT: a record is an object, written and read as one.
        _ => Object::new(),
    }
}
