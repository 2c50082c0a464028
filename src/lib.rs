//! Countersign: the real code of the protocol, and the command line over its checker.

pub mod admission;
pub mod envelope;
mod flawed;
pub mod identity;
pub mod json;
pub mod lab;
pub mod store;
