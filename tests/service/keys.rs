//! The bus's keys: what speaks for it, and what still holds once it signs with another.

use countersign::audit::{Filter, Salt, SqliteFile};
use countersign::deployment::Deployment;
use countersign::envelope::Sequence;
use countersign::identity::base64url;
use countersign::json::{self, Value};
use countersign::service::client::Client;
use countersign::service::{Method, Poll};

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

#[test]
fn what_waits_while_the_bus_changes_its_key_is_delivered_with_the_salt_of_its_record() {
    let folder = tempfile::tempdir().unwrap();
    let state = folder.path().join("bus.sqlite");
    let text = deployment_text(&["alice", "bob", "carol"], RULES, 100);
    let listed = |name: &str| {
        let key = key(name);
        format!(
            r#"{{ "key_id": "{}", "public_key": "{}", "not_before_ms": 0, "revoked": false }}"#,
            key.key_id(),
            key.peer_key()
        )
    };
    let both = format!("{}, {}", listed("bus"), listed("new"));
    let text = text.replace(&listed("bus"), &both);
    let start = |name: &str| Bus::start_keyed(&state, &text, key(name), None, None).unwrap();

    let bus = start("bus");
    let event = bus.compose("alice", "bob", notify(), |_| {});
    let receipt = bus.send(&event).unwrap();
    bus.stop();
    let bus = start("new");
    let after = Sequence::from_number(0).unwrap();
    let answer = bus.ask("bob", &Poll { after, limit: None }).unwrap();
    let client = Client::new(&bus.deployment, key("bob"), String::new()).unwrap();
    let delivered = client.deliveries(&answer, after, bus.now_ms()).unwrap();
    assert_eq!(delivered[0].envelope(), &event);
    let salt = delivered_salt(&answer);
    bus.stop();

    assert_eq!(salt, receipt.salt);
    let file = SqliteFile::open_to_read(&state).unwrap();
    let records = file.list(&Filter::default()).unwrap();
    let payload = json::write(&notify().to_value());
    assert_eq!(
        Salt::from_bytes(salt).hash(&payload),
        records[0].entry.payload
    );
}

/// The salt of the only delivery.
fn delivered_salt(answer: &Value) -> [u8; 32] {
    let Some(Value::Array(deliveries)) = answer.as_object().unwrap().get("deliveries") else {
        panic!("{answer:?}");
    };
    let [delivery] = deliveries.as_slice() else {
        panic!("{deliveries:?}");
    };
    let salt = delivery.as_object().unwrap().get("salt").unwrap();
    base64url::decode(salt.as_str().unwrap()).unwrap()
}
