//! What a guard may know: the facts of one message, and the orchestrator that decides on it.
//!
//! The only door between what happened and the rules. The model fills it from ground truth, the real
//! code from an admitted envelope, the deployment and its tables; no guard sees anything else. What
//! is done with a message ([`Use`](super::guard::Use)) says which stages are asked; of the rest
//! nothing is read.

use crate::domain::{Domain, Phrase, Prose};

/// What is established about one message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Facts<D: Domain> {
    /// Admission passed the envelope: it is fresh, new, and signed by the agent that it names as
    /// its sender.
    pub admitted: D::Bool,
    /// The sender and every recipient are listed and active.
    pub parties_active: D::Bool,
    /// The sender is among the recipients.
    pub self_addressed: D::Bool,
    /// Deliveries charged to the sender in this period.
    pub charged: D::Nat,
    /// Deliveries that this message amounts to: one for each recipient.
    pub cost: D::Nat,
    /// When the message expires.
    pub expires_at: D::Nat,
    /// It is a reply. What it answers stands for a rule.
    pub is_reply: D::Bool,
    /// It answers a request that was delivered, put by its recipient to its sender.
    pub expected: D::Bool,
    /// Until when that request may be answered.
    pub answer_by: D::Nat,
    /// That request has ended: with an answer, or with an error.
    pub ended: D::Bool,
    /// Some tier denies it, for some recipient.
    pub denied: D::Bool,
    /// The rules grant it, for every recipient.
    pub granted: D::Bool,
    /// The rules would grant it to the agent on whose behalf it is sent.
    pub origin_granted: D::Bool,
    /// The rules ask for an approval, of the sender or of the agent on whose behalf it is sent.
    pub held: D::Bool,
    /// A human approved it.
    pub approved: D::Bool,
    /// What that human was shown is this very envelope.
    pub shown: D::Bool,
    /// Its body opens as the one commitment in the signed header says, for everybody.
    pub committed: D::Bool,
    /// The version of the policy under which it was approved.
    pub approved_under: D::Nat,
    /// Until when the approval can be used.
    pub approved_until: D::Nat,
    /// The approval was used.
    pub used: D::Bool,
    /// The orchestrator countersigned this delivery, to this recipient.
    pub countersigned: D::Bool,
}

/// The orchestrator, as far as guards ask about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Orchestrator<D: Domain> {
    /// Its monotonic clock.
    pub now: D::Nat,
    /// The version of the policy in force.
    pub policy: D::Nat,
    /// How many deliveries an agent may cause in a period.
    pub rate: D::Nat,
}

impl Facts<Prose> {
    /// The facts as the words that guards are printed with.
    pub fn in_words() -> Self {
        let name = Phrase::name;
        Self {
            admitted: name("the envelope was admitted, signed by its sender"),
            parties_active: name("sender and recipients are active"),
            self_addressed: name("addressed to its own sender"),
            charged: name("deliveries charged to the sender this period"),
            cost: name("recipients"),
            expires_at: name("expires_at"),
            is_reply: name("a reply"),
            expected: name("its recipient asked its sender"),
            answer_by: name("the deadline of the request"),
            ended: name("already ended"),
            denied: name("denied by some rule"),
            granted: name("the most specific rules grant it"),
            origin_granted: name("they grant it to whom it is sent for"),
            held: name("held"),
            approved: name("approved"),
            shown: name("this is what was shown"),
            committed: name("the body opens as the header commits to"),
            approved_under: name("the policy approved under"),
            approved_until: name("the deadline of the approval"),
            used: name("used already"),
            countersigned: name("the orchestrator countersigned the delivery"),
        }
    }
}

impl Orchestrator<Prose> {
    /// The orchestrator as the words that guards are printed with.
    pub fn in_words() -> Self {
        let name = Phrase::name;
        Self {
            now: name("now"),
            policy: name("the policy in force"),
            rate: name("rate"),
        }
    }
}
