//! The bus's keys: what speaks for it, and what still holds once it signs with another.

use countersign::deployment::Deployment;
use countersign::service::Method;
use countersign::service::client::Client;

use super::fixture::{Bus, RULES, deployment_text, key, notify};

/// The deployment, with this in the place of what it says of when the bus's key is valid.
fn deployment(validity: &str) -> Deployment {
    let text = deployment_text(&["alice", "bob", "carol"], RULES, 100);
    let public = key("bus").peer_key();
    let valid = format!(r#"{public}", "not_before_ms": 0, "revoked": false"#);
    assert!(text.contains(&valid), "{text}");
    let text = text.replace(&valid, &format!(r#"{public}", {validity}"#));
    Deployment::read("deployment.json", text.as_bytes()).unwrap()
}

#[test]
fn a_receipt_is_for_whoever_asked_and_of_a_key_that_speaks_for_the_bus_now() {
    const DAY_MS: u64 = 24 * 60 * 60 * 1_000;
    let folder = tempfile::tempdir().unwrap();
    let bus = Bus::start(&folder.path().join("bus.sqlite"));
    let event = bus.compose("alice", "bob", notify(), |_| {});
    let asked = (Method::SendMessage, event.canonical_bytes());
    let answer = bus.service.ask_and_wait(asked.0, &asked.1).unwrap();
    let now_ms = bus.now_ms();
    let taken = |name: &str, validity: &str, at_ms: u64| {
        let client = Client::new(&deployment(validity), key(name), String::new()).unwrap();
        client.receipt(&answer, &event.digest(), at_ms).is_ok()
    };
    let valid = r#""not_before_ms": 0, "revoked": false"#;
    assert!(taken("alice", valid, now_ms));
    assert!(taken("alice", valid, now_ms + DAY_MS));
    assert!(!taken("alice", valid, now_ms + DAY_MS + 1), "expired");
    assert!(!taken("bob", valid, now_ms), "another's");
    let revoked = r#""not_before_ms": 0, "revoked": true"#;
    assert!(!taken("alice", revoked, now_ms), "revoked");
    let ended = r#""not_before_ms": 0, "not_after_ms": 1, "revoked": false"#;
    assert!(!taken("alice", ended, now_ms), "a key of the past");
    bus.stop();
}
