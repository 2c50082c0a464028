//! The guard table: what a message must satisfy before it is delivered.
//!
//! A message is judged when it is submitted and, if it waited for an approval, again when it is
//! released: rights, standing and deadlines may have changed meanwhile. An agent judges what reaches
//! it by the last stage.

use super::Bus;
use super::facts::Facts;
use super::promise::InvariantId;
use crate::domain::{Domain, Identity as _, Natural as _, Truth as _};
use crate::rulebook::guards;

/// What is done with a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Use {
    /// An agent submits it to the orchestrator.
    Submitting,
    /// It was held, and is to be delivered after all.
    Releasing,
    /// It reached an agent.
    Receiving,
}

/// What can be known by the time a guard is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Stage {
    /// What admission said of the envelope, and what the sender has used up.
    Arrival,
    /// Who the parties are, and whether the message is still alive.
    Standing,
    /// For a reply: what it answers.
    Answer,
    /// What the rules of the deployment say.
    Policy,
    /// What a human said.
    Approval,
    /// What an agent knows of a delivery.
    Receipt,
}

impl Use {
    /// Every use.
    pub const ALL: [Self; 3] = [Self::Submitting, Self::Releasing, Self::Receiving];

    /// The stages that a message is judged at, in order.
    pub const fn asks(self) -> &'static [Stage] {
        use Stage::{Answer, Approval, Arrival, Policy, Receipt, Standing};
        match self {
            Self::Submitting => &[Arrival, Standing, Answer, Policy, Approval],
            // A reply needs no rule, so it is never held, and what it answers is not asked twice.
            Self::Releasing => &[Standing, Policy, Approval],
            Self::Receiving => &[Receipt],
        }
    }

    /// Its name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Submitting => "submitting",
            Self::Releasing => "releasing",
            Self::Receiving => "receiving",
        }
    }
}

guards! {
    Bus;
    /// The envelope was admitted: fresh, new, and signed by the agent that it names as its sender.
    Admitted, "admitted", Arrival, NotAdmitted, "not-admitted", Attributed,
    |m, _| m.admitted.clone();
    /// The sender has deliveries left in this period, one for each recipient.
    RateWithin, "rate-within", Arrival, TooFast, "too-fast", Bounded,
    |m, me| m.charged.plus(&m.cost).at_most(&me.rate);
    /// Sender and recipients are active, now, whatever they were when the message was submitted.
    PartiesActive, "parties-active", Standing, PartyInactive, "party-inactive", Entitled,
    |m, _| m.parties_active.clone();
    /// Nobody sends to itself.
    NotSelfAddressed, "not-self-addressed", Standing, SelfAddressed, "self-addressed", Permitted,
    |m, _| m.self_addressed.not();
    /// The message is not past its own end.
    NotExpired, "not-expired", Standing, Expired, "expired", Timely,
    |m, me| me.now.at_most(&m.expires_at);
    /// A reply answers a request that its recipient put to its sender.
    ReplyExpected, "reply-expected", Answer, Unasked, "unasked", Solicited,
    |m, _| m.is_reply.implies(&m.expected);
    /// A reply comes before the deadline of the request.
    ReplyInTime, "reply-in-time", Answer, TooLate, "too-late", Timely,
    |m, me| m.is_reply.implies(&me.now.at_most(&m.answer_by));
    /// A request is answered once, and not after it ended in an error.
    RequestOpen, "request-open", Answer, AlreadyEnded, "already-ended", Solicited,
    |m, _| m.is_reply.implies(&m.ended.not());
    /// No rule denies the message, at whatever tier.
    NotDenied, "not-denied", Policy, Denied, "denied", Permitted,
    |m, _| m.is_reply.or(&m.denied.not());
    /// The most specific rules for the pair grant the type; default deny.
    Granted, "granted", Policy, NotGranted, "not-granted", Permitted,
    |m, _| m.is_reply.or(&m.granted);
    /// Whoever the message is sent for could send it too: no agent does for another what that one may
    /// not do itself.
    OriginGranted, "origin-granted", Policy, OriginNotGranted, "origin-not-granted", Permitted,
    |m, _| m.is_reply.or(&m.origin_granted);
    /// What needs an approval has one. What lacks it is held, not refused.
    ApprovalGiven, "approval-given", Approval, AwaitingApproval, "awaiting-approval", Approved,
    |m, _| unheld(m).or(&m.approved);
    /// The approval is for this very envelope, as it was shown.
    ApprovalBinds, "approval-binds", Approval, NotWhatWasApproved, "not-what-was-approved", Approved,
    |m, _| unheld(m).or(&m.shown);
    /// What the human read is what the recipient will read.
    BodyCommitted, "body-committed", Approval, BodyNotCommitted, "body-not-committed", Approved,
    |m, _| unheld(m).or(&m.committed);
    /// The policy is the one under which the approval was given.
    ApprovalCurrent, "approval-current", Approval, PolicyChanged, "policy-changed", Approved,
    |m, me| unheld(m).or(&me.policy.same(&m.approved_under));
    /// The approval is used before its deadline.
    ApprovalInTime, "approval-in-time", Approval, ApprovalLapsed, "approval-lapsed", Timely,
    |m, me| unheld(m).or(&me.now.at_most(&m.approved_until));
    /// An approval is used once.
    ApprovalUnused, "approval-unused", Approval, ApprovalUsed, "approval-used", Once,
    |m, _| unheld(m).or(&m.used.not());
    /// The delivery comes from the orchestrator, for this agent.
    Countersigned, "countersigned", Receipt, NotMediated, "not-mediated", Mediated,
    |m, _| m.countersigned.clone();
}

/// Whether it goes without an approval. A reply needs no rule, and so no approval either.
fn unheld<D: Domain>(m: &Facts<D>) -> D::Bool {
    m.is_reply.or(&m.held.not())
}

#[cfg(test)]
mod tests;
