//! The transitions: what each action needs, and what it changes.
//!
//! Written once over [`Chronicle`]; explorer and prover run these very functions. Where a mechanism can
//! be flawed, the flaw stands beside the right way. Verifying and asking
//! have files of their own.

use super::Audit as Rules;
use super::chronicle::Chronicle;
use super::facts::{Facts, Log};
use super::guard::{GuardId, Use};
use super::record::Fate;
use super::sequence::Sequence;
use super::weakening::Mechanism;
use super::world::{Checkpoint, Setting, World};
use crate::domain::{Choice as _, Concrete, Identity as _, Table as _, Truth as _};
use crate::rulebook::{self, Ruleset};

mod asking;
mod verifying;

pub use asking::{Guess, Guessing, Question, Telling};
pub use verifying::Verifying;

/// One step of the system.
#[derive(Clone, Debug, PartialEq)]
pub enum Action<U: Chronicle> {
    /// The writer writes the record of a message.
    Record(U::Record),
    /// The writer signs a checkpoint over all that the log has.
    Sign(U::Checkpoint),
    /// A message has its effect: it is delivered, or its denial is answered.
    Act(U::Record),
    /// The writer's process ends, at the worst moment, and comes back.
    Crash,
    /// The attacker writes to the file.
    Tamper(Tampering<U>),
    /// The verifier verifies the log.
    Verify,
    /// Somebody asks for an agent's messages, of which this is one.
    Ask(Question<U>),
    /// Somebody who has the records tries a guess, which is right, at the payload of a message.
    Guess(Guess<U>),
}

/// What the attacker leaves in the file. It can compute any link; it cannot sign.
#[derive(Clone, Debug, PartialEq)]
pub struct Tampering<U: Chronicle> {
    /// The records.
    pub records: Sequence<U>,
    /// What the links stand for that stand beside them.
    pub links: Sequence<U>,
    /// The checkpoint: one that was signed, or one that it makes up.
    pub checkpoint: U::Checkpoint,
    /// What a checkpoint names that it makes up.
    pub head: Sequence<U>,
}

impl Copy for Action<Concrete> {}
impl Copy for Tampering<Concrete> {}

/// What a step consisted of, as ground truth records it: what invariants read.
#[derive(Clone)]
pub enum Event<U: Chronicle> {
    /// The writer was to write.
    Writing(Writing<U>),
    /// A message was to have its effect, and had it or not.
    Acting(U::Bool),
    /// The writer came back.
    Restarting(Restarting<U>),
    /// The log was verified.
    Verifying(Verifying<U>),
    /// A question was asked.
    Telling(Telling<U>),
    /// A guess was tried.
    Guessing(Guessing<U>),
}

/// Something that the writer was to write.
#[derive(Clone)]
pub struct Writing<U: Chronicle> {
    /// It was written.
    pub written: U::Bool,
    /// The attacker had not written to the file.
    pub untouched: U::Bool,
}

/// What is left after a crash.
#[derive(Clone)]
pub struct Restarting<U: Chronicle> {
    /// Some message had its effect.
    pub acted: U::Bool,
    /// Some message had its effect, and the disk does not have its record.
    pub lost: U::Bool,
}

/// What an action leads to.
#[derive(Clone)]
pub struct Step<U: Chronicle> {
    /// Whether the action could be taken at all; if not, the world afterwards means nothing.
    pub enabled: U::Bool,
    /// The world afterwards.
    pub after: World<U>,
    /// What invariants look at, if the action is of that kind.
    pub event: Option<Event<U>>,
}

impl<U: Chronicle> World<U> {
    /// Takes `action`.
    pub fn step(&self, rules: Ruleset<Rules>, setting: &Setting<U>, action: &Action<U>) -> Step<U> {
        let mut after = self.clone();
        let (enabled, event) = match action {
            Action::Record(record) => {
                let (enabled, event) = after.record(rules, setting, record);
                (enabled, Some(Event::Writing(event)))
            }
            Action::Sign(checkpoint) => {
                let (enabled, event) = after.sign(rules, setting, checkpoint);
                (enabled, Some(Event::Writing(event)))
            }
            Action::Act(record) => {
                let (enabled, acted) = after.act(rules, setting, record);
                (enabled, Some(Event::Acting(acted)))
            }
            Action::Crash => (U::Bool::constant(true), Some(after.crash(rules))),
            Action::Tamper(tampering) => {
                after.tamper(tampering);
                // A link stands beside its record: there are as many.
                (tampering.records.count.same(&tampering.links.count), None)
            }
            Action::Verify => {
                let event = after.verify(rules, setting);
                (U::Bool::constant(true), Some(Event::Verifying(event)))
            }
            Action::Ask(question) => {
                let (enabled, event) = self.ask(rules, setting, question);
                (enabled, Some(Event::Telling(event)))
            }
            Action::Guess(guess) => {
                let (enabled, event) = self.guess(rules, guess);
                (enabled, Some(Event::Guessing(event)))
            }
        };
        Step {
            enabled,
            after,
            event,
        }
    }

    /// Whether the rules allow this use of the log.
    fn allowed(
        &self,
        rules: Ruleset<Rules>,
        setting: &Setting<U>,
        usage: Use,
        action: &Action<U>,
    ) -> U::Bool {
        let (facts, log): (Facts<U>, Log<U>) = self.facts(rules, setting, action);
        let asked = |stage| usage.asks().contains(&stage);
        rulebook::admits::<Rules, U>(rules, asked, &facts, &log)
    }

    fn record(
        &mut self,
        rules: Ruleset<Rules>,
        setting: &Setting<U>,
        record: &U::Record,
    ) -> (U::Bool, Writing<U>) {
        let content = self.contents.at(record);
        let fate = self.fates.at(record);
        let mut enabled = U::Bool::all([
            content.composed.not(),
            fate.recorded.not(),
            fate.durable.not(),
        ]);
        if rules.has(Mechanism::EffectBeforeRecord) {
            enabled = enabled.and(&fate.acted);
        }
        let written = self.allowed(
            rules,
            setting,
            Use::Writing,
            &Action::Record(record.clone()),
        );
        let event = Writing {
            written: written.clone(),
            untouched: self.untouched.clone(),
        };
        let grown = |sequence: &Sequence<U>| {
            Sequence::choose(&written, &sequence.followed(record), sequence)
        };
        // Whoever does not look takes what it finds for what it left.
        let found = if rules.has(Mechanism::ChainRestarts) {
            &self.head
        } else {
            &self.file.links
        };
        self.head = Sequence::choose(&written, &found.followed(record), &self.head);
        self.file.links = Sequence::choose(&written, &self.head, &self.file.links);
        self.file.records = grown(&self.file.records);
        self.written = grown(&self.written);
        let durable = if rules.has(Mechanism::AcknowledgesEarly) {
            U::Bool::constant(false)
        } else {
            self.file.synced = self.file.records.count.clone();
            written.clone()
        };
        let fate = Fate {
            recorded: fate.recorded.or(&written),
            durable: fate.durable.or(&durable),
            acted: fate.acted,
        };
        self.fates.set(record, fate);
        (enabled, event)
    }

    fn sign(
        &mut self,
        rules: Ruleset<Rules>,
        setting: &Setting<U>,
        checkpoint: &U::Checkpoint,
    ) -> (U::Bool, Writing<U>) {
        let before = self.checkpoints.at(checkpoint);
        let action = Action::Sign(checkpoint.clone());
        let written = self.allowed(rules, setting, Use::Writing, &action);
        let signed = Checkpoint {
            signed: U::Bool::constant(true),
            head: self.file.links.clone(),
            truth: self.written.clone(),
        };
        let enabled = before.signed.not();
        let after = Checkpoint::choose(&written, &signed, &before);
        self.checkpoints.set(checkpoint, after);
        let file = &mut self.file;
        file.checkpoint = U::Checkpoint::choose(&written, checkpoint, &file.checkpoint);
        // Whoever does not look signs what it finds, and goes on from there.
        if !rules.enforces(GuardId::HeadKept) && !rules.has(Mechanism::ChainRestarts) {
            self.head = file.links.clone();
        }
        let event = Writing {
            written,
            untouched: self.untouched.clone(),
        };
        (enabled, event)
    }

    fn act(
        &mut self,
        rules: Ruleset<Rules>,
        setting: &Setting<U>,
        record: &U::Record,
    ) -> (U::Bool, U::Bool) {
        let fate = self.fates.at(record);
        let enabled = self
            .contents
            .at(record)
            .composed
            .not()
            .and(&fate.acted.not());
        let acted = self.allowed(rules, setting, Use::Acting, &Action::Act(record.clone()));
        let fate = Fate {
            acted: fate.acted.or(&acted),
            ..fate
        };
        self.fates.set(record, fate);
        (enabled, acted)
    }

    /// The writer comes back: what it had in hand is gone, and it takes the log for what it finds.
    fn crash(&mut self, rules: Ruleset<Rules>) -> Event<U> {
        let fates = self.fates.clone();
        let idle = U::every_record(|record| fates.at(record).acted.not());
        let kept = U::every_record(|record| {
            let fate = fates.at(record);
            fate.acted.implies(&fate.durable)
        });
        self.fates.change_all(|fate| Fate {
            recorded: U::Bool::constant(false),
            ..fate.clone()
        });
        if rules.has(Mechanism::AcknowledgesEarly) {
            let file = &mut self.file;
            file.records = file.records.cut(&file.synced);
            file.links = file.links.cut(&file.synced);
        }
        self.written = self.file.links.clone();
        self.head = if rules.has(Mechanism::ChainRestarts) {
            self.file.links.emptied()
        } else {
            self.file.links.clone()
        };
        Event::Restarting(Restarting {
            acted: idle.not(),
            lost: kept.not(),
        })
    }

    fn tamper(&mut self, tampering: &Tampering<U>) {
        let Tampering {
            records,
            links,
            checkpoint,
            head,
        } = tampering;
        let before = self.checkpoints.at(checkpoint);
        let forged = Checkpoint {
            head: head.clone(),
            ..before.clone()
        };
        let after = Checkpoint::choose(&before.signed, &before, &forged);
        self.checkpoints.set(checkpoint, after);
        self.file.records = records.clone();
        self.file.links = links.clone();
        self.file.synced = records.count.clone();
        self.file.checkpoint = checkpoint.clone();
        self.untouched = U::Bool::constant(false);
    }
}
