//! Questions about the log: an agent's messages, to that agent and to auditors.

use countersign_model::audit::guard::{Rejection, Use};
use countersign_model::rulebook;

use super::chain::Row;
use super::entry::Entry;
use super::error::FileError;
use super::facts::{Log, unknown};
use super::file::LogFile;
use super::filter::Filter;
use super::mechanism::Mechanisms;
use crate::identity::{Registry, SpiffeId, Standing};

/// The capability, as the registry lists it, of whoever may ask about everybody.
pub const AUDITOR: &str = "audit:read";

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
