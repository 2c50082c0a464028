//! Needham and Schroeder's protocol with symmetric keys (<https://doi.org/10.1145/359657.359659>): who
//! learns an old session key makes a responder take it for a new one. Denning and Sacco found that, and
//! repaired it by the time of day in the ticket (<https://doi.org/10.1145/358722.358740>).

use countersign_model::dolev_yao::expression::Expression;
use countersign_model::dolev_yao::level::Level;
use countersign_model::dolev_yao::protocol::Protocol;
use countersign_model::dolev_yao::role::{
    ME, PEER, Role, Wanted, constant, hash, sealed, tuple, var,
};
use countersign_model::dolev_yao::term::Sort;

use super::{ALICE, BOB, agent, key_with_trusted, protocol, shortest_attack, withstands};

const INITIATOR: u8 = 0;
const RESPONDER: u8 = 1;

/// The protocol; repaired, a ticket says on which day it was made.
fn script(dated: bool) -> Protocol {
    let (today, yesterday) = (constant(1), constant(2));
    let ticket = |holder: &Expression, key: &Expression, bearer: &Expression, day: &Expression| {
        let said = [key, bearer].into_iter().chain(dated.then_some(day));
        sealed(key_with_trusted(holder.clone()), tuple(said.cloned()))
    };
    let mut initiator = Role::new("initiator");
    let (me, peer) = (var(ME), var(PEER));
    let nonce = var(initiator.fresh(Sort::Nonce));
    let key = var(initiator.any(Wanted::Name(Sort::Key)));
    let given = var(initiator.any(Wanted::Sealed));
    let challenge = var(initiator.any(Wanted::Name(Sort::Nonce)));
    let grant = tuple([nonce.clone(), peer.clone(), key.clone(), given.clone()]);
    initiator
        .send(tuple([me.clone(), peer.clone(), nonce]))
        .receive(sealed(key_with_trusted(me), grant))
        .running(peer.clone(), key.clone())
        .send(given)
        .receive(sealed(key.clone(), challenge.clone()))
        .send(sealed(key.clone(), hash(challenge)))
        .commit(INITIATOR, peer, key.clone(), Some(key));

    let mut responder = Role::new("responder");
    let (me, peer) = (var(ME), var(PEER));
    let key = var(responder.any(Wanted::Name(Sort::Key)));
    responder.receive(ticket(&me, &key, &peer, &today));
    let challenge = var(responder.fresh(Sort::Nonce));
    responder
        .running(peer.clone(), key.clone())
        .send(sealed(key.clone(), challenge.clone()))
        .receive(sealed(key.clone(), hash(challenge)))
        .commit(RESPONDER, peer, key.clone(), Some(key));

    let mut server = Role::new("server");
    let bearer = var(server.any(Wanted::Name(Sort::Agent)));
    let holder = var(server.any(Wanted::Name(Sort::Agent)));
    let nonce = var(server.any(Wanted::Name(Sort::Nonce)));
    server.receive(tuple([bearer.clone(), holder.clone(), nonce.clone()]));
    let key = var(server.fresh(Sort::Key));
    let given = ticket(&holder, &key, &bearer, &today);
    server.send(sealed(
        key_with_trusted(bearer),
        tuple([nonce, holder, key, given]),
    ));

    let mut protocol = protocol(vec![initiator, responder, server]);
    // Yesterday's sessions: the attacker kept the tickets, and has learnt the keys since.
    for (bearer, holder) in [(ALICE, BOB), (BOB, ALICE)] {
        let key = Expression::Name(Sort::Key, 8 + bearer);
        let kept = ticket(&agent(holder), &key, &agent(bearer), &yesterday);
        protocol.hostile.extend([key, kept]);
    }
    protocol
}

#[test]
fn the_responder_takes_yesterdays_key_for_todays_in_two_deliveries() {
    for level in [Level::Alive, Level::Agreed, Level::Secret] {
        assert_eq!(
            shortest_attack(script(false), 3, (level, RESPONDER)),
            2,
            "{level:?}"
        );
    }
}

#[test]
fn the_initiator_is_not_deceived() {
    let claims = [(Level::Injective, INITIATOR), (Level::Secret, INITIATOR)];
    withstands(script(false), 3, &claims);
}

#[test]
fn with_the_day_in_the_ticket_it_withstands() {
    let claims = [
        (Level::Injective, INITIATOR),
        (Level::Secret, INITIATOR),
        (Level::Injective, RESPONDER),
        (Level::Secret, RESPONDER),
        (Level::Exclusive, RESPONDER),
    ];
    assert_eq!(withstands(script(true), 3, &claims), 2155);
    assert_eq!(withstands(script(true), 4, &claims), 36_030);
}
