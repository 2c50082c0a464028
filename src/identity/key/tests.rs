//! What a key accepts, refuses, and keeps to itself.

use std::collections::HashSet;

use proptest::prelude::*;

use super::*;

fn signing_key() -> SigningKey {
    SigningKey::from_seed([7; SigningKey::SEED_LENGTH])
}

/// A point of order 8: its multiples are all the points of small order. The first test checks that
/// it is one, so the constant needs no trust.
const ORDER_EIGHT: [u8; 32] = [
    0xc7, 0x17, 0x6a, 0x70, 0x3d, 0x4d, 0xd8, 0x4f, 0xba, 0x3c, 0x0b, 0x76, 0x0d, 0x10, 0x67, 0x0f,
    0x2a, 0x20, 0x53, 0xfa, 0x2c, 0x39, 0xcc, 0xc6, 0x4e, 0xc7, 0xfd, 0x77, 0x92, 0xac, 0x03, 0x7a,
];

/// The encodings of `start`, `start + T`, ..., `start + 7 T`, where T is the point of order 8.
fn torsion_coset(start: [u8; 32]) -> Vec<[u8; 32]> {
    let point = |bytes| {
        ed25519_dalek::VerifyingKey::from_bytes(bytes)
            .unwrap()
            .to_edwards()
    };
    let torsion = point(&ORDER_EIGHT);
    let coset = std::iter::successors(Some(point(&start)), |previous| Some(previous + torsion));
    coset
        .map(|member| member.compress().to_bytes())
        .take(8)
        .collect()
}

#[test]
fn every_key_of_small_order_is_refused() {
    let small = torsion_coset(ORDER_EIGHT);
    assert_eq!(small.iter().collect::<HashSet<_>>().len(), 8);
    assert!(small.contains(&{
        let mut identity = [0; 32];
        identity[0] = 1;
        identity
    }));
    for bytes in small {
        assert_eq!(
            PeerVerifyingKey::from_bytes(&bytes),
            Err(PeerKeyError::SmallOrder)
        );
    }
}

/// For each such key A and the message, R = A and S = 0 satisfy the equation of RFC 8032 section
/// 5.1.7 with the cofactor, whatever the message is.
#[test]
fn strict_verification_alone_refuses_keys_of_small_order() {
    for bytes in torsion_coset(ORDER_EIGHT) {
        let mut signature = [0; 64];
        signature[..32].copy_from_slice(&bytes);
        let unchecked = PeerVerifyingKey(ed25519_dalek::VerifyingKey::from_bytes(&bytes).unwrap());
        assert!(!unchecked.verifies(b"any message", &signature));
    }
}

#[test]
fn every_key_of_mixed_order_is_refused() {
    let honest = signing_key().peer_key();
    let (own, mixed) = {
        let mut coset = torsion_coset(*honest.as_bytes());
        (coset.remove(0), coset)
    };
    assert_eq!(PeerVerifyingKey::from_bytes(&own), Ok(honest));
    assert_eq!(mixed.len(), 7);
    for bytes in mixed {
        assert_eq!(
            PeerVerifyingKey::from_bytes(&bytes),
            Err(PeerKeyError::MixedOrder)
        );
    }
}

/// 19 values of y fit into 255 bits at or above p = 2^255 - 19; the library finds a point for 12 of
/// them, with either sign bit. Neither these nor x = 0 with its sign bit set may be read.
#[test]
fn every_second_encoding_of_a_point_is_refused() {
    let mut refused_for_encoding = 0;
    for low in 0xed..=0xff {
        for high in [0x7f, 0xff] {
            let mut bytes = [0xff; 32];
            (bytes[0], bytes[31]) = (low, high);
            match PeerVerifyingKey::from_bytes(&bytes) {
                Err(PeerKeyError::NonCanonical) => refused_for_encoding += 1,
                other => assert_eq!(other, Err(PeerKeyError::NotAPoint)),
            }
        }
    }
    assert_eq!(refused_for_encoding, 24);
    let mut negative_zero = [0; 32];
    (negative_zero[0], negative_zero[31]) = (1, 0x80);
    assert_eq!(
        PeerVerifyingKey::from_bytes(&negative_zero),
        Err(PeerKeyError::NonCanonical)
    );
}

#[test]
fn bytes_that_are_no_point_are_refused() {
    let mut bytes = [0; 32];
    bytes[0] = 2;
    assert_eq!(
        PeerVerifyingKey::from_bytes(&bytes),
        Err(PeerKeyError::NotAPoint)
    );
}

#[test]
fn a_secret_key_file_holds_one_line_and_is_read_back() {
    let text = signing_key().dangerously_export();
    let words: Vec<_> = text.split_ascii_whitespace().collect();
    assert_eq!(
        words[..2],
        [SECRET_KEY_FILE_FORMAT, &signing_key().key_id().to_string()]
    );
    assert_eq!(words.len(), 3);
    assert_eq!(text.len(), text.capacity());
    for ending in ["", "\n", "\r\n"] {
        let read =
            SigningKey::import(&format!("{}{ending}", text.trim_end())).unwrap_or_else(|error| {
                panic!("the ending {ending:?} was refused: {error}");
            });
        assert_eq!(read.key_id(), signing_key().key_id());
    }
}

#[test]
fn an_altered_secret_key_file_is_refused_without_quoting_it() {
    use SecretKeyFileError::{OtherKey, UnknownFormat, UnreadableSeed, WrongShape};
    let text = signing_key().dangerously_export();
    let other = SigningKey::from_seed([8; 32]);
    let expected = signing_key().key_id();
    let refusals = [
        (String::new(), UnknownFormat),
        (text.replace("/1 ", "/2 "), UnknownFormat),
        (format!(" {}", *text), UnknownFormat),
        (format!("{}\n", *text), UnreadableSeed),
        (format!("{SECRET_KEY_FILE_FORMAT} {expected}"), WrongShape),
        (format!("{} again", text.trim_end()), WrongShape),
        (text.replace(' ', "  "), WrongShape),
        (text.trim_end()[..text.len() - 2].to_owned(), UnreadableSeed),
        (
            text.replace(&expected.to_string(), &other.key_id().to_string()),
            OtherKey { expected },
        ),
    ];
    let seed = text.split_ascii_whitespace().next_back().unwrap();
    for (altered, refusal) in refusals {
        let error = SigningKey::import(&altered).err();
        assert_eq!(error, Some(refusal), "{altered:?}");
        assert!(!error.unwrap().to_string().contains(seed));
    }
}

proptest! {
    #[test]
    fn a_signature_with_any_bit_flipped_is_refused(
        seed: [u8; 32], message: Vec<u8>, bit in 0_usize..512,
    ) {
        let key = SigningKey::from_seed(seed);
        let mut signature = key.sign(&message);
        prop_assert!(key.peer_key().verifies(&message, &signature));
        signature[bit / 8] ^= 1 << (bit % 8);
        prop_assert!(!key.peer_key().verifies(&message, &signature));
    }

    #[test]
    fn an_accepted_key_has_one_encoding(bytes: [u8; 32]) {
        if let Ok(key) = PeerVerifyingKey::from_bytes(&bytes) {
            prop_assert_eq!(key.as_bytes(), &bytes);
            prop_assert_eq!(PeerVerifyingKey::parse(&key.to_string()), Ok(key));
        }
    }

    #[test]
    fn a_secret_key_file_survives_the_round_trip(seed: [u8; 32]) {
        let key = SigningKey::from_seed(seed);
        let read = SigningKey::import(&key.dangerously_export());
        prop_assert_eq!(read.map(|key| key.sign(b"same")), Ok(key.sign(b"same")));
    }
}
