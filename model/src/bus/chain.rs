//! Chains of messages through which one agent makes another receive something, and questions about them.
//!
//! A deputy is an agent that, having received something, sends on. It may have received a request, or
//! the answer to one of its own; and it may send whatever the rules let it send. Agents are numbers:
//! those that rules name come first, every other number is an agent that no rule names.
//!
//! Never here: a search for chains, or a proof that there is none.

use super::passage::Passage;
use super::tiering::Types;
use crate::domain::Truth;

/// Whether one agent can reach another through any chain of deputies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Question {
    /// Who wants something done.
    pub from: u32,
    /// Whom it wants to reach. One that no rule names must have another number than the one that a
    /// search takes for all such deputies.
    pub to: u32,
    /// The types of which the last message must be; any message at all, an answer too, if absent.
    pub by: Option<Types>,
    /// No human may be asked on the way.
    pub without_approval: bool,
    /// Deputies declare on whose behalf they act.
    pub declared: bool,
    /// An answer counts as a way from who gives it to who asked for it.
    pub answers: bool,
}

/// What becomes of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Outcome {
    /// It is refused.
    Denied,
    /// It waits for a human.
    Held,
    /// It goes at once.
    Allowed,
}

/// One message of a chain.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Hop {
    /// Who sends it.
    pub from: u32,
    /// Who receives it.
    pub to: u32,
    /// What kind of message.
    pub by: By,
    /// Whether it goes at once, or once approved. Of an answer: the request that it answers.
    pub outcome: Outcome,
}

/// What kind of message a hop is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum By {
    /// A request of the type in this place.
    Request(u8),
    /// The answer to a request of the type in this place, which its recipient put to its sender.
    Answer(u8),
}

impl Question {
    /// On whose behalf a deputy sends, as far as the rules are asked.
    pub const fn origin(&self, sender: u32) -> u32 {
        if self.declared { self.from } else { sender }
    }

    /// Whether a request that fares so is a way on.
    pub fn passes<B: Truth>(&self, passage: &Passage<B>) -> B {
        if self.without_approval {
            passage.allowed.clone()
        } else {
            passage.allowed.or(&passage.held)
        }
    }

    /// Whether an answer will do as the last message.
    pub const fn ends_in_answer(&self) -> bool {
        self.answers && self.by.is_none()
    }
}

impl Outcome {
    /// What becomes of a request of the type in this place.
    pub const fn of(passage: &Passage<Types>, place: u8) -> Self {
        if passage.allowed.has(place) {
            Self::Allowed
        } else if passage.held.has(place) {
            Self::Held
        } else {
            Self::Denied
        }
    }
}
