//! The only door between what happened and the rules: what is established about one message.

use countersign_model::bus::facts::Facts;
use countersign_model::bus::policy::{Decision, held};

use super::orchestrator::{Desk, Policy};
use super::{Approval, Mechanisms};
use crate::domain::Real;
use crate::envelope::{Body, Digest, Envelope};
use crate::identity::SpiffeId;

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
}

impl<P: Policy, M: Mechanisms> Desk<P, M> {
    /// Establishes everything that guards ask about.
    pub(super) fn establish(&self, message: &Message<'_>, now_ms: u64) -> Facts<Real> {
        let header = message.envelope.header();
        let (from, recipients) = (&header.from, message.recipients);
        let request = header
            .in_reply_to
            .and_then(|digest| self.conversation.request(&digest));
        let principals = header
            .correlation_id
            .map(|name| self.conversation.principals(&name, from))
            .unwrap_or_default();
        let own = self.decide(from, message);
        let decisions = principals
            .iter()
            .map(|principal| self.decide(principal, message));
        let origin = decisions.fold(own, |all, one| all.stricter(&one));
        // What goes back to whom it is sent for has gone round in a circle.
        let returns = |to: &&SpiffeId| {
            let mut parties = std::iter::once(from).chain(principals.iter().copied());
            parties.any(|party| self.mechanisms.is_same(party, to))
        };
        let approval = message.approval;
        let is_reply = self.mechanisms.is_answer(header.kind);
        Facts {
            admitted: message.admitted,
            parties_active: self.registry.is_active(from)
                && !recipients.is_empty()
                && recipients.iter().all(|to| self.registry.is_active(to)),
            self_addressed: if is_reply {
                recipients.contains(from)
            } else {
                recipients.iter().any(|to| returns(&to))
            },
            charged: self.meter.charged(from, now_ms, self.limits.rate_period_ms),
            cost: self.mechanisms.cost(recipients.len()),
            expires_at: header.expires_at.as_ms(),
            is_reply,
            expected: request.is_some_and(|request| {
                request.asked == *from && recipients == [request.asker.clone()]
            }),
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
    /// recipient.
    fn decide(&self, from: &SpiffeId, message: &Message<'_>) -> Decision<bool> {
        let kind = message.envelope.header().kind;
        let recipients = self.mechanisms.decided(message.recipients).iter();
        let decisions = recipients.map(|to| {
            let tiers = self.policy.tiers(from, to, kind);
            tiers.decide(self.mechanisms.rules())
        });
        let all = Decision {
            denied: false,
            granted: true,
            held: false,
        };
        decisions.fold(all, |all, one| all.stricter(&one))
    }
}
