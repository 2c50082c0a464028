//! What an orchestrator remembers, for whoever makes it durable, and gives it back after a restart.

use super::desk::Policy;
use super::orchestrator::Orchestrator;
use super::{Conversation, Held, Request};
use crate::envelope::{Digest, MessageId};
use crate::identity::{Registry, SpiffeId};

impl<P: Policy> Orchestrator<P> {
    /// Puts another policy in force. Approvals given under the old one no longer count.
    pub fn replace_policy(&mut self, policy: P) {
        self.desk.policy = policy;
        self.desk.version += 1;
    }

    /// The registry.
    pub fn registry(&self) -> &Registry {
        &self.desk.registry
    }

    /// The registry, to rotate and revoke keys and retire agents.
    pub fn registry_mut(&mut self) -> &mut Registry {
        &mut self.desk.registry
    }

    /// Who owes whom an answer.
    pub fn conversation(&self) -> &Conversation {
        &self.desk.conversation
    }

    /// The policy in force.
    pub fn policy(&self) -> &P {
        &self.desk.policy
    }

    /// What waits for an approval, in the order of arrival.
    pub fn queue(&self) -> &[Held] {
        &self.desk.queue
    }

    /// The version of the policy in force.
    pub fn version(&self) -> u64 {
        self.desk.version
    }

    /// What was released, with its approval, until its time is over.
    pub fn released(&self) -> &[Held] {
        &self.desk.released
    }

    /// Forgets what is over, and on whose behalf agents speak, so that memory does not grow with what was
    /// said. Whoever calls it has all of that on a disk, and brings back what a message is about before it
    /// is ruled on.
    pub fn shed(&mut self) {
        self.desk.conversation.shed();
        self.desk.released.clear();
        self.desk.ended.clear();
    }

    /// Brings back what was durable: a message that waits, with its approval if it has one.
    pub fn restore_held(&mut self, held: Held) {
        self.desk.queue.push(held);
    }

    /// Brings back what was durable: so many deliveries charged to an agent, the oldest first.
    pub fn restore_charge(&mut self, agent: &SpiffeId, deliveries: u64, at_ms: u64) {
        let period_ms = self.desk.limits.rate_period_ms;
        self.desk.meter.charge(agent, deliveries, at_ms, period_ms);
    }

    /// Brings back what was durable: the version of the policy in force.
    pub fn restore_version(&mut self, version: u64) {
        self.desk.version = version;
    }

    /// Brings back what was durable: a request that was accepted.
    pub fn restore_request(&mut self, digest: Digest, request: Request) {
        self.desk.conversation.expect(digest, request);
    }

    /// Brings back what was durable: on whose behalf an agent speaks in a conversation.
    pub fn restore_principal(
        &mut self,
        correlation: MessageId,
        agent: SpiffeId,
        principal: SpiffeId,
        until_ms: u64,
    ) {
        let conversation = &mut self.desk.conversation;
        conversation.restore(correlation, agent, principal, until_ms);
    }
}
