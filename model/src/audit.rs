//! The audit trail: what the bus writes down of every message, as a system.
//!
//! One writer keeps a log, signs checkpoints of it, and lets nothing have an effect whose record is not
//! on the disk. The attacker can write to the file: it alters, moves and removes records, computes every
//! unkeyed hash anew, puts back older copies; it cannot sign. A verifier reads what it finds there.
//! [`guard`] says what each of them demands, [`step`] what then changes, [`invariant`] what must hold
//! whatever happens, [`lemma`] what makes that inductive, [`weakening`] how each demand can be got wrong.
//!
//! A link of the chain, `h_i = SHA-256(label, h_(i-1), length, record)`, stands for the [`sequence`] of
//! records that it was computed over: that is what being free of collisions means.
//!
//! What does not show: records after the last checkpoint that a verifier has seen, if the attacker
//! rewrites them, links and all, while the writer is down. Until then the writer itself notices.
//!
//! Never here: bytes. What hashes and signatures establish arrives as [`facts::Facts`].

pub mod attacker;
mod canonical;
pub mod chronicle;
pub mod facts;
pub mod guard;
pub mod invariant;
mod judgement;
pub mod lemma;
pub mod promise;
pub mod record;
pub mod scope;
pub mod sequence;
pub mod step;
pub mod story;
pub mod system;
pub mod weakening;
pub mod world;

use crate::domain::{Domain, Prose};
use crate::rulebook::{self, Book};

/// The rules of the audit trail.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Audit {}

impl Book for Audit {
    type Stage = guard::Stage;
    type Guard = guard::GuardId;
    type Rejection = guard::Rejection;
    type Invariant = promise::InvariantId;
    type Mechanism = weakening::Mechanism;
    type Need = weakening::Need;
    type Facts<D: Domain> = facts::Facts<D>;
    type Receiver<D: Domain> = facts::Log<D>;

    const WEAKENINGS: &'static [rulebook::Weakening<Self>] = weakening::ROWS;

    fn guards<D: Domain>() -> &'static [rulebook::Guard<Self, D>] {
        guard::table()
    }

    fn in_words() -> (facts::Facts<Prose>, facts::Log<Prose>) {
        (facts::Facts::in_words(), facts::Log::in_words())
    }
}
