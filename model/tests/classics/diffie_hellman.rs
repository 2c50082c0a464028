//! Diffie and Hellman's key agreement (<https://doi.org/10.1109/TIT.1976.1055638>): whoever stands between
//! the two shares a key with each of them. Repaired, each signs its share for the peer that it means.

use countersign_model::dolev_yao::expression::Expression;
use countersign_model::dolev_yao::level::Level;
use countersign_model::dolev_yao::protocol::Protocol;
use countersign_model::dolev_yao::role::{
    ME, PEER, Role, Wanted, agreed, share, signature, tuple, var,
};
use countersign_model::dolev_yao::term::Sort;

use super::{protocol, shortest_attack, withstands};

const INITIATOR: u8 = 0;
const RESPONDER: u8 = 1;

/// The protocol: a name and a share, and a share in return.
fn script(signed: bool) -> Protocol {
    let message =
        |from: &Expression, own: &Expression, heard: Option<&Expression>, to: &Expression| {
            let covered = [own].into_iter().chain(heard).chain([to]).cloned();
            let signature = signed.then(|| signature(from.clone(), tuple(covered)));
            tuple([from.clone(), own.clone()].into_iter().chain(signature))
        };
    let mut initiator = Role::new("initiator");
    let (me, peer) = (var(ME), var(PEER));
    let exponent = var(initiator.fresh(Sort::Exponent));
    let own = share(exponent.clone());
    let theirs = var(initiator.any(Wanted::Share));
    let key = agreed(exponent, theirs.clone());
    initiator
        .running(peer.clone(), own.clone())
        .send(message(&me, &own, None, &peer))
        .receive(message(&peer, &theirs, Some(&own), &me))
        .commit(INITIATOR, peer, key.clone(), Some(key));

    let mut responder = Role::new("responder");
    let (me, peer) = (var(ME), var(PEER));
    let theirs = var(responder.any(Wanted::Share));
    responder.receive(message(&peer, &theirs, None, &me));
    let exponent = var(responder.fresh(Sort::Exponent));
    let own = share(exponent.clone());
    let key = agreed(exponent, theirs.clone());
    responder
        .running(peer.clone(), key.clone())
        .send(message(&me, &own, Some(&theirs), &peer))
        .commit(RESPONDER, peer, key.clone(), Some(key));

    protocol(vec![initiator, responder])
}

#[test]
fn either_side_shares_its_key_with_mallory_in_one_delivery() {
    for point in [INITIATOR, RESPONDER] {
        for level in [Level::Alive, Level::Secret] {
            assert_eq!(
                shortest_attack(script(false), 2, (level, point)),
                1,
                "{level:?}"
            );
        }
    }
}

#[test]
fn what_only_listens_learns_no_key() {
    for point in [INITIATOR, RESPONDER] {
        withstands(script(false), 2, &[(Level::Private, point)]);
    }
}

#[test]
fn signed_for_the_peer_it_withstands() {
    let claims = [
        (Level::Injective, INITIATOR),
        (Level::Forward, INITIATOR),
        (Level::Exclusive, INITIATOR),
        (Level::Mutual, RESPONDER),
        (Level::Forward, RESPONDER),
    ];
    assert_eq!(withstands(script(true), 2, &claims), 79);
    assert_eq!(withstands(script(true), 3, &claims), 854);
}
