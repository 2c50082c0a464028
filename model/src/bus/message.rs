//! A message as ground truth: what its envelope says, and what only an omniscient observer knows.

use std::hash::{Hash, Hasher};

use super::mail::Mail;
use crate::domain::{Choice, Concrete};

/// A message as it was composed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Message<U: Mail> {
    /// Whose key really signed it.
    pub signer: U::Agent,
    /// Whom it names as its sender.
    pub claimed: U::Agent,
    /// Its recipient; of a broadcast, the first.
    pub to: U::Agent,
    /// It is for everybody else.
    pub to_all: U::Bool,
    /// It spells its recipient in another way than its sender.
    pub respelled: U::Bool,
    /// Its type, as rules name it.
    pub kind: U::Kind,
    /// Its type asks for an answer.
    pub is_request: U::Bool,
    /// Its type is an answer.
    pub is_reply: U::Bool,
    /// Of an answer: what it answers.
    pub answers: U::Message,
    /// It says that it acts on another message.
    pub acts: U::Bool,
    /// That other message.
    pub cause: U::Message,
    /// The message whose id it carries; its own, as a rule.
    pub id: U::Message,
    /// Its body opens in two ways, depending on who opens it.
    pub two_faced: U::Bool,
    /// When it says that it was issued.
    pub issued_at: U::Nat,
    /// When it expires.
    pub expires_at: U::Nat,
    /// For how long its sender would wait for an answer.
    pub wanted: U::Nat,
}

/// What became of a message so far.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fate<U: Mail> {
    /// It was delivered.
    pub delivered: U::Bool,
    /// If its sender waits for an answer.
    pub request: Request<U>,
    /// If it had to wait for a human.
    pub hold: Hold<U>,
}

/// A request that is remembered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Request<U: Mail> {
    /// It may still be answered.
    pub open: U::Bool,
    /// Until when.
    pub answer_by: U::Nat,
    /// Ghost: its sender got neither an answer nor an error.
    pub waiting: U::Bool,
    /// Ghost: when it was put.
    pub asked_at: U::Nat,
}

/// A message that waits for a human, and what that human said.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Hold<U: Mail> {
    /// It was put in the queue.
    pub held: U::Bool,
    /// It left the queue.
    pub left: U::Bool,
    /// A human approved it.
    pub approved: U::Bool,
    /// As far as the orchestrator can tell, this is what the human was shown.
    pub shown: U::Bool,
    /// The version of the policy under which it was approved.
    pub under: U::Nat,
    /// Until when the approval can be used.
    pub until: U::Nat,
    /// The approval was used.
    pub used: U::Bool,
    /// Ghost: what the human saw.
    pub saw: U::Message,
    /// Ghost: when the human approved.
    pub approved_at: U::Nat,
    /// Ghost: rights were withdrawn since.
    pub outdated: U::Bool,
}

// Written out, because deriving would look at the fields' own types only.
impl Copy for Fate<Concrete> {}

impl Hash for Fate<Concrete> {
    fn hash<H: Hasher>(&self, hasher: &mut H) {
        (self.delivered, self.request, self.hold).hash(hasher);
    }
}

macro_rules! choose_by_field {
    ($name:ident { $($field:ident),+ $(,)? }) => {
        impl<U: Mail> Choice<U::Bool> for $name<U> {
            #[inline]
            fn choose(condition: &U::Bool, then: &Self, otherwise: &Self) -> Self {
                Self { $($field: Choice::choose(condition, &then.$field, &otherwise.$field),)+ }
            }
        }
    };
}
pub(super) use choose_by_field;

choose_by_field!(Message {
    signer,
    claimed,
    to,
    to_all,
    respelled,
    kind,
    is_request,
    is_reply,
    answers,
    acts,
    cause,
    id,
    two_faced,
    issued_at,
    expires_at,
    wanted,
});
choose_by_field!(Fate {
    delivered,
    request,
    hold,
});
choose_by_field!(Request {
    open,
    answer_by,
    waiting,
    asked_at,
});
choose_by_field!(Hold {
    held,
    left,
    approved,
    shown,
    under,
    until,
    used,
    saw,
    approved_at,
    outdated,
});
