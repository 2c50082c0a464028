//! Honest exchanges.

use super::fixture::{NOW_MS, id, key, pair, registry};
use crate::handshake::{Refusal, Role};

#[test]
fn an_honest_exchange_gives_both_ends_the_same_session() {
    let registry = registry();
    let (mut alice, hello, mut bob) = pair();
    let answer = bob.hear(&hello, &registry, NOW_MS).unwrap();
    assert!(answer.established.is_none());
    let finish = alice
        .hear(&answer.flight.unwrap(), &registry, NOW_MS + 1)
        .unwrap();
    assert!(finish.established.is_none(), "bob may not have accepted");
    let confirm = bob
        .hear(&finish.flight.unwrap(), &registry, NOW_MS + 2)
        .unwrap();
    let at_bob = confirm.established.unwrap();
    let done = alice
        .hear(&confirm.flight.unwrap(), &registry, NOW_MS + 3)
        .unwrap();
    assert!(done.flight.is_none());
    let at_alice = done.established.unwrap();

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
    let secrets = [&at_alice, &at_bob].map(|end| end.secret().expand::<64>("test", b"context"));
    assert_eq!(secrets[0], secrets[1]);
    let times = (at_bob.established_at_ms(), at_alice.established_at_ms());
    assert_eq!(times, (NOW_MS + 2, NOW_MS + 3));

    for refused in [
        alice.hear(&hello, &registry, NOW_MS),
        bob.hear(&hello, &registry, NOW_MS),
    ] {
        assert_eq!(refused.unwrap_err(), Refusal::Over);
    }
}
