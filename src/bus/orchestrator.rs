//! The orchestrator: admitted envelopes and a clock reading in, rulings out.

use countersign_model::bus::facts::Orchestrator as Asked;
use countersign_model::bus::guard::{Rejection, Stage, Use};
use countersign_model::bus::policy::Tiers;
use countersign_model::rulebook;
use thiserror::Error;

use super::conversation::{correlation, wanted_answer_by_ms};
use super::facts::Message;
use super::{
    Approval, Conversation, Ending, Hardened, Held, Limits, Mechanisms, Meter, Outcome, Request,
    Ruling, Shown, is_request,
};
use crate::admission::Passing;
use crate::domain::Real;
use crate::envelope::{Digest, Envelope, Kind};
use crate::identity::{Registry, SpiffeId};

/// The rules of a deployment, as far as an orchestrator asks about them.
pub trait Policy {
    /// What each tier says of a message of this kind from one agent to another.
    fn tiers(&self, from: &SpiffeId, to: &SpiffeId, kind: Kind) -> Tiers<bool>;
}

/// What every message between two agents passes. Always hardened.
///
/// It opens no socket and reads no clock. A ruling changes its memory at once; whoever runs it makes
/// the ruling durable before anything comes of it, and starts again from what is durable if that fails.
pub struct Orchestrator<P> {
    pub(super) desk: Desk<P, Hardened>,
}

/// Why an operator's word came to nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum ApproveError {
    /// There is no message in that place of the queue.
    #[error("no message waits in that place: look at the queue again")]
    NoSuchEntry,
}

/// An orchestrator with mechanisms that may be flawed.
pub(crate) struct Desk<P, M> {
    pub(super) me: SpiffeId,
    pub(super) registry: Registry,
    pub(super) policy: P,
    pub(super) version: u64,
    pub(super) limits: Limits,
    pub(super) mechanisms: M,
    pub(super) meter: Meter,
    pub(super) conversation: Conversation,
    pub(super) queue: Vec<Held>,
    /// What was released, until its time is over: a second release finds the approval used.
    pub(super) released: Vec<Held>,
}

impl<P: Policy> Orchestrator<P> {
    /// The orchestrator `me`, which also stands for everybody: an event addressed to it goes to
    /// every other active agent.
    pub fn new(me: SpiffeId, registry: Registry, policy: P, limits: Limits) -> Self {
        Self {
            desk: Desk::new(me, registry, policy, limits, Hardened),
        }
    }

    /// Rules on an envelope that was admitted at `now_ms`.
    pub fn submit(&mut self, passing: &Passing, now_ms: u64) -> Ruling {
        self.desk.submit(passing.envelope(), true, now_ms)
    }

    /// What waits for an approval, in the order of arrival.
    pub fn queue(&self) -> &[Held] {
        &self.desk.queue
    }

    /// Takes an operator's word for what it was shown, and rules on the message once more.
    ///
    /// # Errors
    /// [`ApproveError`] where nothing waits in the place that the operator saw.
    pub fn approve(&mut self, shown: &Shown, now_ms: u64) -> Result<Ruling, ApproveError> {
        let entry = self.desk.approve(shown, now_ms)?;
        self.desk.release(&entry, now_ms)
    }

    /// Takes an operator's refusal of what it was shown: the message is gone, and its sender is told.
    ///
    /// # Errors
    /// [`ApproveError`] where nothing like that waits.
    pub fn deny(&mut self, shown: &Shown) -> Result<Held, ApproveError> {
        self.desk.deny(shown)
    }

    /// Lets time pass: requests that nobody answered end, and so do messages that nobody approved.
    pub fn tick(&mut self, now_ms: u64) -> Vec<Ending> {
        self.desk.tick(now_ms)
    }

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
}

impl<P: Policy, M: Mechanisms> Desk<P, M> {
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
        }
    }

    /// Rules on an envelope of which it is known whether admission passed it.
    pub(crate) fn submit(&mut self, envelope: &Envelope, admitted: bool, now_ms: u64) -> Ruling {
        self.mechanisms
            .before_admission(&mut self.meter, envelope, now_ms);
        let recipients = self.recipients(envelope);
        let message = Message {
            envelope,
            digest: envelope.digest(),
            admitted,
            waited: false,
            approval: None,
            recipients: &recipients,
        };
        let digest = message.digest;
        let judged = self.judge(&message, Use::Submitting.asks(), now_ms);
        // Everything but the approval was in order, or it would not have been asked for.
        if matches!(judged, Ok(()) | Err(Rejection::AwaitingApproval)) {
            let cost = self.mechanisms.cost(recipients.len());
            let period_ms = self.limits.rate_period_ms;
            let from = &envelope.header().from;
            self.meter.charge(from, cost, now_ms, period_ms);
        }
        let outcome = match judged {
            Ok(()) => self.deliver(envelope.clone(), digest, recipients, now_ms),
            Err(Rejection::AwaitingApproval) => {
                self.hold(envelope.clone(), digest, now_ms);
                Outcome::Held
            }
            Err(rejection) => Outcome::Refused(rejection),
        };
        self.ruling(envelope, digest, outcome, now_ms)
    }

    /// Records an operator's word; gives the digest of the entry that it was taken for.
    pub(crate) fn approve(&mut self, shown: &Shown, now_ms: u64) -> Result<Digest, ApproveError> {
        let entry = self
            .mechanisms
            .selected(&self.queue, shown)
            .ok_or(ApproveError::NoSuchEntry)?;
        let (digest, approved) = (entry.digest, self.mechanisms.approved(shown, entry));
        let approval = Approval {
            shown: approved,
            policy: self.version,
            until_ms: now_ms.saturating_add(self.limits.approval_ms_max),
            used: false,
        };
        if let Some(entry) = self.entry(&digest) {
            entry.approval = Some(approval);
        }
        Ok(digest)
    }

    /// Rules once more on a message that was held.
    pub(crate) fn release(&mut self, digest: &Digest, now_ms: u64) -> Result<Ruling, ApproveError> {
        let held = self
            .entry(digest)
            .cloned()
            .or_else(|| {
                self.released
                    .iter()
                    .find(|held| held.digest == *digest)
                    .cloned()
            })
            .ok_or(ApproveError::NoSuchEntry)?;
        let recipients = self.recipients(&held.envelope);
        let message = Message {
            envelope: &held.envelope,
            digest: held.digest,
            admitted: true,
            waited: true,
            approval: held.approval.as_ref(),
            recipients: &recipients,
        };
        let judged = self.judge(&message, self.mechanisms.released_at(), now_ms);
        let outcome = match judged {
            Ok(()) => self.deliver(held.envelope.clone(), held.digest, recipients, now_ms),
            Err(rejection) => Outcome::Refused(rejection),
        };
        self.settle(digest, &outcome);
        Ok(self.ruling(&held.envelope, held.digest, outcome, now_ms))
    }

    pub(crate) fn deny(&mut self, shown: &Shown) -> Result<Held, ApproveError> {
        let place = self
            .queue
            .iter()
            .position(|held| held.digest == shown.digest)
            .ok_or(ApproveError::NoSuchEntry)?;
        Ok(self.queue.remove(place))
    }

    pub(crate) fn tick(&mut self, now_ms: u64) -> Vec<Ending> {
        self.meter.sweep(now_ms, self.limits.rate_period_ms);
        let mut endings = if self.mechanisms.ends_requests() {
            self.conversation.expire(now_ms)
        } else {
            Vec::new()
        };
        let (waiting, over): (Vec<Held>, Vec<Held>) = std::mem::take(&mut self.queue)
            .into_iter()
            .partition(|held| held.held_until_ms >= now_ms);
        self.queue = waiting;
        self.released.retain(|held| held.held_until_ms >= now_ms);
        endings.extend(over.into_iter().map(|held| Ending {
            request: held.digest,
            asker: held.envelope.header().from.clone(),
            correlation: correlation(&held.envelope),
            code: "unapproved",
        }));
        endings
    }

    fn judge(&self, message: &Message<'_>, stages: &[Stage], now_ms: u64) -> Result<(), Rejection> {
        let facts = self.establish(message, now_ms);
        let me = Asked::<Real> {
            now: now_ms,
            policy: self.version,
            rate: self.limits.rate,
        };
        let asked = |stage: Stage| stages.contains(&stage);
        rulebook::judge(self.mechanisms.rules(), asked, &facts, &me)
    }

    /// Whoever the envelope goes to: its recipient, or every other active agent where the
    /// orchestrator itself is to notify everybody.
    fn recipients(&self, envelope: &Envelope) -> Vec<SpiffeId> {
        let header = envelope.header();
        if header.to != self.me || header.kind != Kind::Notify {
            return vec![header.to.clone()];
        }
        let others = self.registry.agents().filter(|agent| {
            agent.id != header.from && agent.id != self.me && self.registry.is_active(&agent.id)
        });
        others.map(|agent| agent.id.clone()).collect()
    }

    fn deliver(
        &mut self,
        envelope: Envelope,
        digest: Digest,
        recipients: Vec<SpiffeId>,
        now_ms: u64,
    ) -> Outcome {
        let header = envelope.header();
        if let Some(request) = &header.in_reply_to {
            self.conversation.end(request);
        }
        if let [asked] = recipients.as_slice()
            && is_request(header.kind)
        {
            let wanted_ms = wanted_answer_by_ms(&envelope);
            let answer_by_ms = self
                .mechanisms
                .answer_by_ms(wanted_ms, now_ms, &self.limits);
            let request = Request {
                asker: header.from.clone(),
                asked: asked.clone(),
                kind: header.kind,
                correlation: correlation(&envelope),
                answer_by_ms,
                ended: false,
            };
            self.conversation.open(digest, request);
        }
        Outcome::Delivered {
            recipients,
            envelope: Box::new(envelope),
        }
    }

    fn hold(&mut self, envelope: Envelope, digest: Digest, now_ms: u64) {
        let held_until_ms = now_ms.saturating_add(self.limits.approval_ms_max);
        self.queue.push(Held {
            held_until_ms: held_until_ms.min(envelope.header().expires_at.as_ms()),
            envelope,
            digest,
            submitted_at_ms: now_ms,
            approval: None,
        });
    }

    /// What is left of an entry of the queue after a ruling on it: one that lacks the right word waits
    /// on, every other leaves.
    fn settle(&mut self, digest: &Digest, outcome: &Outcome) {
        let Some(place) = self.queue.iter().position(|held| held.digest == *digest) else {
            return;
        };
        match outcome {
            Outcome::Held => {}
            Outcome::Refused(
                Rejection::AwaitingApproval
                | Rejection::NotWhatWasApproved
                | Rejection::PolicyChanged
                | Rejection::ApprovalLapsed,
            ) => {
                if let Some(entry) = self.entry(digest) {
                    entry.approval = None;
                }
            }
            Outcome::Delivered { .. } => {
                let mut held = self.queue.remove(place);
                if let Some(approval) = &mut held.approval {
                    approval.used = true;
                }
                self.released.push(held);
            }
            Outcome::Refused(_) => {
                self.queue.remove(place);
            }
        }
    }

    fn entry(&mut self, digest: &Digest) -> Option<&mut Held> {
        self.queue.iter_mut().find(|held| held.digest == *digest)
    }

    fn ruling(&self, envelope: &Envelope, digest: Digest, outcome: Outcome, at_ms: u64) -> Ruling {
        let header = envelope.header();
        Ruling {
            at_ms,
            digest,
            from: header.from.clone(),
            to: header.to.clone(),
            kind: header.kind,
            id: header.id,
            correlation: correlation(envelope),
            policy: self.version,
            outcome,
        }
    }
}
