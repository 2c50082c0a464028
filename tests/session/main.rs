//! Sessions on real code: attacks and random runs, against the model.
#![expect(clippy::panic, clippy::unwrap_used, reason = "a test fails loudly")]

mod agreement;
mod necessity;
