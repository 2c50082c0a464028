//! What is established about a message, from ground truth: what guards see, and nothing else.

use super::party::Ruling;
use crate::bus::Bus;
use crate::bus::facts::{Facts, Orchestrator};
use crate::bus::guard::Use;
use crate::bus::mail::Mail;
use crate::bus::message::{Fate, Hold, Message};
use crate::bus::weakening::Mechanism;
use crate::bus::world::{Setting, World};
use crate::domain::{Choice, Identity as _, Natural as _, Table as _, Truth as _};
use crate::rulebook::Ruleset;

impl<U: Mail> World<U> {
    /// What is established about a message, from ground truth.
    pub(in crate::bus) fn facts(
        &self,
        rules: Ruleset<Bus>,
        setting: &Setting<U>,
        usage: Use,
        message: &U::Message,
    ) -> Facts<U> {
        let (content, fate) = (self.messages.at(message), self.fates.at(message));
        let ruling = self.ruling(rules, &content);
        let request = self.fates.at(&content.answers).request;
        let hold = self.hold_for(setting, usage, message, &fate);
        let releasing = usage == Use::Releasing;
        let zero = U::Nat::constant(0);
        let sender = self.agents.at(&content.claimed);
        let charged = if releasing { zero } else { sender.charged };
        Facts {
            admitted: self.admitted(rules, setting, usage, &content, &fate, &ruling),
            parties_active: self.parties_active(rules, setting, &content),
            self_addressed: self.self_addressed(rules, &content),
            charged,
            cost: if rules.has(Mechanism::BroadcastCostsOne) {
                U::Nat::constant(1)
            } else {
                self.cost(setting, &content)
            },
            expires_at: content.expires_at.clone(),
            is_reply: content.is_reply.clone(),
            expected: self.expected(rules, &content, &ruling),
            answer_by: request.answer_by,
            ended: request.open.not(),
            denied: ruling.denied,
            granted: ruling.granted,
            origin_granted: ruling.origin_granted,
            // What had to wait needs its approval, whatever the rules say by now.
            held: ruling.held.or(&U::Bool::constant(releasing)),
            approved: hold.approved,
            shown: hold.shown,
            committed: content.two_faced.not(),
            approved_under: hold.under,
            approved_until: hold.until,
            used: hold.used,
            countersigned: U::Bool::constant(false),
        }
    }

    /// What an agent sees of a message that reaches it.
    pub(in crate::bus) fn facts_of_receipt(
        &self,
        rules: Ruleset<Bus>,
        setting: &Setting<U>,
        message: &U::Message,
        by: &U::Agent,
    ) -> Facts<U> {
        let content = self.messages.at(message);
        let delivered = self.fates.at(message).delivered;
        let handed_over = delivered.and(&self.agents.at(by).active);
        Facts {
            countersigned: handed_over.and(&self.is_recipient(&content, by)),
            ..self.facts(rules, setting, Use::Receiving, message)
        }
    }

    /// What a human said of a message: nothing yet, when it is submitted.
    fn hold_for(
        &self,
        setting: &Setting<U>,
        usage: Use,
        message: &U::Message,
        fate: &Fate<U>,
    ) -> Hold<U> {
        match usage {
            Use::Releasing => fate.hold.clone(),
            Use::Submitting | Use::Receiving => Hold {
                held: U::Bool::constant(false),
                left: U::Bool::constant(false),
                approved: U::Bool::constant(false),
                shown: U::Bool::constant(true),
                under: self.version.clone(),
                until: self.now.plus(&setting.patience),
                used: U::Bool::constant(false),
                saw: message.clone(),
                approved_at: self.now.clone(),
                outdated: U::Bool::constant(false),
            },
        }
    }

    /// What admission says: signed by the sender that it names; not expired; fresh; not seen before,
    /// as far as a nonce is remembered.
    fn admitted(
        &self,
        rules: Ruleset<Bus>,
        setting: &Setting<U>,
        usage: Use,
        content: &Message<U>,
        fate: &Fate<U>,
        ruling: &Ruling<U::Bool>,
    ) -> U::Bool {
        let recent = self.now.at_most(&content.issued_at.plus(&setting.window));
        let seen = fate.delivered.or(&fate.hold.held).and(&recent);
        let exempt = U::Bool::constant(rules.has(Mechanism::HeldIsExempt)).and(&ruling.held);
        U::Bool::all([
            content.claimed.same(&content.signer),
            self.now.at_most(&content.expires_at),
            content.issued_at.at_most(&self.now),
            recent.or(&exempt),
            seen.not().or(&U::Bool::constant(usage == Use::Releasing)),
        ])
    }

    /// An id in another spelling is that of somebody else, whom nobody listed. What is for everybody has a
    /// recipient if somebody hears it.
    fn parties_active(
        &self,
        rules: Ruleset<Bus>,
        setting: &Setting<U>,
        content: &Message<U>,
    ) -> U::Bool {
        let sender = self.agents.at(&content.claimed).active;
        let mut recipient = self.agents.at(&content.to).active;
        if !rules.has(Mechanism::SpellingCompared) {
            recipient = recipient.and(&content.respelled.not());
        }
        if content.to_all.is_surely_false() {
            return sender.and(&recipient);
        }
        let heard = U::Nat::constant(0).below(&self.audience(setting, content));
        sender.and(&Choice::choose(&content.to_all, &heard, &recipient))
    }

    /// Whether a message goes back to its sender, or to whom it is sent for.
    fn self_addressed(&self, rules: Ruleset<Bus>, content: &Message<U>) -> U::Bool {
        let mut same = self.party(content).at(&content.to);
        if rules.has(Mechanism::SpellingCompared) {
            same = same.and(&content.respelled.not());
        }
        content.to_all.not().and(&same)
    }

    fn expected(
        &self,
        rules: Ruleset<Bus>,
        content: &Message<U>,
        ruling: &Ruling<U::Bool>,
    ) -> U::Bool {
        let request = self.messages.at(&content.answers);
        let expected = U::Bool::all([
            self.fates.at(&content.answers).delivered,
            request.is_request.clone(),
            request.to.same(&content.claimed),
            request.claimed.same(&content.to),
        ]);
        if rules.has(Mechanism::RepliesNeedRule) {
            return expected.and(&ruling.granted).and(&ruling.denied.not());
        }
        expected
    }

    /// The orchestrator as guards see it.
    pub(in crate::bus) fn orchestrator(&self, setting: &Setting<U>) -> Orchestrator<U> {
        Orchestrator {
            now: self.now.clone(),
            policy: self.version.clone(),
            rate: setting.rate.clone(),
        }
    }
}

impl<U: Mail> World<U> {
    /// How many deliveries a message amounts to.
    pub fn cost(&self, setting: &Setting<U>, message: &Message<U>) -> U::Nat {
        let one = U::Nat::constant(1);
        if message.to_all.is_surely_false() {
            return one;
        }
        let audience = self.audience(setting, message);
        Choice::choose(&message.to_all, &audience, &one)
    }

    /// How many agents hear what is for everybody.
    pub(in crate::bus) fn audience(&self, setting: &Setting<U>, message: &Message<U>) -> U::Nat {
        let hears = |agent: &U::Agent| {
            let other = agent.same(&message.claimed).not();
            other.and(&self.agents.at(agent).active)
        };
        U::count_agents(&self.rights, &setting.audience, hears)
    }
}
