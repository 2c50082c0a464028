//! The bus on real code: attacks, exchanges and refusals, against the model.
#![expect(clippy::panic, clippy::unwrap_used, reason = "a test fails loudly")]

mod agreement;
mod conformance;
mod deployment;
mod necessity;
mod script;
