//! The names of a trace as individuals of the model, and back.

use countersign_model::audit::chronicle::MESSAGES;
use countersign_model::audit::record::Content;
use countersign_model::audit::scope::{ALICE, AUDITOR, BOB, FORGED, MALLORY, twin};
use countersign_model::audit::sequence::Sequence;
use countersign_model::audit::step;
use countersign_model::audit::story::{NO_CHECKPOINT, Story, records};
use countersign_model::domain::Ledger;

use super::action::{Action, Tampering};
use super::cast::{self, Message, Names, Roll, Setting};
use crate::suggestion::NameError;
use crate::tell_error::TellError;

/// The names of a story's agents.
const AGENTS: [(u8, &str); 4] = [
    (ALICE, "alice"),
    (BOB, "bob"),
    (MALLORY, "mallory"),
    (AUDITOR, "carol"),
];

/// What each record says, in the order of their places.
pub(super) fn contents(roll: &Roll, names: &Names) -> Result<Vec<Content<Ledger>>, NameError> {
    let mut all = Vec::new();
    for composed in [false, true] {
        for (text, message) in (0u32..).zip(&roll.messages) {
            all.push(Content {
                composed,
                from: names.agent(&message.from)?,
                to: names.agent(&message.to)?,
                denied: message.denied,
                text,
            });
        }
    }
    Ok(all)
}

/// The names of a story.
pub(super) struct Naming<'a> {
    story: &'a Story,
}

impl<'a> Naming<'a> {
    pub(super) const fn of(story: &'a Story) -> Self {
        Self { story }
    }

    pub(super) fn setting(&self) -> Result<Setting, TellError> {
        let auditor = agent(self.story.setting.auditor)?;
        Ok(Setting { auditor })
    }

    /// Everybody, and every message up to the last that something happens to.
    pub(super) fn roll(&self) -> Result<Roll, TellError> {
        let named = self.story.actions.iter().flat_map(named);
        let last = named.map(message).max();
        let messages = self.story.records.iter().zip(0u32..);
        let messages = messages.take(last.unwrap_or(0) as usize + 1);
        let messages = messages.map(|(content, number)| {
            Ok(Message {
                name: record(number)?,
                from: agent(content.from)?,
                to: agent(content.to)?,
                denied: content.denied,
            })
        });
        Ok(Roll {
            agents: AGENTS.map(|(_, name)| name.to_owned()).into(),
            messages: messages.collect::<Result<_, TellError>>()?,
        })
    }
}

/// An action.
pub(super) fn told_action(action: &step::Action<Ledger>) -> Result<Action, TellError> {
    Ok(match action {
        step::Action::Record(number) => Action::Record {
            message: record(*number)?,
        },
        step::Action::Act(number) => Action::Act {
            message: record(*number)?,
        },
        step::Action::Sign(number) => Action::Sign {
            checkpoint: checkpoint(*number),
        },
        step::Action::Crash => Action::Crash {},
        step::Action::Verify => Action::Verify {},
        step::Action::Tamper(it) => Action::Tamper(tampering(it)?),
        step::Action::Ask(it) => Action::Ask {
            reader: agent(it.reader)?,
            about: agent(it.subject)?,
            message: record(it.record)?,
        },
        step::Action::Guess(it) => Action::Guess {
            guesser: agent(it.guesser)?,
            message: record(it.record)?,
        },
    })
}

fn tampering(it: &step::Tampering<Ledger>) -> Result<Tampering, TellError> {
    let [records, links, covers] = [&it.records, &it.links, &it.head].map(sequence);
    let (records, links, covers) = (records?, links?, covers?);
    let made_up = it.checkpoint == NO_CHECKPOINT;
    Ok(Tampering {
        covers: (made_up && covers != links).then_some(covers),
        checkpoint: (!made_up).then(|| checkpoint(it.checkpoint)),
        links: (links != records).then_some(links),
        records,
    })
}

fn sequence(sequence: &Sequence<Ledger>) -> Result<Vec<String>, TellError> {
    let places = records(sequence, 0..sequence.count);
    places.into_iter().map(record).collect()
}

/// The records that an action names.
fn named(action: &step::Action<Ledger>) -> Vec<u32> {
    let of = |sequence: &Sequence<Ledger>| records(sequence, 0..sequence.count);
    match action {
        step::Action::Record(record) | step::Action::Act(record) => vec![*record],
        step::Action::Tamper(it) => [&it.records, &it.links, &it.head].map(of).concat(),
        step::Action::Ask(it) => vec![it.record],
        step::Action::Guess(it) => vec![it.record],
        step::Action::Sign(_) | step::Action::Crash | step::Action::Verify => Vec::new(),
    }
}

/// The message that a record is of, or is misread as; the first where it is of none.
fn message(record: u32) -> u32 {
    let mut messages = (0u8..).take(MESSAGES);
    let found = messages.find(|it| [u32::from(*it), twin(*it).into()].contains(&record));
    found.unwrap_or_default().into()
}

fn record(number: u32) -> Result<String, TellError> {
    if number == u32::from(FORGED) {
        return Ok(cast::FORGED.to_owned());
    }
    let name = format!("m{}", message(number) + 1);
    if number < u32::from(FORGED) {
        return Ok(name);
    }
    let found = (0u8..)
        .take(MESSAGES)
        .any(|it| number == u32::from(twin(it)));
    let misread = found.then(|| cast::misread(&name));
    misread.ok_or(TellError::Nobody {
        what: "record",
        number,
    })
}

fn checkpoint(number: u32) -> String {
    format!("c{}", number.saturating_add(1))
}

fn agent(number: u32) -> Result<String, TellError> {
    let mut agents = AGENTS.iter();
    let found = agents.find(|(agent, _)| u32::from(*agent) == number);
    let name = found.map(|(_, name)| (*name).to_owned());
    name.ok_or(TellError::Nobody {
        what: "agent",
        number,
    })
}
