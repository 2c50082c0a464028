//! Requests to the bus itself: deliveries, the log, and the queue.

use countersign_model::bus::guard::Rejection;

use super::answer::{Answer, Entry, Settled};
use super::core::Core;
use super::error::ServiceError;
use super::refused::Refused;
use super::request::{Approving, Denying, Inquiry, Listing, Method, Poll};
use super::said::Said;
use crate::admission::Authentic;
use crate::audit::{self, Filter, Policy};
use crate::bus::{Held, Shown};
use crate::envelope::{Sequence, Timestamp};

/// The most deliveries that are handed out at once.
const DELIVERIES_MAX: usize = 100;
/// The most bytes that are handed out at once, but for one delivery.
const DELIVERED_BYTES_MAX: usize = 1024 * 1024;
/// How many records are told of unless the reader says otherwise.
const RECORDS: usize = 50;
/// The most records that are told of at once.
const RECORDS_MAX: usize = 1_000;
/// The most entries of the queue that are shown at once.
const ENTRIES_MAX: usize = 20;

impl Core {
    /// Hands out what came after what the agent has, and forgets what it has.
    pub(super) fn deliver(
        &mut self,
        authentic: Authentic,
    ) -> Result<Result<Answer, Refused>, ServiceError> {
        let method = Method::ReceiveMessages;
        let (admitted, poll) = match self.desks.admit::<Poll>(method, authentic, self.now_ms)? {
            Ok(admitted) => admitted,
            Err(refused) => return Ok(Err(refused)),
        };
        let recipient = admitted.sender();
        let after = poll.after.as_number();
        let taken = (|| {
            let sent = self.outbox.standing(recipient)?.sent;
            if after > sent {
                return Ok(Err(Refused::beyond(after, sent)));
            }
            self.outbox.acknowledge(recipient, after)?;
            let limit = bounded(poll.limit, DELIVERIES_MAX, DELIVERIES_MAX);
            let letters = self
                .outbox
                .after(recipient, after, limit, DELIVERED_BYTES_MAX)?;
            Ok(Ok(Answer::Deliveries {
                letters,
                standing: self.outbox.standing(recipient)?,
                recipient: recipient.clone(),
            }))
        })();
        taken.map_err(|source| self.failed(source))
    }

    /// Tells what the log says, to whom may know.
    pub(super) fn tell(
        &mut self,
        authentic: Authentic,
    ) -> Result<Result<Answer, Refused>, ServiceError> {
        let method = Method::MessageLog;
        let (admitted, inquiry) =
            match self
                .desks
                .admit::<Inquiry>(method, authentic, self.now_ms)?
            {
                Ok(admitted) => admitted,
                Err(refused) => return Ok(Err(refused)),
            };
        let filter = Filter {
            agent: inquiry.agent,
            since_ms: inquiry.since.map(Timestamp::as_ms),
            until_ms: inquiry.until.map(Timestamp::as_ms),
            kind: inquiry.kind,
            policy: inquiry.policy,
            correlation_id: inquiry.correlation_id,
            limit: Some(bounded(inquiry.limit, RECORDS, RECORDS_MAX)),
        };
        let everybody = self.desks.everybody();
        let told = self.trail.ask(admitted.sender(), everybody, &filter)?;
        Ok(told.map(Answer::Records).map_err(Refused::from))
    }

    /// Shows what waits.
    pub(super) fn list(
        &mut self,
        authentic: Authentic,
    ) -> Result<Result<Answer, Refused>, ServiceError> {
        let method = Method::QueueList;
        let (_, listing) = match self
            .desks
            .admit::<Listing>(method, authentic, self.now_ms)?
        {
            Ok(admitted) => admitted,
            Err(refused) => return Ok(Err(refused)),
        };
        let first = bounded(listing.first, 0, usize::MAX);
        let queue = self.orchestrator.queue();
        let shown = queue.iter().zip(0..).skip(first).take(ENTRIES_MAX);
        let entries = shown.map(|(held, place)| Entry {
            place,
            digest: held.digest,
            submitted_at_ms: held.submitted_at_ms,
            held_until_ms: self.ends_ms(held),
            envelope: held.envelope.clone(),
        });
        Ok(Ok(Answer::Queue {
            entries: entries.collect(),
            waiting: queue.len(),
        }))
    }

    /// The last moment at which a message can be released: a request ends where nobody can answer it any more.
    fn ends_ms(&self, held: &Held) -> u64 {
        let request = self.orchestrator.conversation().request(&held.digest);
        let answer_by_ms = request.map_or(u64::MAX, |request| request.answer_by_ms);
        held.held_until_ms.min(answer_by_ms)
    }

    /// Takes an operator's word for what it was shown.
    pub(super) fn approve(
        &mut self,
        authentic: Authentic,
    ) -> Result<Result<Answer, Refused>, ServiceError> {
        let method = Method::QueueApprove;
        let (admitted, word) =
            match self
                .desks
                .admit::<Approving>(method, authentic, self.now_ms)?
            {
                Ok(admitted) => admitted,
                Err(refused) => return Ok(Err(refused)),
            };
        let place = usize::try_from(word.place.as_number()).unwrap_or(usize::MAX);
        let Some(held) = self.orchestrator.queue().get(place).cloned() else {
            return Ok(Err(Refused::no_such_entry()));
        };
        let shown = Shown {
            digest: word.digest,
            id: held.envelope.header().id,
            place,
        };
        self.recall(&held.envelope)?;
        let approved = self.orchestrator.approve(&shown, self.now_ms);
        let ruled = approved.and_then(|digest| self.orchestrator.release(&digest, self.now_ms));
        let Ok(ruling) = ruled else {
            return Ok(Err(Refused::no_such_entry()));
        };
        self.said.push(Said::Decided {
            by: admitted.sender().clone(),
            digest: held.digest,
            conversation: ruling.correlation,
            outcome: ruling.rejection().map_or("approved", Rejection::code),
        });
        let passed = ruling.rejection().is_none();
        let approved = passed.then_some(audit::Approval::Approved);
        match self.settle(&ruling, &held.envelope, approved)? {
            Ok((outcome, leave)) => {
                let released = self.orchestrator.released().iter();
                let mut released = released.filter(|entry| entry.digest == held.digest);
                if let Some(released) = released.next() {
                    let kept = self.ledger.approve(released);
                    kept.map_err(|source| self.failed(source))?;
                }
                Ok(Ok(Answer::Settled(Settled {
                    outcome,
                    record: leave.number(),
                    message: held.digest,
                    asker: admitted.sender().clone(),
                    request: admitted.digest(),
                    correlation: ruling.correlation,
                    at: self.at()?,
                })))
            }
            Err(refused) => {
                // The message waits on, with what was said of it.
                if let Some(waiting) = self.waiting_entry(&held.digest) {
                    let kept = self.ledger.approve(waiting);
                    kept.map_err(|source| self.failed(source))?;
                }
                Ok(Err(refused))
            }
        }
    }

    /// Takes an operator's word against what it was shown: its sender is told.
    pub(super) fn deny(
        &mut self,
        authentic: Authentic,
    ) -> Result<Result<Answer, Refused>, ServiceError> {
        let method = Method::QueueDeny;
        let (admitted, word) = match self
            .desks
            .admit::<Denying>(method, authentic, self.now_ms)?
        {
            Ok(admitted) => admitted,
            Err(refused) => return Ok(Err(refused)),
        };
        let queue = self.orchestrator.queue().iter();
        let found = queue.zip(0..).find(|(held, _)| held.digest == word.digest);
        let Some(shown) = found.map(|(held, place)| held.shown(place)) else {
            return Ok(Err(Refused::no_such_entry()));
        };
        let Ok(held) = self.orchestrator.deny(&shown, self.now_ms) else {
            return Ok(Err(Refused::no_such_entry()));
        };
        let rejected = Some(audit::Approval::Rejected);
        let leave = self.record(&held.envelope, &held.digest, Policy::Pending, rejected)?;
        let taken = self.ledger.take(&held.digest);
        taken.map_err(|source| self.failed(source))?;
        self.keep_ended(&held.digest)?;
        let header = held.envelope.header();
        let correlation = header.correlation_id.unwrap_or(header.id);
        self.said.push(Said::Decided {
            by: admitted.sender().clone(),
            digest: held.digest,
            conversation: correlation,
            outcome: "denied",
        });
        self.tell_in_vain(&header.from, held.digest, correlation, "rejected")?;
        Ok(Ok(Answer::Settled(Settled {
            outcome: "denied",
            record: leave.number(),
            message: held.digest,
            asker: admitted.sender().clone(),
            request: admitted.digest(),
            correlation: admitted
                .header()
                .correlation_id
                .unwrap_or(admitted.header().id),
            at: self.at()?,
        })))
    }
}

/// The number asked for, or another where there is none, but at most `most`.
fn bounded(asked: Option<Sequence>, other: usize, most: usize) -> usize {
    let asked = asked.map(|asked| usize::try_from(asked.as_number()).unwrap_or(most));
    asked.unwrap_or(other).min(most)
}
