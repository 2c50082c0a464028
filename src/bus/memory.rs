//! What an orchestrator remembers, for whoever makes it durable, and gives it back after a restart.

use super::orchestrator::{Orchestrator, Policy};
use super::{Held, Request};
use crate::envelope::Digest;

impl<P: Policy> Orchestrator<P> {
    /// The version of the policy in force.
    pub fn version(&self) -> u64 {
        self.desk.version
    }

    /// What was released, with its approval, until its time is over.
    pub fn released(&self) -> &[Held] {
        &self.desk.released
    }

    /// Brings back what was durable: a message that was held, with its approval if it had one. Where
    /// that was used, the message was released.
    pub fn restore_held(&mut self, held: Held) {
        if held.approval.as_ref().is_some_and(|approval| approval.used) {
            self.desk.released.push(held);
        } else {
            self.desk.queue.push(held);
        }
    }

    /// Brings back what was durable: the version of the policy in force.
    pub fn restore_version(&mut self, version: u64) {
        self.desk.version = version;
    }

    /// Brings back what was durable: a request that was delivered.
    pub fn restore_request(&mut self, digest: Digest, request: Request) {
        self.desk.conversation.open(digest, request);
    }
}
