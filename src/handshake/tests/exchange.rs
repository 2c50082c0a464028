//! Honest exchanges, on the public ends.

use std::sync::Arc;

use countersign_model::handshake::guard::Flight;
use countersign_model::rulebook::Ruleset;

use super::fixture::{NOW_MS, Pair, fresh, id, key, party, registry, same_secret};
use crate::envelope::Digest;
use crate::flawed::handshake::FlawedHandshake;
use crate::handshake::mechanism::Hardened;
use crate::handshake::share::Fresh;
use crate::handshake::{Established, Initiator, Refusal, Responder, Role};

/// A whole exchange; at each end the clock reads another millisecond.
fn exchange() -> [Established; 2] {
    let registry = registry();
    let [alice, bob] = ["alice", "bob"].map(|name| Arc::new(party(name)));
    let (mut alice, hello) = Initiator::begin(alice, id("bob"), fresh(1));
    let mut bob = Responder::begin(bob, fresh(2));
    assert_eq!(alice.awaits(), Some(Flight::Answer));
    assert_eq!(bob.awaits(), Some(Flight::Hello));
    assert!(alice.unconfirmed().is_none());
    let answer = bob.hear(&hello, &registry, NOW_MS).unwrap();
    assert!(answer.established.is_none(), "bob knows nobody yet");
    let answer = answer.flight.unwrap();
    let finish = alice.hear(&answer, &registry, NOW_MS + 1).unwrap();
    assert!(finish.established.is_none(), "bob may not have accepted");
    let finish = finish.flight.unwrap();
    assert_eq!(alice.awaits(), Some(Flight::Confirm));
    assert_eq!(bob.awaits(), Some(Flight::Finish));
    assert!(alice.unconfirmed().is_some(), "her half is done");
    let confirm = bob.hear(&finish, &registry, NOW_MS + 2).unwrap();
    let flight = confirm.flight.unwrap();
    let done = alice.hear(&flight, &registry, NOW_MS + 3).unwrap();
    assert!(done.flight.is_none());
    assert_eq!((alice.awaits(), bob.awaits()), (None, None));
    for end in [
        alice.hear(&hello, &registry, NOW_MS),
        bob.hear(&hello, &registry, NOW_MS),
    ] {
        assert_eq!(end.unwrap_err(), Refusal::Over);
    }
    [done.established.unwrap(), confirm.established.unwrap()]
}

#[test]
fn an_honest_exchange_gives_both_ends_the_same_session() {
    let [at_alice, at_bob] = exchange();
    assert_eq!(at_alice.role(), Role::Initiator);
    assert_eq!(at_bob.role(), Role::Responder);
    assert_eq!((at_alice.peer(), at_bob.peer()), (&id("bob"), &id("alice")));
    assert_eq!(*at_alice.peer_key_id(), key("bob").key_id());
    assert_eq!(*at_bob.peer_key_id(), key("alice").key_id());
    assert_eq!(at_alice.version().to_string(), "2.0");
    assert_eq!(at_bob.version(), at_alice.version());
    assert_eq!(at_bob.suite(), at_alice.suite());
    assert_eq!(at_bob.capabilities(), at_alice.peer_capabilities());
    assert_eq!(at_bob.peer_capabilities(), at_alice.capabilities());
    assert_eq!(at_bob.session_id(), at_alice.session_id());
    assert!(same_secret(&at_alice, &at_bob));
    let times = (at_bob.established_at_ms(), at_alice.established_at_ms());
    assert_eq!(times, (NOW_MS + 2, NOW_MS + 3));
}

/// Bytes, not only sessions: the recorded traces depend on it.
#[test]
fn what_is_drawn_decides_every_byte_and_rules_without_a_flaw_change_none() {
    let mut told = [Vec::new(), Vec::new(), Vec::new()];
    let keep = |told: &mut Vec<Vec<u8>>, bytes: Vec<u8>| {
        told.push(bytes.clone());
        bytes
    };
    for said in told.iter_mut().take(2) {
        let mut pair = Pair::new(&Hardened);
        pair.exchange(|_, bytes| keep(said, bytes)).unwrap();
    }
    let mut pair = Pair::new(&FlawedHandshake::new(Ruleset::HARDENED));
    pair.exchange(|_, bytes| keep(&mut told[2], bytes)).unwrap();
    assert_eq!(told[0].len(), 4);
    assert_eq!(told[0], told[1]);
    assert_eq!(told[0], told[2]);
    // A changed digest is a changed protocol.
    let digest = Digest::of(&told[0].concat()).to_string();
    assert_eq!(
        digest,
        "683645fb322c7423d9908e22142c6c63cbc11a96b49e01d42403051fce8fd216"
    );
}

#[test]
fn no_flight_names_the_initiator_or_gives_the_responder_away() {
    let mut said = Vec::new();
    Pair::new(&Hardened)
        .exchange(|_, bytes| {
            said.push(String::from_utf8(bytes.clone()).unwrap());
            bytes
        })
        .unwrap();
    for text in said {
        for name in ["alice", "bob"] {
            assert!(!text.contains(name), "{text}");
            assert!(!text.contains(&key(name).key_id().to_string()), "{text}");
        }
    }
}

#[test]
fn what_is_printed_of_a_session_or_a_party_holds_no_secret() {
    let [at_alice, _] = exchange();
    let secret = *at_alice.secret().expand::<32>("test", b"");
    let seed = [b'a'; 32];
    let printed = format!("{at_alice:?} {:?}", party("alice"));
    assert!(printed.contains("spiffe://example.org/agent/bob"));
    assert!(!printed.contains("secret"), "{printed}");
    for bytes in [secret, seed] {
        let hexadecimal = Digest::from_bytes(bytes).to_string();
        assert!(!printed.contains(&format!("{bytes:?}")), "{printed}");
        assert!(!printed.contains(&hexadecimal), "{printed}");
    }
}

/// RFC 7748 section 6.1.
#[test]
fn the_exchange_of_rfc_7748_gives_the_published_secret() {
    let bytes = |text: &str| -> [u8; 32] {
        let digits = |place: usize| u8::from_str_radix(&text[2 * place..2 * place + 2], 16);
        std::array::from_fn(|place| digits(place).unwrap())
    };
    let [alice, bob] = [
        "77076d0a7318a57d3c16c17251b26645df4c2f87ebc0992ab177fba51db92c2a",
        "5dab087e624a8a4b79e17f8b83800ee66f3bb1292618b6fd1c2f8b27ff88e0eb",
    ]
    .map(|secret| Fresh::of(bytes(secret), [0; 32]));
    let published = [
        "8520f0098930a754748b7ddcb43ef75a0dbf3a0d26381af4eba4a98eaa9b4e6a",
        "de9edb7d7b7dc1b4d35b61c2ece435373f8343c85b78674dadfc7e146f882b4f",
    ];
    assert_eq!([alice.share(), bob.share()], published.map(bytes));
    let shared = bytes("4a5d9d5ba4ce2de1728e3bf480350f25e07e21c947d19e3376f09b3c1e161742");
    assert_eq!(*alice.agree(&bob.share()).as_bytes(), shared);
    assert_eq!(*bob.agree(&alice.share()).as_bytes(), shared);
}
