//! Two parties, alice and bob, and mallory, who is registered too.

use std::collections::BTreeSet;
use std::sync::Arc;

use countersign_model::handshake::guard::Flight;

use crate::envelope::{List, Name, Version};
use crate::handshake::initiator::Initiating;
use crate::handshake::mechanism::Mechanisms;
use crate::handshake::responder::Responding;
use crate::handshake::{
    Established, Fresh, Offers, Party, Refusal, Reply, Retirement, SUITE, SessionSecret,
    VersionPolicy,
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
    registry_of(Standing::Active, |record| record)
}

/// The same, with everybody of this standing and every key as `change` makes it.
pub(super) fn registry_of(standing: Standing, change: impl Fn(KeyRecord) -> KeyRecord) -> Registry {
    let mut registry = Registry::new();
    for name in ["alice", "bob", "mallory"] {
        let agent = Agent {
            id: id(name),
            standing,
            handle: None,
            trust: Trust::Message,
            capabilities: BTreeSet::new(),
            keys: vec![change(KeyRecord::new(key(name).peer_key(), NOW_MS - 10))],
        };
        registry.enrol(agent).unwrap();
    }
    registry
}

/// The ends of a handshake, under mechanisms that may be flawed: alice, who means bob, and bob.
pub(super) struct Pair<M> {
    pub(super) alice: Initiating<M>,
    pub(super) bob: Responding<M>,
    pub(super) hello: Vec<u8>,
    pub(super) registry: Registry,
}

impl<M: Mechanisms + Clone> Pair<M> {
    /// Both ends, before anything was heard.
    pub(super) fn new(mechanisms: &M) -> Self {
        let [alice, bob] = ["alice", "bob"].map(|name| Arc::new(party(name)));
        let (alice, hello) = Initiating::begin(alice, id("bob"), fresh(1), mechanisms.clone());
        let bob = Responding::begin(bob, fresh(2), mechanisms.clone());
        Self {
            alice,
            bob,
            hello,
            registry: registry(),
        }
    }

    /// What bob says to a text, if he takes it.
    pub(super) fn tell_bob(&mut self, bytes: &[u8]) -> Result<Reply, Refusal> {
        self.bob.hear(bytes, &self.registry, NOW_MS)
    }

    /// What alice says to a text, if she takes it.
    pub(super) fn tell_alice(&mut self, bytes: &[u8]) -> Result<Reply, Refusal> {
        self.alice.hear(bytes, &self.registry, NOW_MS)
    }

    /// Carries one flight after the other, each as `carry` changes it on its way; returns the
    /// sessions of alice and bob.
    pub(super) fn exchange(
        &mut self,
        mut carry: impl FnMut(Flight, Vec<u8>) -> Vec<u8>,
    ) -> Result<[Established; 2], Refusal> {
        let hello = carry(Flight::Hello, self.hello.clone());
        let answer = carry(Flight::Answer, self.tell_bob(&hello)?.flight.unwrap());
        let finish = carry(Flight::Finish, self.tell_alice(&answer)?.flight.unwrap());
        let at_bob = self.tell_bob(&finish)?;
        let confirm = carry(Flight::Confirm, at_bob.flight.unwrap());
        let at_alice = self.tell_alice(&confirm)?;
        Ok([at_alice.established.unwrap(), at_bob.established.unwrap()])
    }
}

/// Whether two ends have one secret.
pub(super) fn same_secret(one: &Established, other: &Established) -> bool {
    same(one.secret(), other.secret())
}

/// Whether two secrets are the same.
pub(super) fn same(one: &SessionSecret, other: &SessionSecret) -> bool {
    one.expand::<32>("test", b"context") == other.expand::<32>("test", b"context")
}
