//! Diffie and Hellman's key agreement in which each side signs the shares and the key. Whoever signs the key
//! must have it: nobody has that of others taken for its own. That is so until signatures verify under
//! public keys of small order, which take no knowledge of what is signed (what such keys do to protocols:
//! <https://doi.org/10.1145/3319535.3339813>). Repaired, keys of small order are refused; or else each signs
//! for the peer that it means, and at least nobody is mistaken about who shares it.

use countersign_model::dolev_yao::expression::Expression;
use countersign_model::dolev_yao::level::Level;
use countersign_model::dolev_yao::protocol::Protocol;
use countersign_model::dolev_yao::role::{
    ME, PEER, Role, Wanted, agreed, constant, public_key, secret_key, share, tuple, var,
};
use countersign_model::dolev_yao::term::{Sort, Symbol};
use countersign_model::dolev_yao::weakness::{Weakness, Weaknesses};

use super::{ALICE, BOB, MALLORY, agent, certificate, protocol, shortest_attack, withstands};

const INITIATOR: u8 = 0;
const RESPONDER: u8 = 1;
const LOOSE: Weaknesses = Weaknesses::NONE.with(Weakness::LooseSignature);

/// The protocol; `named`, each also signs for the peer that it means. The attacker has a certificate for
/// its own public key and for one of small order.
fn script(named: bool, weaknesses: Weaknesses) -> Protocol {
    let public_of = |secret| Expression::Apply(Symbol::Public, vec![secret]);
    let proof = |role: u8,
                 from: &Expression,
                 secret: Expression,
                 said: [&Expression; 3],
                 to: &Expression| {
        let covered = said.into_iter().chain(named.then_some(to)).cloned();
        let covered = tuple([constant(role)].into_iter().chain(covered));
        let signed = Expression::Apply(Symbol::Signature, vec![secret.clone(), covered]);
        tuple([certificate(from.clone(), public_of(secret)), signed])
    };
    let mut initiator = Role::new("initiator");
    let (me, peer) = (var(ME), var(PEER));
    let exponent = var(initiator.fresh(Sort::Exponent));
    let own = share(exponent.clone());
    let theirs = var(initiator.any(Wanted::Share));
    let certified = var(initiator.any(Wanted::Name(Sort::LongTerm)));
    let key = agreed(exponent, theirs.clone());
    let said = [&own, &theirs, &key];
    initiator
        .send(tuple([me.clone(), own.clone()]))
        .receive(tuple([
            theirs.clone(),
            proof(RESPONDER, &peer, certified, said, &me),
        ]))
        .running(peer.clone(), key.clone())
        .send(proof(INITIATOR, &me, secret_key(me.clone()), said, &peer))
        .commit(INITIATOR, peer, key.clone(), Some(key));

    let mut responder = Role::new("responder");
    let (me, peer) = (var(ME), var(PEER));
    let theirs = var(responder.any(Wanted::Share));
    let certified = var(responder.any(Wanted::Name(Sort::LongTerm)));
    responder.receive(tuple([peer.clone(), theirs.clone()]));
    let exponent = var(responder.fresh(Sort::Exponent));
    let own = share(exponent.clone());
    let key = agreed(exponent, theirs.clone());
    let said = [&theirs, &own, &key];
    responder
        .running(peer.clone(), key.clone())
        .send(tuple([
            own.clone(),
            proof(RESPONDER, &me, secret_key(me.clone()), said, &peer),
        ]))
        .receive(proof(INITIATOR, &peer, certified, said, &me))
        .commit(RESPONDER, peer, key.clone(), Some(key));

    let mut protocol = protocol(vec![initiator, responder]);
    protocol.weaknesses = weaknesses;
    let certified = [ALICE, BOB, MALLORY].map(|it| certificate(agent(it), public_key(agent(it))));
    protocol.public.extend(certified);
    let small_order = public_of(Expression::Apply(Symbol::NoSecret, Vec::new()));
    let small_order = certificate(agent(MALLORY), small_order);
    protocol.hostile.push(small_order);
    protocol
}

#[test]
fn by_a_key_of_small_order_mallory_has_the_key_with_one_and_that_one_with_another_in_three() {
    for side in [INITIATOR, RESPONDER] {
        assert_eq!(
            shortest_attack(script(false, LOOSE), 2, (Level::Exclusive, side)),
            3,
            "{side}"
        );
    }
}

#[test]
fn she_has_not_got_the_key_that_she_signed_for_in_one_delivery_or_two() {
    // To who begins she gives the share of anybody else; who waits accepts her by her second message.
    for (side, deliveries) in [(INITIATOR, 1), (RESPONDER, 2)] {
        assert_eq!(
            shortest_attack(script(false, LOOSE), 2, (Level::Possessed, side)),
            deliveries,
            "{side}"
        );
    }
}

const POSSESSED: [(Level, u8); 2] = [(Level::Possessed, INITIATOR), (Level::Possessed, RESPONDER)];
const EXCLUSIVE: [(Level, u8); 2] = [(Level::Exclusive, INITIATOR), (Level::Exclusive, RESPONDER)];

#[test]
fn with_keys_of_small_order_refused_it_withstands() {
    let claims = [EXCLUSIVE, POSSESSED].concat();
    assert_eq!(withstands(script(false, Weaknesses::NONE), 2, &claims), 147);
    assert_eq!(
        withstands(script(false, Weaknesses::NONE), 3, &claims),
        2059
    );
}

#[test]
fn signed_for_the_peer_it_withstands_but_mallory_need_not_have_the_key() {
    let agreed = [(Level::Injective, INITIATOR), (Level::Injective, RESPONDER)];
    let claims = [EXCLUSIVE, agreed].concat();
    assert_eq!(withstands(script(true, LOOSE), 2, &claims), 305);
    let possessed = (Level::Possessed, INITIATOR);
    assert_eq!(shortest_attack(script(true, LOOSE), 2, possessed), 1);
}
