//! The transitions: what each action needs, and what it changes.
//!
//! Written once over [`Mail`]; explorer and prover run these very functions. Where a mechanism can be
//! flawed, the flaw stands beside the right way. Submission, release and receipt, where the decisions
//! fall, have a file of their own.
//!
//! What is refused is not remembered. Admission remembers its nonce, which can only keep it from
//! coming again.

use super::Bus;
use super::mail::Mail;
use super::message::{Fate, Hold};
use super::weakening::Mechanism;
use super::world::{Agent, Setting, World};
use crate::domain::{
    Choice, Concrete, Identity as _, Ledger, Natural as _, Table as _, Truth as _,
};
use crate::rulebook::Ruleset;

mod establishing;
mod judging;
mod party;

pub(super) use judging::asked_at_release;

/// One step of the system.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Action<U: Mail> {
    /// A message reaches the orchestrator: from its honest author, who composes it now, or from the
    /// attacker, who composed it or repeats it.
    Submit(U::Message),
    /// A human approves what it takes for the second message; the orchestrator notes that with the
    /// first.
    Approve(U::Message, U::Message),
    /// A human rejects a message.
    Reject(U::Message),
    /// The orchestrator is to deliver what it held.
    Release(U::Message),
    /// A message reaches an agent, from the orchestrator or behind its back.
    Receive(U::Message, U::Agent),
    /// Time passes until this instant; at the end of the last one, what was due before it ends.
    Advance(U::Nat),
    /// An agent is no longer listed as active.
    Deactivate(U::Agent),
    /// All rights of an agent to send are withdrawn.
    Withdraw(U::Agent),
}

impl Copy for Action<Concrete> {}
impl Copy for Action<Ledger> {}

/// What a step consisted of, as ground truth records it: what invariants read.
#[derive(Clone, Debug)]
pub enum Event<U: Mail> {
    /// A message was submitted or was to be released.
    Judged {
        /// The message.
        message: U::Message,
        /// It had been held.
        released: bool,
        /// It was delivered.
        delivered: U::Bool,
        /// It was put in the queue.
        queued: U::Bool,
    },
    /// A message reached an agent.
    Received {
        /// The message.
        message: U::Message,
        /// Who.
        by: U::Agent,
        /// The agent acted on it.
        acted: U::Bool,
    },
    /// An instant came to its end.
    Passed,
}

/// What an action leads to.
#[derive(Clone)]
pub struct Step<U: Mail> {
    /// Whether the action could be taken at all; if not, the world afterwards means nothing.
    pub enabled: U::Bool,
    /// The world afterwards.
    pub after: World<U>,
    /// What invariants look at, if the action is of that kind.
    pub event: Option<Event<U>>,
}

impl<U: Mail> World<U> {
    /// Takes `action`.
    pub fn step(&self, rules: Ruleset<Bus>, setting: &Setting<U>, action: &Action<U>) -> Step<U> {
        let mut after = self.clone();
        let (enabled, event) = match action {
            Action::Submit(message) => {
                let (enabled, event) = after.submit(rules, setting, message);
                (enabled, Some(event))
            }
            Action::Approve(message, saw) => (after.approve(rules, setting, message, saw), None),
            Action::Reject(message) => (after.reject(rules, message), None),
            Action::Release(message) => {
                let (enabled, event) = after.release(rules, setting, message);
                (enabled, Some(event))
            }
            Action::Receive(message, by) => {
                let (enabled, event) = self.receive(rules, setting, message, by);
                (enabled, Some(event))
            }
            Action::Advance(to) => (after.advance(rules, to), Some(Event::Passed)),
            Action::Deactivate(agent) => {
                let mut record = self.agents.at(agent);
                let enabled = record.active.clone();
                record.active = U::Bool::constant(false);
                after.agents.set(agent, record);
                (enabled, None)
            }
            Action::Withdraw(agent) => (after.withdraw(agent), None),
        };
        Step {
            enabled,
            after,
            event,
        }
    }

    /// Notes an approval with a message that waits for one; a later one replaces an earlier one.
    fn approve(
        &mut self,
        rules: Ruleset<Bus>,
        setting: &Setting<U>,
        message: &U::Message,
        saw: &U::Message,
    ) -> U::Bool {
        let (fate, seen) = (self.fates.at(message), self.fates.at(saw));
        let hold = &fate.hold;
        let enabled = U::Bool::all([
            hold.held.clone(),
            hold.left.not(),
            // It was on the screen once, and may still be.
            seen.hold.held.clone(),
        ]);
        let mut shown = message.same(saw);
        if rules.has(Mechanism::BindsIdAlone) {
            shown = self.messages.at(message).id.same(&self.messages.at(saw).id);
        }
        if rules.has(Mechanism::BindsPlace) {
            // What follows moves up into the place of what left.
            shown = shown.or(&seen.hold.left);
        }
        let hold = Hold {
            approved: U::Bool::constant(true),
            shown,
            under: self.version.clone(),
            until: self.now.plus(&setting.patience),
            used: U::Bool::constant(false),
            saw: saw.clone(),
            approved_at: self.now.clone(),
            outdated: U::Bool::constant(false),
            ..hold.clone()
        };
        self.fates.set(message, Fate { hold, ..fate });
        enabled
    }

    /// Takes a message out of the queue, and tells its sender.
    fn reject(&mut self, rules: Ruleset<Bus>, message: &U::Message) -> U::Bool {
        let fate = self.fates.at(message);
        let enabled = fate.hold.held.and(&fate.hold.left.not());
        let told = !rules.has(Mechanism::DenialIsSilent);
        self.fates.set(message, fate.ended(told));
        enabled
    }

    /// Ends the present instant: what was due before it ends in an error. Then a new period begins.
    fn advance(&mut self, rules: Ruleset<Bus>, to: &U::Nat) -> U::Bool {
        let now = self.now.clone();
        let enabled = now.below(to);
        if !rules.has(Mechanism::NeverEnds) {
            self.fates.change_all(move |fate| {
                let due = fate.request.open.and(&fate.request.answer_by.below(&now));
                Fate::choose(&due, &fate.ended(true), fate)
            });
        }
        self.agents.change_all(|agent| Agent {
            charged: U::Nat::constant(0),
            caused: U::Nat::constant(0),
            ..agent.clone()
        });
        self.now = to.clone();
        enabled
    }

    fn withdraw(&mut self, agent: &U::Agent) -> U::Bool {
        let mut record = self.agents.at(agent);
        let enabled = record.withdrawn.not();
        record.withdrawn = U::Bool::constant(true);
        self.agents.set(agent, record);
        self.version = self.version.plus(&U::Nat::constant(1));
        self.fates.change_all(|fate| {
            let mut after = fate.clone();
            after.hold.outdated = fate.hold.outdated.or(&fate.hold.approved);
            after
        });
        enabled
    }
}

impl<U: Mail> Fate<U> {
    /// The fate of a message whose sender gets an error, told so or not: it is answered no more, and
    /// it is not delivered any more.
    fn ended(&self, told: bool) -> Self {
        let mut after = self.clone();
        after.request.open = U::Bool::constant(false);
        if told {
            after.request.waiting = U::Bool::constant(false);
        }
        after.hold.left = self.hold.held.clone();
        after.hold.approved = self.hold.approved.and(&self.delivered);
        after
    }
}
