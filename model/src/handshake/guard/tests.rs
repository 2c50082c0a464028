//! The guard table alone: which defect each flight is refused for, and in which order.

use super::{Flight, GuardId, Rejection, Stage, table};
use crate::domain::Concrete;
use crate::handshake::Handshake;
use crate::handshake::facts::{Facts, Party};
use crate::rulebook::{self, Ruleset};

/// The defects in the order in which they are repaired. The version chosen comes to be accepted
/// before it comes to be the best.
#[rustfmt::skip]
#[expect(clippy::type_complexity, reason = "a table")]
const REPAIRS: &[(Rejection, fn(&mut Facts<Concrete>))] = &[
    (Rejection::NoCommonVersion,   |m| m.version_common = true),
    (Rejection::VersionDeprecated, |m| m.version = 2),
    (Rejection::CapabilityMissing, |m| m.capabilities_sufficient = true),
    (Rejection::VersionDowngraded, |m| m.version_best = 2),
    (Rejection::SuiteNotOffered,   |m| m.suite_offered = true),
    (Rejection::ShareDegenerate,   |m| m.share_contributes = true),
    (Rejection::ProofDoesNotOpen,  |m| m.proof_opens = true),
    (Rejection::IdentityUnbound,   |m| m.identity_bound = true),
    (Rejection::UnknownKey,        |m| m.key_of_peer = true),
    (Rejection::PeerNotEntitled,   |m| m.peer_entitled = true),
    (Rejection::PeerIsSelf,        |m| m.peer = 2),
    (Rejection::WrongPeer,         |m| m.peer = 1),
    (Rejection::BadSignature,      |m| m.signature_valid = true),
    (Rejection::NotConfirmed,      |m| m.confirmation_valid = true),
];

const ME: Party<Concrete> = Party {
    me: 0,
    intended: 1,
    version_floor: 2,
};

/// A flight with every defect there is.
fn worst() -> Facts<Concrete> {
    Facts {
        version_common: false,
        version: 1,
        version_best: 3,
        capabilities_sufficient: false,
        suite_offered: false,
        share_contributes: false,
        proof_opens: false,
        identity_bound: false,
        peer: 0,
        key_of_peer: false,
        peer_entitled: false,
        signature_valid: false,
        confirmation_valid: false,
    }
}

fn judged(facts: &Facts<Concrete>, asked: impl Fn(Stage) -> bool + Copy) -> Result<(), Rejection> {
    let rules = Ruleset::<Handshake>::HARDENED;
    let verdict = rulebook::judge(rules, asked, facts, &ME);
    let admitted = rulebook::admits::<_, Concrete>(rules, asked, facts, &ME);
    assert_eq!(verdict.is_ok(), admitted, "{facts:?}");
    verdict
}

#[test]
fn each_repair_uncovers_the_next_rejection_until_nothing_is_refused() {
    let mut facts = worst();
    for (rejection, repair) in REPAIRS {
        assert_eq!(judged(&facts, |_| true), Err(*rejection));
        repair(&mut facts);
    }
    assert_eq!(judged(&facts, |_| true), Ok(()));
    let order: Vec<Rejection> = REPAIRS.iter().map(|(rejection, _)| *rejection).collect();
    assert_eq!(order, Rejection::ALL);
}

#[test]
fn each_flight_is_refused_for_what_it_asks_about_and_nothing_else() {
    for flight in Flight::ALL {
        let asked = |stage| flight.asks().contains(&stage);
        let mut facts = worst();
        let mut refused = Vec::new();
        while let Err(rejection) = judged(&facts, asked) {
            let place = REPAIRS.iter().position(|(defect, _)| *defect == rejection);
            (REPAIRS[place.unwrap()].1)(&mut facts);
            refused.push(rejection.guard());
        }
        let guards = table::<Concrete>().iter();
        let expected: Vec<GuardId> = guards
            .filter(|guard| asked(guard.stage))
            .map(|guard| guard.id)
            .collect();
        assert_eq!(refused, expected, "{}", flight.name());
    }
}

#[test]
fn every_stage_is_asked_by_some_flight_and_each_flight_asks_in_order() {
    for flight in Flight::ALL {
        assert!(flight.asks().is_sorted(), "{}", flight.name());
    }
    let asked = |stage| Flight::ALL.iter().any(|it| it.asks().contains(&stage));
    assert!(table::<Concrete>().iter().all(|it| asked(it.stage)));
}
