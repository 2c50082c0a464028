//! The envelope: the one shape of every message between agents (protocol section 2).
//!
//! A received text becomes an [`Envelope`] in two steps: [`read_canonical`](crate::json::read_canonical)
//! makes it a value, [`Envelope::from_value`] makes the value an envelope whose fields cannot be
//! wrong. A message to send starts as a [`Draft`] and becomes an [`Envelope`] by being signed.
//!
//! What must never be here: a decision about a message. An envelope of a version that is not
//! supported, that is stale, or whose signature is another's is well-formed; the guard table
//! judges it. Each record is declared once, by `record!`; the declaration is its type, its
//! validation and, through [`schemas`], its published JSON Schema.

mod delivery;
mod error;
pub(crate) mod field;
mod header;
mod identifier;
mod kind;
pub mod payload;
pub(crate) mod record;
mod schema;
mod signed;
mod signing;
mod text;
mod version;

pub use delivery::Delivery;
pub use error::{SchemaError, SchemaErrorKind};
pub use header::Header;
pub use identifier::{Digest, MessageId, Nonce, Sequence, SessionId, Timestamp};
pub use kind::{Kind, Presence, Rule, UnknownKind};
pub use payload::Payload;
pub(crate) use record::Record;
pub(crate) use schema::record_schema;
pub use schema::{Schema, schemas};
pub use signed::{BODY_BYTES_MAX, Body, Draft, Envelope};
pub use signing::{signing_input, signing_input_of, signing_input_within};
pub use text::{List, Name, Opaque, Text};
pub use version::{Version, version_of};

#[cfg(test)]
mod tests;
