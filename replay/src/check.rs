//! What a trace must be besides well-shaped: every name known, every count within bounds.

use std::collections::BTreeSet;

use countersign_model::admission::invariant::InvariantId;
use countersign_model::admission::weakening::Weakening;

use crate::action::{Action, Message, Presented};
use crate::cast::{self, ANYONE, Cast, NameError, introduced};
use crate::hex;
use crate::read_error::ReadError;
use crate::suggestion::Suggestion;
use crate::trace::{Recorded, Step, Trace};

/// The latest tick, and the longest duration in ticks.
pub(crate) const TICK_MAX: u64 = u32::MAX as u64;
/// The latest beginning, in milliseconds: the greatest integer of I-JSON (RFC 7493 section 2.2).
const START_MS_MAX: u64 = (1 << 53) - 1;
/// The longest tick, in milliseconds: a day.
const TICK_MS_MAX: u64 = 24 * 60 * 60 * 1000;
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
        file,
        trace,
        cast: Cast::default(),
        declared: BTreeSet::new(),
        handles: BTreeSet::new(),
    };
    check.within("/steps", wanted.sum(), 0, MESSAGES_MAX)?;
    check.cast = Cast::of(trace);
    check.head()?;
    check.roll()?;
    for (number, step) in trace.steps.iter().enumerate() {
        check.step(&format!("/steps/{number}"), step)?;
    }
    check.end()
}

/// A trace in the course of being checked. What single values must be is in [`crate::demand`].
pub(crate) struct Check<'a> {
    pub(crate) file: &'a str,
    pub(crate) trace: &'a Trace,
    pub(crate) cast: Cast,
    /// Handles as they are written; an injection's `times` share one.
    declared: BTreeSet<String>,
    /// Handles that later steps may name.
    handles: BTreeSet<String>,
}

impl Check<'_> {
    fn head(&self) -> Result<(), ReadError> {
        let (clock, setting) = (&self.trace.clock, &self.trace.setting);
        self.sha256("/rulebook", &self.trace.rulebook)?;
        let mut seen = BTreeSet::new();
        for (number, name) in self.trace.weakenings.iter().enumerate() {
            let place = format!("/weakenings/{number}");
            let known = Weakening::TABLE.iter().map(|row| row.name);
            let rules = cast::rules(std::slice::from_ref(name));
            self.named(&place, rules.map(drop), known)?;
            self.once(&place, "weakening", name, seen.insert(name))?;
        }
        self.within("/clock/start_ms", clock.start_ms, 0, START_MS_MAX)?;
        self.within("/clock/tick_ms", clock.tick_ms, 1, TICK_MS_MAX)?;
        for (place, ticks) in [
            ("/clock/start", clock.start),
            ("/setting/window", setting.window),
            ("/setting/skew", setting.skew),
            ("/setting/share", setting.share),
            ("/setting/rate", setting.rate),
            ("/setting/overlap", setting.overlap),
            ("/setting/capacity", setting.capacity),
        ] {
            self.within(place, ticks, 0, TICK_MAX)?;
        }
        Ok(())
    }

    fn roll(&self) -> Result<(), ReadError> {
        let roll = &self.trace.cast;
        for (place, count) in [
            ("/cast/principals", roll.principals.len()),
            ("/cast/keys", roll.keys.len()),
        ] {
            self.within(place, count as u64, 1, CAST_MAX as u64)?;
        }
        let mut seen = BTreeSet::new();
        for (number, principal) in roll.principals.iter().enumerate() {
            let place = format!("/cast/principals/{number}/name");
            self.name(&place, &principal.name)?;
            let new = seen.insert(&principal.name);
            self.once(&place, "principal", &principal.name, new)?;
        }
        let mut seen = BTreeSet::new();
        for (number, key) in roll.keys.iter().enumerate() {
            let place = format!("/cast/keys/{number}");
            self.name(&format!("{place}/name"), &key.name)?;
            let new = seen.insert(&key.name);
            self.once(&format!("{place}/name"), "key", &key.name, new)?;
            self.principal(&format!("{place}/owner"), &key.owner)?;
            self.within(&format!("{place}/not_before"), key.not_before, 0, TICK_MAX)?;
            self.until(&format!("{place}/not_after"), key.not_after)?;
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
                self.within(&format!("{at}/copies"), (*copies).into(), 1, 2)?;
                let most = if *copies > 1 { 1 } else { MESSAGES_MAX };
                self.within(&format!("{at}/times"), (*times).into(), 1, most)?;
            }
            Action::Deliver {
                message,
                presented,
                copies,
            } => {
                if !self.handles.contains(message) {
                    let known = self.handles.iter().map(String::as_str);
                    let error = NameError {
                        what: "message",
                        name: message.clone(),
                        suggestion: Suggestion::among(known.clone(), message),
                    };
                    self.named(&format!("{at}/message"), Err(error), known.take(CAST_MAX))?;
                }
                self.presented(&format!("{at}/presented"), presented)?;
                self.within(&format!("{at}/copies"), (*copies).into(), 1, 2)?;
            }
            Action::Advance { to } | Action::SetBack { to } => {
                self.within(&format!("{at}/to"), *to, 0, TICK_MAX)?;
            }
            Action::Forget { sender, nonce } => {
                if sender != ANYONE {
                    self.principal(&format!("{at}/sender"), sender)?;
                }
                self.nonce(&format!("{at}/nonce"), nonce)?;
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
            self.once(&handle, "message", &message.handle, new)?;
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
            return Err(self.value(&format!("{place}/expect/verdicts"), found, expected));
        }
        let records = step.bytes.len() as u64;
        let expected = if deliveries > 2 { 1 } else { deliveries };
        if records != 0 && records != expected {
            let found = format!("{records} records of bytes");
            return Err(self.value(&format!("{place}/bytes"), found, expected.to_string()));
        }
        for (number, record) in step.bytes.iter().enumerate() {
            let place = format!("{place}/bytes/{number}");
            match record {
                Recorded::Text(_) => {}
                Recorded::Hex(digits) if hex::decode(digits).is_some() => {}
                Recorded::Hex(_) => {
                    let expected = "pairs of lower-case hexadecimal digits".to_owned();
                    return Err(self.value(&place, "no such digits".to_owned(), expected));
                }
                Recorded::Digest { sha256, .. } => self.sha256(&place, sha256)?,
            }
        }
        if let Some(digest) = &step.expect.state.store_digest {
            self.sha256(
                &format!("{place}/expect/state/store_digest/sha256"),
                &digest.sha256,
            )?;
        }
        Ok(())
    }

    fn message(&mut self, place: &str, message: &Message) -> Result<(), ReadError> {
        self.name(&format!("{place}/handle"), &message.handle)?;
        for (field, name) in [
            ("author", &message.author),
            ("from", &message.from),
            ("inner_from", &message.inner_from),
            ("to", &message.to),
        ] {
            self.principal(&format!("{place}/{field}"), name)?;
        }
        self.nonce(&format!("{place}/nonce"), &message.nonce)?;
        self.kind(&format!("{place}/kind"), &message.kind)?;
        self.key(&format!("{place}/key"), &message.key)?;
        self.within(
            &format!("{place}/issued_at"),
            message.issued_at,
            0,
            TICK_MAX,
        )?;
        self.until(&format!("{place}/expires_at"), message.expires_at)
    }

    fn presented(&self, place: &str, presented: &Presented) -> Result<(), ReadError> {
        if let Some(to) = &presented.to {
            self.principal(&format!("{place}/to"), to)?;
        }
        if let Some(nonce) = &presented.nonce {
            self.nonce(&format!("{place}/nonce"), nonce)?;
        }
        match &presented.kind {
            Some(kind) => self.kind(&format!("{place}/kind"), kind),
            None => Ok(()),
        }
    }

    fn end(&self) -> Result<(), ReadError> {
        if let Some(violation) = &self.trace.violates {
            let known = || InvariantId::ALL.iter().map(|id| id.name());
            let found = InvariantId::of_name(&violation.invariant).map(drop);
            let found = found.ok_or_else(|| NameError {
                what: "invariant",
                name: violation.invariant.clone(),
                suggestion: Suggestion::among(known(), &violation.invariant),
            });
            self.named("/violates/invariant", found, known())?;
            let (step, steps) = (violation.step as u64, self.trace.steps.len() as u64);
            self.within("/violates/step", step, 1, steps)?;
        }
        match &self.trace.transcript {
            Some(transcript) => self.sha256("/transcript", transcript),
            None => Ok(()),
        }
    }
}
