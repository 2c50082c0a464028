//! A registry file is read as it is meant, or refused with its place.

use super::*;
use crate::identity::SigningKey;

fn key(seed: u8) -> PeerVerifyingKey {
    SigningKey::from_seed([seed; 32]).peer_key()
}

fn file() -> String {
    let mut registry = Registry::new();
    for (name, seed) in [("bob", 2), ("alice", 1)] {
        let record = KeyRecord::new(key(seed), 1_000);
        let agent = Agent {
            id: SpiffeId::parse_agent(&format!("spiffe://example.org/{name}")).unwrap(),
            standing: Standing::Active,
            handle: (name == "alice").then(|| Label::parse("alice").unwrap()),
            trust: Trust::Message,
            capabilities: [Label::parse("read:logs").unwrap()].into(),
            keys: vec![if name == "bob" {
                record.until(9_000).revoked()
            } else {
                record
            }],
        };
        registry.enrol(agent).unwrap();
    }
    registry.write()
}

#[test]
fn the_file_is_stable_and_readable() {
    insta::assert_snapshot!(file());
}

#[test]
fn a_registry_survives_the_round_trip() {
    let registry = Registry::read(file().as_bytes()).unwrap();
    assert_eq!(registry.agents().len(), 2);
    assert_eq!(registry.write(), file());
    assert_eq!(
        Registry::read(Registry::new().write().as_bytes()),
        Ok(Registry::new())
    );
}

/// Each row alters the file once; the message names the place, both values and the remedy.
#[test]
fn every_mistake_in_the_file_is_named_with_its_place() {
    let (alice, bob) = (key(1), key(2));
    let bob_id = bob.key_id().to_string();
    let rows: [(&str, &str, &str); 18] = [
        (
            "countersign-registry/1",
            "countersign-registry/2",
            "format is \"countersign-registry/2\", expected \"countersign-registry/1\"",
        ),
        ("\"format\"", "\"version\"", "missing field `format`"),
        (
            "\"trust\": ",
            "\"trust\": \"read\", \"trust\": ",
            "duplicate field `trust`",
        ),
        (
            "\"trust\": ",
            "\"rank\": 1, \"trust\": ",
            "unknown field `rank`",
        ),
        (
            "\"message\"",
            "\"everything\"",
            "unknown variant `everything`, expected one of `nothing`",
        ),
        (
            "\"active\"",
            "\"alive\"",
            "unknown variant `alive`, expected one of `active`",
        ),
        (
            "      \"capabilities\": [\n        \"read:logs\"\n      ],\n",
            "",
            "missing field `capabilities`",
        ),
        (
            "1000",
            "1000.5",
            "invalid type: floating point `1000.5`, expected u64",
        ),
        ("1000", "-1", "invalid value: integer `-1`, expected u64"),
        (
            "org/alice",
            "org/Alice/",
            "agents[0] (\"spiffe://example.org/Alice/\"): id: path ends",
        ),
        ("org/alice", "org", "id: "),
        (
            "org/bob",
            "org/alice",
            "agents[1] (\"spiffe://example.org/alice\"): spiffe://example.org/alice is on record already",
        ),
        (
            "\"handle\": \"alice\"",
            "\"handle\": \"@alice\"",
            "agents[0] (\"spiffe://example.org/alice\"): handle: name is \"@alice\"",
        ),
        (
            "\"read:logs\"",
            "\"read:*\"",
            "capabilities[0]: name is \"read:*\"",
        ),
        (
            "\"read:logs\"",
            "\"read:logs\", \"read:logs\"",
            "capabilities[1]: read:logs is listed already",
        ),
        (
            "9000",
            "999",
            "agents[1] (\"spiffe://example.org/bob\"): keys[0].not_after_ms: is 999, expected at least not_before_ms 1000",
        ),
        (
            &bob_id,
            "short",
            "keys[0].key_id: key id is not a SHA-256 thumbprint",
        ),
        (&bob_id, &alice.key_id().to_string(), "keys[0].key_id: is"),
    ];
    for (from, to, expected) in rows {
        let altered = file().replacen(from, to, 1);
        assert_ne!(altered, file(), "{from} is in the file");
        let message = Registry::read(altered.as_bytes()).unwrap_err().to_string();
        assert!(
            message.contains(expected),
            "{message}\ndoes not contain\n{expected}"
        );
    }
}

#[test]
fn one_key_under_two_agents_is_refused() {
    let (alice, bob) = (key(1), key(2));
    let altered = file()
        .replace(&bob.key_id().to_string(), &alice.key_id().to_string())
        .replace(&bob.to_string(), &alice.to_string());
    let message = Registry::read(altered.as_bytes()).unwrap_err().to_string();
    assert_eq!(
        message,
        format!(
            "agents[1] (\"spiffe://example.org/bob\"): key {} is listed already for \
             spiffe://example.org/alice: generate a key of the agent's own",
            alice.key_id()
        )
    );
}

#[test]
fn a_key_of_small_order_is_refused() {
    let identity = crate::identity::base64url::encode(&{
        let mut bytes = [0; 32];
        bytes[0] = 1;
        bytes
    });
    let altered = file().replace(&key(1).to_string(), &identity);
    let message = Registry::read(altered.as_bytes()).unwrap_err().to_string();
    assert!(
        message.contains("keys[0].public_key: public key has small order"),
        "{message}"
    );
}

#[test]
fn a_file_is_read_up_to_its_limit() {
    let padded = |length: usize| file() + &" ".repeat(length - file().len());
    assert!(Registry::read(padded(Registry::FILE_LENGTH_MAX).as_bytes()).is_ok());
    let length_bytes = Registry::FILE_LENGTH_MAX + 1;
    let refusal = RegistryError::TooLarge { length_bytes };
    assert_eq!(
        Registry::read(padded(length_bytes).as_bytes()),
        Err(refusal)
    );
    assert!(Registry::read(b"").is_err());
    assert!(Registry::read(b"\xff").is_err());
}
