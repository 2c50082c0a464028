//! Verifying, and the facts of every use: what can be established from the file and from memory.
//!
//! The decision itself is the guard table's; here stands what surrounds it.

use crate::audit::Audit as Rules;
use crate::audit::chronicle::Chronicle;
use crate::audit::facts::{Facts, Log};
use crate::audit::guard::Use;
use crate::audit::sequence::Sequence;
use crate::audit::step::Action;
use crate::audit::weakening::Mechanism;
use crate::audit::world::{Checkpoint, Setting, World};
use crate::domain::{Choice as _, Identity as _, Natural as _, Table as _, Truth as _};
use crate::rulebook::Ruleset;

/// A log that was verified, as ground truth has it.
#[derive(Clone)]
pub struct Verifying<U: Chronicle> {
    /// It was accepted.
    pub accepted: U::Bool,
    /// The records in the file.
    pub records: Sequence<U>,
    /// The checkpoint in the file.
    pub checkpoint: Checkpoint<U>,
    /// What the writer has written.
    pub written: Sequence<U>,
    /// The most that a log had that verified before.
    pub verified: Sequence<U>,
    /// The attacker had not written to the file.
    pub untouched: U::Bool,
}

impl<U: Chronicle> World<U> {
    pub(super) fn verify(&mut self, rules: Ruleset<Rules>, setting: &Setting<U>) -> Verifying<U> {
        let accepted = self.allowed(rules, setting, Use::Verifying, &Action::Verify);
        let event = Verifying {
            accepted: accepted.clone(),
            records: self.file.records.clone(),
            checkpoint: self.checkpoints.at(&self.file.checkpoint),
            written: self.written.clone(),
            verified: self.verified.clone(),
            untouched: self.untouched.clone(),
        };
        let head = &event.checkpoint.head;
        let further = |than: &Sequence<U>| accepted.and(&than.count.below(&head.count));
        let seen = event.records.cut(&head.count);
        self.verified = Sequence::choose(&further(&self.verified), &seen, &self.verified);
        self.remembered = Sequence::choose(&further(&self.remembered), head, &self.remembered);
        event
    }

    /// What is established before `action`; what its use does not ask about means nothing.
    pub fn facts(
        &self,
        rules: Ruleset<Rules>,
        setting: &Setting<U>,
        action: &Action<U>,
    ) -> (Facts<U>, Log<U>) {
        let (records, links) = (&self.file.records, &self.file.links);
        let checkpoint = self.checkpoints.at(&self.file.checkpoint);
        let auditor = &setting.auditor;
        let (reader, subject) = match action {
            Action::Ask(question) => (&question.reader, &question.subject),
            Action::Record(_)
            | Action::Sign(_)
            | Action::Act(_)
            | Action::Crash
            | Action::Tamper(_)
            | Action::Verify
            | Action::Guess(_) => (auditor, auditor),
        };
        let recorded = match action {
            Action::Act(record) => self.token(rules, record),
            Action::Record(_)
            | Action::Sign(_)
            | Action::Ask(_)
            | Action::Crash
            | Action::Tamper(_)
            | Action::Verify
            | Action::Guess(_) => U::Bool::constant(false),
        };
        let reached = checkpoint.head.count.at_most(&links.count);
        let matches = if rules.has(Mechanism::WholeLogOnly) {
            links.same(&checkpoint.head)
        } else {
            self.names(rules, &checkpoint.head)
        };
        let facts = Facts {
            head_kept: self.head.same(links),
            recorded,
            reader: reader.clone(),
            subject: subject.clone(),
            reader_is_auditor: reader.same(auditor),
            links_follow: records.same_as(links, self.alike(rules)),
            checkpoint_signed: checkpoint.signed,
            checkpoint_count: checkpoint.head.count,
            checkpoint_matches: reached.implies(&matches),
            memory_matches: self.recalls(rules),
        };
        let count = records.count.clone();
        (facts, Log { count })
    }

    /// Whether the writer holds what says that the disk has the record.
    fn token(&self, rules: Ruleset<Rules>, record: &U::Record) -> U::Bool {
        let recorded = self.fates.at(record).recorded;
        if rules.has(Mechanism::SkipsDenials) {
            return recorded.or(&self.contents.at(record).denied);
        }
        recorded
    }

    /// When two records have the same bytes, as a link sees them.
    fn alike(&self, rules: Ruleset<Rules>) -> impl Fn(&U::Record, &U::Record) -> U::Bool + '_ {
        move |one, other| {
            if rules.has(Mechanism::FieldsRunTogether) {
                return self
                    .contents
                    .at(one)
                    .text
                    .same(&self.contents.at(other).text);
            }
            one.same(other)
        }
    }

    /// Whether the links have, where `head` ends, the link that stands for it.
    fn names(&self, rules: Ruleset<Rules>, head: &Sequence<U>) -> U::Bool {
        let links = &self.file.links;
        if rules.has(Mechanism::Unchained) {
            // A link says nothing of those before it.
            let last = links.cut(&head.count).last().same(&head.last());
            let nothing = head.count.at_most(&U::Nat::constant(0));
            return head.count.at_most(&links.count).and(&nothing.or(&last));
        }
        links.begins_as(head, self.alike(rules))
    }

    /// Whether the log goes on from where the verifier saw it last.
    fn recalls(&self, rules: Ruleset<Rules>) -> U::Bool {
        if rules.has(Mechanism::CountsOnly) {
            return self.remembered.count.at_most(&self.file.links.count);
        }
        self.names(rules, &self.remembered)
    }
}
