//! Krawczyk's SIGMA-I (<https://doi.org/10.1007/978-3-540-45146-4_24>): each side signs the shares and binds
//! its identity to the key by a MAC, all of it sealed. What is the MAC good for where the seal is good?
//! Nothing: whoever cannot open a proof cannot put its own name in it. But who sees sealed proofs opened, by
//! a key that was logged to watch the traffic, say, has others take their key for one that they share with
//! it, unless there is the MAC.

use countersign_model::dolev_yao::expression::Expression;
use countersign_model::dolev_yao::level::Level;
use countersign_model::dolev_yao::protocol::Protocol;
use countersign_model::dolev_yao::role::{
    Event, ME, PEER, Role, Step, Wanted, agreed, constant, derived, mac, sealed, share, signature,
    tuple, var,
};
use countersign_model::dolev_yao::term::Sort;

use super::{protocol, shortest_attack, withstands};

const INITIATOR: u8 = 0;
const RESPONDER: u8 = 1;
/// The purposes of keys: from these on, for each side.
const SEAL: u8 = 0;
const BIND: u8 = 2;
const SESSION: u8 = 4;

/// The protocol, with the MAC or without; `logged`, the responder lets the keys be seen that seal.
fn script(bound: bool, logged: bool) -> Protocol {
    let key_for = |purpose: u8, key: &Expression, shares: &Expression| {
        derived(purpose, key.clone(), shares.clone())
    };
    let proof = |side: u8, from: &Expression, key: &Expression, shares: &Expression| {
        let signed = signature(from.clone(), tuple([constant(side), shares.clone()]));
        let vouched = mac(key_for(BIND + side, key, shares), from.clone());
        let said = [from.clone(), signed].into_iter();
        sealed(
            key_for(SEAL + side, key, shares),
            tuple(said.chain(bound.then_some(vouched))),
        )
    };
    let mut initiator = Role::new("initiator");
    let (me, peer) = (var(ME), var(PEER));
    let exponent = var(initiator.fresh(Sort::Exponent));
    let own = share(exponent.clone());
    let theirs = var(initiator.any(Wanted::Share));
    let key = agreed(exponent, theirs.clone());
    let shares = tuple([own.clone(), theirs.clone()]);
    let session = key_for(SESSION, &key, &shares);
    initiator
        .send(own)
        .receive(tuple([theirs, proof(RESPONDER, &peer, &key, &shares)]))
        .running(peer.clone(), session.clone())
        .send(proof(INITIATOR, &me, &key, &shares))
        .commit(INITIATOR, peer, session.clone(), Some(session));

    let mut responder = Role::new("responder");
    let (me, peer) = (var(ME), var(PEER));
    let theirs = var(responder.any(Wanted::Share));
    responder.receive(theirs.clone());
    let exponent = var(responder.fresh(Sort::Exponent));
    let own = share(exponent.clone());
    let key = agreed(exponent, theirs.clone());
    let shares = tuple([theirs, own.clone()]);
    let session = key_for(SESSION, &key, &shares);
    // It learns from the last message only whom it talks to.
    let (nobody, data) = (None, session.clone());
    let running = Event::Running { peer: nobody, data };
    responder.steps.push(Step::Say(running));
    responder.send(tuple([own, proof(RESPONDER, &me, &key, &shares)]));
    if logged {
        let sides = [INITIATOR, RESPONDER];
        responder.send(tuple(sides.map(|it| key_for(SEAL + it, &key, &shares))));
    }
    responder
        .receive(proof(INITIATOR, &peer, &key, &shares))
        .commit(RESPONDER, peer, session.clone(), Some(session));

    protocol(vec![initiator, responder])
}

#[test]
fn without_the_mac_who_has_the_sealing_keys_puts_its_name_to_the_key_of_others() {
    for (claim, deliveries) in [
        ((Level::Possessed, INITIATOR), 2),
        ((Level::Possessed, RESPONDER), 2),
        ((Level::Mutual, RESPONDER), 3),
        ((Level::Exclusive, INITIATOR), 3),
        ((Level::Exclusive, RESPONDER), 3),
    ] {
        let found = shortest_attack(script(false, true), 2, claim);
        assert_eq!(found, deliveries, "{claim:?}");
    }
}

const CLAIMS: [(Level, u8); 8] = [
    (Level::Agreed, INITIATOR),
    (Level::Exclusive, INITIATOR),
    (Level::Possessed, INITIATOR),
    (Level::Forward, INITIATOR),
    (Level::Injective, RESPONDER),
    (Level::Exclusive, RESPONDER),
    (Level::Possessed, RESPONDER),
    (Level::Forward, RESPONDER),
];

#[test]
fn with_the_mac_it_withstands_though_the_sealing_keys_are_seen() {
    assert_eq!(withstands(script(true, true), 2, &CLAIMS), 61);
    assert_eq!(withstands(script(true, true), 3, &CLAIMS), 423);
}

#[test]
fn without_the_mac_it_withstands_while_the_seal_does() {
    assert_eq!(withstands(script(false, false), 2, &CLAIMS), 61);
    assert_eq!(withstands(script(false, false), 3, &CLAIMS), 423);
}
