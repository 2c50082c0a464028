//! The program as its user runs it: words in, lines and an exit code out.

#![expect(
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "a test fails loudly, and so do its helpers"
)]

mod checking;
mod corpus;
mod deployment;
mod handshake;
mod help;
mod honesty;
mod log;
mod messages;
mod misuse;
mod policy;
mod program;
mod validate;
mod witness;
