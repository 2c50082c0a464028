//! In which fields two states differ.

/// One field of a state that differs; a side is `None` where the field has no such part.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldDifference {
    /// The field.
    pub field: &'static str,
    /// What the trace expects.
    pub expected: Option<String>,
    /// What the target shows.
    pub observed: Option<String>,
}

/// The parts of two lists that differ. `tell` gives a part's identity, and the part in words.
pub(crate) fn parts<T>(
    field: &'static str,
    expected: &[T],
    observed: &[T],
    tell: impl Fn(&T) -> (String, String),
) -> Vec<FieldDifference> {
    let find = |list: &[T], identity: &str| {
        let told = list.iter().map(&tell);
        told.into_iter()
            .find_map(|(other, words)| (other == identity).then_some(words))
    };
    let mut all = Vec::new();
    for (identity, words) in expected.iter().map(&tell) {
        let other = find(observed, &identity);
        if other.as_ref() != Some(&words) {
            all.push(FieldDifference {
                field,
                expected: Some(words),
                observed: other,
            });
        }
    }
    for (identity, words) in observed.iter().map(&tell) {
        if find(expected, &identity).is_none() {
            all.push(FieldDifference {
                field,
                expected: None,
                observed: Some(words),
            });
        }
    }
    all
}
