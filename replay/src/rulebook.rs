//! The rule book as stable text, and its digest: what a trace was written against.

use std::fmt::Write as _;

use countersign_model::admission::facts::{Facts, Receiver};
use countersign_model::admission::guard::Guard;
use countersign_model::admission::invariant::InvariantId;
use countersign_model::admission::weakening::Weakening;
use countersign_model::domain::{Phrase, Prose};

use crate::admission::Admission;
use crate::hex;
use crate::system::System;

/// Every guard in words, in order of precedence; every weakening and every invariant by name.
pub fn text() -> String {
    let (facts, me) = (Facts::in_words(), Receiver::in_words());
    let guards = Guard::<Prose>::TABLE.iter().map(|guard| Row {
        name: guard.id.name(),
        demand: (guard.holds)(&facts, &me),
        rejects: guard.rejects.code(),
        protects: guard.protects.name(),
    });
    let weakenings = Weakening::TABLE.iter();
    let invariants = InvariantId::ALL.iter();
    laid_out(
        guards,
        weakenings.map(|row| (row.name, row.breaks.name())),
        invariants.map(|id| (id.name(), id.promise())),
    )
}

/// A guard in words.
pub(crate) struct Row {
    pub(crate) name: &'static str,
    pub(crate) demand: Phrase,
    pub(crate) rejects: &'static str,
    pub(crate) protects: &'static str,
}

/// The text of the rules of any system.
pub(crate) fn laid_out(
    guards: impl Iterator<Item = Row>,
    weakenings: impl Iterator<Item = (&'static str, &'static str)>,
    invariants: impl Iterator<Item = (&'static str, &'static str)>,
) -> String {
    let mut text = String::from("guards\n");
    // Writing to a string cannot fail.
    for row in guards {
        let demand = row.demand.as_str();
        let _ = writeln!(
            text,
            "{}: {demand} | {} | {}",
            row.name, row.rejects, row.protects
        );
    }
    text.push_str("weakenings\n");
    for (name, breaks) in weakenings {
        let _ = writeln!(text, "{name}: {breaks}");
    }
    text.push_str("invariants\n");
    for (name, promise) in invariants {
        let _ = writeln!(text, "{name}: {promise}");
    }
    text
}

/// The SHA-256 of [`text`], as 64 hexadecimal digits.
pub fn digest() -> String {
    digest_of::<Admission>()
}

/// The same for the rules of any system.
pub fn digest_of<S: System>() -> String {
    hex::sha256(S::rulebook().as_bytes())
}

#[cfg(test)]
mod tests {
    use countersign_model::admission::guard::GuardId;

    use super::*;

    #[test]
    fn every_guard_weakening_and_invariant_has_a_line() {
        let headings = 3;
        let rows = GuardId::ALL.len() + Weakening::TABLE.len() + InvariantId::ALL.len();
        assert_eq!(text().lines().count(), headings + rows);
        assert!(text().contains("not-stale: now ≤ issued_at + window | stale | once\n"));
        assert_eq!(digest().len(), 64);
    }
}
