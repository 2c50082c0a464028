//! The rule book as stable text, and its digest: what a trace was written against. And the rules that
//! a trace names.

use std::fmt::Write as _;

use countersign_model::domain::Prose;
use countersign_model::rulebook::{Book, Promise as _, Refusal as _, Row as _, Ruleset, Weakening};

use crate::hex;
use crate::suggestion::{NameError, Suggestion};
use crate::system::System;

/// Every guard in words, in order of precedence; every weakening and every invariant by name.
pub fn text<B: Book>() -> String {
    let (facts, me) = B::in_words();
    let mut text = String::from("guards\n");
    // Writing to a string cannot fail.
    for guard in B::guards::<Prose>() {
        let demand = (guard.holds)(&facts, &me);
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
    for row in B::WEAKENINGS {
        let _ = writeln!(text, "{}: {}", row.name, row.breaks.name());
    }
    text.push_str("invariants\n");
    for id in B::Invariant::all() {
        let _ = writeln!(text, "{}: {}", id.name(), id.promise());
    }
    text
}

/// The SHA-256 of a system's rule book, as 64 hexadecimal digits.
pub fn digest<S: System>() -> String {
    hex::sha256(S::rulebook().as_bytes())
}

/// The rules that weakenings, by name, leave of the hardened ones.
pub fn rules<B: Book>(weakenings: &[String]) -> Result<Ruleset<B>, NameError> {
    let mut names = weakenings.iter();
    names.try_fold(Ruleset::HARDENED, |rules, name| {
        let row = Weakening::of_name(name).ok_or_else(|| NameError {
            what: "weakening",
            name: name.clone(),
            suggestion: Suggestion::among(B::WEAKENINGS.iter().map(|row| row.name), name),
        })?;
        Ok(rules.dangerously_with(row))
    })
}

#[cfg(test)]
mod tests {
    use countersign_model::admission::Admission;
    use countersign_model::handshake::Handshake;
    use countersign_model::session::Session;

    use super::*;

    fn has_a_line_for_every_row<B: Book>() -> String {
        let text = text::<B>();
        let headings = 3;
        let rows = B::Guard::all().len() + B::WEAKENINGS.len() + B::Invariant::all().len();
        assert_eq!(text.lines().count(), headings + rows);
        text
    }

    #[test]
    fn every_guard_weakening_and_invariant_has_a_line() {
        let text = has_a_line_for_every_row::<Admission>();
        assert!(text.contains("not-stale: now ≤ issued_at + window | stale | once\n"));
        has_a_line_for_every_row::<Handshake>();
        has_a_line_for_every_row::<Session>();
        assert_eq!(digest::<Admission>().len(), 64);
    }
}
