//! Strict I-JSON (RFC 7493) in, canonical JSON (RFC 8785) out: one text, one meaning.
//!
//! A signature covers bytes, a decision reads values. [`read_canonical`] makes the two the same
//! thing: it accepts exactly the texts that [`write()`] produces, so two different texts never share
//! a meaning and one text never has two. [`read`] alone is for files that people edit, and
//! [`read_spanned`] for those whose mistakes are told by line and column.
//!
//! What must never be here: knowledge of any message, leniency, recovery from an error.
//! Read on in [`Value`] for what can be represented, in [`ReadErrorKind`] for what is refused.

mod error;
mod members;
mod number;
mod reader;
mod spanned;
mod string;
mod tree;
mod value;
mod writer;

pub use error::{ReadError, ReadErrorKind};
pub use reader::{DEPTH_MAX, Limits, read, read_canonical, read_spanned};
pub use spanned::{Lines, Node, Spanned};
pub use value::{INTEGER_MAX, NumberError, Object, Value};
pub use writer::{canonical_length, cut_out, write, write_without};

#[cfg(test)]
mod tests;
