//! The cast of a session trace for real: ids, keys, the registry, and what handshakes left behind.

use std::collections::{BTreeMap, BTreeSet};

use countersign_model::session::Session as Rules;
use countersign_replay::target::TargetError;
use countersign_replay::trace::Trace;

use crate::envelope::SessionId;
use crate::handshake::{Role, SessionSecret};
use crate::identity::{Agent, KeyRecord, Registry, SigningKey, SpiffeId, Standing, Trust};
use crate::lab::failed;
use crate::lab::stream::Stream;
use crate::session::Establishment;

/// Everybody, with their secrets.
pub(super) struct People {
    stream: Stream,
    ids: BTreeMap<String, SpiffeId>,
    pub(super) registry: Registry,
}

impl People {
    pub(super) fn of(trace: &Trace<Rules>, stream: &Stream) -> Result<Self, TargetError> {
        let mut people = Self {
            stream: stream.clone(),
            ids: BTreeMap::new(),
            registry: Registry::new(),
        };
        let peers = trace.cast.peers.iter().map(|peer| &peer.name);
        for name in peers.chain([&trace.cast.me]) {
            let id = SpiffeId::parse_agent(&format!("spiffe://example.org/agent/{name}"));
            let id = id.map_err(failed)?;
            let key = people.key(name).peer_key();
            let agent = Agent {
                id: id.clone(),
                standing: Standing::Active,
                handle: None,
                trust: Trust::Message,
                capabilities: BTreeSet::new(),
                keys: vec![KeyRecord::new(key, 0)],
            };
            people.registry.enrol(agent).map_err(failed)?;
            people.ids.insert(name.clone(), id);
        }
        Ok(people)
    }

    /// What the handshake of `session` left an end in this role with.
    pub(super) fn establishment(
        &self,
        session: &str,
        peer: &str,
        role: Role,
        now_ms: u64,
    ) -> Result<Establishment, TargetError> {
        Ok(Establishment {
            peer: self.id(peer)?.clone(),
            peer_key_id: self.key(peer).key_id(),
            role,
            secret: self.secret(session),
            session_id: self.session_id(session),
            established_at_ms: now_ms,
        })
    }

    /// The secret of a session.
    pub(super) fn secret(&self, session: &str) -> SessionSecret {
        SessionSecret::new(self.stream.draw(session, "session secret", 0))
    }

    pub(super) fn session_id(&self, session: &str) -> SessionId {
        SessionId::from_bytes(self.stream.draw_16(session, "session id", 0))
    }

    /// The registry no longer lists the key of `name` as current.
    pub(super) fn withdraw(&mut self, name: &str) -> Result<(), TargetError> {
        let (id, key_id) = (self.id(name)?.clone(), self.key(name).key_id());
        self.registry.revoke(&id, &key_id).map(drop).map_err(failed)
    }

    /// Whether the registry lists the key of `name` as current.
    pub(super) fn is_entitled(&self, name: &str) -> Result<bool, TargetError> {
        let record = self.registry.key(self.id(name)?, &self.key(name).key_id());
        Ok(record.is_some_and(|record| !record.is_revoked()))
    }

    fn id(&self, name: &str) -> Result<&SpiffeId, TargetError> {
        let id = self.ids.get(name);
        id.ok_or_else(|| failed(format!("nobody is called {name}")))
    }

    fn key(&self, name: &str) -> SigningKey {
        SigningKey::from_seed(self.stream.draw(name, "signing key", 0))
    }
}
