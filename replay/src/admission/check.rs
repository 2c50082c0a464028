//! What a trace must be besides well-shaped: every name known, every count within bounds.

use std::collections::BTreeSet;

use countersign_model::admission::Admission;
use countersign_model::admission::invariant::InvariantId;
use countersign_model::rulebook::{Book as _, Row as _};

use super::action::{Action, Message, Presented};
use super::cast::{ANYONE, Cast, introduced};
use crate::demand::{Demand, TICK_MAX};
use crate::read_error::ReadError;
use crate::trace::{Step, Trace};

/// Principals, and keys, in one cast.
const CAST_MAX: usize = 256;
/// Messages that one trace brings into the world, and steps besides.
const MESSAGES_MAX: u64 = 10_000;

/// Checks all of `trace` but its rule book.
pub(crate) fn check(file: &str, trace: &Trace) -> Result<(), ReadError> {
    // Before anything is made of them: a few words can call for more messages than a machine holds.
    let wanted = trace.steps.iter().map(|step| {
        let introduced = step.action.introduces();
        introduced.map_or(1, |(_, times)| u64::from(times))
    });
    let mut check = Check {
        demand: Demand(file),
        trace,
        cast: Cast::default(),
        declared: BTreeSet::new(),
        handles: BTreeSet::new(),
    };
    check
        .demand
        .within("/steps", wanted.sum(), 0, MESSAGES_MAX)?;
    check.cast = Cast::of(trace);
    check.head()?;
    check.roll()?;
    for (number, step) in trace.steps.iter().enumerate() {
        check.step(&format!("/steps/{number}"), step)?;
    }
    check.end()
}

/// A trace in the course of being checked. What single values must be is in [`crate::demand`].
struct Check<'a> {
    demand: Demand<'a>,
    trace: &'a Trace,
    cast: Cast,
    /// Handles as they are written; an injection's `times` share one.
    declared: BTreeSet<String>,
    /// Handles that later steps may name.
    handles: BTreeSet<String>,
}

impl Check<'_> {
    fn head(&self) -> Result<(), ReadError> {
        let known: Vec<&str> = Admission::WEAKENINGS.iter().map(|row| row.name).collect();
        self.demand.head(self.trace, &known)?;
        let setting = &self.trace.setting;
        for (place, ticks) in [
            ("/setting/window", setting.window),
            ("/setting/skew", setting.skew),
            ("/setting/share", setting.share),
            ("/setting/rate", setting.rate),
            ("/setting/overlap", setting.overlap),
            ("/setting/capacity", setting.capacity),
        ] {
            self.demand.within(place, ticks, 0, TICK_MAX)?;
        }
        Ok(())
    }

    fn roll(&self) -> Result<(), ReadError> {
        let roll = &self.trace.cast;
        for (place, count) in [
            ("/cast/principals", roll.principals.len()),
            ("/cast/keys", roll.keys.len()),
        ] {
            self.demand
                .within(place, count as u64, 1, CAST_MAX as u64)?;
        }
        let mut seen = BTreeSet::new();
        for (number, principal) in roll.principals.iter().enumerate() {
            let place = format!("/cast/principals/{number}/name");
            self.demand.name(&place, &principal.name)?;
            let new = seen.insert(&principal.name);
            self.demand
                .once(&place, "principal", &principal.name, new)?;
        }
        let mut seen = BTreeSet::new();
        for (number, key) in roll.keys.iter().enumerate() {
            let place = format!("/cast/keys/{number}");
            self.demand.name(&format!("{place}/name"), &key.name)?;
            let new = seen.insert(&key.name);
            self.demand
                .once(&format!("{place}/name"), "key", &key.name, new)?;
            self.principal(&format!("{place}/owner"), &key.owner)?;
            self.demand
                .within(&format!("{place}/not_before"), key.not_before, 0, TICK_MAX)?;
            self.demand
                .until(&format!("{place}/not_after"), key.not_after)?;
        }
        self.principal("/setting/me", &self.trace.setting.me)
    }

    fn step(&mut self, place: &str, step: &Step) -> Result<(), ReadError> {
        let at = format!("{place}/action/{}", step.action.name());
        match &step.action {
            Action::Send { message } => self.message(&format!("{at}/message"), message)?,
            Action::Inject {
                message,
                presented,
                copies,
                times,
            } => {
                self.message(&format!("{at}/message"), message)?;
                self.presented(&format!("{at}/presented"), presented)?;
                self.demand
                    .within(&format!("{at}/copies"), (*copies).into(), 1, 2)?;
                let most = if *copies > 1 { 1 } else { MESSAGES_MAX };
                self.demand
                    .within(&format!("{at}/times"), (*times).into(), 1, most)?;
            }
            Action::Deliver {
                message,
                presented,
                copies,
            } => {
                if !self.handles.contains(message) {
                    let known = self.handles.iter().map(String::as_str).take(CAST_MAX);
                    let place = format!("{at}/message");
                    self.demand.one_of(&place, "message", message, known)?;
                }
                self.presented(&format!("{at}/presented"), presented)?;
                self.demand
                    .within(&format!("{at}/copies"), (*copies).into(), 1, 2)?;
            }
            Action::Advance { to } | Action::SetBack { to } => {
                self.demand.within(&format!("{at}/to"), *to, 0, TICK_MAX)?;
            }
            Action::Forget { sender, nonce } => {
                if sender != ANYONE {
                    self.principal(&format!("{at}/sender"), sender)?;
                }
                self.demand.nonce(&format!("{at}/nonce"), nonce)?;
            }
            Action::Restart | Action::FailOver => {}
            Action::Compromise { key } | Action::Revoke { key } => {
                self.key(&format!("{at}/key"), key)?;
            }
            Action::Rotate { old, new } => {
                self.key(&format!("{at}/old"), old)?;
                self.key(&format!("{at}/new"), new)?;
            }
            Action::Retire { agent } => self.principal(&format!("{at}/agent"), agent)?,
        }
        if let Some((message, _)) = step.action.introduces() {
            let new = self.declared.insert(message.handle.clone());
            let handle = format!("{at}/message/handle");
            self.demand.once(&handle, "message", &message.handle, new)?;
        }
        let introduced = introduced(&step.action).map(|message| message.handle);
        self.handles.extend(introduced);
        self.counts(place, step)
    }

    /// As many verdicts, and as many records of bytes, as there are deliveries.
    fn counts(&self, place: &str, step: &Step) -> Result<(), ReadError> {
        let deliveries = u64::from(step.action.deliveries());
        let summed = matches!(step.action, Action::Inject { times, .. } if times > 1);
        let verdicts = step.expect.verdicts.len() as u64;
        if verdicts != deliveries && !(summed && verdicts == 1) {
            let found = format!("{verdicts} verdicts");
            let expected = format!("{deliveries}, one for each delivery");
            return Err(self
                .demand
                .value(&format!("{place}/expect/verdicts"), found, expected));
        }
        let expected = if deliveries > 2 { 1 } else { deliveries };
        self.demand
            .records(&format!("{place}/bytes"), &step.bytes, expected)?;
        if let Some(digest) = &step.expect.state.store_digest {
            self.demand.sha256(
                &format!("{place}/expect/state/store_digest/sha256"),
                &digest.sha256,
            )?;
        }
        Ok(())
    }

    fn message(&mut self, place: &str, message: &Message) -> Result<(), ReadError> {
        self.demand
            .name(&format!("{place}/handle"), &message.handle)?;
        for (field, name) in [
            ("author", &message.author),
            ("from", &message.from),
            ("inner_from", &message.inner_from),
            ("to", &message.to),
        ] {
            self.principal(&format!("{place}/{field}"), name)?;
        }
        self.demand
            .nonce(&format!("{place}/nonce"), &message.nonce)?;
        self.demand.kind(&format!("{place}/kind"), &message.kind)?;
        self.key(&format!("{place}/key"), &message.key)?;
        self.demand.within(
            &format!("{place}/issued_at"),
            message.issued_at,
            0,
            TICK_MAX,
        )?;
        self.demand
            .until(&format!("{place}/expires_at"), message.expires_at)
    }

    fn presented(&self, place: &str, presented: &Presented) -> Result<(), ReadError> {
        if let Some(to) = &presented.to {
            self.principal(&format!("{place}/to"), to)?;
        }
        if let Some(nonce) = &presented.nonce {
            self.demand.nonce(&format!("{place}/nonce"), nonce)?;
        }
        match &presented.kind {
            Some(kind) => self.demand.kind(&format!("{place}/kind"), kind),
            None => Ok(()),
        }
    }

    fn end(&self) -> Result<(), ReadError> {
        let known = InvariantId::ALL.iter().map(|id| id.name());
        self.demand.end(self.trace, known)
    }

    fn principal(&self, place: &str, name: &str) -> Result<(), ReadError> {
        let found = self.cast.principal(name).map(drop);
        self.demand.named(place, found, self.cast.principals())
    }

    fn key(&self, place: &str, name: &str) -> Result<(), ReadError> {
        let found = self.cast.key(name).map(drop);
        self.demand.named(place, found, self.cast.keys())
    }
}
