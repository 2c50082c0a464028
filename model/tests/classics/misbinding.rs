//! Diffie and Hellman's key agreement with the shares signed, but not for whom: both ends have the same
//! key, and not the same idea of who has it (Diffie, van Oorschot and Wiener's reason for their own
//! protocol, <https://doi.org/10.1007/BF00124891>; the name is Krawczyk's,
//! <https://doi.org/10.1007/978-3-540-45146-4_24>). Repaired, each signs for the peer that it means.

use countersign_model::dolev_yao::expression::Expression;
use countersign_model::dolev_yao::level::Level;
use countersign_model::dolev_yao::protocol::Protocol;
use countersign_model::dolev_yao::role::{
    ME, PEER, Role, Wanted, agreed, constant, share, signature, tuple, var,
};
use countersign_model::dolev_yao::term::Sort;

use super::{protocol, shortest_attack, withstands};

const INITIATOR: u8 = 0;
const RESPONDER: u8 = 1;

/// The protocol: shares both ways, signed together by the responder and then by the initiator.
fn script(named: bool) -> Protocol {
    // Each signs in its role. Or else the responder of the attack could just as well be an initiator.
    let signed = |role: u8, from: &Expression, shares: [&Expression; 2], to: &Expression| {
        let covered = shares.into_iter().chain(named.then_some(to)).cloned();
        signature(
            from.clone(),
            tuple([constant(role)].into_iter().chain(covered)),
        )
    };
    let mut initiator = Role::new("initiator");
    let (me, peer) = (var(ME), var(PEER));
    let exponent = var(initiator.fresh(Sort::Exponent));
    let own = share(exponent.clone());
    let theirs = var(initiator.any(Wanted::Share));
    let key = agreed(exponent, theirs.clone());
    initiator
        .send(tuple([me.clone(), own.clone()]))
        .receive(tuple([
            theirs.clone(),
            signed(RESPONDER, &peer, [&own, &theirs], &me),
        ]))
        .running(peer.clone(), key.clone())
        .send(signed(INITIATOR, &me, [&own, &theirs], &peer))
        .commit(INITIATOR, peer, key.clone(), Some(key));

    let mut responder = Role::new("responder");
    let (me, peer) = (var(ME), var(PEER));
    let theirs = var(responder.any(Wanted::Share));
    responder.receive(tuple([peer.clone(), theirs.clone()]));
    let exponent = var(responder.fresh(Sort::Exponent));
    let own = share(exponent.clone());
    let key = agreed(exponent, theirs.clone());
    responder
        .running(peer.clone(), key.clone())
        .send(tuple([
            own.clone(),
            signed(RESPONDER, &me, [&theirs, &own], &peer),
        ]))
        .receive(signed(INITIATOR, &peer, [&theirs, &own], &me))
        .commit(RESPONDER, peer, key.clone(), Some(key));

    protocol(vec![initiator, responder])
}

#[test]
fn alice_has_the_key_with_bob_and_bob_with_mallory_in_three_deliveries() {
    assert_eq!(
        shortest_attack(script(false), 2, (Level::Exclusive, INITIATOR)),
        3
    );
    // Alice is deceived one delivery earlier: then Bob means Mallory, but has not accepted her yet.
    assert_eq!(
        shortest_attack(script(false), 2, (Level::Mutual, INITIATOR)),
        2
    );
}

#[test]
fn bob_has_the_key_with_alice_and_alice_with_mallory_in_three_deliveries() {
    assert_eq!(
        shortest_attack(script(false), 2, (Level::Exclusive, RESPONDER)),
        3
    );
}

#[test]
fn the_key_stays_between_the_honest_all_the_same() {
    withstands(
        script(false),
        2,
        &[(Level::Forward, INITIATOR), (Level::Forward, RESPONDER)],
    );
}

#[test]
fn signed_for_the_peer_it_withstands() {
    let claims = [
        (Level::Injective, INITIATOR),
        (Level::Exclusive, INITIATOR),
        (Level::Injective, RESPONDER),
        (Level::Exclusive, RESPONDER),
    ];
    assert_eq!(withstands(script(true), 2, &claims), 223);
    assert_eq!(withstands(script(true), 3, &claims), 4813);
}
