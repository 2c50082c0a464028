//! The classics: famous protocols with famous attacks, and the twins that were fixed.
//!
//! Each script is searched for the claim that its attack breaks. The broken one must yield the attack in
//! as few deliveries as there can be, the fixed one must withstand with two runs at once or more. A
//! delivery is a message that an honest run accepts; what it sends, the attacker has at once.
#![expect(clippy::panic, reason = "a test fails loudly")]

mod denning_sacco;
mod diffie_hellman;
mod downgrade;
mod misbinding;
mod needham_schroeder;
mod sigma;
mod signed_key;
mod station_to_station;
mod two_readers;
mod woo_lam;

use std::num::NonZeroUsize;

use countersign_model::dolev_yao::expression::Expression;
use countersign_model::dolev_yao::level::Level;
use countersign_model::dolev_yao::protocol::Protocol;
use countersign_model::dolev_yao::reveal::Reveals;
use countersign_model::dolev_yao::role::{
    Role, constant, derived, public_key, secret_key, share, signature, tuple,
};
use countersign_model::dolev_yao::run::Participant;
use countersign_model::dolev_yao::system::{Attacked, Delivery, State};
use countersign_model::dolev_yao::term::Sort;
use countersign_model::dolev_yao::weakness::Weaknesses;
use countersign_model::explorer::{Cutoff, Ending, Report, explore};

/// The principals: two honest ones, the attacker under a name of its own, and whom all trust.
const ALICE: u8 = 0;
const BOB: u8 = 1;
const MALLORY: u8 = 2;
const TRUSTED: u8 = 3;

/// `roles`, of which the first starts a run with somebody, the second waits for anybody, and the
/// third, where there is one, is played by the one whom all trust.
fn protocol(roles: Vec<Role>) -> Protocol {
    let participant = |role, me, peer| Participant { role, me, peer };
    let mut participants = vec![
        participant(0, ALICE, Some(BOB)),
        participant(0, ALICE, Some(MALLORY)),
        participant(0, BOB, Some(ALICE)),
        participant(0, BOB, Some(MALLORY)),
        participant(1, ALICE, None),
        participant(1, BOB, None),
    ];
    participants.extend(
        (2..)
            .zip(roles.iter().skip(2))
            .map(|(role, _)| participant(role, TRUSTED, None)),
    );
    Protocol {
        roles,
        participants,
        honest: 2,
        interchangeable: true,
        public: public(),
        hostile: hostile(),
        weaknesses: Weaknesses::NONE,
    }
}

/// What everybody knows: names, public keys, constants.
fn public() -> Vec<Expression> {
    let agents = (ALICE..=MALLORY).map(agent);
    let keys = (ALICE..=MALLORY).map(|number| public_key(agent(number)));
    agents.chain(keys).chain((0..3).map(constant)).collect()
}

/// What the attacker has of its own: a long-term secret, an exponent and its share, a nonce, a key.
fn hostile() -> Vec<Expression> {
    let own = [Sort::LongTerm, Sort::Exponent, Sort::Nonce, Sort::Key];
    let own = own.map(|sort| Expression::Name(sort, MALLORY));
    let share = share(Expression::Name(Sort::Exponent, MALLORY));
    own.into_iter().chain([share]).collect()
}

fn agent(number: u8) -> Expression {
    Expression::Name(Sort::Agent, number)
}

/// What the one whom all trust signs so that `public_key` counts as that of `name`.
fn certificate(name: Expression, public_key: Expression) -> Expression {
    signature(agent(TRUSTED), tuple([name, public_key]))
}

/// The key that `agent` has shared with the one whom all trust since long ago.
fn key_with_trusted(agent: Expression) -> Expression {
    derived(0, secret_key(agent), constant(0))
}

/// A claim: that a commitment at a point enjoys a level.
type Claim = (Level, u8);

/// Searches `protocol` with `runs` runs at once for a violation of one of `claims`.
fn search(protocol: Protocol, runs: usize, claims: &[Claim]) -> Report<State, Delivery> {
    let bits = claims.iter().map(|(level, point)| level.bit(*point));
    let watched = bits.fold(0, |all, bit| all | bit);
    let system = Attacked::new(protocol, runs, Reveals::NONE, watched);
    explore(&system, NonZeroUsize::MIN, &Cutoff::default())
}

/// How many deliveries the shortest attack on `claim` takes with `runs` runs at once.
fn shortest_attack(protocol: Protocol, runs: usize, claim: Claim) -> usize {
    match search(protocol, runs, &[claim]).ending {
        Ending::Broken(path) => path.len() - 1,
        other => panic!("no attack: {other:?}"),
    }
}

/// Asserts that all `claims` are made, and none wrongly, whatever the attacker does with `runs` runs at
/// once. Says how many states it can bring them to.
fn withstands(protocol: Protocol, runs: usize, claims: &[Claim]) -> u64 {
    let report = search(protocol, runs, claims);
    assert_eq!(report.ending, Ending::Exhausted);
    for (level, point) in claims {
        let claimed = report.reached & level.bit(*point) != 0;
        assert!(claimed, "nothing claims {level:?} at point {point}");
    }
    report.distinct
}
