//! A signed greeting whose offer of versions is not signed, as in version 2 of SSL: the attacker strikes
//! the better version out (Wagner and Schneier, *Analysis of the SSL 3.0 protocol*, USENIX 1996). Repaired,
//! the signature covers the offer.

use countersign_model::dolev_yao::expression::Expression;
use countersign_model::dolev_yao::level::Level;
use countersign_model::dolev_yao::protocol::Protocol;
use countersign_model::dolev_yao::role::{
    Demand, ME, PEER, Role, Wanted, constant, signature, tuple, var,
};
use countersign_model::dolev_yao::term::Sort;

use super::{protocol, shortest_attack, withstands};

/// The protocol: one greeting, which says up to which version its sender can go.
fn script(covered: bool) -> Protocol {
    let (old, new) = (constant(1), constant(2));
    let greeting = |from: &Expression, to: &Expression, nonce: &Expression, best: &Expression| {
        let signed = [to, nonce].into_iter().chain(covered.then_some(best));
        let signed = signature(from.clone(), tuple(signed.cloned()));
        tuple([from.clone(), nonce.clone(), best.clone(), signed])
    };
    let mut initiator = Role::new("initiator");
    let (me, peer) = (var(ME), var(PEER));
    let nonce = var(initiator.fresh(Sort::Nonce));
    initiator
        .running(peer.clone(), tuple([nonce.clone(), new.clone()]))
        .send(greeting(&me, &peer, &nonce, &new));

    let mut responder = Role::new("responder");
    let (me, peer) = (var(ME), var(PEER));
    let nonce = var(responder.any(Wanted::Name(Sort::Nonce)));
    let version = responder.any(Wanted::Name(Sort::Constant));
    // It can do both, and goes as far as the other.
    let understood = [old, new].map(|best| {
        let greeting = greeting(&peer, &me, &nonce, &best);
        vec![Demand::Part(greeting), Demand::Let(version, best)]
    });
    responder
        .receive_all(vec![Demand::Either(understood.to_vec())])
        .commit(0, peer, tuple([nonce, var(version)]), None);

    protocol(vec![initiator, responder])
}

#[test]
fn the_responder_goes_no_further_than_the_old_version_in_one_delivery() {
    assert_eq!(shortest_attack(script(false), 2, (Level::Agreed, 0)), 1);
    // It is the version alone: who greets whom is signed.
    withstands(script(false), 2, &[(Level::Mutual, 0)]);
}

#[test]
fn with_the_offer_signed_it_withstands() {
    assert_eq!(withstands(script(true), 2, &[(Level::Agreed, 0)]), 43);
    assert_eq!(withstands(script(true), 3, &[(Level::Agreed, 0)]), 270);
}

#[test]
fn a_greeting_that_answers_to_nothing_can_be_replayed_in_two_deliveries() {
    assert_eq!(shortest_attack(script(true), 3, (Level::Injective, 0)), 2);
}
