//! The only door between what happened and the rules: what is established about one message.

use countersign_model::bus::facts::Facts;
use countersign_model::bus::policy::{Decision, held};

use super::desk::{Desk, Policy};
use super::{Approval, Mechanisms, is_answer};
use crate::domain::Real;
use crate::envelope::{Body, Digest, Envelope};
use crate::identity::SpiffeId;

/// What is decided where nobody is asked about.
const ALLOWED: Decision<bool> = Decision {
    denied: false,
    granted: true,
    held: false,
};

/// A message as the orchestrator sees it.
pub(super) struct Message<'a> {
    pub(super) envelope: &'a Envelope,
    pub(super) digest: Digest,
    /// Admission passed it.
    pub(super) admitted: bool,
    /// It was held: from then on it needs an approval, whatever the rules say now.
    pub(super) waited: bool,
    /// The approval, where it was held and has one.
    pub(super) approval: Option<&'a Approval>,
    /// Everybody that it goes to.
    pub(super) recipients: &'a [SpiffeId],
    /// It is for everybody.
    pub(super) is_broadcast: bool,
}

impl<P: Policy, M: Mechanisms> Desk<P, M> {
    /// Establishes everything that guards ask about.
    pub(super) fn establish(&self, message: &Message<'_>, now_ms: u64) -> Facts<Real> {
        let header = message.envelope.header();
        let (from, recipients) = (&header.from, message.recipients);
        let request = header
            .in_reply_to
            .and_then(|digest| self.conversation.request(&digest));
        let principals = self.conversation.behind(header);
        let own = self.decide(from, message, |_| true);
        // Nobody needs a right to be told something on its own behalf.
        let decisions = principals.iter().map(|principal| {
            let other = |to: &SpiffeId| to != *principal;
            self.decide(principal, message, other)
        });
        let origin = decisions.fold(ALLOWED, |all, one| all.stricter(&one));
        // What goes back to whom it is sent for has gone round in a circle. Whoever wanted everybody told
        // may hear it.
        let is_reply = is_answer(header.kind);
        let returns = |to: &SpiffeId| to == from || (!is_reply && principals.contains(to));
        let is_active = |id: &SpiffeId| self.mechanisms.is_active(&self.registry, id);
        let asked = request
            .is_some_and(|request| request.asked == *from && recipients == [request.asker.clone()]);
        let delivered = header.in_reply_to.is_some_and(|it| !self.is_waiting(&it));
        let approval = message.approval;
        // What was submitted once is not charged again.
        let charged = if message.waited {
            0
        } else {
            self.meter.charged(from, now_ms, self.limits.rate_period_ms)
        };
        Facts {
            admitted: message.admitted,
            parties_active: is_active(from)
                && !recipients.is_empty()
                && recipients.iter().all(is_active),
            self_addressed: !message.is_broadcast && recipients.iter().any(returns),
            charged,
            cost: self.mechanisms.cost(recipients.len()),
            expires_at: header.expires_at.as_ms(),
            is_reply,
            expected: self.mechanisms.is_expected(asked && delivered, own),
            answer_by: request.map_or(0, |request| request.answer_by_ms),
            ended: request.is_none_or(|request| request.ended),
            denied: own.denied,
            granted: own.granted,
            origin_granted: origin.granted && !origin.denied,
            held: message.waited || held(&own, &origin, self.mechanisms.rules()),
            approved: approval.is_some(),
            shown: approval.is_none_or(|approval| approval.shown == message.digest),
            // Whoever approves a body that it cannot read does not know what it approves.
            committed: matches!(message.envelope.body(), Body::Payload(_)),
            // Without an approval there is nothing that could be another's, old or used.
            approved_under: approval.map_or(self.version, |approval| approval.policy),
            approved_until: approval.map_or(u64::MAX, |approval| approval.until_ms),
            used: approval.is_some_and(|approval| approval.used),
            countersigned: false,
        }
    }

    /// What the policy says of the message if `from` sends it: the strictest of what it says of each
    /// recipient that matters.
    fn decide(
        &self,
        from: &SpiffeId,
        message: &Message<'_>,
        matters: impl Fn(&SpiffeId) -> bool,
    ) -> Decision<bool> {
        let kind = message.envelope.header().kind;
        let recipients = self.mechanisms.decided(message.recipients).iter();
        let decisions = recipients.filter(|to| matters(to)).map(|to| {
            let tiers = self.policy.tiers(from, to, kind);
            tiers.decide(self.mechanisms.rules())
        });
        decisions.fold(ALLOWED, |all, one| all.stricter(&one))
    }
}
