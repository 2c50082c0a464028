//! The classics: famous protocols with famous attacks, and the twins that were fixed.
//!
//! Each script is searched for the claim that its attack breaks. The broken one must yield the attack in
//! as few deliveries as there can be, the fixed one must withstand with two runs at once.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test fails loudly")]

mod needham_schroeder;

use std::num::NonZeroUsize;

use countersign_model::dolev_yao::claim::Level;
use countersign_model::dolev_yao::expression::Expression;
use countersign_model::dolev_yao::reveal::Reveals;
use countersign_model::dolev_yao::role::{constant, public_key};
use countersign_model::dolev_yao::run::Participant;
use countersign_model::dolev_yao::system::{Attacked, Protocol};
use countersign_model::dolev_yao::term::Sort;
use countersign_model::explorer::{Cutoff, Ending, Report, explore};

/// The principals: two honest ones, and the attacker under a name of its own.
const ALICE: u8 = 0;
const BOB: u8 = 1;
const MALLORY: u8 = 2;

/// Who can play an initiator and a responder.
fn two_sides() -> Vec<Participant> {
    let starts = |me, peer| Participant {
        role: 0,
        me,
        peer: Some(peer),
    };
    let waits = |me| Participant {
        role: 1,
        me,
        peer: None,
    };
    vec![
        starts(ALICE, BOB),
        starts(ALICE, MALLORY),
        starts(BOB, ALICE),
        starts(BOB, MALLORY),
        waits(ALICE),
        waits(BOB),
    ]
}

/// What everybody knows: names, constants, public keys.
fn public() -> Vec<Expression> {
    let agents = (0..3).map(|agent| Expression::Name(Sort::Agent, agent));
    let keys = (0..3).map(|agent| public_key(Expression::Name(Sort::Agent, agent)));
    agents.chain(keys).chain((0..4).map(constant)).collect()
}

/// What the attacker has of its own: a long-term secret, an exponent, a nonce, a key.
fn hostile() -> Vec<Expression> {
    [Sort::LongTerm, Sort::Exponent, Sort::Nonce, Sort::Key]
        .map(|sort| Expression::Name(sort, MALLORY))
        .to_vec()
}

/// Searches `protocol` with `runs` runs for a violation of `level` at `point`.
fn search(protocol: Protocol, runs: usize, level: Level, point: u8) -> Report<(), usize> {
    let system = Attacked::new(protocol, runs, Reveals::NONE, level.bit(point));
    let report = explore(&system, NonZeroUsize::MIN, &Cutoff::default());
    assert_ne!(
        report.reached & level.bit(point),
        0,
        "the claim is never made"
    );
    Report {
        ending: match report.ending {
            Ending::Broken(path) => Ending::Broken(vec![((), Some(path.len() - 1))]),
            Ending::Exhausted => Ending::Exhausted,
            Ending::Cut(limit) => Ending::Cut(limit),
            Ending::Empty => Ending::Empty,
        },
        attempted: report.attempted,
        generated: report.generated,
        distinct: report.distinct,
        depth: report.depth,
        reached: report.reached,
        violated: report.violated,
    }
}

/// How many deliveries the shortest attack takes; none where there is no attack.
fn shortest_attack(protocol: Protocol, runs: usize, level: Level, point: u8) -> Option<usize> {
    match search(protocol, runs, level, point).ending {
        Ending::Broken(path) => path.first().unwrap().1,
        Ending::Exhausted => None,
        Ending::Cut(_) | Ending::Empty => panic!("the search did not end"),
    }
}
