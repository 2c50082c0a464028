//! Asking about messages, and guessing at them: what the log gives away, and to whom.

use crate::audit::Audit as Rules;
use crate::audit::chronicle::Chronicle;
use crate::audit::guard::Use;
use crate::audit::record::Content;
use crate::audit::step::Action;
use crate::audit::weakening::Mechanism;
use crate::audit::world::{Setting, World};
use crate::domain::{Table as _, Truth as _};
use crate::rulebook::Ruleset;

/// A question about an agent's messages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Question<U: Chronicle> {
    /// Who asks.
    pub reader: U::Agent,
    /// About whose messages.
    pub subject: U::Agent,
    /// One of them.
    pub record: U::Record,
}

/// A guess at the payload of a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Guess<U: Chronicle> {
    /// Whose.
    pub guesser: U::Agent,
    /// At the payload of which message.
    pub record: U::Record,
}

/// An answer.
#[derive(Clone)]
pub struct Telling<U: Chronicle> {
    /// The record was handed out.
    pub told: U::Bool,
    /// To whom.
    pub reader: U::Agent,
    /// Of which message.
    pub content: Content<U>,
    /// Who may know of all messages.
    pub auditor: U::Agent,
}

/// A guess that was tried.
#[derive(Clone)]
pub struct Guessing<U: Chronicle> {
    /// The record confirmed it.
    pub confirmed: U::Bool,
    /// To whom.
    pub guesser: U::Agent,
    /// Of which message.
    pub content: Content<U>,
}

impl<U: Chronicle> World<U> {
    /// Whether the writer has written the record, whatever became of the file since.
    fn is_written(&self, record: &U::Record) -> U::Bool {
        let fate = self.fates.at(record);
        fate.recorded.or(&fate.durable)
    }

    pub(super) fn ask(
        &self,
        rules: Ruleset<Rules>,
        setting: &Setting<U>,
        question: &Question<U>,
    ) -> (U::Bool, Telling<U>) {
        let content = self.contents.at(&question.record);
        let concerns = content.is_party(&question.subject);
        let enabled = self.is_written(&question.record).and(&concerns);
        let action = Action::Ask(question.clone());
        let event = Telling {
            told: self.allowed(rules, setting, Use::Telling, &action),
            reader: question.reader.clone(),
            auditor: setting.auditor.clone(),
            content,
        };
        (enabled, event)
    }

    /// A guess is confirmed by whoever can compute the hash again: not without the salt, which only the
    /// parties have.
    pub(super) fn guess(&self, rules: Ruleset<Rules>, guess: &Guess<U>) -> (U::Bool, Guessing<U>) {
        let content = self.contents.at(&guess.record);
        let guesser = guess.guesser.clone();
        let mut confirmed = content.is_party(&guesser);
        if rules.has(Mechanism::UnsaltedHash) || rules.has(Mechanism::SaltInRecord) {
            confirmed = U::Bool::constant(true);
        }
        let event = Guessing {
            confirmed,
            guesser,
            content,
        };
        (self.is_written(&guess.record), event)
    }
}
