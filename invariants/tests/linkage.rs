//! The Z3 that is linked is the one that the set-up chose.

/// Reads the numbers of a text such as `Z3 5.4.0.0`.
fn numbers(version: &str) -> Vec<u32> {
    let words = version.split(|character: char| !character.is_ascii_digit() && character != '.');
    let dotted = words
        .into_iter()
        .find(|word| word.contains('.'))
        .unwrap_or_default();
    dotted
        .split('.')
        .filter_map(|part| part.parse().ok())
        .collect()
}

#[test]
fn the_linked_z3_is_new_enough() {
    let version = z3::full_version();
    assert!(
        numbers(version) >= vec![4, 13, 3],
        "linked against {version}"
    );
}
