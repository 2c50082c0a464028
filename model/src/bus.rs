//! The bus: what an orchestrator demands of a message between two agents before it delivers it.
//!
//! Agents open no channel to each other. Whatever one sends another passes the orchestrator, which
//! decides by [`policy`] (default deny), holds what needs a human's approval, remembers who owes whom
//! an answer, and countersigns what it delivers. [`guard`] says what it demands, [`step`] what then
//! changes, [`invariant`] what must hold whatever happens, [`lemma`] what makes that inductive, [`weakening`]
//! how each demand can be got wrong, [`attacker`] what the other side may try.
//!
//! [`tiering`] is what a deployment lists, [`passage`] what its decisions come to before any human was asked,
//! [`chain`] what several messages do that none does alone.
//!
//! [`story`] is a run with its cast: what an engine found, in the form of traces.
//!
//! Admission comes first: who signed an envelope, whether it is fresh and new, is decided by the rules
//! of [`admission`](crate::admission) and arrives here as one fact.
//!
//! Never here: bytes, files, a clock. What is established about a message arrives as [`facts::Facts`].

pub mod attacker;
mod canonical;
pub mod chain;
pub mod facts;
pub mod guard;
pub mod invariant;
mod judgement;
pub mod lemma;
pub mod mail;
pub mod message;
pub mod passage;
pub mod policies;
pub mod policy;
pub mod promise;
pub mod scope;
pub mod step;
pub mod story;
pub mod system;
pub mod tiering;
pub mod weakening;
pub mod world;

use crate::domain::{Domain, Prose};
use crate::rulebook::{self, Book};

/// The rules of the bus.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Bus {}

impl Book for Bus {
    type Stage = guard::Stage;
    type Guard = guard::GuardId;
    type Rejection = guard::Rejection;
    type Invariant = promise::InvariantId;
    type Mechanism = weakening::Mechanism;
    type Need = weakening::Need;
    type Facts<D: Domain> = facts::Facts<D>;
    type Receiver<D: Domain> = facts::Orchestrator<D>;

    const WEAKENINGS: &'static [rulebook::Weakening<Self>] = weakening::ROWS;

    fn guards<D: Domain>() -> &'static [rulebook::Guard<Self, D>] {
        guard::table()
    }

    fn in_words() -> (facts::Facts<Prose>, facts::Orchestrator<Prose>) {
        (facts::Facts::in_words(), facts::Orchestrator::in_words())
    }
}
