//! Why a text is no deployment: where, what was expected, and what to do.

use thiserror::Error;

/// The first thing wrong with a deployment file.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("{file}:{line}:{column}: {what}")]
pub struct DeploymentError {
    /// The file, as its reader was told.
    pub file: String,
    /// The line, counted from 1.
    pub line: usize,
    /// The column, counted in bytes from 1.
    pub column: usize,
    /// What was found, and what was expected.
    pub what: String,
    /// What to do about it.
    pub remedy: String,
    /// Which kind of demand it breaks.
    pub breach: Breach,
}

/// Which kind of demand a file breaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Breach {
    /// It is no I-JSON text.
    Text,
    /// It is not of the form that the published schema describes.
    Form,
    /// It is of that form, and contradicts itself or names what is not there.
    Meaning,
}

/// The known word that is nearest to an unknown one, if one is near.
pub(super) fn nearest<'a>(word: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let near = known
        .into_iter()
        .map(|other| (strsim::jaro_winkler(word, other), other));
    near.filter(|(similarity, _)| *similarity > 0.75)
        .max_by(|(one, _), (other, _)| one.total_cmp(other))
        .map(|(_, other)| other)
}

/// Words as people list them: `'a', 'b' or 'c'`.
pub(super) fn listed<'a>(words: impl IntoIterator<Item = &'a str>) -> String {
    let words: Vec<String> = words.into_iter().map(|word| format!("'{word}'")).collect();
    match words.split_last() {
        Some((last, [])) => last.clone(),
        Some((last, others)) => format!("{} or {last}", others.join(", ")),
        None => "nothing".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::{listed, nearest};

    #[test]
    fn words_are_listed_and_the_nearest_one_is_found() {
        assert_eq!(listed(["a", "b", "c"]), "'a', 'b' or 'c'");
        assert_eq!(listed(["a"]), "'a'");
        assert_eq!(nearest("alow", ["allow", "deny"]), Some("allow"));
        assert_eq!(nearest("zebra", ["allow", "deny"]), None);
    }
}
