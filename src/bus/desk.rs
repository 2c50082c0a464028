//! What an orchestrator has in mind: the rules, who there is, and what goes on.

use countersign_model::bus::policy::Tiers;

use super::{Conversation, Held, Limits, Meter};
use crate::envelope::Kind;
use crate::identity::{Registry, SpiffeId};

/// The rules of a deployment, as far as an orchestrator asks about them.
pub trait Policy {
    /// What each tier says of a message of this kind from one agent to another.
    fn tiers(&self, from: &SpiffeId, to: &SpiffeId, kind: Kind) -> Tiers<bool>;
}

/// An orchestrator with mechanisms that may be flawed.
pub(crate) struct Desk<P, M> {
    pub(crate) me: SpiffeId,
    pub(crate) registry: Registry,
    pub(crate) policy: P,
    pub(crate) version: u64,
    pub(crate) limits: Limits,
    pub(crate) mechanisms: M,
    pub(crate) meter: Meter,
    pub(crate) conversation: Conversation,
    pub(crate) queue: Vec<Held>,
    /// What was released, until its time is over: a second release finds the approval used.
    pub(crate) released: Vec<Held>,
    /// What left the queue undelivered, until its time is over: a release finds no approval.
    pub(crate) ended: Vec<Held>,
}

impl<P, M> Desk<P, M> {
    pub(crate) fn new(
        me: SpiffeId,
        registry: Registry,
        policy: P,
        limits: Limits,
        mechanisms: M,
    ) -> Self {
        Self {
            me,
            registry,
            policy,
            version: 0,
            limits,
            mechanisms,
            meter: Meter::default(),
            conversation: Conversation::default(),
            queue: Vec::new(),
            released: Vec::new(),
            ended: Vec::new(),
        }
    }
}
