//! Questions about the log: an agent's messages, to that agent and to auditors.

use countersign_model::audit::guard::{Rejection, Use};
use countersign_model::rulebook;

use super::chain::Row;
use super::entry::{Entry, Policy};
use super::error::FileError;
use super::facts::{Log, unknown};
use super::file::LogFile;
use super::mechanism::Mechanisms;
use crate::envelope::{Kind, MessageId};
use crate::identity::{Registry, SpiffeId, Standing};

/// The capability, as the registry lists it, of whoever may ask about everybody.
pub const AUDITOR: &str = "audit:read";

/// Which records are asked for. What is left out asks for all.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    /// Messages that this agent sent or was to receive.
    pub agent: Option<SpiffeId>,
    /// Recorded then or later, in milliseconds since the Unix epoch.
    pub since_ms: Option<u64>,
    /// Recorded then or earlier, in milliseconds since the Unix epoch.
    pub until_ms: Option<u64>,
    /// Messages of this type.
    pub kind: Option<Kind>,
    /// Messages of which the policy says this.
    pub policy: Option<Policy>,
    /// Messages of this conversation.
    pub correlation_id: Option<MessageId>,
    /// At most so many, the newest.
    pub limit: Option<usize>,
}

impl Filter {
    /// Whether a record is one of those that are asked for, whatever the limit.
    pub fn matches(&self, entry: &Entry) -> bool {
        let at_ms = entry.at.as_ms();
        self.agent
            .as_ref()
            .is_none_or(|agent| entry.concerns(agent))
            && self.since_ms.is_none_or(|since_ms| since_ms <= at_ms)
            && self.until_ms.is_none_or(|until_ms| at_ms <= until_ms)
            && self.kind.is_none_or(|kind| entry.kind == kind)
            && self.policy.is_none_or(|policy| entry.policy == policy)
            && self
                .correlation_id
                .is_none_or(|id| entry.correlation_id == Some(id))
    }
}

/// A record that was asked for.
#[derive(Clone, Debug, PartialEq)]
pub struct Found {
    /// Its number, from 1.
    pub number: u64,
    /// What it says.
    pub entry: Entry,
}

/// Answers `reader`, who is authenticated, about the messages of `filter.agent`, or of everybody.
///
/// # Errors
/// [`FileError`] where the file fails or holds what is no record.
pub(crate) fn ask<M: Mechanisms>(
    file: &impl LogFile,
    mechanisms: &M,
    reader: &SpiffeId,
    registry: &Registry,
    filter: &Filter,
) -> Result<Result<Vec<Found>, Rejection>, FileError> {
    let mut facts = unknown();
    reader.clone_into(&mut facts.reader);
    facts.reader_is_auditor = is_auditor(registry, reader);
    // Whoever asks about everybody is nobody in particular.
    let Some(subject) = filter
        .agent
        .as_ref()
        .or(facts.reader_is_auditor.then_some(reader))
    else {
        return Ok(Err(Rejection::NotEntitled));
    };
    subject.clone_into(&mut facts.subject);
    let asked = |stage| Use::Telling.asks().contains(&stage);
    match rulebook::judge(mechanisms.rules(), asked, &facts, &Log { count: 0 }) {
        Ok(()) => listed(file, mechanisms, filter).map(Ok),
        Err(rejection) => Ok(Err(rejection)),
    }
}

/// The records that a filter asks for, the oldest first.
pub(crate) fn listed<M: Mechanisms>(
    file: &impl LogFile,
    mechanisms: &M,
    filter: &Filter,
) -> Result<Vec<Found>, FileError> {
    let limit = filter.limit.unwrap_or(usize::MAX);
    let (mut found, mut bad) = (Vec::new(), None);
    file.select(filter, &mut |number, row: Row| {
        match mechanisms.read(&row.record) {
            Some(entry) if filter.matches(&entry) && found.len() < limit => {
                found.push(Found { number, entry });
            }
            Some(_) => {}
            None => bad = Some(number),
        }
        bad.is_none() && found.len() < limit
    })?;
    if let Some(number) = bad {
        return Err(FileError::NoRecord { number });
    }
    found.reverse();
    Ok(found)
}

fn is_auditor(registry: &Registry, reader: &SpiffeId) -> bool {
    registry.agent(reader).is_some_and(|agent| {
        let mut capabilities = agent.capabilities.iter();
        let listed = capabilities.any(|capability| capability.as_str() == AUDITOR);
        listed && agent.standing == Standing::Active
    })
}
