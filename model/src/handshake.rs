//! The handshake: an authenticated key exchange of the SIGMA-I shape, as a system.
//!
//! Four flights: the hello and the answer agree on a version and two ephemeral keys, the answer and
//! the finish prove who speaks, the confirmation says that the responder has the keys too
//! (<https://doi.org/10.1007/978-3-540-45146-4_24>; as in RFC 8446 and RFC 9528). Read [`guard`] first.

pub mod attack;
pub mod crowd;
pub mod facts;
pub mod flight;
pub mod guard;
pub mod known;
pub mod lattice;
pub mod performance;
pub mod probe;
pub mod promise;
pub mod script;
pub mod standing;
pub mod story;
pub mod weakening;

use crate::dolev_yao::reveal::{Reveal, Reveals};
use crate::domain::{Domain, Prose};
use crate::rulebook::{self, Book};

/// The rules of the handshake.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Handshake {}

impl Book for Handshake {
    type Stage = guard::Stage;
    type Guard = guard::GuardId;
    type Rejection = guard::Rejection;
    type Invariant = promise::InvariantId;
    type Mechanism = weakening::Mechanism;
    type Need = Reveals;
    type Facts<D: Domain> = facts::Facts<D>;
    type Receiver<D: Domain> = facts::Party<D>;

    const WEAKENINGS: &'static [rulebook::Weakening<Self>] = weakening::ROWS;

    fn guards<D: Domain>() -> &'static [rulebook::Guard<Self, D>] {
        guard::table()
    }

    fn in_words() -> (facts::Facts<Prose>, facts::Party<Prose>) {
        (facts::Facts::in_words(), facts::Party::in_words())
    }

    fn secrets(need: &Reveals) -> Vec<&'static str> {
        need.iter().map(Reveal::name).collect()
    }
}
