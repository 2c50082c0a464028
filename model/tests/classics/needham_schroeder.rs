//! Needham and Schroeder's public-key protocol (<https://doi.org/10.1145/359657.359659>), Lowe's attack
//! on it and Lowe's repair (<https://doi.org/10.1016/0020-0190(95)00144-2>).

use countersign_model::dolev_yao::level::Level;
use countersign_model::dolev_yao::protocol::Protocol;
use countersign_model::dolev_yao::role::{ME, PEER, Role, Wanted, encrypted, tuple, var};
use countersign_model::dolev_yao::term::Sort;

use super::{protocol, shortest_attack, withstands};

const INITIATOR: u8 = 0;
const RESPONDER: u8 = 1;

/// The protocol; repaired, the responder names itself in the second message. What is taken for a nonce
/// has the form `nonce`.
fn script(repaired: bool, nonce: Wanted) -> Protocol {
    let second = |initial, answer, responder| {
        let nonces = [initial, answer].into_iter();
        tuple(nonces.chain(repaired.then_some(responder)))
    };
    let mut initiator = Role::new("initiator");
    let (me, peer) = (var(ME), var(PEER));
    let own = var(initiator.fresh(Sort::Nonce));
    let theirs = var(initiator.any(nonce));
    let data = tuple([own.clone(), theirs.clone()]);
    initiator
        .send(encrypted(peer.clone(), tuple([own.clone(), me.clone()])))
        .receive(encrypted(me, second(own, theirs.clone(), peer.clone())))
        .running(peer.clone(), data.clone())
        .send(encrypted(peer.clone(), theirs.clone()))
        .commit(INITIATOR, peer, data, Some(theirs));

    let mut responder = Role::new("responder");
    let (me, peer) = (var(ME), var(PEER));
    let theirs = var(responder.any(nonce));
    responder.receive(encrypted(me.clone(), tuple([theirs.clone(), peer.clone()])));
    let own = var(responder.fresh(Sort::Nonce));
    let data = tuple([theirs.clone(), own.clone()]);
    let answer = second(theirs, own.clone(), me.clone());
    responder
        .running(peer.clone(), data.clone())
        .send(encrypted(peer.clone(), answer))
        .receive(encrypted(me, own.clone()))
        .commit(RESPONDER, peer, data, Some(own));

    protocol(vec![initiator, responder])
}

#[test]
fn the_responder_takes_mallory_for_alice_in_three_deliveries() {
    for level in [
        Level::Mutual,
        Level::Agreed,
        Level::Secret,
        Level::Exclusive,
    ] {
        assert_eq!(
            shortest_attack(script(false, Wanted::Anything), 2, (level, RESPONDER)),
            3,
            "{level:?}"
        );
    }
}

#[test]
fn the_initiator_is_not_deceived() {
    let claims = [(Level::Injective, INITIATOR), (Level::Agreed, INITIATOR)];
    withstands(script(false, Wanted::Anything), 2, &claims);
}

#[test]
fn lowes_repair_withstands() {
    let claims = [
        (Level::Injective, INITIATOR),
        (Level::Secret, INITIATOR),
        (Level::Injective, RESPONDER),
        (Level::Secret, RESPONDER),
        (Level::Exclusive, RESPONDER),
    ];
    assert_eq!(
        withstands(script(true, Wanted::Anything), 2, &claims),
        11_751
    );
    // Nonces can be told from anything else: three runs take a million states otherwise.
    let told_apart = Wanted::Name(Sort::Nonce);
    assert_eq!(withstands(script(true, told_apart), 3, &claims), 3064);
}
