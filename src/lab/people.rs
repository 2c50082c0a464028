//! The cast of a trace as real principals: SPIFFE ids, keys, and the registry that lists them.

use std::collections::BTreeMap;

use countersign_replay::target::TargetError;
use countersign_replay::trace::Trace;

use super::clock::Ticks;
use super::failed;
use super::stream::Stream;
use crate::identity::{
    Agent, KeyId, KeyRecord, PeerVerifyingKey, Registry, SigningKey, SpiffeId, Standing, Trust,
};

/// Everybody who takes part, with their secrets.
pub(super) struct People {
    ids: BTreeMap<String, SpiffeId>,
    names: BTreeMap<SpiffeId, String>,
    keys: BTreeMap<String, Owned>,
    key_names: BTreeMap<KeyId, String>,
}

struct Owned {
    owner: String,
    key: SigningKey,
}

impl People {
    pub(super) fn of(trace: &Trace, stream: &Stream) -> Result<Self, TargetError> {
        let mut people = Self {
            ids: BTreeMap::new(),
            names: BTreeMap::new(),
            keys: BTreeMap::new(),
            key_names: BTreeMap::new(),
        };
        for principal in &trace.cast.principals {
            let id =
                SpiffeId::parse_agent(&format!("spiffe://example.org/agent/{}", principal.name))
                    .map_err(failed)?;
            people.names.insert(id.clone(), principal.name.clone());
            people.ids.insert(principal.name.clone(), id);
        }
        for key in &trace.cast.keys {
            let signing = SigningKey::from_seed(stream.draw(&key.name, "signing key", 0));
            people.key_names.insert(signing.key_id(), key.name.clone());
            people.keys.insert(
                key.name.clone(),
                Owned {
                    owner: key.owner.clone(),
                    key: signing,
                },
            );
        }
        Ok(people)
    }

    /// The registry as the trace begins with it.
    pub(super) fn registry(&self, trace: &Trace, ticks: &Ticks) -> Result<Registry, TargetError> {
        let mut registry = Registry::new();
        for principal in &trace.cast.principals {
            let mut keys = Vec::new();
            for key in trace
                .cast
                .keys
                .iter()
                .filter(|key| key.listed && key.owner == principal.name)
            {
                let mut record = KeyRecord::new(
                    self.key(&key.name)?.peer_key(),
                    ticks.instant_ms(key.not_before),
                );
                if !key.not_after.is_endless() {
                    record = record.until(ticks.instant_ms(key.not_after.0));
                }
                keys.push(if key.revoked {
                    record.revoked()
                } else {
                    record
                });
            }
            let agent = Agent {
                id: self.id(&principal.name)?.clone(),
                standing: Standing::Active,
                handle: None,
                trust: Trust::Message,
                capabilities: std::collections::BTreeSet::new(),
                keys,
            };
            registry.enrol(agent).map_err(failed)?;
        }
        Ok(registry)
    }

    /// Every principal, by name.
    pub(super) fn everybody(&self) -> impl Iterator<Item = (&String, &SpiffeId)> {
        self.ids.iter()
    }

    pub(super) fn id(&self, name: &str) -> Result<&SpiffeId, TargetError> {
        self.ids
            .get(name)
            .ok_or_else(|| failed(format!("nobody is called {name}")))
    }

    pub(super) fn name(&self, id: &str) -> Option<&str> {
        self.names.get(id).map(String::as_str)
    }

    pub(super) fn key(&self, name: &str) -> Result<&SigningKey, TargetError> {
        self.owned(name).map(|owned| &owned.key)
    }

    pub(super) fn owner_of(&self, key: &str) -> Result<&SpiffeId, TargetError> {
        self.id(&self.owned(key)?.owner)
    }

    pub(super) fn peer_key(&self, name: &str) -> Result<PeerVerifyingKey, TargetError> {
        self.key(name).map(SigningKey::peer_key)
    }

    pub(super) fn key_name(&self, id: &KeyId) -> Option<&str> {
        self.key_names.get(id).map(String::as_str)
    }

    fn owned(&self, name: &str) -> Result<&Owned, TargetError> {
        self.keys
            .get(name)
            .ok_or_else(|| failed(format!("no key is called {name}")))
    }
}
