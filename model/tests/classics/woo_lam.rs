//! Woo and Lam's one-way authentication through a server (<https://doi.org/10.1145/182110.182113>). In
//! their protocol Pi-1 a responder takes its own question for the server's answer; in Pi-f, from which
//! it was derived, the question also contains the nonce, and so has another form.

use countersign_model::dolev_yao::expression::Expression;
use countersign_model::dolev_yao::level::Level;
use countersign_model::dolev_yao::protocol::Protocol;
use countersign_model::dolev_yao::role::{ME, PEER, Role, Wanted, sealed, tuple, var};
use countersign_model::dolev_yao::term::Sort;

use super::{key_with_trusted, protocol, shortest_attack, withstands};

/// The protocol: Pi-f if `full`, or else Pi-1. Only the responder authenticates anybody.
fn script(full: bool) -> Protocol {
    let question = |initiator, responder, nonce, proof| {
        let names = [initiator, responder].into_iter();
        tuple(names.chain(full.then_some(nonce)).chain([proof]))
    };
    let mut initiator = Role::new("initiator");
    let (me, peer) = (var(ME), var(PEER));
    let nonce = var(initiator.any(Wanted::Name(Sort::Nonce)));
    let proof = tuple([me.clone(), peer.clone(), nonce.clone()]);
    initiator
        .send(me.clone())
        .receive(nonce.clone())
        .running(peer, nonce)
        .send(sealed(key_with_trusted(me), proof));

    let mut responder = Role::new("responder");
    let (me, peer) = (var(ME), var(PEER));
    // It cannot open what the initiator sends: to it that is any bits at all.
    let proof = var(responder.any(Wanted::Anything));
    responder.receive(peer.clone());
    let nonce = var(responder.fresh(Sort::Nonce));
    let asked = question(peer.clone(), me.clone(), nonce.clone(), proof.clone());
    let answer = tuple([peer.clone(), me.clone(), nonce.clone()]);
    responder
        .send(nonce.clone())
        .receive(proof)
        .send(sealed(key_with_trusted(me.clone()), asked))
        .receive(sealed(key_with_trusted(me), answer))
        .commit(0, peer, nonce, None);

    let mut server = Role::new("server");
    let initiator_name = var(server.any(Wanted::Name(Sort::Agent)));
    let responder_name = var(server.any(Wanted::Name(Sort::Agent)));
    let nonce = var(server.any(Wanted::Name(Sort::Nonce)));
    let said = tuple([
        initiator_name.clone(),
        responder_name.clone(),
        nonce.clone(),
    ]);
    let proof = sealed(key_with_trusted(initiator_name.clone()), said.clone());
    let asked = question(initiator_name, responder_name.clone(), nonce, proof);
    let key = key_with_trusted(responder_name);
    server
        .receive(sealed(key.clone(), asked))
        .send(sealed(key, said));

    let mut protocol = protocol(vec![initiator, responder, server]);
    // Any bits at all are many: what no part of this protocol is would only be more of the same.
    let plays_a_part = |known: &Expression| match known {
        Expression::Name(sort, _) => !matches!(sort, Sort::Key | Sort::Exponent),
        _ => false,
    };
    protocol.public.retain(plays_a_part);
    protocol.hostile.retain(plays_a_part);
    protocol
}

#[test]
fn the_responders_own_question_answers_it_in_three_deliveries() {
    for level in [Level::Alive, Level::Agreed] {
        assert_eq!(
            shortest_attack(script(false), 3, (level, 0)),
            3,
            "{level:?}"
        );
    }
}

#[test]
fn with_the_nonce_in_the_question_it_withstands() {
    let claims = [Level::Alive, Level::Mutual, Level::Injective].map(|level| (level, 0));
    assert_eq!(withstands(script(true), 3, &claims), 198_556);
}
