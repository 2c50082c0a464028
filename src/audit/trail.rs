//! The writer: a record before every effect, and checkpoints.

use std::sync::Arc;

use countersign_model::audit::Audit as Rules;
use countersign_model::audit::facts::Facts;
use countersign_model::audit::guard::{Rejection, Use};
use countersign_model::rulebook::{self, Ruleset};

use super::chain::{End, Row};
use super::checkpoint::Checkpoint;
use super::entry::Draft;
use super::error::{FileError, RecordError};
use super::facts::{Log, unknown};
use super::file::{LogFile, Written};
use super::filter::Filter;
use super::mechanism::{Hardened, Mechanisms};
use super::query::{Found, ask};
use crate::domain::Real;
use crate::envelope::{MessageId, Timestamp};
use crate::identity::{Registry, SigningKey, SpiffeId};

/// The log of one bus, to be written. Always hardened; one writer at a time.
pub struct Trail<F> {
    writer: Writer<F, Hardened>,
}

/// Proof that the disk has the record of one message.
///
/// Only [`Trail::append`] makes one, and it cannot be copied: whoever asks for it by value before an effect
/// has an effect only once, and never one that the log does not know of.
#[derive(Debug, PartialEq, Eq)]
#[must_use = "the message was recorded and has had no effect yet"]
pub struct Recorded {
    pub(crate) id: MessageId,
    pub(crate) number: u64,
}

/// Leave for one message to have its effect.
#[derive(Debug, PartialEq, Eq)]
#[must_use = "the message may have its effect now"]
pub struct Leave {
    number: u64,
}

impl<F: LogFile> Trail<F> {
    /// Opens the log that `key` signs, at its end.
    ///
    /// # Errors
    /// [`FileError`] where the file fails. What it holds is not verified here.
    pub fn open(file: F, key: impl Into<Arc<SigningKey>>) -> Result<Self, FileError> {
        let writer = Writer::open(file, key.into(), Hardened)?;
        Ok(Self { writer })
    }

    /// Records messages, all of them or none, in one durable step: as many as there are.
    ///
    /// # Errors
    /// [`RecordError::Refused`] with `head-moved` where somebody else has written to the log; nothing is
    /// written then, nor where the file fails.
    pub fn append(&mut self, drafts: &[Draft<'_>]) -> Result<Vec<Recorded>, RecordError> {
        self.writer.append(drafts)
    }

    /// Signs a checkpoint over all that was recorded.
    ///
    /// # Errors
    /// As [`append`](Self::append).
    pub fn sign(&mut self, at: Timestamp) -> Result<Checkpoint, RecordError> {
        self.writer.sign(at)
    }

    /// Answers an authenticated reader about an agent's messages: that agent, or an auditor.
    ///
    /// # Errors
    /// [`FileError`] where the file fails.
    pub fn ask(
        &self,
        reader: &SpiffeId,
        registry: &Registry,
        filter: &Filter,
    ) -> Result<Result<Vec<Found>, Rejection>, FileError> {
        ask(&self.writer.file, &Hardened, reader, registry, filter)
    }

    /// Puts another file in the place of the one that was opened, as an attacker does.
    #[cfg(test)]
    pub(super) fn dangerously_replace(&mut self, file: F) {
        self.writer.file = file;
    }

    /// The file, to be verified or listed.
    pub fn file(&self) -> &F {
        &self.writer.file
    }
}

impl Recorded {
    /// The number of the record, from 1.
    pub fn number(&self) -> u64 {
        self.number
    }

    /// Leave for this message to have its effect.
    ///
    /// # Errors
    /// `unrecorded` where the record is another message's.
    pub fn permit(self, message: &MessageId) -> Result<Leave, Rejection> {
        permit(Ruleset::HARDENED, Some(self), message)
    }
}

impl Leave {
    /// The number of the record, from 1.
    pub fn number(&self) -> u64 {
        self.number
    }
}

/// Leave for a message to have its effect, if there is proof that it was recorded.
pub(crate) fn permit(
    rules: Ruleset<Rules>,
    proof: Option<Recorded>,
    message: &MessageId,
) -> Result<Leave, Rejection> {
    let mut facts = unknown();
    facts.recorded = proof.as_ref().is_some_and(|proof| proof.id == *message);
    judged(rules, Use::Acting, &facts, 0)?;
    let number = proof.map_or(0, |proof| proof.number);
    Ok(Leave { number })
}

fn judged(
    rules: Ruleset<Rules>,
    usage: Use,
    facts: &Facts<Real>,
    count: u64,
) -> Result<(), Rejection> {
    let asked = |stage| usage.asks().contains(&stage);
    rulebook::judge(rules, asked, facts, &Log { count })
}

/// A writer, hardened or not.
pub(crate) struct Writer<F, M> {
    pub(crate) file: F,
    pub(crate) mechanisms: M,
    key: Arc<SigningKey>,
    end: End,
}

impl<F: LogFile, M: Mechanisms> Writer<F, M> {
    pub(crate) fn open(
        file: F,
        key: impl Into<Arc<SigningKey>>,
        mechanisms: M,
    ) -> Result<Self, FileError> {
        let end = mechanisms.taken_up(file.end()?);
        Ok(Self {
            file,
            mechanisms,
            key: key.into(),
            end,
        })
    }

    pub(crate) fn append(&mut self, drafts: &[Draft<'_>]) -> Result<Vec<Recorded>, RecordError> {
        let records = drafts.iter().map(|draft| self.mechanisms.written(draft));
        let records: Vec<Vec<u8>> = records.collect();
        let mut first = 0;
        self.write(|mechanisms, _, base| {
            let mut end = *base;
            first = end.count;
            let rows = records.iter().map(|record| {
                end = End {
                    count: end.count.saturating_add(1),
                    link: mechanisms.link(&end.link, record),
                };
                Row {
                    record: record.clone(),
                    link: end.link,
                }
            });
            let rows = rows.collect();
            let checkpoint = None;
            (Written { rows, checkpoint }, end)
        })?;
        let numbers = (first..).map(|number| number.saturating_add(1));
        let recorded = drafts.iter().zip(numbers).map(|(draft, number)| Recorded {
            id: draft.header.id,
            number,
        });
        Ok(recorded.collect())
    }

    pub(crate) fn sign(&mut self, at: Timestamp) -> Result<Checkpoint, RecordError> {
        let mut signed = None;
        self.write(|_, key, base| {
            signed = Checkpoint::sign(key, base, at);
            let checkpoint = signed.as_ref().map(Checkpoint::to_bytes);
            let rows = Vec::new();
            (Written { rows, checkpoint }, *base)
        })?;
        signed.ok_or(RecordError::TooMany)
    }

    /// Writes what `decide` says, if the log ends where this writer left it.
    fn write(
        &mut self,
        mut decide: impl FnMut(&M, &SigningKey, &End) -> (Written, End),
    ) -> Result<(), RecordError> {
        let Self {
            file,
            mechanisms,
            key,
            end: left,
        } = self;
        let mut outcome = Ok(*left);
        file.write(&mut |found| {
            let mut facts = unknown();
            facts.head_kept = *left == *found;
            let judged = judged(mechanisms.rules(), Use::Writing, &facts, found.count);
            match judged {
                Ok(()) => {
                    let (written, end) = decide(mechanisms, key, &mechanisms.base(found, left));
                    outcome = Ok(end);
                    written
                }
                Err(rejection) => {
                    outcome = Err(RecordError::Refused(rejection));
                    Written::default()
                }
            }
        })?;
        *left = outcome?;
        Ok(())
    }
}
