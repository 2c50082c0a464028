//! What a seal that does not commit to its key can do to sessions: nothing, since a record says whose it is.

use countersign_model::session::guard::Rejection;

use super::fixture::{NOW_MS, end, registry, secret, session_id};
use crate::envelope::Digest;
use crate::handshake::Role;
use crate::lab::two_keys::{Reading, seal_twice};
use crate::session::Limits;
use crate::session::record::{Cover, Head, Record};
use crate::session::schedule::{Direction, Traffic};

const COVERED: Digest = Digest::from_bytes([9; 32]);
const SESSIONS: [u8; 2] = [1, 2];
const TEXTS: [&[u8]; 2] = [b"to the one", b"to the other"];

/// The first record of the initiators of both sessions, sealed under the keys of both.
#[test]
fn a_record_that_the_keys_of_two_sessions_open_is_read_in_the_one_that_it_names() {
    let direction = Direction::outward(Role::Initiator);
    let heads = SESSIONS.map(|number| Head {
        session: session_id(number),
        epoch: 0,
        sequence: 0,
    });
    let covered = heads.map(|head| Cover::of_digest(&COVERED).additional_data(&head, direction));
    let traffic =
        SESSIONS.map(|number| Traffic::first(&secret(number), &session_id(number), direction));
    let keys = traffic.each_ref().map(|it| it.dangerously_as_bytes(0));
    let reading = |which: usize| Reading {
        key: &keys[which].0,
        nonce: &keys[which].1,
        associated: &covered[which],
        text: TEXTS[which],
    };
    let sealed = seal_twice([reading(0), reading(1)]).unwrap();
    let (text, tag) = sealed.bytes.split_last_chunk().unwrap();
    for (traffic, covered) in traffic.iter().zip(&covered) {
        assert!(traffic.open(0, covered, &mut text.to_vec(), *tag));
    }

    let registry = registry(&["alice", "bob"]);
    for (named, head) in heads.iter().enumerate() {
        let record = Record::begin(head, &[], text).end(*tag);
        for (held, number) in SESSIONS.into_iter().enumerate() {
            let mut bob = end(number, Role::Responder, "alice", Limits::default());
            let read = |text: &[u8]| Some(text.to_vec());
            let opened = bob.open_bytes(&COVERED, record.as_bytes(), &registry, NOW_MS, read);
            if held == named {
                let opened = opened.unwrap().into_content();
                assert!(opened[sealed.begins[named]..].starts_with(TEXTS[named]));
            } else {
                let refusal = opened.map(|_| ()).unwrap_err();
                assert_eq!(refusal.rejection, Rejection::UnknownSession);
            }
        }
    }
}
