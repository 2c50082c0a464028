//! The agents of a trace for real: ids, keys, the registry that lists them, and their mailboxes.

use std::collections::{BTreeMap, BTreeSet};

use countersign_model::bus::Bus as Rules;
use countersign_model::rulebook::Ruleset;
use countersign_replay::target::TargetError;
use countersign_replay::trace::Trace;

use crate::bus::Mailbox;
use crate::identity::{Agent, KeyRecord, Registry, SigningKey, SpiffeId, Standing, Trust};
use crate::lab::failed;
use crate::lab::stream::Stream;

/// Everybody, with their secrets.
pub(super) struct People {
    stream: Stream,
    ids: BTreeMap<String, SpiffeId>,
    orchestrator: SpiffeId,
}

impl People {
    pub(super) fn of(trace: &Trace<Rules>, stream: &Stream) -> Result<Self, TargetError> {
        let mut ids = BTreeMap::new();
        for agent in &trace.cast.agents {
            let id = SpiffeId::parse_agent(&format!("spiffe://example.org/agent/{}", agent.name));
            ids.insert(agent.name.clone(), id.map_err(failed)?);
        }
        Ok(Self {
            stream: stream.clone(),
            ids,
            orchestrator: SpiffeId::parse_agent("spiffe://example.org/bus").map_err(failed)?,
        })
    }

    /// The registry: every agent of the trace, and the orchestrator.
    pub(super) fn registry(&self) -> Result<Registry, TargetError> {
        let mut registry = Registry::new();
        let agents = self.ids.iter().map(|(name, id)| (id, self.key(name)));
        for (id, key) in agents.chain([(&self.orchestrator, self.own_key())]) {
            let agent = Agent {
                id: id.clone(),
                standing: Standing::Active,
                handle: None,
                trust: Trust::Message,
                capabilities: BTreeSet::new(),
                keys: vec![KeyRecord::new(key.peer_key(), 0)],
            };
            registry.enrol(agent).map_err(failed)?;
        }
        Ok(registry)
    }

    pub(super) fn id(&self, name: &str) -> Result<&SpiffeId, TargetError> {
        let id = self.ids.get(name);
        id.ok_or_else(|| failed(format!("nobody is called {name}")))
    }

    /// The id of an agent as somebody writes it who takes upper and lower case for the same.
    pub(super) fn respelled(&self, name: &str) -> Result<SpiffeId, TargetError> {
        let id = self.id(name)?;
        let (domain, path) = (id.trust_domain(), id.path().to_ascii_uppercase());
        SpiffeId::parse_agent(&format!("spiffe://{domain}{path}")).map_err(failed)
    }

    pub(super) fn orchestrator(&self) -> &SpiffeId {
        &self.orchestrator
    }

    /// The key of an agent.
    pub(super) fn key(&self, name: &str) -> SigningKey {
        SigningKey::from_seed(self.stream.draw(name, "signing key", 0))
    }

    /// The key of the orchestrator.
    pub(super) fn own_key(&self) -> SigningKey {
        SigningKey::from_seed(self.stream.draw("", "signing key of the bus", 0))
    }

    /// What an agent receives with.
    pub(super) fn mailbox(
        &self,
        name: &str,
        rules: Ruleset<Rules>,
    ) -> Result<Mailbox, TargetError> {
        let (me, orchestrator) = (self.id(name)?.clone(), self.orchestrator.clone());
        Ok(Mailbox::dangerously_with(me, orchestrator, rules))
    }
}
