//! An agent takes what its orchestrator countersigned for it, and nothing else.

use countersign_model::bus::guard::Rejection;

use super::fixture::{Bus, NOW_MS, agent, ask, key, registry};
use crate::bus::{DeliveryError, Mailbox};
use crate::envelope::{Delivery, Sequence, Timestamp};

fn delivery(signer: &str, recipient: &str) -> Vec<u8> {
    let envelope = Bus::new(&[]).compose("alice", "bob", ask(NOW_MS));
    let at = Timestamp::from_ms(NOW_MS).unwrap();
    let (recipient, sequence) = (agent(recipient), Sequence::from_number(3).unwrap());
    Delivery::countersign(envelope, recipient, sequence, at, &key(signer)).canonical_bytes()
}

fn received(bytes: &[u8]) -> Result<(), DeliveryError> {
    let mailbox = Mailbox::new(agent("bob"), agent("bus"));
    mailbox.receive(bytes, &registry(), NOW_MS).map(|_| ())
}

#[test]
fn a_delivery_is_taken_from_the_orchestrator_and_for_this_agent_only() {
    assert_eq!(received(&delivery("bus", "bob")), Ok(()));
    let refused = Err(DeliveryError::Refused(Rejection::NotMediated));
    assert_eq!(received(&delivery("bus", "carol")), refused);
    assert_eq!(received(&delivery("alice", "bob")), refused);
}

#[test]
fn an_altered_delivery_is_refused_wherever_it_was_altered() {
    let bytes = delivery("bus", "bob");
    let text = String::from_utf8(bytes).unwrap();
    for (from, to) in [
        ("how far?", "how near?"),
        ("\"delivered_at\":17", "\"delivered_at\":16"),
        ("\"sequence\":3", "\"sequence\":4"),
        ("example.org/alice", "example.org/carol"),
    ] {
        let altered = text.replacen(from, to, 1);
        assert_ne!(altered, text);
        let refused = Err(DeliveryError::Refused(Rejection::NotMediated));
        assert_eq!(received(altered.as_bytes()), refused, "{from}");
    }
    let renamed = text.replacen("\"recipient\"", "\"recipient2\"", 1);
    assert!(matches!(
        received(renamed.as_bytes()),
        Err(DeliveryError::Schema(_))
    ));
    assert!(matches!(received(b"{"), Err(DeliveryError::Text(_))));
}
