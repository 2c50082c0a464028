//! What a trace of sessions must be besides well-shaped: every name known, every count within bounds.

use std::collections::BTreeSet;

use countersign_model::rulebook::{Book as _, Row as _};
use countersign_model::session::Session as Rules;
use countersign_model::session::promise::InvariantId;
use countersign_model::session::traffic::TOLD_MAX;

use super::action::{Action, Presented};
use super::cast::{ATTACKER, Names};
use crate::demand::{Demand, TICK_MAX};
use crate::read_error::ReadError;
use crate::trace::{Step, Trace};

/// Peers, and sessions, in one cast.
const CAST_MAX: u64 = 64;
/// Things that happen in one trace.
const STEPS_MAX: u64 = 1024;
/// The most epochs that anybody derives keys for, and the widest window.
const EPOCH_MAX: u64 = 1024;

/// Checks all of `trace` but its rule book.
pub(super) fn check(file: &str, trace: &Trace<Rules>) -> Result<(), ReadError> {
    let mut check = Check {
        demand: Demand(file),
        names: Names::of(&trace.cast),
        trace,
        records: BTreeSet::new(),
    };
    let steps = trace.steps.len() as u64;
    check.demand.within("/steps", steps, 0, STEPS_MAX)?;
    let weakenings: Vec<_> = Rules::WEAKENINGS.iter().map(|row| row.name).collect();
    check.demand.head(trace, &weakenings)?;
    check.setting()?;
    check.roll()?;
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
    records: BTreeSet<String>,
}

impl Check<'_> {
    fn setting(&self) -> Result<(), ReadError> {
        let setting = &self.trace.setting;
        for (place, value, least, most) in [
            ("lifetime", setting.lifetime, 0, TICK_MAX),
            ("width", setting.width, 1, EPOCH_MAX),
            ("ahead", setting.ahead, 0, EPOCH_MAX),
            ("share", setting.share, 1, TICK_MAX),
            ("period", setting.period, 1, TICK_MAX),
        ] {
            let place = format!("/setting/{place}");
            self.demand.within(&place, value, least, most)?;
        }
        Ok(())
    }

    fn roll(&self) -> Result<(), ReadError> {
        let roll = &self.trace.cast;
        for (place, count) in [
            ("/cast/peers", roll.peers.len()),
            ("/cast/sessions", roll.sessions.len()),
        ] {
            self.demand.within(place, count as u64, 1, CAST_MAX)?;
        }
        self.demand.name("/cast/me", &roll.me)?;
        let mut seen = BTreeSet::from([&roll.me]);
        for (number, peer) in roll.peers.iter().enumerate() {
            let place = format!("/cast/peers/{number}/name");
            self.demand.name(&place, &peer.name)?;
            let new = seen.insert(&peer.name);
            self.demand.once(&place, "principal", &peer.name, new)?;
            if peer.hostile != (peer.name == ATTACKER) {
                let place = format!("/cast/peers/{number}/hostile");
                let expected = format!("true for '{ATTACKER}', and for nobody else");
                let found = peer.hostile.to_string();
                return Err(self.demand.value(&place, found, expected));
            }
        }
        let mut seen = BTreeSet::new();
        for (number, held) in roll.sessions.iter().enumerate() {
            let place = format!("/cast/sessions/{number}");
            self.demand.name(&format!("{place}/name"), &held.name)?;
            let new = seen.insert(&held.name);
            let name = format!("{place}/name");
            self.demand.once(&name, "session", &held.name, new)?;
            self.peer(&format!("{place}/peer"), &held.peer)?;
        }
        Ok(())
    }

    fn step(&mut self, place: &str, step: &Step<Rules>) -> Result<(), ReadError> {
        let at = format!("{place}/action/{}", step.action.name());
        match &step.action {
            Action::Seal {
                by,
                session,
                epoch,
                number,
                ..
            } => {
                self.placed(&at, session, *epoch, *number)?;
                let held = self.trace.cast.sessions.iter();
                let peers = held.filter(|held| held.name == *session && held.peer != ATTACKER);
                let ends = peers.map(|held| held.peer.as_str());
                let ends = ends.chain([self.trace.cast.me.as_str()]);
                let place = format!("{at}/by");
                self.demand.one_of(&place, "honest end", by, ends)?;
            }
            Action::Inject {
                session,
                epoch,
                number,
                ..
            } => self.placed(&at, session, *epoch, *number)?,
            Action::Deliver { record, presented } => {
                self.record(&at, record)?;
                self.presented(&format!("{at}/presented"), presented)?;
            }
            Action::Read { record } => self.record(&at, record)?,
            Action::Advance { to } => {
                self.demand.within(&format!("{at}/to"), *to, 0, TICK_MAX)?;
            }
            Action::Reconnect { session } | Action::Reveal { session } => {
                self.session(&format!("{at}/session"), session)?;
            }
            Action::Withdraw { peer } => self.peer(&format!("{at}/peer"), peer)?,
        }
        if let Some(handle) = step.action.introduces() {
            let place = format!("{at}/record");
            self.demand.name(&place, handle)?;
            let new = self.records.insert(handle.to_owned());
            self.demand.once(&place, "record", handle, new)?;
            let records = self.records.len() as u64;
            self.demand.within(&place, records, 1, TOLD_MAX.into())?;
        }
        self.counts(place, step)
    }

    /// A verdict where an end is asked, and the bytes of what it sealed or was given.
    fn counts(&self, place: &str, step: &Step<Rules>) -> Result<(), ReadError> {
        let asked = u64::from(step.action.is_judged());
        let verdicts = step.expect.verdicts.len() as u64;
        let at = format!("{place}/expect/verdicts");
        self.demand.within(&at, verdicts, asked, asked)?;
        let sealed = step.expect.verdicts.iter().all(|verdict| verdict.admits());
        let refused = matches!(step.action, Action::Seal { .. }) && !sealed;
        let expected = if refused { 0 } else { asked };
        let at = format!("{place}/bytes");
        self.demand.records(&at, &step.bytes, expected)
    }

    fn placed(&self, at: &str, session: &str, epoch: u64, number: u64) -> Result<(), ReadError> {
        self.session(&format!("{at}/session"), session)?;
        self.within(&format!("{at}/epoch"), Some(epoch), EPOCH_MAX)?;
        self.within(&format!("{at}/number"), Some(number), TICK_MAX)
    }

    fn presented(&self, place: &str, presented: &Presented) -> Result<(), ReadError> {
        if let Some(session) = &presented.session {
            self.session(&format!("{place}/session"), session)?;
        }
        self.within(&format!("{place}/epoch"), presented.epoch, EPOCH_MAX)?;
        self.within(&format!("{place}/number"), presented.number, TICK_MAX)
    }

    fn within(&self, place: &str, value: Option<u64>, most: u64) -> Result<(), ReadError> {
        value.map_or(Ok(()), |value| self.demand.within(place, value, 0, most))
    }

    fn record(&self, at: &str, handle: &str) -> Result<(), ReadError> {
        let known = self.records.iter().map(String::as_str);
        let place = format!("{at}/record");
        self.demand.one_of(&place, "record", handle, known)
    }

    fn session(&self, place: &str, name: &str) -> Result<(), ReadError> {
        let known = self.names.sessions();
        self.demand.one_of(place, "session", name, known)
    }

    fn peer(&self, place: &str, name: &str) -> Result<(), ReadError> {
        self.demand.one_of(place, "peer", name, self.names.peers())
    }
}
