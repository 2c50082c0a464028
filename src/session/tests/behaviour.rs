//! What a session does on real bytes, sentence by sentence.

use countersign_model::session::guard::Rejection;

use super::fixture::{NOW_MS, Pair, end, header, key_id, notification, principal};
use crate::envelope::payload::Ask;
use crate::envelope::{Body, Digest, Draft, Payload, Text, Timestamp};
use crate::handshake::Role;
use crate::session::{Limits, Opened, PLAINTEXT_BYTES_MAX, Record, Refusal, SealError, Session};

impl Pair {
    fn seal(&mut self, event: &str, now_ms: u64) -> Result<Record, SealError> {
        let header = header("alice", "bob");
        self.alice
            .seal(&header, &notification(event), &self.registry, now_ms)
    }

    fn open(&mut self, record: &[u8], now_ms: u64) -> Result<Opened<Payload>, Rejection> {
        let header = header("alice", "bob");
        let opened = self.bob.open(&header, record, &self.registry, now_ms);
        opened.map_err(|Refusal { rejection }| rejection)
    }
}

fn pair() -> Pair {
    Pair::new(Limits::default())
}

const COVERED: Digest = Digest::from_bytes([9; 32]);

/// Seals these bytes at one end of the pair and opens them at the other.
fn passed(from: &mut Session, to: &mut Session, pair: &crate::identity::Registry) -> Vec<u8> {
    let record = from.seal_bytes(&COVERED, b"text", pair, NOW_MS).unwrap();
    let read = |text: &[u8]| Some(text.to_vec());
    let opened = to.open_bytes(&COVERED, record.as_bytes(), pair, NOW_MS, read);
    opened.unwrap().into_content()
}

#[test]
fn what_one_end_seals_the_other_opens_both_ways() {
    let Pair {
        mut alice,
        mut bob,
        registry,
    } = pair();
    for _ in 0..3 {
        assert_eq!(passed(&mut alice, &mut bob, &registry), b"text");
        assert_eq!(passed(&mut bob, &mut alice, &registry), b"text");
    }
}

#[test]
fn a_sealed_payload_travels_in_an_envelope_and_is_read_by_its_schema() {
    let mut pair = pair();
    let record = pair.seal("done", NOW_MS).unwrap();
    let sealed = Body::Sealed(record.to_sealed().unwrap());
    let envelope = Draft::new(header("alice", "bob"), sealed)
        .unwrap()
        .sign(&super::fixture::key("alice"));
    let Body::Sealed(sealed) = envelope.body() else {
        panic!("a sealed body");
    };
    let bytes = sealed.to_bytes();
    assert_eq!(bytes, record.as_bytes());
    let opened = pair.open(&bytes, NOW_MS).unwrap();
    assert_eq!(*opened.content(), notification("done"));
    assert_eq!((opened.sequence(), opened.expected()), (0, 0));
}

#[test]
fn records_come_in_any_order_and_their_places_show() {
    let mut pair = pair();
    let records: Vec<Record> = ["one", "two", "three"]
        .map(|event| pair.seal(event, NOW_MS).unwrap())
        .into();
    let places: Vec<(u64, u64)> = [2, 0, 1]
        .map(|place: usize| {
            let opened = pair.open(records[place].as_bytes(), NOW_MS).unwrap();
            (opened.sequence(), opened.expected())
        })
        .into();
    assert_eq!(places, [(2, 0), (0, 3), (1, 3)]);
    for record in &records {
        assert_eq!(
            pair.open(record.as_bytes(), NOW_MS),
            Err(Rejection::Replayed)
        );
    }
}

#[test]
fn a_record_left_of_the_window_is_too_old() {
    let mut pair = pair();
    let first = pair.seal("first", NOW_MS).unwrap();
    let second = pair.seal("second", NOW_MS).unwrap();
    for _ in 0..1023 {
        let record = pair.seal("more", NOW_MS).unwrap();
        pair.open(record.as_bytes(), NOW_MS).unwrap();
    }
    assert_eq!(
        pair.open(first.as_bytes(), NOW_MS),
        Err(Rejection::SequenceTooOld)
    );
    assert!(pair.open(second.as_bytes(), NOW_MS).is_ok());
}

#[test]
fn no_flipped_bit_and_no_missing_byte_passes_and_the_record_still_opens_after() {
    let mut pair = pair();
    let record = pair.seal("done", NOW_MS).unwrap();
    let bytes = record.as_bytes();
    for place in 0..bytes.len() * 8 {
        let mut altered = bytes.to_vec();
        altered[place / 8] ^= 1 << (place % 8);
        let refused = pair.open(&altered, NOW_MS);
        let expected = match place / 8 {
            0..=16 => Rejection::UnknownSession,
            17..=24 if altered[24] > 6 || altered[17..24] != [0; 7] => Rejection::WrongEpoch,
            _ => Rejection::DoesNotOpen,
        };
        assert_eq!(refused, Err(expected), "bit {place}");
    }
    for length in 0..bytes.len() {
        assert!(pair.open(&bytes[..length], NOW_MS).is_err(), "{length}");
    }
    assert!(pair.open(bytes, NOW_MS).is_ok());
}

#[test]
fn a_record_does_not_open_at_its_author_in_another_session_or_under_another_header() {
    let mut pair = pair();
    let record = pair.seal("done", NOW_MS).unwrap();
    let bytes = record.as_bytes();
    let registry = &pair.registry;
    let own = pair
        .alice
        .open(&header("bob", "alice"), bytes, registry, NOW_MS);
    assert_eq!(own, Err(Rejection::DoesNotOpen.into()));

    let mut other = end(2, Role::Responder, "alice", Limits::default());
    let mut moved = bytes.to_vec();
    moved[1..17].copy_from_slice(other.id().as_bytes());
    let elsewhere = other.open_bytes(&COVERED, &moved, registry, NOW_MS, |_| Some(()));
    assert_eq!(elsewhere, Err(Rejection::DoesNotOpen.into()));

    let mut altered = header("alice", "bob");
    altered.expires_at = Timestamp::from_ms(NOW_MS + 1).unwrap();
    let refused = pair.bob.open(&altered, bytes, registry, NOW_MS);
    assert_eq!(refused, Err(Rejection::DoesNotOpen.into()));
    let mut nowhere = header("alice", "bob");
    nowhere.session = None;
    let refused = pair.bob.open(&nowhere, bytes, registry, NOW_MS);
    assert_eq!(refused, Err(Rejection::UnknownSession.into()));
    let strange = header("carol", "bob");
    let refused = pair.bob.open(&strange, bytes, registry, NOW_MS);
    assert_eq!(refused, Err(Rejection::UnknownSession.into()));
    assert!(pair.open(bytes, NOW_MS).is_ok());
}

#[test]
fn what_does_not_satisfy_its_schema_is_refused_and_changes_nothing() {
    let mut pair = pair();
    let covered = header("alice", "bob").digest();
    let texts: [&[u8]; 4] = [b"{}", b"{\"event\": \"done\"}", b"{\"event\":1}", b"junk"];
    for text in texts {
        let record = pair
            .alice
            .seal_bytes(&covered, text, &pair.registry, NOW_MS)
            .unwrap();
        for _ in 0..2 {
            assert_eq!(
                pair.open(record.as_bytes(), NOW_MS),
                Err(Rejection::PayloadMismatch)
            );
        }
    }
    let keys = pair.bob.exchange.keys.as_ref().unwrap();
    assert_eq!(keys.receiving.window.top(), 0);
}

#[test]
fn a_key_seals_its_share_of_records_and_no_more() {
    let mut pair = Pair::new(Limits {
        share: 3,
        ..Limits::default()
    });
    let epochs: Vec<u64> = (0..7)
        .map(|_| {
            let record = pair.seal("done", NOW_MS).unwrap();
            pair.open(record.as_bytes(), NOW_MS).unwrap().epoch()
        })
        .collect();
    assert_eq!(epochs, [0, 0, 0, 1, 1, 1, 2]);
}

#[test]
fn a_key_seals_for_ten_minutes_and_no_longer_and_older_epochs_are_gone() {
    let mut pair = pair();
    let minute = 60 * 1000;
    let late = pair.seal("late", NOW_MS + 10 * minute - 1).unwrap();
    let record = pair.seal("next", NOW_MS + 10 * minute).unwrap();
    let opened = pair.open(record.as_bytes(), NOW_MS + 10 * minute).unwrap();
    assert_eq!((opened.epoch(), opened.sequence()), (1, 1));
    assert_eq!(
        pair.open(late.as_bytes(), NOW_MS + 10 * minute),
        Err(Rejection::WrongEpoch)
    );
}

#[test]
fn a_session_outlives_the_loss_of_all_that_was_sent_in_whole_epochs() {
    let mut pair = pair();
    let minute = 60 * 1000;
    for lost in 1..6 {
        pair.seal("lost", NOW_MS + lost * 10 * minute).unwrap();
    }
    let record = pair.seal("done", NOW_MS + 60 * minute).unwrap();
    let opened = pair.open(record.as_bytes(), NOW_MS + 60 * minute).unwrap();
    assert_eq!(opened.epoch(), 6);
}

#[test]
fn nothing_is_sealed_or_opened_past_the_lifetime_even_if_the_clock_is_set_back() {
    let mut pair = pair();
    let hour = 60 * 60 * 1000;
    assert_eq!(pair.bob.expires_at_ms(), NOW_MS + hour);
    let record = pair.seal("done", NOW_MS + hour).unwrap();
    let expired = Err(SealError::Refused(Rejection::SessionExpired));
    assert_eq!(pair.seal("late", NOW_MS + hour + 1), expired);
    assert_eq!(pair.seal("again", NOW_MS), expired);
    let late = pair.open(record.as_bytes(), NOW_MS + hour + 1);
    assert_eq!(late, Err(Rejection::SessionExpired));
    assert_eq!(
        pair.open(record.as_bytes(), NOW_MS),
        Err(Rejection::SessionExpired)
    );
}

#[test]
fn a_peer_that_loses_its_standing_or_its_key_is_refused_at_once() {
    let refused = Err(Rejection::PeerNotEntitled);
    let revoked = |pair: &mut Pair| {
        pair.registry
            .revoke(&principal("alice"), &key_id("alice"))
            .is_ok()
    };
    let retired = |pair: &mut Pair| pair.registry.retire(&principal("alice")).is_ok();
    for withdraw in [revoked, retired] {
        let mut pair = pair();
        let record = pair.seal("done", NOW_MS).unwrap();
        assert!(withdraw(&mut pair));
        assert_eq!(pair.open(record.as_bytes(), NOW_MS), refused);
        let answer = notification("answer");
        let sealed = pair
            .bob
            .seal(&header("bob", "alice"), &answer, &pair.registry, NOW_MS);
        assert_eq!(sealed, Err(SealError::Refused(Rejection::PeerNotEntitled)));
    }
}

#[test]
fn a_closed_session_opens_and_seals_nothing() {
    let mut pair = pair();
    let record = pair.seal("done", NOW_MS).unwrap();
    assert!(pair.bob.export("use", b"").is_some());
    pair.bob.close();
    assert_eq!(
        pair.open(record.as_bytes(), NOW_MS),
        Err(Rejection::UnknownSession)
    );
    assert!(pair.bob.export("use", b"").is_none());
}

#[test]
fn both_ends_export_the_same() {
    let pair = pair();
    let [one, other] = [&pair.alice, &pair.bob].map(|end| end.export("use", b"context").unwrap());
    assert_eq!(*one, *other);
}

#[test]
fn the_longest_text_fits_an_envelope_and_one_byte_more_is_refused() {
    let mut pair = pair();
    let text = vec![0; PLAINTEXT_BYTES_MAX + 1];
    let longest = &text[..PLAINTEXT_BYTES_MAX];
    let record = pair
        .alice
        .seal_bytes(&COVERED, longest, &pair.registry, NOW_MS)
        .unwrap();
    assert!(record.to_sealed().is_ok());
    let length = |text: &[u8]| Some(text.len());
    let opened = pair
        .bob
        .open_bytes(&COVERED, record.as_bytes(), &pair.registry, NOW_MS, length);
    assert_eq!(opened.unwrap().into_content(), PLAINTEXT_BYTES_MAX);
    let refused = pair
        .alice
        .seal_bytes(&COVERED, &text, &pair.registry, NOW_MS);
    let bytes = text.len();
    assert_eq!(refused, Err(SealError::TooLong { bytes }));
}

#[test]
fn a_payload_of_another_type_than_its_header_is_not_sealed() {
    let mut pair = pair();
    let ask = Payload::Ask(Ask {
        question: Text::parse("why?").unwrap(),
        context: None,
        deadline_at: Timestamp::from_ms(NOW_MS).unwrap(),
    });
    let refused = pair
        .alice
        .seal(&header("alice", "bob"), &ask, &pair.registry, NOW_MS);
    assert!(matches!(refused, Err(SealError::KindMismatch { .. })));
}

#[test]
fn nothing_prints_a_secret() {
    let pair = pair();
    let shown = format!("{:?}", pair.alice);
    // The secret of session 1 is 101, over and over.
    assert!(
        !shown.contains("101, 101") && !shown.contains("6565"),
        "{shown}"
    );
}
