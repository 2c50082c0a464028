//! The handshake under attack: a given number of runs at once, for the explorer.

use super::Handshake;
use super::promise::{InvariantId, Point};
use super::script::{self, ALICE, BOB, CAROL, HONEST, MALLORY, PRINCIPALS};
use crate::dolev_yao::expression::Expression;
use crate::dolev_yao::level;
use crate::dolev_yao::protocol::Protocol;
use crate::dolev_yao::reveal::Reveals;
use crate::dolev_yao::role::{public_key, share};
use crate::dolev_yao::run::Participant;
use crate::dolev_yao::system::Attacked;
use crate::dolev_yao::term::{Sort, Symbol};
use crate::dolev_yao::weakness::{Weakness, Weaknesses};
use crate::rulebook::{Row as _, Ruleset};

/// Who begins.
pub const INITIATOR: u8 = 0;
/// Who waits.
pub const RESPONDER: u8 = 1;

/// The handshake under `rules` with `runs` runs at once, watching the marks in `watched`.
pub fn attacked(
    rules: Ruleset<Handshake>,
    runs: usize,
    reveals: Reveals,
    watched: u64,
) -> Attacked {
    Attacked::new(protocol(rules), runs, reveals, watched)
}

/// The hardened handshake where signatures verify under keys of small order, and the registry lists one
/// for the attacker: no row of the weakenings, since it breaks nothing.
pub fn attacked_by_small_order(runs: usize) -> Attacked {
    let mut protocol = protocol(Ruleset::HARDENED);
    let no_secret = Expression::Apply(Symbol::NoSecret, Vec::new());
    let key = Expression::Apply(Symbol::Public, vec![no_secret]);
    protocol.hostile.push(key);
    protocol.weaknesses = Weaknesses::NONE.with(Weakness::LooseSignature);
    Attacked::new(protocol, runs, Reveals::NONE, 0)
}

/// The bit that tells of `invariant` at `point`.
pub fn mark(point: Point, invariant: InvariantId) -> u64 {
    level::bit(invariant.place(), point as u8)
}

/// The bits that tell of `invariant`, at each point where it is promised.
pub fn promised(invariant: InvariantId) -> u64 {
    let points = invariant.points().iter();
    points.fold(0, |bits, point| bits | mark(*point, invariant))
}

pub(super) fn protocol(rules: Ruleset<Handshake>) -> Protocol {
    let starts = |me, peer| Participant {
        role: INITIATOR,
        me,
        peer: Some(peer),
    };
    let waits = |me| Participant {
        role: RESPONDER,
        me,
        peer: None,
    };
    let agent = |number| Expression::Name(Sort::Agent, number);
    let agents = (0..PRINCIPALS).map(agent);
    let keys = (0..PRINCIPALS).map(|number| public_key(agent(number)));
    let own = Expression::Name(Sort::Exponent, MALLORY);
    let shares = [
        Expression::Apply(Symbol::LowOrderShare, Vec::new()),
        share(own.clone()),
    ];
    let public = agents.chain(keys).chain(shares).chain(script::constants());
    Protocol {
        roles: vec![script::initiator(rules).role, script::responder(rules).role],
        participants: vec![
            starts(ALICE, BOB),
            starts(ALICE, MALLORY),
            starts(BOB, ALICE),
            starts(BOB, MALLORY),
            waits(ALICE),
            waits(BOB),
        ],
        honest: HONEST,
        interchangeable: true,
        public: public.collect(),
        // The key of the revoked principal is why it was revoked.
        hostile: vec![
            own,
            Expression::Name(Sort::LongTerm, MALLORY),
            Expression::Name(Sort::LongTerm, CAROL),
        ],
        weaknesses: Weaknesses::NONE,
    }
}
