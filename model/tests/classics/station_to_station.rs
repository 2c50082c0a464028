//! The station-to-station protocol with a MAC (<https://doi.org/10.1007/BF00124891>), and the unknown key
//! share that Blake-Wilson and Menezes found for an attacker who has an honest principal's public key
//! certified as its own (<https://doi.org/10.1007/3-540-49162-7_12>). Repaired, the MAC covers a name.

use countersign_model::dolev_yao::expression::Expression;
use countersign_model::dolev_yao::level::Level;
use countersign_model::dolev_yao::protocol::Protocol;
use countersign_model::dolev_yao::role::{
    Event, ME, PEER, Role, Step, Wanted, agreed, mac, public_key, share, tuple, var,
};
use countersign_model::dolev_yao::term::{Sort, Symbol};

use super::{ALICE, BOB, MALLORY, agent, certificate, protocol, shortest_attack, withstands};

const INITIATOR: u8 = 0;
const RESPONDER: u8 = 1;

/// The protocol; repaired, the MAC covers the name of who made it. Registered, the attacker has a
/// certificate for the public key of each honest principal.
fn script(named: bool, registered: bool) -> Protocol {
    // Who verifies a signature knows the public key, and by it tells whose secret made it.
    let proof =
        |from: &Expression, secret: Expression, shares: [&Expression; 2], key: &Expression| {
            let public = Expression::Apply(Symbol::Public, vec![secret.clone()]);
            let shares = tuple(shares.map(Expression::clone));
            let signed = Expression::Apply(Symbol::Signature, vec![secret, shares]);
            let covered = tuple(
                [signed.clone()]
                    .into_iter()
                    .chain(named.then_some(from.clone())),
            );
            let name = from.clone();
            tuple([certificate(name, public), signed, mac(key.clone(), covered)])
        };
    let secret_of = |agent: &Expression| Expression::SecretOf(Box::new(agent.clone()));

    let mut initiator = Role::new("initiator");
    let (me, peer) = (var(ME), var(PEER));
    let exponent = var(initiator.fresh(Sort::Exponent));
    let own = share(exponent.clone());
    let theirs = var(initiator.any(Wanted::Share));
    let certified = var(initiator.any(Wanted::Name(Sort::LongTerm)));
    let key = agreed(exponent, theirs.clone());
    let answer = proof(&peer, certified, [&theirs, &own], &key);
    initiator
        .send(own.clone())
        .receive(tuple([theirs.clone(), answer]))
        .running(peer.clone(), key.clone())
        .send(proof(&me, secret_of(&me), [&own, &theirs], &key))
        .commit(INITIATOR, peer, key.clone(), Some(key));

    let mut responder = Role::new("responder");
    let (me, peer) = (var(ME), var(PEER));
    let theirs = var(responder.any(Wanted::Share));
    let certified = var(responder.any(Wanted::Name(Sort::LongTerm)));
    responder.receive(theirs.clone());
    let exponent = var(responder.fresh(Sort::Exponent));
    let own = share(exponent.clone());
    let key = agreed(exponent, theirs.clone());
    // It learns from the last message only whom it talks to.
    let data = key.clone();
    responder
        .steps
        .push(Step::Say(Event::Running { peer: None, data }));
    let answer = proof(&me, secret_of(&me), [&own, &theirs], &key);
    responder
        .send(tuple([own.clone(), answer]))
        .receive(proof(&peer, certified, [&theirs, &own], &key))
        .commit(RESPONDER, peer, key.clone(), Some(key));

    let mut protocol = protocol(vec![initiator, responder]);
    let certified = |name, key| certificate(agent(name), public_key(agent(key)));
    protocol
        .public
        .extend([ALICE, BOB, MALLORY].map(|name| certified(name, name)));
    if registered {
        protocol
            .hostile
            .extend([ALICE, BOB].map(|key| certified(MALLORY, key)));
    }
    protocol
}

#[test]
fn bob_has_the_key_with_mallory_and_alice_with_bob_in_three_deliveries() {
    assert_eq!(
        shortest_attack(script(false, true), 2, (Level::Exclusive, INITIATOR)),
        3
    );
    assert_eq!(
        shortest_attack(script(false, true), 2, (Level::Possessed, RESPONDER)),
        3
    );
}

#[test]
fn alice_has_the_key_with_mallory_and_bob_with_alice_in_three_deliveries() {
    assert_eq!(
        shortest_attack(script(false, true), 2, (Level::Exclusive, RESPONDER)),
        3
    );
    // The other way round Mallory is done one delivery earlier: Bob has only to be convinced yet.
    assert_eq!(
        shortest_attack(script(false, true), 2, (Level::Possessed, INITIATOR)),
        2
    );
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
fn without_the_registered_key_it_withstands() {
    assert_eq!(withstands(script(false, false), 2, &CLAIMS), 61);
}

#[test]
fn with_names_under_the_mac_it_withstands() {
    assert_eq!(withstands(script(true, true), 2, &CLAIMS), 61);
    assert_eq!(withstands(script(true, true), 3, &CLAIMS), 423);
}
