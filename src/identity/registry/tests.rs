//! Look-ups stay with the sender, and every change keeps the registry's promises.

use super::change::{EnrolError, RetireError, RevokeError, RotateError};
use super::*;
use crate::identity::SigningKey;

fn id(name: &str) -> SpiffeId {
    SpiffeId::parse_agent(&format!("spiffe://example.org/{name}")).unwrap()
}

fn key(seed: u8) -> PeerVerifyingKey {
    SigningKey::from_seed([seed; 32]).peer_key()
}

fn agent(name: &str, seed: u8) -> Agent {
    Agent {
        id: id(name),
        standing: Standing::Active,
        handle: Some(Label::parse(name).unwrap()),
        trust: Trust::default(),
        capabilities: BTreeSet::new(),
        keys: vec![KeyRecord::new(key(seed), 1_000)],
    }
}

fn alice_and_bob() -> Registry {
    let mut registry = Registry::new();
    registry.enrol(agent("alice", 1)).unwrap();
    registry.enrol(agent("bob", 2)).unwrap();
    registry
}

#[test]
fn a_key_is_found_for_its_holder_alone() {
    let registry = alice_and_bob();
    let key_id = key(1).key_id();
    assert_eq!(registry.key(&id("alice"), &key_id).unwrap().key(), &key(1));
    assert_eq!(registry.key(&id("bob"), &key_id), None);
    assert_eq!(registry.key(&id("carol"), &key_id), None);
    assert_eq!(registry.key_holder(&key_id), Some(&id("alice")));
    assert_eq!(registry.handle_holder("bob"), Some(&id("bob")));
    assert_eq!(
        registry.agents().map(|agent| &agent.id).collect::<Vec<_>>(),
        [&id("alice"), &id("bob"),]
    );
}

#[test]
fn an_agent_that_shares_anything_is_refused_and_leaves_no_mark() {
    let mut registry = alice_and_bob();
    let (key_id, alice) = (key(1).key_id(), id("alice"));
    let mut domain = agent("carol", 3);
    domain.id = SpiffeId::parse("spiffe://example.org").unwrap();
    let mut handle = agent("carol", 3);
    handle.handle = Some(Label::parse("alice").unwrap());
    let mut own_twice = agent("carol", 3);
    own_twice.keys.push(KeyRecord::new(key(3), 2_000));
    let refusals = [
        (domain.clone(), EnrolError::NoPath { id: domain.id }),
        (
            agent("alice", 3),
            EnrolError::AgentTaken { id: alice.clone() },
        ),
        (
            handle.clone(),
            EnrolError::HandleTaken {
                handle: handle.handle.unwrap(),
                holder: alice.clone(),
            },
        ),
        (
            agent("carol", 1),
            EnrolError::KeyTaken {
                key_id,
                holder: alice,
            },
        ),
        (
            own_twice,
            EnrolError::KeyTaken {
                key_id: key(3).key_id(),
                holder: id("carol"),
            },
        ),
    ];
    for (agent, refusal) in refusals {
        assert_eq!(registry.enrol(agent), Err(refusal));
        assert_eq!(registry, alice_and_bob());
    }
}

#[test]
fn after_a_rotation_the_old_key_lives_through_the_overlap_only() {
    let mut registry = alice_and_bob();
    registry.rotate(&id("alice"), key(3), 5_000, 600).unwrap();
    let end_ms = |registry: &Registry, seed| {
        registry
            .key(&id("alice"), &key(seed).key_id())
            .unwrap()
            .not_after_ms()
    };
    assert_eq!(
        (end_ms(&registry, 1), end_ms(&registry, 3)),
        (Some(5_600), None)
    );
    let new = registry.key(&id("alice"), &key(3).key_id()).unwrap();
    assert_eq!(new.not_before_ms(), 5_000);
    assert_eq!(registry.key_holder(&key(3).key_id()), Some(&id("alice")));

    // A second rotation never gives a key more time than the first one left it.
    registry.rotate(&id("alice"), key(4), 5_100, 9_000).unwrap();
    assert_eq!(
        (end_ms(&registry, 1), end_ms(&registry, 3)),
        (Some(5_600), Some(14_100))
    );
    assert_eq!(
        registry.agent(&id("bob")),
        alice_and_bob().agent(&id("bob"))
    );
}

#[test]
fn a_rotation_that_cannot_be_is_refused_and_leaves_no_mark() {
    let mut registry = alice_and_bob();
    registry.retire(&id("bob")).unwrap();
    let before = registry.clone();
    let taken = |seed, name| RotateError::KeyTaken {
        key_id: key(seed).key_id(),
        holder: id(name),
    };
    let standing = Standing::Retired;
    let refusals = [
        (
            "carol",
            3,
            5_000,
            0,
            RotateError::UnknownAgent { id: id("carol") },
        ),
        (
            "bob",
            3,
            5_000,
            0,
            RotateError::NotActive {
                id: id("bob"),
                standing,
            },
        ),
        ("alice", 1, 5_000, 0, taken(1, "alice")),
        ("alice", 2, 5_000, 0, taken(2, "bob")),
        (
            "alice",
            3,
            999,
            0,
            RotateError::ClockBehind {
                now_ms: 999,
                latest_ms: 1_000,
            },
        ),
        (
            "alice",
            3,
            5_000,
            u64::MAX,
            RotateError::OverlapTooLong {
                now_ms: 5_000,
                overlap_ms: u64::MAX,
            },
        ),
    ];
    for (name, seed, now_ms, overlap_ms, refusal) in refusals {
        assert_eq!(
            registry.rotate(&id(name), key(seed), now_ms, overlap_ms),
            Err(refusal)
        );
        assert_eq!(registry, before);
    }
}

#[test]
fn only_the_holder_s_key_is_revoked_and_only_once() {
    let mut registry = alice_and_bob();
    let key_id = key(1).key_id();
    let unknown = RevokeError::UnknownKey {
        id: id("bob"),
        key_id,
    };
    assert_eq!(registry.revoke(&id("bob"), &key_id), Err(unknown));
    let unknown = RevokeError::UnknownAgent { id: id("carol") };
    assert_eq!(registry.revoke(&id("carol"), &key_id), Err(unknown));
    assert_eq!(registry, alice_and_bob());

    assert_eq!(registry.revoke(&id("alice"), &key_id), Ok(()));
    assert!(registry.key(&id("alice"), &key_id).unwrap().is_revoked());
    let again = RevokeError::AlreadyRevoked { key_id };
    assert_eq!(registry.revoke(&id("alice"), &key_id), Err(again));
}

#[test]
fn a_retired_agent_keeps_its_name_and_its_keys_taken() {
    let mut registry = alice_and_bob();
    assert_eq!(registry.retire(&id("alice")), Ok(()));
    assert_eq!(
        registry.agent(&id("alice")).unwrap().standing,
        Standing::Retired
    );
    let again = RetireError::AlreadyRetired { id: id("alice") };
    assert_eq!(registry.retire(&id("alice")), Err(again));
    let unknown = RetireError::UnknownAgent { id: id("carol") };
    assert_eq!(registry.retire(&id("carol")), Err(unknown));
    assert!(registry.enrol(agent("alice", 3)).is_err());
    assert!(registry.enrol(agent("carol", 1)).is_err());
}
