//! The edges that everyday exchanges stay away from: the last moment of a key, the widest window, the
//! longest record; and every byte that a seal covers.

use countersign_model::session::guard::Rejection;

use super::fixture::{NOW_MS, Pair, key, key_id, principal, session_id};
use crate::envelope::Digest;
use crate::identity::{Agent, KeyRecord, Registry, Standing, Trust};
use crate::session::facts::is_entitled;
use crate::session::record::{Cover, Head};
use crate::session::schedule::Direction;
use crate::session::{Limits, PLAINTEXT_BYTES_MAX, Refusal, WINDOW_WIDTH_MAX};

const COVERED: Digest = Digest::from_bytes([9; 32]);

/// What Bob says of bytes that arrive.
fn opened(pair: &mut Pair, record: &[u8]) -> Result<(), Rejection> {
    let opened = pair
        .bob
        .open_bytes(&COVERED, record, &pair.registry, NOW_MS, |_| Some(()));
    opened.map(drop).map_err(|refusal| refusal.rejection)
}

/// A registry that lists Alice with this standing and her key as `change` leaves it.
fn registry_of(standing: Standing, change: impl Fn(KeyRecord) -> KeyRecord) -> Registry {
    let mut registry = Registry::new();
    let first_ms = NOW_MS - 10;
    let agent = Agent {
        id: principal("alice"),
        standing,
        handle: None,
        trust: Trust::Message,
        capabilities: std::collections::BTreeSet::new(),
        keys: vec![change(KeyRecord::new(key("alice").peer_key(), first_ms))],
    };
    registry.enrol(agent).unwrap();
    registry
}

#[test]
fn a_peer_is_entitled_while_it_is_active_and_its_key_current() {
    let valid_until = |last_ms| registry_of(Standing::Active, move |key| key.until(last_ms));
    let standing = |standing| registry_of(standing, |key| key);
    let revoked = registry_of(Standing::Active, KeyRecord::revoked);
    #[rustfmt::skip]
    let rows = [
        ("on its first day",  valid_until(NOW_MS),           NOW_MS - 10, true),
        ("on its last day",   valid_until(NOW_MS),           NOW_MS,      true),
        ("not yet valid",     valid_until(NOW_MS),           NOW_MS - 11, false),
        ("no longer valid",   valid_until(NOW_MS - 1),       NOW_MS,      false),
        ("without an end",    standing(Standing::Active),    u64::MAX,    true),
        ("revoked",           revoked,                       NOW_MS,      false),
        ("suspended",         standing(Standing::Suspended), NOW_MS,      false),
        ("retired",           standing(Standing::Retired),   NOW_MS,      false),
        ("dead",              standing(Standing::Dead),      NOW_MS,      false),
    ];
    let (alice, key_id) = (principal("alice"), key_id("alice"));
    for (name, registry, now_ms, expected) in rows {
        let entitled = is_entitled(&registry, &alice, &key_id, now_ms);
        assert_eq!(entitled, expected, "{name}");
    }
}

#[test]
fn a_window_is_as_wide_as_it_is_told_but_no_wider_than_it_can_be() {
    for (width, reach) in [(2, 2), (5000, WINDOW_WIDTH_MAX)] {
        let mut pair = Pair::new(Limits {
            width,
            ..Limits::default()
        });
        let records: Vec<_> = (0..=reach)
            .map(|_| {
                let sealed = pair.alice.seal_bytes(&COVERED, b"", &pair.registry, NOW_MS);
                sealed.unwrap()
            })
            .collect();
        let [oldest, second, .., last] = records.as_slice() else {
            panic!("three records at least");
        };
        assert_eq!(opened(&mut pair, last.as_bytes()), Ok(()));
        assert_eq!(opened(&mut pair, second.as_bytes()), Ok(()));
        let too_old = Err(Rejection::SequenceTooOld);
        assert_eq!(opened(&mut pair, oldest.as_bytes()), too_old, "{width}");
    }
}

#[test]
fn bytes_longer_than_any_record_are_none_of_a_session() {
    let mut pair = Pair::new(Limits::default());
    let longest = vec![0; PLAINTEXT_BYTES_MAX];
    let record = pair
        .alice
        .seal_bytes(&COVERED, &longest, &pair.registry, NOW_MS)
        .unwrap();
    let mut longer = record.as_bytes().to_vec();
    longer.push(0);
    let unknown = Err(Rejection::UnknownSession);
    assert_eq!(opened(&mut pair, &longer), unknown);
    // Of a length that a record can have, they are one that does not open.
    longer.drain(40..42);
    assert_eq!(opened(&mut pair, &longer), Err(Rejection::DoesNotOpen));
    assert_eq!(opened(&mut pair, record.as_bytes()), Ok(()));
}

/// Keys and nonces tell most of it apart too; a seal covers it all the same, in this order.
#[test]
fn a_seal_covers_session_direction_epoch_number_and_what_it_travels_with() {
    let head = Head {
        session: session_id(3),
        epoch: 0x0102,
        sequence: 0x0304,
    };
    for (direction, code) in [(Direction::ToResponder, 0), (Direction::ToInitiator, 1)] {
        let data = Cover::of_digest(&COVERED).additional_data(&head, direction);
        let mut expected = b"countersign/v1/record".to_vec();
        expected.extend([3; 16]);
        expected.push(code);
        expected.extend([0, 0, 0, 0, 0, 0, 1, 2]);
        expected.extend([0, 0, 0, 0, 0, 0, 3, 4]);
        expected.extend([9; 32]);
        assert_eq!(data, expected);
    }
}

#[test]
fn a_refusal_prints_its_code() {
    assert_eq!(
        Refusal::from(Rejection::Replayed).to_string(),
        "record-replayed"
    );
}
