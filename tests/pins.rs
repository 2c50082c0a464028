//! The formula of every invariant, pinned: a hollowed property turns red here.
//!
//! A changed hash is a changed promise; the commit that changes one says why.

use countersign_invariants::admission::formula;
use countersign_model::admission::invariant::InvariantId;
use sha2::{Digest as _, Sha256};

/// SHA-256 of the formula, its first 16 digits.
const PINNED: &[(&str, &str)] = &[
    ("authentic", "ec2d91161aa39e58"),
    ("bound", "3a419262449619fc"),
    ("once", "a43a032ee9b23a80"),
    ("audience", "06e9ed6fa6534d8a"),
    ("schema", "f60f84fe6941fad6"),
    ("canonical", "10931ecb23488cde"),
    ("timely", "d1cccc7bc33d2c87"),
    ("live", "92789332a5dd328d"),
    ("bounded", "81fec79d37117b15"),
];

#[test]
fn no_invariant_says_less_than_it_did() {
    let found: Vec<(&str, String)> = InvariantId::ALL
        .iter()
        .map(|id| {
            let digest = Sha256::digest(formula(*id));
            let first = digest
                .iter()
                .take(8)
                .fold(0, |sum, byte| sum << 8 | u64::from(*byte));
            let digits = format!("{first:016x}");
            (id.name(), digits)
        })
        .collect();
    let pinned: Vec<(&str, String)> = PINNED
        .iter()
        .map(|(name, digits)| (*name, (*digits).to_owned()))
        .collect();
    assert_eq!(found, pinned);
}
