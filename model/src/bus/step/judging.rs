//! Submission, release and receipt: what can be submitted, and what the orchestrator then remembers.
//!
//! The decision itself is the guard table's; here stands what surrounds it. What is refused has no
//! effect.

use super::Event;
use crate::bus::Bus;
use crate::bus::facts::{Facts, Orchestrator};
use crate::bus::guard::{GuardId, Stage, Use};
use crate::bus::mail::Mail;
use crate::bus::message::{Fate, Hold, Message, Request};
use crate::bus::weakening::Mechanism;
use crate::bus::world::{Agent, Setting, World};
use crate::domain::{Choice, Identity as _, Natural as _, Table as _, Truth as _};
use crate::rulebook::{self, Book as _, Ruleset};

impl<U: Mail> World<U> {
    /// Submits a message, and remembers what comes of it.
    pub(super) fn submit(
        &mut self,
        rules: Ruleset<Bus>,
        setting: &Setting<U>,
        message: &U::Message,
    ) -> (U::Bool, Event<U>) {
        let (content, fate) = (self.messages.at(message), self.fates.at(message));
        let enabled = self.submittable(message, &content, &fate);
        let facts = self.facts(rules, setting, Use::Submitting, message);
        let me = self.orchestrator(setting);
        let asked = |stage| Use::Submitting.asks().contains(&stage);
        let delivered = rulebook::admits::<Bus, U>(rules, asked, &facts, &me);
        let earlier = |stage| asked(stage) && stage < Stage::Approval;
        let queued = if rules.enforces(GuardId::ApprovalGiven) {
            let passed = rulebook::admits::<Bus, U>(rules, earlier, &facts, &me);
            passed.and(&lacks_approval(&facts, &me))
        } else {
            U::Bool::constant(false)
        };
        let accepted = delivered.or(&queued);
        self.charge(rules, setting, &content, &accepted, &facts.cost);
        self.accept(message, &content, &accepted);
        let fate = self.submitted(rules, setting, &content, &fate, (&accepted, &queued));
        self.fates.set(message, fate);
        self.deliver(message, &delivered);
        let event = Event::Judged {
            message: message.clone(),
            released: false,
            delivered,
            queued,
        };
        (enabled, event)
    }

    /// Delivers what was held, if nothing speaks against it now.
    pub(super) fn release(
        &mut self,
        rules: Ruleset<Bus>,
        setting: &Setting<U>,
        message: &U::Message,
    ) -> (U::Bool, Event<U>) {
        let enabled = self.fates.at(message).hold.held;
        let facts = self.facts(rules, setting, Use::Releasing, message);
        let me = self.orchestrator(setting);
        let asked = |stage| asked_at_release(rules, stage);
        let delivered = rulebook::admits::<Bus, U>(rules, asked, &facts, &me);
        self.deliver(message, &delivered);
        let event = Event::Judged {
            message: message.clone(),
            released: true,
            delivered,
            queued: U::Bool::constant(false),
        };
        (enabled, event)
    }

    /// A message reaches an agent: what is on the network, or what the attacker composes.
    pub(super) fn receive(
        &self,
        rules: Ruleset<Bus>,
        setting: &Setting<U>,
        message: &U::Message,
        by: &U::Agent,
    ) -> (U::Bool, Event<U>) {
        let content = self.messages.at(message);
        let fate = self.fates.at(message);
        let on_network = fate.delivered.or(&fate.hold.held);
        let enabled = on_network.or(&self.agents.at(&content.signer).hostile);
        let facts = self.facts_of_receipt(rules, setting, message, by);
        let me = self.orchestrator(setting);
        let asked = |stage| Use::Receiving.asks().contains(&stage);
        let event = Event::Received {
            message: message.clone(),
            by: by.clone(),
            acted: rulebook::admits::<Bus, U>(rules, asked, &facts, &me),
        };
        (enabled, event)
    }

    /// Whether a message can be submitted: well formed; from the attacker, or repeated by it, or from
    /// an honest author who tells the truth, says at once what it has to say, acts on what it
    /// received, and answers what it was asked.
    fn submittable(&self, message: &U::Message, content: &Message<U>, fate: &Fate<U>) -> U::Bool {
        let well_formed = U::Bool::all([
            content.to_all.and(&content.is_request).not(),
            content.to_all.and(&content.is_reply).not(),
            content.is_request.and(&content.is_reply).not(),
            // What a reply answers says on whose behalf it is.
            content.is_reply.and(&content.acts).not(),
            content.to_all.and(&content.to.same(&content.claimed)).not(),
        ]);
        let told = self.was_told(content, &content.signer);
        let question = self.messages.at(&content.answers);
        let asked = U::Bool::all([
            self.fates.at(&content.answers).delivered,
            question.is_request.clone(),
            question.to.same(&content.signer),
            question.claimed.same(&content.to),
        ]);
        let truthful = U::Bool::all([
            content.claimed.same(&content.signer),
            content.id.same(message),
            content.two_faced.not(),
            content.respelled.not(),
            content.issued_at.same(&self.now),
            content.acts.implies(&told),
            content.is_reply.implies(&asked),
        ]);
        let hostile = self.agents.at(&content.signer).hostile;
        let before = fate.delivered.or(&fate.hold.held);
        well_formed.and(&hostile.or(&before).or(&truthful))
    }

    /// Charges the sender for what was accepted.
    fn charge(
        &mut self,
        rules: Ruleset<Bus>,
        setting: &Setting<U>,
        content: &Message<U>,
        accepted: &U::Bool,
        cost: &U::Nat,
    ) {
        let more = |number: &U::Nat, cost: &U::Nat, if_so: &U::Bool| {
            Choice::choose(if_so, &number.plus(cost), number)
        };
        let sender = self.agents.at(&content.claimed);
        // Whoever is over its share is charged no further: that would change nothing.
        let left = sender.charged.at_most(&setting.rate);
        let anyway = U::Bool::constant(rules.has(Mechanism::ChargesClaimedSender));
        let charged = accepted.or(&anyway.and(&left));
        let sender = Agent {
            charged: more(&sender.charged, cost, &charged),
            ..sender
        };
        self.agents.set(&content.claimed, sender);
        let signer = self.agents.at(&content.signer);
        let signer = Agent {
            caused: more(&signer.caused, &self.cost(setting, content), accepted),
            ..signer
        };
        self.agents.set(&content.signer, signer);
    }

    /// Remembers on whose behalf a message was accepted, and, for the record, who wanted it.
    fn accept(&mut self, message: &U::Message, content: &Message<U>, accepted: &U::Bool) {
        if accepted.is_surely_false() {
            return;
        }
        let (party, wanter) = (self.party(content), self.wanter(content));
        let parties = Choice::choose(accepted, &party, &self.parties.at(message));
        let wanters = Choice::choose(accepted, &wanter, &self.wanters.at(message));
        self.parties.set(message, parties);
        self.wanters.set(message, wanters);
    }

    /// The fate of a submitted message: a request is remembered from now on, and what has to wait for
    /// a human is put in the queue.
    fn submitted(
        &self,
        rules: Ruleset<Bus>,
        setting: &Setting<U>,
        content: &Message<U>,
        fate: &Fate<U>,
        (accepted, queued): (&U::Bool, &U::Bool),
    ) -> Fate<U> {
        let wanted = &content.wanted;
        let longest = Choice::choose(&wanted.at_most(&setting.longest), wanted, &setting.longest);
        let granted = if rules.has(Mechanism::SenderSetsDeadline) {
            wanted
        } else {
            &longest
        };
        let request = Request {
            open: U::Bool::constant(true),
            answer_by: self.now.plus(granted),
            waiting: U::Bool::constant(true),
            asked_at: self.now.clone(),
        };
        let opened = accepted.and(&content.is_request);
        let mut after = fate.clone();
        after.request = Choice::choose(&opened, &request, &fate.request);
        if rules.has(Mechanism::DenialIsSilent) {
            // An honest sender asks once, and hears nothing.
            let first = fate.delivered.not().and(&fate.hold.held.not());
            let refused = U::Bool::all([
                accepted.not(),
                first,
                content.is_request.clone(),
                content.claimed.same(&content.signer),
            ]);
            let ignored = Request {
                open: U::Bool::constant(false),
                ..request
            };
            after.request = Choice::choose(&refused, &ignored, &after.request);
        }
        let hold = Hold {
            held: U::Bool::constant(true),
            left: U::Bool::constant(false),
            approved: U::Bool::constant(false),
            used: U::Bool::constant(false),
            ..fate.hold.clone()
        };
        after.hold = Choice::choose(queued, &hold, &fate.hold);
        after
    }

    /// What a delivery changes: the message, the approval it used, and the request that it answers.
    fn deliver(&mut self, message: &U::Message, delivered: &U::Bool) {
        if delivered.is_surely_false() {
            return;
        }
        let content = self.messages.at(message);
        let fate = self.fates.at(message);
        let gone = fate.hold.held.and(delivered);
        let fate = Fate {
            delivered: fate.delivered.or(delivered),
            hold: Hold {
                left: fate.hold.left.or(&gone),
                used: fate.hold.used.or(&gone),
                ..fate.hold
            },
            ..fate
        };
        self.fates.set(message, fate);
        let answered = delivered.and(&content.is_reply);
        if answered.is_surely_false() {
            return;
        }
        let mut question = self.fates.at(&content.answers);
        question.request.open = question.request.open.and(&answered.not());
        question.request.waiting = question.request.waiting.and(&answered.not());
        self.fates.set(&content.answers, question);
    }
}

/// Whether all that a message lacks is an approval: the guard itself says so.
fn lacks_approval<U: Mail>(facts: &Facts<U>, me: &Orchestrator<U>) -> U::Bool {
    let mut guards = Bus::guards::<U>().iter();
    let given = guards.find(|guard| guard.id == GuardId::ApprovalGiven);
    given.map_or_else(
        || U::Bool::constant(false),
        |guard| (guard.holds)(facts, me).not(),
    )
}

/// Whether a stage is judged again when a message is released.
pub(in crate::bus) fn asked_at_release(rules: Ruleset<Bus>, stage: Stage) -> bool {
    if rules.has(Mechanism::ReleasesUnchecked) {
        return stage == Stage::Approval;
    }
    let again = rules.has(Mechanism::HeldGrowsStale) && stage == Stage::Arrival;
    again || Use::Releasing.asks().contains(&stage)
}
