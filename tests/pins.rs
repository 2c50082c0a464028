//! The formula of every invariant, pinned: a hollowed property turns red here.
//!
//! A changed hash is a changed promise; the commit that changes one says why. So is a stronger
//! assumption: those of the handshake are pinned too.

use countersign_invariants::{admission, bus, handshake};
use countersign_model::admission::invariant::InvariantId;
use countersign_model::bus::promise as bus_promise;
use countersign_model::handshake::crowd::assumption::AssumptionId;
use countersign_model::handshake::promise;
use countersign_model::rulebook::Row as _;
use sha2::{Digest as _, Sha256};

/// For each invariant of admission: SHA-256 of the formula, its first 16 digits.
const ADMISSION: &[(&str, &str)] = &[
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

/// The same for the handshake.
const HANDSHAKE: &[(&str, &str)] = &[
    ("alive", "fd691447fff14294"),
    ("mutual", "08025b58e67b0bc2"),
    ("agreed", "54493da0edd41d1f"),
    ("injective", "a971a00b86e2100c"),
    ("confirmed", "340c23aa91c9b1fa"),
    ("secret", "b872162c8c2eac88"),
    ("forward", "35553f0e2c9b7590"),
    ("private", "253bf94035694b5f"),
    ("possessed", "be9f28cc21c84b3c"),
    ("concealed", "0fd3abf26063c6ac"),
    ("negotiated", "4a5078f4738862ca"),
    ("current", "a4be68190eb324a5"),
    ("capable", "87d4571cbf986f51"),
    ("intended", "b0a017a234c9d93f"),
    ("entitled", "a072302157155641"),
];

/// The same for the bus.
const BUS: &[(&str, &str)] = &[
    ("attributed", "7000c7039adf7c3e"),
    ("mediated", "d808ce2abc9a9392"),
    ("entitled", "c7f9574e4e9ba1d9"),
    ("permitted", "01f9ee7f18cf971c"),
    ("approved", "6450ef11931927b8"),
    ("once", "a7e730d236fd3e2c"),
    ("timely", "62279cff91d79986"),
    ("solicited", "de13bd848c1cb557"),
    ("bounded", "915f1bc8b36b5c3f"),
    ("live", "7ba76f9811f8539d"),
    ("answered", "d050216ba3d1c050"),
];

/// And for what the handshake's proofs take for granted.
const ASSUMED: &[(&str, &str)] = &[
    ("runs-are-honest", "c9313d9f5a9bdb17"),
    ("keys-are-owned", "81a894ee7b80d330"),
    ("shares-are-fresh", "dcf2f73f6afa4f3d"),
    ("shares-are-large", "5dc3e8834b1e9ef9"),
];

fn digits(text: &str) -> String {
    let digest = Sha256::digest(text);
    let first = digest.iter().take(8);
    let first = first.fold(0, |sum, byte| sum << 8 | u64::from(*byte));
    format!("{first:016x}")
}

fn assert_pinned(found: &[(&str, String)], pinned: &[(&str, &str)]) {
    let pinned: Vec<(&str, String)> = pinned
        .iter()
        .map(|(name, digits)| (*name, (*digits).to_owned()))
        .collect();
    assert_eq!(found, pinned);
}

#[test]
fn no_invariant_of_admission_says_less_than_it_did() {
    let all = InvariantId::ALL.iter();
    let found = all.map(|id| (id.name(), digits(&admission::formula(*id))));
    assert_pinned(&found.collect::<Vec<_>>(), ADMISSION);
}

#[test]
fn no_invariant_of_the_handshake_says_less_than_it_did() {
    let all = promise::InvariantId::ALL.iter();
    let found = all.map(|id| (id.name(), digits(&handshake::formula(*id))));
    assert_pinned(&found.collect::<Vec<_>>(), HANDSHAKE);
}

#[test]
fn no_invariant_of_the_bus_says_less_than_it_did() {
    let all = bus_promise::InvariantId::ALL.iter();
    let found = all.map(|id| (id.name(), digits(&bus::formula(*id))));
    assert_pinned(&found.collect::<Vec<_>>(), BUS);
}

#[test]
fn no_assumption_about_the_handshake_says_more_than_it_did() {
    let all = AssumptionId::ALL.iter();
    let found = all.map(|id| (id.name(), digits(&handshake::assumption(*id))));
    assert_pinned(&found.collect::<Vec<_>>(), ASSUMED);
}
