//! The rule book as stable text, and its digest: what a trace was written against.

use std::fmt::Write as _;

use countersign_model::admission::facts::{Facts, Receiver};
use countersign_model::admission::guard::Guard;
use countersign_model::admission::invariant::InvariantId;
use countersign_model::admission::weakening::Weakening;
use countersign_model::domain::Prose;

use crate::hex;

/// Every guard in words, in order of precedence; every weakening and every invariant by name.
pub fn text() -> String {
    let (facts, me) = (Facts::in_words(), Receiver::in_words());
    let mut text = String::from("guards\n");
    for guard in Guard::<Prose>::TABLE {
        let demand = (guard.holds)(&facts, &me);
        // Writing to a string cannot fail.
        let _ = writeln!(
            text,
            "{}: {} | {} | {}",
            guard.id.name(),
            demand.as_str(),
            guard.rejects.code(),
            guard.protects.name()
        );
    }
    text.push_str("weakenings\n");
    for weakening in Weakening::TABLE {
        let _ = writeln!(text, "{}: {}", weakening.name, weakening.breaks.name());
    }
    text.push_str("invariants\n");
    for invariant in InvariantId::ALL {
        let _ = writeln!(text, "{}: {}", invariant.name(), invariant.promise());
    }
    text
}

/// The SHA-256 of [`text`], as 64 hexadecimal digits.
pub fn digest() -> String {
    hex::sha256(text().as_bytes())
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
