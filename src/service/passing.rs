//! Messages between agents: recorded first, then delivered, held or refused.

use super::answer::{Answer, Settled};
use super::core::Core;
use super::error::ServiceError;
use super::notary::Answering;
use super::refused::Refused;
use super::said::Said;
use crate::admission::Authentic;
use crate::audit::{self, Draft, Leave, Policy};
use crate::bus::{Ending, Held, Outcome, Ruling};
use crate::envelope::{Body, Digest, Envelope, MessageId};
use crate::identity::SpiffeId;
use crate::json;

/// The code of a request that was delivered and that nobody answered.
const UNANSWERED: &str = "unanswered";

impl Core {
    /// Admits a message, rules on it, and lets the ruling have its effect.
    pub(super) fn send(
        &mut self,
        authentic: Authentic,
    ) -> Result<Result<Answer, Refused>, ServiceError> {
        let passing = match self.gateway.admit(authentic, self.now_ms)? {
            Ok(passing) => passing,
            Err(refusal) => return Ok(Err(refusal.into())),
        };
        self.recall(passing.envelope())?;
        let ruling = self.orchestrator.submit(&passing, self.now_ms);
        let (at, settled) = (self.at()?, self.settle(&ruling, passing.envelope(), None)?);
        Ok(settled.map(|(outcome, leave)| {
            let asker = passing.sender().clone();
            Answer::Settled(Settled {
                outcome,
                record: leave.number(),
                message: ruling.digest,
                asker,
                request: ruling.digest,
                correlation: ruling.correlation,
                at,
            })
        }))
    }

    /// Gives the orchestrator back what a message is about.
    pub(super) fn recall(&mut self, envelope: &Envelope) -> Result<(), ServiceError> {
        let recalled = self.ledger.recall(self.orchestrator.memory(), envelope);
        recalled.map_err(|source| self.failed(source))
    }

    /// The one place that sees every ruling, in order: it is recorded, and then has its effect.
    pub(super) fn settle(
        &mut self,
        ruling: &Ruling,
        envelope: &Envelope,
        approval: Option<audit::Approval>,
    ) -> Result<Result<(&'static str, Leave), Refused>, ServiceError> {
        let policy = match &ruling.outcome {
            Outcome::Delivered { .. } => Policy::Allowed,
            Outcome::Held => Policy::Pending,
            Outcome::Refused(_) if self.waiting_entry(&ruling.digest).is_some() => Policy::Pending,
            Outcome::Refused(_) => Policy::Denied,
        };
        let leave = self.record(envelope, &ruling.digest, policy, approval)?;
        let charged = self.ledger.charge(ruling);
        charged.map_err(|source| self.failed(source))?;
        self.said.push(Said::of_ruling(leave.number(), ruling));
        match &ruling.outcome {
            Outcome::Delivered { recipients, .. } => {
                self.pass(&leave, envelope, recipients)?;
                self.keep_conversation(ruling, recipients, envelope)?;
                Ok(Ok(("delivered", leave)))
            }
            Outcome::Held => {
                if let Some(held) = self.waiting_entry(&ruling.digest) {
                    let kept = self.ledger.hold(&leave, held);
                    kept.map_err(|source| self.failed(source))?;
                }
                self.keep_conversation(ruling, &[], envelope)?;
                Ok(Ok(("held", leave)))
            }
            Outcome::Refused(rejection) => Ok(Err((*rejection).into())),
        }
    }

    /// The message of this digest, if it waits for an approval.
    pub(super) fn waiting_entry(&self, digest: &Digest) -> Option<&Held> {
        let queue = self.orchestrator.queue();
        queue.iter().find(|held| held.digest == *digest)
    }

    /// Records a message. What is recorded becomes durable together with all that follows from it.
    pub(super) fn record(
        &mut self,
        envelope: &Envelope,
        digest: &Digest,
        policy: Policy,
        approval: Option<audit::Approval>,
    ) -> Result<Leave, ServiceError> {
        let payload = match envelope.body() {
            Body::Payload(payload) => json::write(&payload.to_value()),
            Body::Sealed(sealed) => sealed.as_str().as_bytes().to_vec(),
        };
        let draft = Draft {
            at: self.at()?,
            header: envelope.header(),
            payload: &payload,
            salt: &self.notary.salt(digest),
            policy,
            approval,
        };
        let mut recorded = self.trail.append(&[draft])?;
        self.unsigned += 1;
        let recorded = recorded.pop().ok_or(ServiceError::Unrecorded)?;
        let leave = recorded.permit(&envelope.header().id);
        leave.map_err(|_| ServiceError::Unrecorded)
    }

    /// Puts an envelope into mailboxes, with the salt that its record was just made with.
    pub(super) fn pass(
        &self,
        leave: &Leave,
        envelope: &Envelope,
        recipients: &[SpiffeId],
    ) -> Result<(), ServiceError> {
        let salt = self.notary.salt(&envelope.digest());
        let at = self.at()?;
        let put = self.outbox.put(leave, envelope, &salt, recipients, at);
        put.map_err(|source| self.failed(source))
    }

    /// Keeps the request that a message is, the end of the one that it answers, and on whose behalf its
    /// recipients speak from now on.
    fn keep_conversation(
        &self,
        ruling: &Ruling,
        recipients: &[SpiffeId],
        envelope: &Envelope,
    ) -> Result<(), ServiceError> {
        let conversation = self.orchestrator.conversation();
        let answered = envelope.header().in_reply_to;
        let kept = (|| {
            for digest in [Some(ruling.digest), answered].into_iter().flatten() {
                if let Some(request) = conversation.request(&digest) {
                    self.ledger.keep(&digest, request)?;
                }
            }
            for agent in recipients {
                let correlation = &ruling.correlation;
                self.ledger
                    .keep_principals(conversation, correlation, agent)?;
            }
            Ok(())
        })();
        kept.map_err(|source| self.failed(source))
    }

    /// Keeps what became of a request that nobody answers.
    pub(super) fn keep_ended(&self, digest: &Digest) -> Result<(), ServiceError> {
        let kept = match self.orchestrator.conversation().request(digest) {
            Some(request) => self.ledger.keep(digest, request),
            None => self.ledger.withdraw(digest),
        };
        kept.map_err(|source| self.failed(source))
    }

    /// Ends what time has run out for when it is `to_ms`: whoever waits for it is told.
    pub(super) fn end_what_is_over(&mut self, to_ms: u64) -> Result<(), ServiceError> {
        for ending in self.orchestrator.advance(self.now_ms, to_ms) {
            let Ending {
                request,
                asker,
                correlation,
                code,
            } = ending;
            let held = self.ledger.take(&request);
            if let Some(held) = held.map_err(|source| self.failed(source))? {
                let expired = Some(audit::Approval::Expired);
                // The expiry itself has no effect but the error that follows.
                let _leave = self.record(&held, &request, Policy::Pending, expired)?;
            }
            self.keep_ended(&request)?;
            self.tell_in_vain(&asker, request, correlation, code)?;
        }
        Ok(())
    }

    /// Tells whoever sent a message that it waits in vain: by an error of the orchestrator, recorded and
    /// delivered like any other message.
    pub(super) fn tell_in_vain(
        &mut self,
        sender: &SpiffeId,
        message: Digest,
        correlation: MessageId,
        code: &'static str,
    ) -> Result<(), ServiceError> {
        let answering = Answering {
            to: sender,
            request: message,
            correlation,
            at: self.at()?,
        };
        // What was delivered may have been acted upon, and may still be: sent again, it could be twice.
        let is_open = code == UNANSWERED;
        let text = if is_open {
            format!(
                "nobody answered message {message} in time; whether anything came of it is not known"
            )
        } else {
            format!("nothing came of message {message}: {code}")
        };
        // INVARIANT: codes are names, and the text is short.
        let Ok(error) = self.notary.failure(&answering, code, &text, !is_open) else {
            return Err(ServiceError::Unrecorded);
        };
        let leave = self.record(&error, &error.digest(), Policy::Allowed, None)?;
        self.pass(&leave, &error, std::slice::from_ref(sender))?;
        self.said.push(Said::Ended {
            record: leave.number(),
            to: sender.clone(),
            conversation: correlation,
            code,
        });
        Ok(())
    }
}
