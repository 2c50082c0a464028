//! Two parties, alice and bob, and mallory, who is registered too.

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::envelope::{List, Name, Version};
use crate::handshake::{
    Fresh, Initiator, Offers, Party, Responder, Retirement, SUITE, VersionPolicy,
};
use crate::identity::{Agent, KeyRecord, Registry, SigningKey, SpiffeId, Standing, Trust};

/// The reading of every clock, unless a test says otherwise.
pub(super) const NOW_MS: u64 = 1_700_000_000_000;

/// The id of the agent of this name.
pub(super) fn id(name: &str) -> SpiffeId {
    SpiffeId::parse_agent(&format!("spiffe://example.org/agent/{name}")).unwrap()
}

/// The signing key of the agent of this name.
pub(super) fn key(name: &str) -> SigningKey {
    SigningKey::from_seed([name.as_bytes()[0]; 32])
}

/// What alice and bob draw; a different number draws something else.
pub(super) fn fresh(number: u8) -> Fresh {
    Fresh::of([number; 32], [number + 100; 32])
}

/// A list of names.
pub(super) fn names<const MIN: usize, const MAX: usize>(texts: &[&str]) -> List<Name, MIN, MAX> {
    let names = texts.iter().map(|text| Name::parse(text).unwrap());
    List::new(names.collect()).unwrap()
}

/// A list of versions.
pub(super) fn versions(texts: &[&str]) -> List<Version, 1, 16> {
    let versions = texts.iter().map(|text| Version::parse(text).unwrap());
    List::new(versions.collect()).unwrap()
}

/// A party that speaks 1.0 and 2.0, of which 0.9 has retired, can `report` and requires it.
pub(super) fn party(name: &str) -> Party {
    Party {
        me: id(name),
        key: key(name),
        offers: Offers {
            versions: versions(&["2.0", "1.0", "0.9"]),
            suites: names(&[SUITE]),
            capabilities: names(&["report"]),
        },
        requires: names(&["report"]),
        policy: VersionPolicy {
            retirements: vec![Retirement {
                version: Version::parse("0.9").unwrap(),
                last_accepted_ms: NOW_MS - 1,
            }],
        },
    }
}

/// A registry that lists alice, bob and mallory, each with one key.
pub(super) fn registry() -> Registry {
    let mut registry = Registry::new();
    for name in ["alice", "bob", "mallory"] {
        let agent = Agent {
            id: id(name),
            standing: Standing::Active,
            handle: None,
            trust: Trust::Message,
            capabilities: BTreeSet::new(),
            keys: vec![KeyRecord::new(key(name).peer_key(), NOW_MS - 10)],
        };
        registry.enrol(agent).unwrap();
    }
    registry
}

/// Alice, who means bob, with her hello; and bob, who waits.
pub(super) fn pair() -> (Initiator, Vec<u8>, Responder) {
    let (alice, hello) = Initiator::begin(Arc::new(party("alice")), id("bob"), fresh(1));
    let bob = Responder::begin(Arc::new(party("bob")), fresh(2));
    (alice, hello, bob)
}
