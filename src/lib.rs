//! Countersign: the real code of the protocol, and the command line over its checker.

pub mod envelope;
pub mod identity;
pub mod json;
pub mod store;
