//! A run of the audit trail with its cast: the form in which the explorer hands over what it found.
//!
//! Individuals are numbers: those that the search has for them.

use super::attacker::Move;
use super::chronicle::Chronicle;
use super::chronicle::RECORDS;
use super::record::{Content, Fate};
use super::scope::{Scope, UNSIGNED};
use super::sequence::Sequence;
use super::step::{Action, Guess, Question, Tampering};
use super::system::{State, Trail};
use super::world::{Checkpoint, File, Setting, World};
use crate::domain::{Concrete, Ledger, Sparse, Table as _};

/// A run, with everything that takes part in it.
#[derive(Clone, Debug, PartialEq)]
pub struct Story {
    /// What stays fixed.
    pub setting: Setting<Ledger>,
    /// The records: what each says.
    pub records: Vec<Content<Ledger>>,
    /// What happens.
    pub actions: Vec<Action<Ledger>>,
}

/// The checkpoint that the first file has, which nobody signed.
pub const NO_CHECKPOINT: u32 = UNSIGNED as u32;

impl Story {
    /// The first state: an empty log, and no checkpoint that was signed.
    pub fn first(&self) -> World<Ledger> {
        let made_up = Content {
            composed: true,
            from: u32::MAX,
            to: u32::MAX,
            denied: false,
            text: u32::MAX,
        };
        let mut contents = Sparse::filled(made_up);
        for (number, content) in (0u32..).zip(&self.records) {
            contents.set(&number, *content);
        }
        let empty = || Sequence {
            count: 0,
            records: Sparse::filled(u32::MAX),
        };
        World {
            contents,
            fates: Sparse::filled(Fate {
                recorded: false,
                durable: false,
                acted: false,
            }),
            file: File {
                records: empty(),
                links: empty(),
                synced: 0,
                checkpoint: NO_CHECKPOINT,
            },
            checkpoints: Sparse::filled(Checkpoint {
                signed: false,
                head: empty(),
                truth: empty(),
            }),
            head: empty(),
            written: empty(),
            remembered: empty(),
            verified: empty(),
            untouched: true,
        }
    }

    /// The story that a path of the explorer tells.
    pub fn of_path(trail: &Trail, scope: &Scope, path: &[(State, Option<Move>)]) -> Self {
        let contents = scope.first().contents;
        let numbers = (0u8..).take(RECORDS);
        let moves = path.iter().filter_map(|(_, next)| next.as_ref());
        Self {
            setting: Setting {
                auditor: trail.setting().auditor.into(),
            },
            records: numbers
                .map(|number| widened(contents.at(&number)))
                .collect(),
            actions: moves.map(widened_action).collect(),
        }
    }
}

fn widened(content: Content<Concrete>) -> Content<Ledger> {
    Content {
        composed: content.composed,
        from: content.from.into(),
        to: content.to.into(),
        denied: content.denied,
        text: content.text.into(),
    }
}

/// A sequence of these records.
pub fn sequence(records: impl IntoIterator<Item = u32>) -> Sequence<Ledger> {
    let empty: Sequence<Ledger> = Sequence {
        count: 0,
        records: Sparse::filled(u32::MAX),
    };
    let each = records.into_iter();
    each.fold(empty, |sequence, record| sequence.followed(&record))
}

/// The records of a sequence, in order.
pub fn records<U: Chronicle<Nat = N>, N: Copy>(
    sequence: &Sequence<U>,
    places: impl Iterator<Item = N>,
) -> Vec<U::Record> {
    places.map(|place| sequence.records.at(&place)).collect()
}

fn widened_sequence(narrow: Sequence<Concrete>) -> Sequence<Ledger> {
    sequence(records(&narrow, 0..narrow.count).into_iter().map(u32::from))
}

fn widened_action(action: &Move) -> Action<Ledger> {
    match action {
        Action::Record(record) => Action::Record((*record).into()),
        Action::Sign(checkpoint) => Action::Sign((*checkpoint).into()),
        Action::Act(record) => Action::Act((*record).into()),
        Action::Crash => Action::Crash,
        Action::Verify => Action::Verify,
        Action::Guess(it) => Action::Guess(Guess {
            guesser: it.guesser.into(),
            record: it.record.into(),
        }),
        Action::Tamper(it) => Action::Tamper(Tampering {
            records: widened_sequence(it.records),
            links: widened_sequence(it.links),
            checkpoint: it.checkpoint.into(),
            head: widened_sequence(it.head),
        }),
        Action::Ask(it) => Action::Ask(Question {
            reader: it.reader.into(),
            subject: it.subject.into(),
            record: it.record.into(),
        }),
    }
}

#[cfg(test)]
mod tests {
    use std::num::NonZeroUsize;

    use super::*;
    use crate::audit::Audit as Rules;
    use crate::audit::invariant::Invariant;
    use crate::explorer::{Cutoff, Ending, explore};
    use crate::rulebook::Book as _;

    #[test]
    fn every_shortest_attack_is_a_story_that_breaks_the_same_invariant_at_its_end() {
        for row in Rules::WEAKENINGS {
            let scope = row.scope(Scope::default());
            let trail = Trail::new(row.rules(), scope, &[row.breaks]);
            let report = explore(&trail, NonZeroUsize::MIN, &Cutoff::default());
            let Ending::Broken(path) = report.ending else {
                panic!("{}: {:?}", row.name, report.ending);
            };
            let story = Story::of_path(&trail, &scope, &path);
            let (mut world, mut violated) = (story.first(), false);
            for action in &story.actions {
                assert!(!violated, "{}: broken before the end", row.name);
                let step = world.step(row.rules(), &story.setting, action);
                assert!(step.enabled, "{}: {action:?}", row.name);
                let invariant = Invariant::<Ledger>::of(row.breaks);
                violated = step.event.is_some_and(|event| invariant.violated(&event));
                world = step.after;
            }
            assert!(violated, "{}", row.name);
        }
    }
}
