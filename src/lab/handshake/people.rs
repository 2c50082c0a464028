//! The principals of handshake traces for real: ids, keys, what they offer, and the registry.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use countersign_replay::handshake::vocabulary::{
    CAPABILITIES, MALLORY_NAME, PRINCIPALS, SUITES, VERSIONS,
};
use countersign_replay::target::TargetError;

use super::super::failed;
use super::super::stream::Stream;
use crate::envelope::{List, Name, Version};
use crate::handshake::{Fresh, Offers, Party, Retirement, VersionPolicy};
use crate::identity::{
    Agent, KeyRecord, PeerVerifyingKey, Registry, SigningKey, SpiffeId, Standing, Trust,
};

/// The attacker's name.
pub(super) const ATTACKER: &str = MALLORY_NAME;
/// The principal whose key was revoked.
const REVOKED: &str = "carol";
/// Whose long-term keys the attacker has from the start: its own, and one that was revoked for that.
pub(super) const FALLEN: [&str; 2] = [ATTACKER, REVOKED];

/// Everybody, with their secrets.
pub(super) struct People {
    stream: Stream,
    ids: BTreeMap<&'static str, SpiffeId>,
    registry: Registry,
    offers: Offers,
    requires: List<Name, 0, 64>,
    policy: VersionPolicy,
}

/// What everybody knows of a principal.
pub(super) struct Card {
    pub(super) name: &'static str,
    pub(super) id: SpiffeId,
    pub(super) key: PeerVerifyingKey,
}

/// What one run draws.
pub(super) struct Draw {
    secret: [u8; 32],
    random: [u8; 32],
}

impl Draw {
    pub(super) fn of(stream: &Stream, owner: &str) -> Self {
        Self {
            secret: stream.draw(owner, "ephemeral key", 0),
            random: stream.draw(owner, "random", 0),
        }
    }

    pub(super) fn fresh(&self) -> Fresh {
        Fresh::of(self.secret, self.random)
    }
}

impl People {
    pub(super) fn new(stream: &Stream, now_ms: u64) -> Result<Self, TargetError> {
        let mut ids = BTreeMap::new();
        let mut registry = Registry::new();
        for name in PRINCIPALS {
            let id = SpiffeId::parse_agent(&format!("spiffe://example.org/agent/{name}"))
                .map_err(failed)?;
            let record = KeyRecord::new(signing_key(stream, name).peer_key(), now_ms);
            let agent = Agent {
                id: id.clone(),
                standing: Standing::Active,
                handle: None,
                trust: Trust::Message,
                capabilities: BTreeSet::new(),
                keys: vec![if name == REVOKED {
                    record.revoked()
                } else {
                    record
                }],
            };
            registry.enrol(agent).map_err(failed)?;
            ids.insert(name, id);
        }
        let newest_first = VERSIONS.into_iter().rev();
        let [retired, ..] = VERSIONS;
        let [suite, _] = SUITES;
        let [required, _] = CAPABILITIES;
        Ok(Self {
            stream: stream.clone(),
            ids,
            registry,
            offers: Offers {
                versions: versions(newest_first)?,
                suites: names([suite])?,
                capabilities: names(CAPABILITIES)?,
            },
            requires: names([required])?,
            policy: VersionPolicy {
                retirements: vec![Retirement {
                    version: Version::parse(retired).map_err(failed)?,
                    last_accepted_ms: now_ms.saturating_sub(1),
                }],
            },
        })
    }

    pub(super) fn registry(&self) -> &Registry {
        &self.registry
    }

    pub(super) fn id(&self, name: &str) -> Result<SpiffeId, TargetError> {
        let id = self.ids.get(name).cloned();
        id.ok_or_else(|| failed(format!("nobody is called {name}")))
    }

    pub(super) fn name(&self, id: &SpiffeId) -> Result<String, TargetError> {
        let found = self.ids.iter().find(|(_, other)| *other == id);
        let found = found.map(|(name, _)| (*name).to_owned());
        found.ok_or_else(|| failed(format!("nobody has the id {}", id.as_str())))
    }

    pub(super) fn key(&self, name: &str) -> Result<SigningKey, TargetError> {
        self.id(name).map(|_| signing_key(&self.stream, name))
    }

    pub(super) fn party(&self, name: &str) -> Result<Arc<Party>, TargetError> {
        Ok(Arc::new(Party {
            me: self.id(name)?,
            key: self.key(name)?,
            offers: self.offers.clone(),
            requires: self.requires.clone(),
            policy: self.policy.clone(),
        }))
    }

    /// What everybody knows of everybody.
    pub(super) fn directory(&self) -> Vec<Card> {
        let cards = self.ids.iter().map(|(name, id)| Card {
            name,
            id: id.clone(),
            key: signing_key(&self.stream, name).peer_key(),
        });
        cards.collect()
    }
}

/// A list of versions, by name.
pub(super) fn versions<'a>(
    texts: impl IntoIterator<Item = &'a str>,
) -> Result<List<Version, 1, 16>, TargetError> {
    let parsed = texts.into_iter().map(Version::parse);
    let versions = parsed.collect::<Result<Vec<_>, _>>().map_err(failed)?;
    List::new(versions).map_err(failed)
}

/// A list of names.
pub(super) fn names<'a, const MIN: usize, const MAX: usize>(
    texts: impl IntoIterator<Item = &'a str>,
) -> Result<List<Name, MIN, MAX>, TargetError> {
    let parsed = texts.into_iter().map(Name::parse);
    let names = parsed.collect::<Result<Vec<_>, _>>().map_err(failed)?;
    List::new(names).map_err(failed)
}

fn signing_key(stream: &Stream, name: &str) -> SigningKey {
    SigningKey::from_seed(stream.draw(name, "signing key", 0))
}
