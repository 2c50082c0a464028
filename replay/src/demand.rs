//! What a single value of a trace must be; each failure names the place.

use crate::cast::{self, ANYONE, KINDS, NameError};
use crate::check::{Check, TICK_MAX};
use crate::hex;
use crate::read_error::ReadError;
use crate::trace::Until;

/// Letters of a name.
const NAME_MAX: usize = 32;

impl Check<'_> {
    pub(crate) fn principal(&self, place: &str, name: &str) -> Result<(), ReadError> {
        self.named(
            place,
            self.cast.principal(name).map(drop),
            self.cast.principals(),
        )
    }

    pub(crate) fn key(&self, place: &str, name: &str) -> Result<(), ReadError> {
        self.named(place, self.cast.key(name).map(drop), self.cast.keys())
    }

    pub(crate) fn kind(&self, place: &str, name: &str) -> Result<(), ReadError> {
        self.named(place, cast::kind(name).map(drop), KINDS.iter().copied())
    }

    pub(crate) fn nonce(&self, place: &str, name: &str) -> Result<(), ReadError> {
        cast::nonce(name).map(drop).map_err(|_| {
            let expected = "'n' and a number of at most nine digits".to_owned();
            self.value(place, quoted(name), expected)
        })
    }

    pub(crate) fn named<'n>(
        &self,
        place: &str,
        found: Result<(), NameError>,
        known: impl Iterator<Item = &'n str>,
    ) -> Result<(), ReadError> {
        found.map_err(|error| ReadError::Name {
            file: self.file.to_owned(),
            place: place.to_owned(),
            error: Box::new(error),
            known: known.map(str::to_owned).collect(),
        })
    }

    pub(crate) fn once(
        &self,
        place: &str,
        what: &'static str,
        name: &str,
        new: bool,
    ) -> Result<(), ReadError> {
        if new {
            return Ok(());
        }
        Err(ReadError::Twice {
            file: self.file.to_owned(),
            place: place.to_owned(),
            what,
            name: name.to_owned(),
        })
    }

    pub(crate) fn name(&self, place: &str, name: &str) -> Result<(), ReadError> {
        let begins = name.starts_with(|first: char| first.is_ascii_lowercase());
        let letters =
            |letter: char| letter.is_ascii_lowercase() || letter.is_ascii_digit() || letter == '-';
        if begins && name.len() <= NAME_MAX && name.chars().all(letters) && name != ANYONE {
            return Ok(());
        }
        let expected = format!(
            "a letter, then at most {} of a-z, 0-9 and '-' (and not '{ANYONE}')",
            NAME_MAX - 1
        );
        Err(self.value(place, quoted(name), expected))
    }

    pub(crate) fn until(&self, place: &str, until: Until) -> Result<(), ReadError> {
        if until.is_endless() {
            return Ok(());
        }
        self.within(place, until.0, 0, TICK_MAX)
    }

    pub(crate) fn within(
        &self,
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

    pub(crate) fn sha256(&self, place: &str, digits: &str) -> Result<(), ReadError> {
        if hex::decode(digits).is_some_and(|bytes| bytes.len() == 32) {
            return Ok(());
        }
        Err(self.value(
            place,
            quoted(digits),
            "64 lower-case hexadecimal digits".to_owned(),
        ))
    }

    pub(crate) fn value(&self, place: &str, found: String, expected: String) -> ReadError {
        ReadError::Value {
            file: self.file.to_owned(),
            place: place.to_owned(),
            found,
            expected,
        }
    }
}

/// A value in quotes, cut short: a message must stay readable whatever a file holds.
fn quoted(text: &str) -> String {
    let shown: String = text.chars().take(2 * NAME_MAX).collect();
    let more = if shown.len() < text.len() { "..." } else { "" };
    format!("'{}{more}'", shown.escape_debug())
}
