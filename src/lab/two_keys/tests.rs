//! The ciphertext is real: the library that honest code uses opens it under both keys.

use chacha20poly1305::ChaCha20Poly1305;
use chacha20poly1305::aead::{Aead as _, KeyInit as _, Payload};
use proptest::prelude::*;

use super::{Reading, SealedTwice, seal_twice};
use crate::sealing::BodyKey;

/// What the library opens `bytes` to.
fn open(key: &[u8; 32], nonce: &[u8; 12], associated: &[u8], bytes: &[u8]) -> Option<Vec<u8>> {
    let (msg, aad) = (bytes, associated);
    let opened = ChaCha20Poly1305::new(key.into()).decrypt(nonce.into(), Payload { msg, aad });
    opened.ok()
}

const HARMLESS: &[u8] = b"send the minutes to everybody";
const HARMFUL: &[u8] = b"pay mallory";

fn both(keys: [&[u8; 32]; 2], associated: &[u8]) -> SealedTwice {
    let texts = [HARMLESS, HARMFUL];
    let reading = |which: usize| Reading {
        key: keys[which],
        nonce: &[0; 12],
        associated,
        text: texts[which],
    };
    seal_twice([reading(0), reading(1)]).unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]
    #[test]
    fn each_key_opens_the_same_bytes_to_its_own_text_and_a_third_key_does_not(
        keys in any::<[[u8; 32]; 3]>(),
        nonces in any::<[[u8; 12]; 2]>(),
        associated in prop::array::uniform2(prop::collection::vec(any::<u8>(), 0..40)),
        texts in any::<[Vec<u8>; 2]>(),
    ) {
        let reading = |which: usize| Reading {
            key: &keys[which],
            nonce: &nonces[which],
            associated: &associated[which],
            text: &texts[which],
        };
        let readings = [reading(0), reading(1)];
        let sealed = seal_twice(readings).unwrap();
        for (it, begin) in readings.into_iter().zip(sealed.begins) {
            let opened = open(it.key, it.nonce, it.associated, &sealed.bytes).unwrap();
            prop_assert_eq!(&opened[begin..begin + it.text.len()], it.text);
            prop_assert_eq!(open(&keys[2], it.nonce, it.associated, &sealed.bytes), None);
        }
    }
}

#[test]
fn it_is_authenticated_like_any_other() {
    let (one, other) = ([1; 32], [2; 32]);
    let sealed = both([&one, &other], b"for bob").bytes;
    for place in 0..sealed.len() {
        let mut altered = sealed.clone();
        altered[place] ^= 1;
        for key in [&one, &other] {
            assert!(open(key, &[0; 12], b"for bob", &sealed).is_some());
            assert_eq!(open(key, &[0; 12], b"for bob", &altered), None, "{place}");
        }
    }
    assert_eq!(open(&one, &[0; 12], b"for carol", &sealed), None);
}

#[test]
fn one_key_opens_it_to_one_text() {
    let readings = [HARMLESS, HARMFUL].map(|text| Reading {
        key: &[1; 32],
        nonce: &[0; 12],
        associated: b"",
        text,
    });
    assert_eq!(seal_twice(readings), None);
}

#[test]
fn a_body_that_commits_to_its_key_opens_under_one_of_the_two() {
    let (one, other) = (BodyKey::new([1; 32]), BodyKey::new([2; 32]));
    // The attacker has both keys, and so all that is derived from them.
    let sealed = both(
        [one.dangerously_reveal(), other.dangerously_reveal()],
        b"for bob",
    );
    for (key, commits) in [
        (&one, &one),
        (&one, &other),
        (&other, &one),
        (&other, &other),
    ] {
        let body = [commits.commitment().as_slice(), &sealed.bytes].concat();
        let opened = key.open(&body, b"for bob");
        // Without the commitment each would open it.
        assert_eq!(opened.is_some(), std::ptr::eq(key, commits));
    }
}
