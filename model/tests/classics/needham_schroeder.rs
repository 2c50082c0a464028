//! Needham and Schroeder's public-key protocol, Lowe's attack on it and Lowe's repair
//! (<https://doi.org/10.1016/0020-0190(95)00144-2>).

use countersign_model::dolev_yao::claim::Level;
use countersign_model::dolev_yao::role::{ME, PEER, Role, Wanted, encrypted, tuple, var};
use countersign_model::dolev_yao::system::Protocol;
use countersign_model::dolev_yao::term::Sort;

use super::{hostile, public, shortest_attack, two_sides};

/// The protocol; repaired, the responder names itself in the second message.
fn protocol(repaired: bool) -> Protocol {
    let second = |initial, answer, responder| match repaired {
        true => tuple([initial, answer, responder]),
        false => tuple([initial, answer]),
    };
    let mut initiator = Role::new("initiator");
    let (me, peer) = (var(ME), var(PEER));
    let own = var(initiator.fresh(Sort::Nonce));
    let theirs = var(initiator.any(Wanted::Anything));
    let data = tuple([own.clone(), theirs.clone()]);
    initiator
        .send(encrypted(peer.clone(), tuple([own.clone(), me.clone()])))
        .receive(encrypted(me, second(own, theirs.clone(), peer.clone())))
        .running(peer.clone(), data.clone())
        .send(encrypted(peer.clone(), theirs.clone()))
        .commit(0, peer, data, Some(theirs));

    let mut responder = Role::new("responder");
    let (me, peer) = (var(ME), var(PEER));
    let theirs = var(responder.any(Wanted::Anything));
    responder.receive(encrypted(me.clone(), tuple([theirs.clone(), peer.clone()])));
    let own = var(responder.fresh(Sort::Nonce));
    let data = tuple([theirs.clone(), own.clone()]);
    responder
        .running(peer.clone(), data.clone())
        .send(encrypted(
            peer.clone(),
            second(theirs, own.clone(), me.clone()),
        ))
        .receive(encrypted(me, own.clone()))
        .commit(1, peer, data, Some(own));

    Protocol {
        roles: vec![initiator, responder],
        participants: two_sides(),
        honest: 2,
        interchangeable: true,
        public: public(),
        hostile: hostile(),
    }
}

#[test]
fn the_responder_is_deceived_in_three_deliveries() {
    assert_eq!(
        shortest_attack(protocol(false), 2, Level::Mutual, 1),
        Some(3)
    );
    assert_eq!(
        shortest_attack(protocol(false), 2, Level::Agreed, 1),
        Some(3)
    );
}

#[test]
fn the_responders_nonce_is_known_to_the_attacker() {
    assert_eq!(
        shortest_attack(protocol(false), 2, Level::Secret, 1),
        Some(3)
    );
}

#[test]
fn the_initiator_is_not_deceived() {
    assert_eq!(
        shortest_attack(protocol(false), 2, Level::Injective, 0),
        None
    );
}

#[test]
fn lowes_repair_withstands() {
    for level in [Level::Injective, Level::Secret] {
        assert_eq!(shortest_attack(protocol(true), 2, level, 1), None);
    }
}
