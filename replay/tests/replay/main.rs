//! Traces told, written, read, replayed, shrunk and drawn, all against the model.
#![expect(
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails loudly"
)]

mod attacks;
mod audit;
mod bus;
mod drawing;
mod engine;
mod flush;
mod handshake;
mod mutation;
mod reading;
mod sample;
mod schema;
mod session;
mod shrinking;
mod validation;
mod weakening;
