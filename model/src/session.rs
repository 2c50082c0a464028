//! The session: the records that two principals exchange under the keys of one handshake, as a system.
//!
//! Sealed records travel over a network that the attacker owns. [`guard`] says what an end demands
//! before it opens or seals one, [`step`] what then changes, [`invariant`] what must hold whatever
//! happens, [`lemma`] what makes that inductive, [`weakening`] how each demand can be got wrong,
//! [`attacker`] what the other side may try. Ends share no state with each other, so one arbitrary end
//! stands for all: it holds any number of sessions, and its peers seal as it does.
//!
//! A record has a number, which never restarts, and an epoch, which names the key. Records may arrive
//! in any order within the window; the number is authenticated and handed out with the payload, so
//! that order and gaps show (RFC 4303 section 3.4.3, RFC 6479).
//!
//! Never here: bytes. What cryptography establishes arrives as [`facts::Facts`].

pub mod attacker;
mod canonical;
pub mod facts;
pub mod guard;
pub mod invariant;
mod judgement;
pub mod lemma;
pub mod promise;
pub mod record;
pub mod scope;
pub mod step;
pub mod story;
pub mod system;
pub mod traffic;
pub mod weakening;
pub mod world;

use crate::domain::{Domain, Prose};
use crate::rulebook::{self, Book};

/// The rules of the session.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Session {}

impl Book for Session {
    type Stage = guard::Stage;
    type Guard = guard::GuardId;
    type Rejection = guard::Rejection;
    type Invariant = promise::InvariantId;
    type Mechanism = weakening::Mechanism;
    type Need = weakening::Need;
    type Facts<D: Domain> = facts::Facts<D>;
    type Receiver<D: Domain> = facts::End<D>;

    const WEAKENINGS: &'static [rulebook::Weakening<Self>] = weakening::ROWS;

    fn guards<D: Domain>() -> &'static [rulebook::Guard<Self, D>] {
        guard::table()
    }

    fn in_words() -> (facts::Facts<Prose>, facts::End<Prose>) {
        (facts::Facts::in_words(), facts::End::in_words())
    }
}
