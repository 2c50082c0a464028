//! The admission of a signed envelope, as a transition system.
//!
//! Agents send signed messages over a network that the attacker owns; one receiver decides on each
//! delivery. [`guard`] says what it demands, [`step`] what then changes, [`invariant`] what must
//! hold whatever happens, [`lemma`] what makes that inductive, [`weakening`] how each demand can be
//! got wrong, [`attacker`] what the other side may try. Receivers share no state with each other, so
//! one arbitrary receiver stands for all.
//!
//! Never here: bytes. What cryptography and parsing establish arrives as [`facts::Facts`].

pub mod attacker;
mod canonical;
pub mod facts;
pub mod guard;
pub mod invariant;
pub mod lemma;
pub mod message;
pub mod promise;
pub mod scope;
pub mod state;
pub mod step;
pub mod story;
pub mod system;
pub mod weakening;
pub mod world;

use crate::domain::{Domain, Prose};
use crate::rulebook::{self, Book};

/// The rules of envelope admission.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Admission {}

impl Book for Admission {
    type Stage = guard::Stage;
    type Guard = guard::GuardId;
    type Rejection = guard::Rejection;
    type Invariant = promise::InvariantId;
    type Mechanism = weakening::Mechanism;
    type Need = weakening::Need;
    type Facts<D: Domain> = facts::Facts<D>;
    type Receiver<D: Domain> = facts::Receiver<D>;

    const WEAKENINGS: &'static [rulebook::Weakening<Self>] = weakening::ROWS;
    const PROFILES: &'static [rulebook::Profile<Self>] = weakening::PROFILES;

    fn guards<D: Domain>() -> &'static [rulebook::Guard<Self, D>] {
        guard::table()
    }

    fn in_words() -> (facts::Facts<Prose>, facts::Receiver<Prose>) {
        (facts::Facts::in_words(), facts::Receiver::in_words())
    }
}
