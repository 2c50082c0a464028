//! When what was heard counts as valid.

use super::Heard;
use crate::dolev_yao::expression::{Bindings, Expression};
use crate::dolev_yao::role::{Role, public_key};
use crate::dolev_yao::term::{Arena, Sort, Symbol};
use crate::handshake::script::{BOB, MALLORY};

fn heard() -> Heard {
    Heard::new(&mut Role::new("listener"))
}

#[test]
fn of_what_was_not_heard_nothing_is_valid() {
    let facts = heard().facts(&mut Arena::default(), &Bindings::EMPTY);
    assert_eq!(facts.peer, u8::MAX);
    let valid = [
        facts.version_common,
        facts.capabilities_sufficient,
        facts.suite_offered,
        facts.share_contributes,
        facts.proof_opens,
        facts.identity_bound,
        facts.key_of_peer,
        facts.signature_valid,
        facts.confirmation_valid,
    ];
    assert_eq!(valid, [false; 9]);
}

#[test]
fn a_proof_opens_if_it_is_sealed_under_the_key_and_is_bound_if_its_mac_is_the_one_there_must_be() {
    for symbol in [Symbol::Sealed, Symbol::Mac] {
        for (key, mac) in [(0, 0), (0, 1), (1, 0), (1, 1)] {
            let (heard, mut arena) = (heard(), Arena::default());
            let keys = [0, 1].map(|number| arena.name(Sort::Key, number));
            let macs = [0, 1].map(|number| arena.name(Sort::Nonce, number));
            let mut bindings = Bindings::EMPTY;
            bindings.bind(heard.proof, arena.term(symbol, &[keys[key], macs[0]]));
            bindings.bind(heard.sealing_key, keys[0]);
            bindings.bind(heard.mac, macs[mac]);
            bindings.bind(heard.valid_mac, macs[0]);
            let facts = heard.facts(&mut arena, &bindings);
            let expected = ((symbol, key) == (Symbol::Sealed, 0), mac == 0);
            let found = (facts.proof_opens, facts.identity_bound);
            assert_eq!(found, expected, "{symbol:?} {key} {mac}");
        }
    }
}

#[test]
fn a_key_is_its_owners_and_nobody_elses() {
    for (id, key) in [(BOB, BOB), (BOB, MALLORY), (MALLORY, BOB)] {
        let (heard, mut arena) = (heard(), Arena::default());
        let key_of = public_key(Expression::Name(Sort::Agent, key));
        let mut bindings = Bindings::EMPTY;
        bindings.bind(heard.id, arena.name(Sort::Agent, id));
        let of_key = key_of.evaluate(&mut arena, &Bindings::EMPTY).unwrap();
        bindings.bind(heard.key, of_key);
        let facts = heard.facts(&mut arena, &bindings);
        assert_eq!((facts.peer, facts.key_of_peer), (id, id == key));
    }
}

#[test]
fn a_signature_or_a_confirmation_is_valid_if_it_is_the_one_there_must_be() {
    for given in [0, 1] {
        let (heard, mut arena) = (heard(), Arena::default());
        let [one, other] = [0, 1].map(|number| arena.name(Sort::Nonce, number));
        let mut bindings = Bindings::EMPTY;
        for (variable, valid) in [
            (heard.signature, heard.valid_signature),
            (heard.confirmation, heard.valid_confirmation),
        ] {
            bindings.bind(variable, if given == 0 { one } else { other });
            bindings.bind(valid, one);
        }
        let facts = heard.facts(&mut arena, &bindings);
        let valid = (facts.signature_valid, facts.confirmation_valid);
        assert_eq!(valid, (given == 0, given == 0));
    }
}
