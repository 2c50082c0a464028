//! What a single value of a trace of admission must be, beyond what every system demands.

use super::cast::{self, KINDS};
use crate::demand::{Demand, quoted};
use crate::read_error::ReadError;

impl Demand<'_> {
    pub(super) fn kind(self, place: &str, name: &str) -> Result<(), ReadError> {
        self.named(place, cast::kind(name).map(drop), KINDS.iter().copied())
    }

    pub(super) fn nonce(self, place: &str, name: &str) -> Result<(), ReadError> {
        cast::nonce(name).map(drop).map_err(|_| {
            let expected = "'n' and a number of at most nine digits".to_owned();
            self.value(place, quoted(name), expected)
        })
    }
}
