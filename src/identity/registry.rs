//! Which agents exist, and which keys are on record for each.
//!
//! The registry is the only answer to "whose key is this": a message names a sender and a key id,
//! and the key is looked up among that sender's own. It keeps facts and never judges a message;
//! whether a standing or a validity suffices is a row of the guard table. It changes in
//! [`change`] only, and its file form is in [`super::record`].

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::{KeyId, Label, PeerVerifyingKey, SpiffeId};

pub mod change;

/// The agents on record, with fast look-up by id, by key and by handle.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Registry {
    agents: BTreeMap<SpiffeId, Agent>,
    // INVARIANT: exactly the keys and handles that stand in `agents`, each with its one holder.
    key_holders: BTreeMap<KeyId, SpiffeId>,
    handle_holders: BTreeMap<Label, SpiffeId>,
}

/// One agent on record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Agent {
    /// The agent's name; it has a path.
    pub id: SpiffeId,
    /// Whether the agent takes part.
    pub standing: Standing,
    /// A short name that no other agent has.
    pub handle: Option<Label>,
    /// What the agent is trusted with.
    pub trust: Trust,
    /// What the agent may be asked to do.
    pub capabilities: BTreeSet<Label>,
    /// Every key that the agent ever had, oldest first.
    pub keys: Vec<KeyRecord>,
}

/// Whether an agent takes part.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Standing {
    /// It does.
    Active,
    /// An operator has stopped it for now.
    Suspended,
    /// It has left for good, in order.
    Retired,
    /// It has stopped answering.
    Dead,
}

/// What an agent is trusted with; each level includes those before it.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(rename_all = "snake_case")]
pub enum Trust {
    /// Nothing yet: where every new identity starts.
    #[default]
    Nothing,
    /// To read.
    Read,
    /// To send messages.
    Message,
    /// To have others execute.
    Execute,
}

/// A key of one agent, and when it is valid.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KeyRecord {
    key_id: KeyId,
    key: PeerVerifyingKey,
    not_before_ms: u64,
    not_after_ms: Option<u64>,
    revoked: bool,
}

impl KeyRecord {
    /// A key that is valid from `not_before_ms` until it is rotated or revoked.
    pub fn new(key: PeerVerifyingKey, not_before_ms: u64) -> Self {
        Self {
            key_id: key.key_id(),
            key,
            not_before_ms,
            not_after_ms: None,
            revoked: false,
        }
    }

    /// The same key, valid no longer than until `not_after_ms`. A later limit changes nothing, and
    /// one before `not_before_ms` leaves no moment at which the key is valid.
    #[must_use]
    pub fn until(mut self, not_after_ms: u64) -> Self {
        self.not_after_ms = Some(
            self.not_after_ms
                .map_or(not_after_ms, |end| end.min(not_after_ms)),
        );
        self
    }

    /// The same key, revoked. There is no way back.
    #[must_use]
    pub fn revoked(mut self) -> Self {
        self.revoked = true;
        self
    }

    /// The name of the key.
    pub fn key_id(&self) -> KeyId {
        self.key_id
    }

    /// The key itself.
    pub fn key(&self) -> &PeerVerifyingKey {
        &self.key
    }

    /// The first millisecond of validity, Unix epoch.
    pub fn not_before_ms(&self) -> u64 {
        self.not_before_ms
    }

    /// The last millisecond of validity, Unix epoch; inclusive, as in RFC 5280 section 4.1.2.5.
    pub fn not_after_ms(&self) -> Option<u64> {
        self.not_after_ms
    }

    /// Whether the key was revoked, which overrides its validity.
    pub fn is_revoked(&self) -> bool {
        self.revoked
    }

    /// Whether the key is valid at `now_ms` and not revoked.
    pub fn is_current(&self, now_ms: u64) -> bool {
        let ended = self.not_after_ms.is_some_and(|end| end < now_ms);
        self.not_before_ms <= now_ms && !ended && !self.revoked
    }
}

impl Registry {
    /// A registry without agents.
    pub fn new() -> Self {
        Self::default()
    }

    /// The agent of this name.
    pub fn agent(&self, id: &SpiffeId) -> Option<&Agent> {
        self.agents.get(id)
    }

    /// Whether an agent of this name takes part.
    pub fn is_active(&self, id: &SpiffeId) -> bool {
        self.agent(id)
            .is_some_and(|agent| agent.standing == Standing::Active)
    }

    /// The key of this name **if it is this agent's**. Nobody else's key is ever the answer.
    pub fn key(&self, id: &SpiffeId, key_id: &KeyId) -> Option<&KeyRecord> {
        self.agent(id)?
            .keys
            .iter()
            .find(|record| record.key_id == *key_id)
    }

    /// Whose key this is.
    pub fn key_holder(&self, key_id: &KeyId) -> Option<&SpiffeId> {
        self.key_holders.get(key_id)
    }

    /// Whose handle this is.
    pub fn handle_holder(&self, handle: &str) -> Option<&SpiffeId> {
        self.handle_holders.get(handle)
    }

    /// Every agent, in the order of the ids.
    pub fn agents(&self) -> impl ExactSizeIterator<Item = &Agent> {
        self.agents.values()
    }
}

#[cfg(test)]
mod tests;
