//! What a trace tells of an orchestrator, read off the real one.

use std::collections::BTreeSet;

use countersign_replay::bus::standing::{Charge, Open, State};

use crate::bus::Desk;
use crate::envelope::Digest;
use crate::identity::SpiffeId;
use crate::lab::clock::Ticks;

/// What of an orchestrator is looked at, by the names that a trace has for it.
pub(crate) struct View<'a, P, M> {
    /// The orchestrator.
    pub(crate) desk: &'a Desk<P, M>,
    /// The version of the policy that counts as version 0.
    pub(crate) first_version: u64,
    /// The time, in milliseconds since the Unix epoch.
    pub(crate) now_ms: u64,
    /// How the trace counts it.
    pub(crate) ticks: Ticks,
    /// The requests whose sender got neither an answer nor an error.
    pub(crate) waiting: &'a BTreeSet<String>,
}

impl<P, M> View<'_, P, M> {
    /// What can be seen of these messages and agents, which are in the order of the cast.
    pub(crate) fn state<'a>(
        &self,
        messages: impl Iterator<Item = (&'a String, &'a Digest)>,
        agents: impl Iterator<Item = (&'a String, &'a SpiffeId)>,
    ) -> State {
        let desk = self.desk;
        let mut state = State {
            now: self.ticks.tick(self.now_ms),
            policy: desk.version.saturating_sub(self.first_version),
            ..State::default()
        };
        for (name, digest) in messages {
            if let Some(held) = desk.queue.iter().find(|held| held.digest == *digest) {
                state.queue.push(name.clone());
                let approved = held.approval.as_ref().map(|_| name.clone());
                state.approved.extend(approved);
            }
            let request = desk.conversation.request(digest);
            if let Some(request) = request.filter(|request| !request.ended) {
                state.open.push(Open {
                    request: name.clone(),
                    answer_by: self.ticks.tick(request.answer_by_ms),
                });
            }
            let waiting = self.waiting.contains(name).then(|| name.clone());
            state.waiting.extend(waiting);
        }
        for (name, id) in agents {
            let period_ms = desk.limits.rate_period_ms;
            let deliveries = desk.meter.charged(id, self.now_ms, period_ms);
            if deliveries > 0 {
                state.charged.push(Charge {
                    agent: name.clone(),
                    deliveries,
                });
            }
            let inactive = (!desk.registry.is_active(id)).then(|| name.clone());
            state.inactive.extend(inactive);
        }
        state
    }
}
