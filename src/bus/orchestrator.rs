//! The orchestrator: admitted envelopes and a clock reading in, rulings out.

use std::collections::BTreeSet;

use countersign_model::bus::facts::Orchestrator as Asked;
use countersign_model::bus::guard::{Rejection, Stage, Use};
use countersign_model::rulebook;
use thiserror::Error;

use super::conversation::{correlation, wanted_answer_by_ms};
use super::desk::{Desk, Policy};
use super::facts::Message;
use super::{
    Approval, Ending, Hardened, Held, Limits, Mechanisms, Outcome, Request, Ruling, Shown,
    is_request,
};
use crate::admission::Passing;
use crate::domain::Real;
use crate::envelope::{Digest, Envelope, Kind};
use crate::identity::{Registry, SpiffeId};

/// What every message between two agents passes. Always hardened.
///
/// It opens no socket and reads no clock. A ruling changes its memory at once; whoever runs it makes
/// the ruling durable before anything comes of it, and starts again from what is durable if that fails.
pub struct Orchestrator<P> {
    pub(crate) desk: Desk<P, Hardened>,
}

/// Why an operator's word came to nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum ApproveError {
    /// There is no message in that place of the queue.
    #[error("no message waits in that place: look at the queue again")]
    NoSuchEntry,
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

    /// Notes an operator's word for what it was shown with the message that waits there, and names that
    /// one. Nothing comes of it until the message is released.
    ///
    /// # Errors
    /// [`ApproveError`] where nothing waits in the place that the operator saw.
    pub fn approve(&mut self, shown: &Shown, now_ms: u64) -> Result<Digest, ApproveError> {
        self.desk.approve(shown, now_ms)
    }

    /// Rules once more on a message that waits. What is refused has no effect, and waits on.
    ///
    /// # Errors
    /// [`ApproveError`] where it never had to wait.
    pub fn release(&mut self, digest: &Digest, now_ms: u64) -> Result<Ruling, ApproveError> {
        self.desk.release(digest, now_ms)
    }

    /// Takes a message out of the queue that is not to be delivered: its sender is told.
    ///
    /// # Errors
    /// [`ApproveError`] where nothing like that waits.
    pub fn deny(&mut self, shown: &Shown) -> Result<Held, ApproveError> {
        self.desk.deny(shown)
    }

    /// Ends the instant: requests that nobody answered end, and messages that nobody approved.
    pub fn tick(&mut self, now_ms: u64) -> Vec<Ending> {
        self.desk.tick(now_ms)
    }
}

impl<P: Policy, M: Mechanisms> Desk<P, M> {
    /// Rules on an envelope of which it is known whether admission passed it.
    pub(crate) fn submit(&mut self, envelope: &Envelope, admitted: bool, now_ms: u64) -> Ruling {
        let recipients = self.recipients(envelope);
        let message = Message {
            envelope,
            digest: envelope.digest(),
            admitted,
            waited: false,
            approval: None,
            recipients: &recipients,
            is_broadcast: self.is_broadcast(envelope),
        };
        let digest = message.digest;
        let judged = self.judge(&message, Use::Submitting.asks(), now_ms);
        // Everything but the approval was in order, or it would not have been asked for.
        let accepted = matches!(judged, Ok(()) | Err(Rejection::AwaitingApproval));
        let (from, period_ms) = (&envelope.header().from, self.limits.rate_period_ms);
        let before = self.meter.charged(from, now_ms, period_ms);
        let charged = if self.mechanisms.is_charged(accepted, before, &self.limits) {
            let cost = self.mechanisms.cost(recipients.len());
            self.meter.charge(from, cost, now_ms, period_ms);
            cost
        } else {
            0
        };
        if accepted {
            self.expect(envelope, digest, &recipients, now_ms);
        }
        let outcome = match judged {
            Ok(()) => self.deliver(envelope.clone(), recipients, now_ms),
            Err(Rejection::AwaitingApproval) => {
                self.hold(envelope.clone(), digest, now_ms);
                Outcome::Held
            }
            Err(rejection) => Outcome::Refused(rejection),
        };
        Ruling {
            charged,
            ..self.ruling(envelope, digest, outcome, now_ms)
        }
    }

    /// Whether the rules ask for a human before an envelope is delivered.
    pub(crate) fn would_hold(&self, envelope: &Envelope, now_ms: u64) -> bool {
        let recipients = self.recipients(envelope);
        let message = Message {
            envelope,
            digest: envelope.digest(),
            admitted: true,
            waited: false,
            approval: None,
            recipients: &recipients,
            is_broadcast: self.is_broadcast(envelope),
        };
        self.establish(&message, now_ms).held
    }

    /// Records an operator's word with the entry in the place that it saw; gives the digest of that entry.
    pub(crate) fn approve(&mut self, shown: &Shown, now_ms: u64) -> Result<Digest, ApproveError> {
        let entry = self
            .queue
            .get(shown.place)
            .ok_or(ApproveError::NoSuchEntry)?;
        let approved = self.mechanisms.approved(shown, entry, &self.queue);
        let digest = entry.digest;
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

    /// Rules once more on a message that was held. What is refused has no effect.
    pub(crate) fn release(&mut self, digest: &Digest, now_ms: u64) -> Result<Ruling, ApproveError> {
        let held = self
            .entry(digest)
            .cloned()
            .or_else(|| {
                let mut left = self.released.iter().chain(&self.ended);
                left.find(|held| held.digest == *digest).cloned()
            })
            .ok_or(ApproveError::NoSuchEntry)?;
        let recipients = self.recipients(&held.envelope);
        let message = Message {
            envelope: &held.envelope,
            digest: held.digest,
            admitted: self.mechanisms.is_still_admitted(&held.envelope, now_ms),
            waited: true,
            approval: held.approval.as_ref(),
            recipients: &recipients,
            is_broadcast: self.is_broadcast(&held.envelope),
        };
        let judged = self.judge(&message, self.mechanisms.released_at(), now_ms);
        let outcome = match judged {
            Ok(()) => {
                self.use_up(digest);
                self.deliver(held.envelope.clone(), recipients, now_ms)
            }
            Err(rejection) => Outcome::Refused(rejection),
        };
        Ok(self.ruling(&held.envelope, held.digest, outcome, now_ms))
    }

    pub(crate) fn deny(&mut self, shown: &Shown) -> Result<Held, ApproveError> {
        self.leave(&shown.digest).ok_or(ApproveError::NoSuchEntry)
    }

    /// Takes a message out of the queue that is not delivered: nobody can answer it, and no approval counts.
    fn leave(&mut self, digest: &Digest) -> Option<Held> {
        let place = self.queue.iter().position(|held| held.digest == *digest)?;
        let held = self.queue.remove(place);
        self.conversation.withdraw(digest);
        self.ended.push(Held {
            approval: None,
            ..held.clone()
        });
        Some(held)
    }

    pub(crate) fn tick(&mut self, now_ms: u64) -> Vec<Ending> {
        let given_up: Vec<Ending> = std::iter::from_fn(|| self.give_up(now_ms)).collect();
        given_up.into_iter().chain(self.expire(now_ms)).collect()
    }

    /// Takes a message out of the queue that is no request and waited as long as any message may.
    pub(crate) fn give_up(&mut self, now_ms: u64) -> Option<Ending> {
        let over = |held: &&Held| held.held_until_ms < now_ms && !is_request(held.kind());
        let digest = self.queue.iter().find(over)?.digest;
        let held = self.leave(&digest)?;
        Some(Ending {
            request: held.digest,
            asker: held.envelope.header().from.clone(),
            correlation: correlation(&held.envelope),
            code: "unapproved",
        })
    }

    /// Ends the requests that nobody answered, those that nobody approved among them.
    pub(crate) fn expire(&mut self, now_ms: u64) -> Vec<Ending> {
        self.meter.sweep(now_ms, self.limits.rate_period_ms);
        let mut endings = if self.mechanisms.ends_requests() {
            self.conversation.expire(now_ms)
        } else {
            Vec::new()
        };
        for ending in &mut endings {
            if self.leave(&ending.request).is_some() {
                ending.code = "unapproved";
            }
        }
        let remembered = |held: &Held| held.left_until_ms() >= now_ms;
        self.released.retain(remembered);
        self.ended.retain(remembered);
        endings
    }

    /// Whether it waits for a human.
    pub(super) fn is_waiting(&self, digest: &Digest) -> bool {
        self.queue.iter().any(|held| held.digest == *digest)
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
    pub(crate) fn recipients(&self, envelope: &Envelope) -> Vec<SpiffeId> {
        let header = envelope.header();
        if !self.is_broadcast(envelope) {
            return vec![header.to.clone()];
        }
        let others = self.registry.agents().filter(|agent| {
            agent.id != header.from && agent.id != self.me && self.registry.is_active(&agent.id)
        });
        others.map(|agent| agent.id.clone()).collect()
    }

    fn is_broadcast(&self, envelope: &Envelope) -> bool {
        let header = envelope.header();
        header.to == self.me && header.kind == Kind::Notify
    }

    /// Remembers a request from the moment at which it was accepted: from then on its sender waits.
    fn expect(&mut self, envelope: &Envelope, digest: Digest, to: &[SpiffeId], now_ms: u64) {
        let header = envelope.header();
        let [asked] = to else { return };
        if !is_request(header.kind) {
            return;
        }
        let wanted_ms = wanted_answer_by_ms(envelope);
        let answer_by_ms = self
            .mechanisms
            .answer_by_ms(wanted_ms, now_ms, &self.limits);
        let request = Request {
            asker: header.from.clone(),
            asked: asked.clone(),
            kind: header.kind,
            correlation: correlation(envelope),
            answer_by_ms,
            ended: false,
        };
        self.conversation.expect(digest, request);
    }

    fn deliver(&mut self, envelope: Envelope, recipients: Vec<SpiffeId>, now_ms: u64) -> Outcome {
        let header = envelope.header();
        if let Some(request) = &header.in_reply_to {
            self.conversation.end(request);
        } else {
            let correlation = correlation(&envelope);
            let until_ms = now_ms.saturating_add(self.limits.request_ms_max);
            let behind = self.conversation.behind(header);
            let mut party: BTreeSet<SpiffeId> = behind.into_iter().cloned().collect();
            party.insert(header.from.clone());
            self.conversation
                .tell(correlation, &party, &recipients, until_ms);
        }
        Outcome::Delivered {
            recipients,
            envelope: Box::new(envelope),
        }
    }

    fn hold(&mut self, envelope: Envelope, digest: Digest, now_ms: u64) {
        let held_until_ms = now_ms.saturating_add(self.limits.held_ms_max);
        self.queue.push(Held {
            held_until_ms: held_until_ms.min(envelope.header().expires_at.as_ms()),
            envelope,
            digest,
            submitted_at_ms: now_ms,
            approval: None,
        });
    }

    /// Takes a message out of the queue whose approval was used.
    fn use_up(&mut self, digest: &Digest) {
        if let Some(place) = self.queue.iter().position(|held| held.digest == *digest) {
            let mut held = self.queue.remove(place);
            if let Some(approval) = &mut held.approval {
                approval.used = true;
            }
            self.released.push(held);
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
            charged: 0,
            outcome,
        }
    }
}
