//! How a registry changes: enrolment, rotation, revocation, retirement.
//!
//! Whatever changes keeps three promises: an id, a handle and a key have one holder for ever; a
//! revoked key and a retired agent never come back; a refused change leaves no mark. Time is an
//! argument, in milliseconds of the Unix epoch; no clock is read here.

use std::collections::BTreeSet;

use thiserror::Error;

use super::{Agent, KeyRecord, Registry, Standing};
use crate::identity::{KeyId, Label, PeerVerifyingKey, SpiffeId};

impl Registry {
    /// Puts an agent on record.
    ///
    /// # Errors
    /// [`EnrolError`], the first that applies. The registry is then as it was.
    pub fn enrol(&mut self, agent: Agent) -> Result<(), EnrolError> {
        if agent.id.path().is_empty() {
            return Err(EnrolError::NoPath { id: agent.id });
        }
        if self.agents.contains_key(&agent.id) {
            return Err(EnrolError::AgentTaken { id: agent.id });
        }
        if let Some(handle) = &agent.handle
            && let Some(holder) = self.handle_holder(handle.as_str())
        {
            return Err(EnrolError::HandleTaken {
                handle: handle.clone(),
                holder: holder.clone(),
            });
        }
        let mut own = BTreeSet::new();
        for KeyRecord { key_id, .. } in &agent.keys {
            let earlier = if own.insert(*key_id) {
                self.key_holder(key_id)
            } else {
                Some(&agent.id)
            };
            if let Some(holder) = earlier {
                return Err(EnrolError::KeyTaken {
                    key_id: *key_id,
                    holder: holder.clone(),
                });
            }
        }
        self.key_holders
            .extend(own.into_iter().map(|key_id| (key_id, agent.id.clone())));
        self.handle_holders.extend(
            agent
                .handle
                .clone()
                .map(|handle| (handle, agent.id.clone())),
        );
        self.agents.insert(agent.id.clone(), agent);
        Ok(())
    }

    /// Gives an active agent a new key, valid from `now_ms`, and lets every other key of the agent
    /// end at `now_ms + overlap_ms` at the latest.
    ///
    /// # Errors
    /// [`RotateError`], the first that applies. The registry is then as it was.
    pub fn rotate(
        &mut self,
        id: &SpiffeId,
        new: PeerVerifyingKey,
        now_ms: u64,
        overlap_ms: u64,
    ) -> Result<(), RotateError> {
        let record = KeyRecord::new(new, now_ms);
        let agent = self
            .agents
            .get_mut(id)
            .ok_or_else(|| RotateError::UnknownAgent { id: id.clone() })?;
        if agent.standing != Standing::Active {
            return Err(RotateError::NotActive {
                id: id.clone(),
                standing: agent.standing,
            });
        }
        // A key that came back after it ended would revive what was signed with it.
        if let Some(holder) = self.key_holders.get(&record.key_id) {
            return Err(RotateError::KeyTaken {
                key_id: record.key_id,
                holder: holder.clone(),
            });
        }
        let latest_ms = agent.keys.iter().map(KeyRecord::not_before_ms).max();
        if let Some(latest_ms) = latest_ms.filter(|&latest_ms| latest_ms > now_ms) {
            return Err(RotateError::ClockBehind { now_ms, latest_ms });
        }
        let end_ms = now_ms
            .checked_add(overlap_ms)
            .ok_or(RotateError::OverlapTooLong { now_ms, overlap_ms })?;
        for earlier in &mut agent.keys {
            *earlier = earlier.until(end_ms);
        }
        agent.keys.push(record);
        self.key_holders.insert(record.key_id, id.clone());
        Ok(())
    }

    /// Revokes a key of an agent, at once and for good.
    ///
    /// # Errors
    /// [`RevokeError`], the first that applies. The registry is then as it was.
    pub fn revoke(&mut self, id: &SpiffeId, key_id: &KeyId) -> Result<(), RevokeError> {
        let agent = self
            .agents
            .get_mut(id)
            .ok_or_else(|| RevokeError::UnknownAgent { id: id.clone() })?;
        let record = agent
            .keys
            .iter_mut()
            .find(|record| record.key_id == *key_id);
        let record = record.ok_or_else(|| RevokeError::UnknownKey {
            id: id.clone(),
            key_id: *key_id,
        })?;
        if record.revoked {
            return Err(RevokeError::AlreadyRevoked { key_id: *key_id });
        }
        *record = record.revoked();
        Ok(())
    }

    /// Retires an agent for good. Its id, its keys and its handle stay taken.
    ///
    /// # Errors
    /// [`RetireError`], the first that applies. The registry is then as it was.
    pub fn retire(&mut self, id: &SpiffeId) -> Result<(), RetireError> {
        let agent = self
            .agents
            .get_mut(id)
            .ok_or_else(|| RetireError::UnknownAgent { id: id.clone() })?;
        if agent.standing == Standing::Retired {
            return Err(RetireError::AlreadyRetired { id: id.clone() });
        }
        agent.standing = Standing::Retired;
        Ok(())
    }
}

/// Why an agent cannot be put on record.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[expect(missing_docs, reason = "each message names its fields")]
pub enum EnrolError {
    /// The id names a trust domain.
    #[error("{id} names a whole trust domain: give the agent an id with a path")]
    NoPath { id: SpiffeId },
    /// Another agent has the id, or once had it.
    #[error("{id} is on record already: change that entry, or choose another id")]
    AgentTaken { id: SpiffeId },
    /// Another agent has the handle.
    #[error("handle {handle} belongs to {holder}: choose another one")]
    HandleTaken { handle: Label, holder: SpiffeId },
    /// The key is listed twice, for one agent or for two.
    #[error("key {key_id} is listed already for {holder}: generate a key of the agent's own")]
    KeyTaken { key_id: KeyId, holder: SpiffeId },
}

/// Why an agent cannot have a new key.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[expect(missing_docs, reason = "each message names its fields")]
pub enum RotateError {
    /// Nobody of this name is on record.
    #[error("{id} is not on record: enrol it first")]
    UnknownAgent { id: SpiffeId },
    /// The agent does not take part.
    #[error("{id} is {standing:?}, expected Active: only active agents rotate keys")]
    NotActive { id: SpiffeId, standing: Standing },
    /// The key is or was somebody's, perhaps this agent's own.
    #[error("key {key_id} is listed already for {holder}: generate a new one")]
    KeyTaken { key_id: KeyId, holder: SpiffeId },
    /// A key of the agent begins after now.
    #[error("now is {now_ms} ms, but a key begins at {latest_ms} ms: set the clock right")]
    ClockBehind { now_ms: u64, latest_ms: u64 },
    /// The end of the overlap is past what can be counted.
    #[error("overlap of {overlap_ms} ms from {now_ms} ms has no end: choose a shorter one")]
    OverlapTooLong { now_ms: u64, overlap_ms: u64 },
}

/// Why a key cannot be revoked.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[expect(missing_docs, reason = "each message names its fields")]
pub enum RevokeError {
    /// Nobody of this name is on record.
    #[error("{id} is not on record: check the id")]
    UnknownAgent { id: SpiffeId },
    /// The agent has no such key, though another may.
    #[error("{id} has no key {key_id}: check whose key it is")]
    UnknownKey { id: SpiffeId, key_id: KeyId },
    /// Nothing is left to do.
    #[error("key {key_id} is revoked already")]
    AlreadyRevoked { key_id: KeyId },
}

/// Why an agent cannot be retired.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[expect(missing_docs, reason = "each message names its fields")]
pub enum RetireError {
    /// Nobody of this name is on record.
    #[error("{id} is not on record: check the id")]
    UnknownAgent { id: SpiffeId },
    /// Nothing is left to do.
    #[error("{id} is retired already")]
    AlreadyRetired { id: SpiffeId },
}
