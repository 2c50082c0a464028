//! What a trace of the audit trail must be besides well-shaped: every name known, every count within
//! bounds.

use std::collections::BTreeSet;

use countersign_model::audit::Audit as Rules;
use countersign_model::audit::chronicle::TOLD_MAX;
use countersign_model::audit::promise::InvariantId;
use countersign_model::rulebook::{Book as _, Row as _};

use super::action::{Action, Tampering};
use super::cast::{FORGED, MISREAD, Names};
use crate::demand::Demand;
use crate::read_error::ReadError;
use crate::trace::{Step, Trace};

/// Agents, and messages, in one cast.
const CAST_MAX: u64 = 64;
/// Things that happen in one trace.
const STEPS_MAX: u64 = 128;

/// Checks all of `trace` but its rule book.
pub(super) fn check(file: &str, trace: &Trace<Rules>) -> Result<(), ReadError> {
    let mut check = Check {
        demand: Demand(file),
        names: Names::of(&trace.cast),
        trace,
        checkpoints: BTreeSet::new(),
    };
    let steps = trace.steps.len() as u64;
    check.demand.within("/steps", steps, 0, STEPS_MAX)?;
    let weakenings: Vec<&str> = Rules::WEAKENINGS.iter().map(|row| row.name).collect();
    check.demand.head(trace, &weakenings)?;
    check.roll()?;
    check.agent("/setting/auditor", &trace.setting.auditor)?;
    for (number, step) in trace.steps.iter().enumerate() {
        check.step(&format!("/steps/{number}"), step)?;
    }
    let invariants = InvariantId::ALL.iter().map(|id| id.name());
    check.demand.end(trace, invariants)
}

/// A trace in the course of being checked.
struct Check<'a> {
    demand: Demand<'a>,
    names: Names,
    trace: &'a Trace<Rules>,
    checkpoints: BTreeSet<String>,
}

impl Check<'_> {
    fn roll(&self) -> Result<(), ReadError> {
        let roll = &self.trace.cast;
        for (place, count) in [
            ("/cast/agents", roll.agents.len()),
            ("/cast/messages", roll.messages.len()),
        ] {
            self.demand.within(place, count as u64, 1, CAST_MAX)?;
        }
        let mut seen = BTreeSet::new();
        for (number, name) in roll.agents.iter().enumerate() {
            let place = format!("/cast/agents/{number}");
            self.demand.name(&place, name)?;
            self.demand.once(&place, "agent", name, seen.insert(name))?;
        }
        let mut seen = BTreeSet::new();
        for (number, message) in roll.messages.iter().enumerate() {
            let place = format!("/cast/messages/{number}");
            let at = format!("{place}/name");
            self.demand.name(&at, &message.name)?;
            if message.name == FORGED || message.name.ends_with(MISREAD) {
                let expected = "a name that no made-up record has".to_owned();
                return Err(self.demand.value(&at, message.name.clone(), expected));
            }
            let new = seen.insert(&message.name);
            self.demand.once(&at, "message", &message.name, new)?;
            self.agent(&format!("{place}/from"), &message.from)?;
            self.agent(&format!("{place}/to"), &message.to)?;
        }
        Ok(())
    }

    fn step(&mut self, place: &str, step: &Step<Rules>) -> Result<(), ReadError> {
        let at = format!("{place}/action/{}", step.action.name());
        match &step.action {
            Action::Record { message } | Action::Act { message } => self.message(&at, message)?,
            Action::Sign { checkpoint } => {
                let place = format!("{at}/checkpoint");
                self.demand.name(&place, checkpoint)?;
                let new = self.checkpoints.insert(checkpoint.clone());
                self.demand.once(&place, "checkpoint", checkpoint, new)?;
            }
            Action::Tamper(tampering) => self.tampering(&at, tampering)?,
            Action::Ask {
                reader,
                about,
                message,
            } => {
                self.agent(&format!("{at}/reader"), reader)?;
                self.agent(&format!("{at}/about"), about)?;
                self.message(&at, message)?;
            }
            Action::Guess { guesser, message } => {
                self.agent(&format!("{at}/guesser"), guesser)?;
                self.message(&at, message)?;
            }
            Action::Crash {} | Action::Verify {} => {}
        }
        let asked = u64::from(step.action.is_judged());
        let verdicts = step.expect.verdicts.len() as u64;
        let place_of_verdicts = format!("{place}/expect/verdicts");
        self.demand
            .within(&place_of_verdicts, verdicts, asked, asked)?;
        let admitted = step.expect.verdicts.iter().all(|verdict| verdict.admits());
        let expected = u64::from(step.action.writes() && admitted);
        self.demand
            .records(&format!("{place}/bytes"), &step.bytes, expected)
    }

    fn tampering(&self, at: &str, tampering: &Tampering) -> Result<(), ReadError> {
        let (records, links) = (tampering.records.len(), tampering.linked().len());
        let most = TOLD_MAX.into();
        let place = format!("{at}/links");
        self.demand
            .within(&format!("{at}/records"), records as u64, 0, most)?;
        self.demand
            .within(&place, links as u64, records as u64, records as u64)?;
        let sequences = [
            ("records", tampering.records.as_slice()),
            ("links", tampering.linked()),
            ("covers", tampering.covered()),
        ];
        for (field, names) in sequences {
            for (number, name) in names.iter().enumerate() {
                let place = format!("{at}/{field}/{number}");
                let known = self.names.records();
                self.demand.one_of(&place, "record", name, known)?;
            }
        }
        if let Some(checkpoint) = &tampering.checkpoint {
            let known = self.checkpoints.iter().map(String::as_str);
            let place = format!("{at}/checkpoint");
            self.demand
                .one_of(&place, "checkpoint", checkpoint, known)?;
        }
        Ok(())
    }

    fn agent(&self, place: &str, name: &str) -> Result<(), ReadError> {
        let known = self.names.agents();
        self.demand.one_of(place, "agent", name, known)
    }

    fn message(&self, at: &str, name: &str) -> Result<(), ReadError> {
        let known = self.trace.cast.messages.iter().map(|it| it.name.as_str());
        let place = format!("{at}/message");
        self.demand.one_of(&place, "message", name, known)
    }
}
