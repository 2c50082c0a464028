//! A name that is unknown, and "did you mean": the known one nearest to it.

use std::fmt;

/// The nearest known word, if one is near.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Suggestion(Option<String>);

/// A name that nobody and nothing in the trace has.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("unknown {what} '{}'{suggestion}", name.escape_debug())]
pub struct NameError {
    /// What it should name.
    pub what: &'static str,
    /// The name.
    pub name: String,
    /// What it may have been meant to be.
    pub suggestion: Suggestion,
}

impl Suggestion {
    /// The word of `known` that is nearest to `word`: at most a third of its letters differ.
    pub(crate) fn among<'a>(known: impl IntoIterator<Item = &'a str>, word: &str) -> Self {
        let near = known
            .into_iter()
            .map(|other| (distance(word, other), other));
        let bound = (word.chars().count() / 3).max(1);
        let contained = |other: &str| word.len() > 3 && other.contains(word);
        let nearest = near
            .filter(|(letters, other)| *letters <= bound || contained(other))
            .min_by_key(|(letters, _)| *letters);
        Self(nearest.map(|(_, other)| other.to_owned()))
    }
}

impl fmt::Display for Suggestion {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Some(word) => write!(formatter, "; did you mean '{word}'?"),
            None => Ok(()),
        }
    }
}

/// Letters to insert, delete or replace until one word is the other (Levenshtein).
fn distance(one: &str, other: &str) -> usize {
    let mut row: Vec<usize> = (0..=other.chars().count()).collect();
    for (line, letter) in one.chars().enumerate() {
        let mut diagonal = line;
        let mut left = line + 1;
        for (cell, candidate) in row.iter_mut().skip(1).zip(other.chars()) {
            let replaced = diagonal + usize::from(letter != candidate);
            diagonal = *cell;
            left = replaced.min(*cell + 1).min(left + 1);
            *cell = left;
        }
        if let Some(first) = row.first_mut() {
            *first = line + 1;
        }
    }
    row.last().copied().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_word_is_suggested_and_a_far_one_is_not() {
        let known = ["nonce-fresh", "share-left", "not-stale"];
        for (word, suggested) in [
            ("nonce-fresch", Some("nonce-fresh")),
            ("nonce", Some("nonce-fresh")),
            ("notstale", Some("not-stale")),
            ("signature", None),
            ("", None),
        ] {
            let found = Suggestion::among(known, word);
            assert_eq!(found.0.as_deref(), suggested, "{word}");
        }
    }

    #[test]
    fn the_distance_counts_letters_to_change() {
        for (one, other, letters) in [
            ("", "", 0),
            ("", "abc", 3),
            ("abc", "abc", 0),
            ("kitten", "sitting", 3),
            ("flaw", "lawn", 2),
        ] {
            assert_eq!(distance(one, other), letters, "{one} {other}");
            assert_eq!(distance(other, one), letters, "{other} {one}");
        }
    }
}
