//! The bus as a service: what it answers is durable, whatever happens to its process or its disk.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test fails loudly, and so do its helpers"
)]

mod behaviour;
mod durability;
mod fixture;
mod keys;
mod kill;
mod messages;
mod processes;
mod program;
mod recording;
mod walkthrough;
