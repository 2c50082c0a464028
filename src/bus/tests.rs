//! The orchestrator: precedence, what becomes of messages one after another, and the mailbox.

mod behaviour;
mod fixture;
mod mailbox;
mod precedence;
