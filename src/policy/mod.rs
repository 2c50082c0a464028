//! The policy of a deployment: who may send what to whom, and what follows from it.
//!
//! [`Policy`] is what the rules compile to and what an orchestrator asks: a decision on one message.
//! [`Reach`] searches the chains of agents through which one can make another do something,
//! [`Review`] finds rules that never decide or that others shadow, [`Difference`] what a change of the
//! rules changes. All of them ask the same decision, which is the model's
//! ([`countersign_model::bus::policy`]). Agents that no rule names are all alike: one stands for them,
//! and a second where two are needed, so that an answer holds for agents that enrol tomorrow.
//!
//! Never here: names, files, or a rule about messages. A search is no proof: what these find is shown
//! for every agent by `countersign_invariants::policy`.

mod difference;
mod engine;
mod kind;
mod reach;
mod reason;
mod review;
mod trio;

pub use countersign_model::bus::chain::{By, Hop, Outcome, Question};
pub use difference::{Change, Difference};
pub use engine::Policy;
pub use kind::{answered, every_type, kind_in, kinds, names, types_of};
pub use reach::Reach;
pub use reason::Reason;
pub use review::{Effect, Remark, Review};
pub use trio::Trios;

#[cfg(test)]
mod tests;
