//! What can happen next: the writer writes, messages have effects, the verifier verifies, people ask and
//! guess, processes end, and the attacker writes to the file.
//!
//! One time that it does so is one change to the records (alter, misread, remove, swap, cut off, add), or
//! none; with the links as they were, the first so many, or all computed anew; and with the checkpoint as it was, an earlier
//! one, or one that it makes up.

use super::chronicle::PLACES;
use super::record::Content;
use super::scope::{AUDITOR, EMPTY, FORGED, MALLORY, Scope, UNSIGNED, twin};
use super::sequence::Sequence;
use super::step::{Action, Guess, Question, Tampering};
use super::world::World;
use crate::domain::{Concrete, Table as _};

/// One thing that can happen.
pub type Move = Action<Concrete>;

type Log = Sequence<Concrete>;

/// Everything that can happen next, in an order that never changes.
pub fn moves(scope: &Scope, world: &World<Concrete>, faults: u8, all: &mut Vec<Move>) {
    let full = usize::from(world.file.records.count.max(world.head.count)) >= PLACES;
    let full = full || usize::from(world.file.links.count) >= PLACES;
    for record in 0..scope.messages {
        let fate = world.fates.at(&record);
        if !full && !fate.recorded && !fate.durable {
            all.push(Action::Record(record));
        }
        if !fate.acted {
            all.push(Action::Act(record));
        }
    }
    let unsigned = |slot: &u8| !world.checkpoints.at(slot).signed;
    all.extend((0..scope.checkpoints).find(unsigned).map(Action::Sign));
    all.push(Action::Verify);
    for record in 0..scope.messages {
        let fate = world.fates.at(&record);
        if fate.recorded || fate.durable {
            let content = world.contents.at(&record);
            questions(content, record, all);
            let guess = |guesser| Action::Guess(Guess { guesser, record });
            all.extend([content.to, MALLORY, AUDITOR].map(guess));
        }
    }
    if faults < scope.faults {
        all.push(Action::Crash);
        tamperings(world, all);
    }
}

/// Everybody asks about each party of a message.
fn questions(content: Content<Concrete>, record: u8, all: &mut Vec<Move>) {
    for subject in [content.from, content.to] {
        for reader in [content.from, content.to, MALLORY, AUDITOR] {
            all.push(Action::Ask(Question {
                reader,
                subject,
                record,
            }));
        }
    }
}

fn tamperings(world: &World<Concrete>, all: &mut Vec<Move>) {
    let file = &world.file;
    let signed = (0..UNSIGNED).filter(|slot| world.checkpoints.at(slot).signed);
    let signed: Vec<u8> = signed.collect();
    for records in changed(file.records) {
        let kept = file.links.cut(&records.count);
        let kept = if kept.count == records.count {
            kept
        } else {
            records
        };
        for links in [kept, records] {
            let mut checkpoints = vec![file.checkpoint];
            checkpoints.extend(signed.iter().filter(|slot| **slot != file.checkpoint));
            for checkpoint in checkpoints {
                let head = world.checkpoints.at(&checkpoint).head;
                let same = records == file.records && links == file.links;
                if !(same && checkpoint == file.checkpoint) {
                    all.push(tampered(records, links, checkpoint, head));
                }
            }
            all.push(tampered(records, links, UNSIGNED, links));
            if links == records {
                break;
            }
        }
    }
}

const fn tampered(records: Log, links: Log, checkpoint: u8, head: Log) -> Move {
    Action::Tamper(Tampering {
        records,
        links,
        checkpoint,
        head,
    })
}

/// The records as they are, and after each single change.
fn changed(records: Log) -> Vec<Log> {
    let entries: Vec<u8> = (0..records.count)
        .map(|at| records.records.at(&at))
        .collect();
    let mut all = vec![entries.clone()];
    for place in 0..entries.len() {
        let mut replaced = |by: u8| {
            let mut altered = entries.clone();
            if let Some(entry) = altered.get_mut(place) {
                *entry = by;
            }
            all.push(altered);
        };
        replaced(FORGED);
        if let Some(message) = entries.get(place).filter(|entry| **entry < FORGED) {
            replaced(twin(*message));
        }
        let mut removed = entries.clone();
        removed.remove(place);
        all.push(removed);
        let mut swapped = entries.clone();
        if place > 0 {
            swapped.swap(place - 1, place);
            all.push(swapped);
        }
        all.push(entries.iter().copied().take(place).collect());
    }
    if entries.len() < PLACES {
        let mut longer = entries;
        longer.push(FORGED);
        all.push(longer);
    }
    all.sort();
    all.dedup();
    let sequence = |entries: Vec<u8>| {
        let each = entries.iter();
        each.fold(EMPTY, |sequence, record| sequence.followed(record))
    };
    all.into_iter().map(sequence).collect()
}
