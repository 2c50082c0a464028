//! The bus: the orchestrator that every message between two agents passes (protocol section 8).
//!
//! An [`Orchestrator`] takes admitted envelopes and clock readings and answers with a [`Ruling`]:
//! delivered, held for a human, or refused. It opens no socket, reads no clock and draws no entropy;
//! whoever runs it makes each ruling durable before anything comes of it. Its only decisions are rows
//! of [`countersign_model::bus::guard`]; the private module `facts` establishes what they ask about.
//!
//! What is delivered leaves as a [`Delivery`](crate::envelope::Delivery), countersigned, and an agent's [`Mailbox`] takes nothing
//! else: agents open no channel to each other.
//!
//! Never here: a condition on a message that is not a row of the guard table, and no flawed
//! mechanism.

mod approval;
mod conversation;
mod delivery;
mod desk;
mod facts;
mod limits;
mod mechanism;
mod memory;
mod meter;
mod orchestrator;
mod ruling;

pub use approval::{Approval, Held, Shown};
pub use conversation::{Conversation, Ending, Request, is_answer, is_request};
pub(crate) use conversation::{MEMORY_MS, wanted_answer_by_ms};
pub use delivery::{Delivered, DeliveryError, Mailbox};
pub(crate) use desk::Desk;
pub use desk::Policy;
pub use limits::Limits;
pub(crate) use mechanism::{Hardened, Mechanisms};
pub use meter::Meter;
pub use orchestrator::{ApproveError, Orchestrator};
pub use ruling::{Outcome, Ruling};

#[cfg(test)]
mod tests;
