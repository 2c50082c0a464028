//! The handshake on real code: attacks and every flight there is, against the model.
#![expect(clippy::panic, clippy::unwrap_used, reason = "a test fails loudly")]

mod conformance;
mod necessity;
