//! What a single value of a trace must be; each failure names the place.

use std::collections::BTreeSet;

use crate::admission::cast::ANYONE;
use crate::form::Promise;
use crate::hex;
use crate::read_error::ReadError;
use crate::suggestion::{NameError, Suggestion};
use crate::system::System;
use crate::trace::{Recorded, Trace, Until};

/// The latest tick, and the longest duration in ticks.
pub(crate) const TICK_MAX: u64 = u32::MAX as u64;
/// The latest beginning, in milliseconds: the greatest integer of I-JSON (RFC 7493 section 2.2).
const START_MS_MAX: u64 = (1 << 53) - 1;
/// The longest tick, in milliseconds: a day.
const TICK_MS_MAX: u64 = 24 * 60 * 60 * 1000;

/// Letters of a name.
pub const NAME_MAX: usize = 32;

/// What is demanded of the file of this name.
#[derive(Clone, Copy)]
pub(crate) struct Demand<'a>(pub(crate) &'a str);

impl Demand<'_> {
    /// Whatever the system: a rule book, weakenings that are `known`, and a clock.
    pub(crate) fn head<S: System>(
        self,
        trace: &Trace<S>,
        known: &[&'static str],
    ) -> Result<(), ReadError> {
        self.sha256("/rulebook", &trace.rulebook)?;
        // Lessons are printed on terminals, which obey control characters.
        if let Some(control) = trace.lesson.chars().find(|letter| letter.is_control()) {
            let found = format!("a sentence with {control:?}");
            return Err(self.value("/lesson", found, "no control characters".to_owned()));
        }
        let mut seen = BTreeSet::new();
        for (number, name) in trace.weakenings.iter().enumerate() {
            let place = format!("/weakenings/{number}");
            self.one_of(&place, "weakening", name, known.iter().copied())?;
            self.once(&place, "weakening", name, seen.insert(name))?;
        }
        let clock = &trace.clock;
        self.within("/clock/start_ms", clock.start_ms, 0, START_MS_MAX)?;
        self.within("/clock/tick_ms", clock.tick_ms, 1, TICK_MS_MAX)?;
        self.within("/clock/start", clock.start, 0, TICK_MAX)
    }

    /// Whatever the system: a violation of one of the `known` invariants, and a transcript.
    pub(crate) fn end<S: System>(
        self,
        trace: &Trace<S>,
        known: impl Iterator<Item = &'static str> + Clone,
    ) -> Result<(), ReadError> {
        if let Some(violation) = &trace.violates {
            self.one_of(
                "/violates/invariant",
                "invariant",
                &violation.invariant,
                known,
            )?;
            let told = violation.told::<S::Invariant>().and_then(Promise::point);
            if told != violation.point.as_deref() {
                let found = violation
                    .point
                    .as_deref()
                    .map_or("nothing".to_owned(), quoted);
                let expected = "a point at which the invariant is promised".to_owned();
                return Err(self.value("/violates/point", found, expected));
            }
            let (step, steps) = (violation.step as u64, trace.steps.len() as u64);
            if steps == 0 {
                let expected = "null, since there is no step that could break anything".to_owned();
                return Err(self.value("/violates", "a violation".to_owned(), expected));
            }
            self.within("/violates/step", step, 1, steps)?;
        }
        match &trace.transcript {
            Some(transcript) => self.sha256("/transcript", transcript),
            None => Ok(()),
        }
    }

    /// No records of bytes, or as many as `expected`, each of its form.
    pub(crate) fn records(
        self,
        place: &str,
        records: &[Recorded],
        expected: u64,
    ) -> Result<(), ReadError> {
        let found = records.len() as u64;
        if found != 0 && found != expected {
            let found = format!("{found} records of bytes");
            return Err(self.value(place, found, expected.to_string()));
        }
        for (number, record) in records.iter().enumerate() {
            let place = format!("{place}/{number}");
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
        Ok(())
    }

    /// One of the `known` names.
    pub(crate) fn one_of<'n>(
        self,
        place: &str,
        what: &'static str,
        name: &str,
        known: impl Iterator<Item = &'n str> + Clone,
    ) -> Result<(), ReadError> {
        let found = known.clone().find(|one| *one == name).map(drop);
        let found = found.ok_or_else(|| NameError {
            what,
            name: name.to_owned(),
            suggestion: Suggestion::among(known.clone(), name),
        });
        self.named(place, found, known)
    }

    pub(crate) fn named<'n>(
        self,
        place: &str,
        found: Result<(), NameError>,
        known: impl Iterator<Item = &'n str>,
    ) -> Result<(), ReadError> {
        found.map_err(|error| ReadError::Name {
            file: self.0.to_owned(),
            place: place.to_owned(),
            error: Box::new(error),
            known: known.map(str::to_owned).collect(),
        })
    }

    pub(crate) fn once(
        self,
        place: &str,
        what: &'static str,
        name: &str,
        new: bool,
    ) -> Result<(), ReadError> {
        if new {
            return Ok(());
        }
        Err(ReadError::Twice {
            file: self.0.to_owned(),
            place: place.to_owned(),
            what,
            name: name.to_owned(),
        })
    }

    pub(crate) fn name(self, place: &str, name: &str) -> Result<(), ReadError> {
        if is_name(name) {
            return Ok(());
        }
        let expected = format!(
            "a letter, then at most {} of a-z, 0-9 and '-' (and not '{ANYONE}')",
            NAME_MAX - 1
        );
        Err(self.value(place, quoted(name), expected))
    }

    pub(crate) fn until(self, place: &str, until: Until) -> Result<(), ReadError> {
        if until.is_endless() {
            return Ok(());
        }
        self.within(place, until.0, 0, TICK_MAX)
    }

    pub(crate) fn within(
        self,
        place: &str,
        found: u64,
        least: u64,
        most: u64,
    ) -> Result<(), ReadError> {
        if (least..=most).contains(&found) {
            return Ok(());
        }
        Err(self.value(place, found.to_string(), format!("{least} to {most}")))
    }

    pub(crate) fn sha256(self, place: &str, digits: &str) -> Result<(), ReadError> {
        if hex::decode(digits).is_some_and(|bytes| bytes.len() == 32) {
            return Ok(());
        }
        Err(self.value(
            place,
            quoted(digits),
            "64 lower-case hexadecimal digits".to_owned(),
        ))
    }

    pub(crate) fn value(self, place: &str, found: String, expected: String) -> ReadError {
        ReadError::Value {
            file: self.0.to_owned(),
            place: place.to_owned(),
            found,
            expected,
        }
    }
}

/// Whether somebody, or something, can be called so in a trace.
pub fn is_name(name: &str) -> bool {
    let begins = name.starts_with(|first: char| first.is_ascii_lowercase());
    let letters =
        |letter: char| letter.is_ascii_lowercase() || letter.is_ascii_digit() || letter == '-';
    begins && name.len() <= NAME_MAX && name.chars().all(letters) && name != ANYONE
}

/// A value in quotes, cut short: a message must stay readable whatever a file holds.
pub(crate) fn quoted(text: &str) -> String {
    let shown: String = text.chars().take(2 * NAME_MAX).collect();
    let more = if shown.len() < text.len() { "..." } else { "" };
    format!("'{}{more}'", shown.escape_debug())
}
