//! Members with unique names, in the one order that RFC 8785 gives them.

use std::{cmp::Ordering, collections::BTreeMap};

/// Members as they come from a text, which a canonical text brings in order.
///
/// In-order members cost one comparison each. The first one out of order moves all of them into a
/// tree, so that no order of members costs more than O(n log n), and a duplicate is still found
/// when it is read.
pub(super) enum Members<V> {
    /// So far every name was greater than the one before.
    Ordered(Vec<(String, V)>),
    /// Not so.
    Tree(BTreeMap<Name, V>),
}

impl<V> Members<V> {
    /// No members yet.
    pub(super) fn new() -> Self {
        Self::Ordered(Vec::new())
    }

    /// Whether a member of this name was added.
    pub(super) fn contains(&self, name: &str) -> bool {
        match self {
            Self::Ordered(members) => match members.last() {
                Some((last, _)) if canonical_order(last, name).is_ge() => members
                    .binary_search_by(|(other, _)| canonical_order(other, name))
                    .is_ok(),
                _ => false,
            },
            Self::Tree(tree) => tree.contains_key(&Name(name.to_owned())),
        }
    }

    /// Adds a member whose name [`contains`](Self::contains) did not find.
    pub(super) fn push(&mut self, name: String, value: V) {
        match self {
            Self::Ordered(members) => match members.last() {
                Some((last, _)) if canonical_order(last, &name).is_gt() => {
                    let ordered = std::mem::take(members).into_iter();
                    let named = ordered
                        .chain([(name, value)])
                        .map(|(name, value)| (Name(name), value));
                    *self = Self::Tree(named.collect());
                }
                _ => members.push((name, value)),
            },
            Self::Tree(tree) => {
                tree.insert(Name(name), value);
            }
        }
    }

    /// Whether every name was greater than the one before.
    pub(super) fn are_ordered(&self) -> bool {
        matches!(self, Self::Ordered(_))
    }

    /// The members in canonical order.
    pub(super) fn into_sorted(self) -> Vec<(String, V)> {
        match self {
            Self::Ordered(members) => members,
            Self::Tree(tree) => tree
                .into_iter()
                .map(|(name, value)| (name.0, value))
                .collect(),
        }
    }
}

/// A member name in canonical order.
#[derive(PartialEq, Eq)]
pub(super) struct Name(String);

impl Ord for Name {
    fn cmp(&self, other: &Self) -> Ordering {
        canonical_order(&self.0, &other.0)
    }
}

impl PartialOrd for Name {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// Compares by UTF-16 code units, as RFC 8785 section 3.2.3 requires, without transcoding.
///
/// UTF-8 sorts by code point. UTF-16 differs from that only in that U+E000 to U+FFFF, whose UTF-8
/// starts with `EE` or `EF`, come after the supplementary planes, which start with `F0` to `F4`.
pub(super) fn canonical_order(left: &str, right: &str) -> Ordering {
    let rank = |byte: u8| {
        if matches!(byte, 0xEE | 0xEF) {
            byte + 0x10
        } else {
            byte
        }
    };
    let (left, right) = (left.as_bytes(), right.as_bytes());
    match left.iter().zip(right).find(|(a, b)| a != b) {
        Some((a, b)) => rank(*a).cmp(&rank(*b)),
        None => left.len().cmp(&right.len()),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(4096))]

        #[test]
        fn the_order_is_that_of_utf_16(left in "[a\u{e9}\u{d7ff}\u{e000}\u{fffd}\u{10000}\u{10fffd}]{0,4}",
                                       right in "[a\u{e9}\u{d7ff}\u{e000}\u{fffd}\u{10000}\u{10fffd}]{0,4}") {
            let expected = left.encode_utf16().cmp(right.encode_utf16());
            prop_assert_eq!(canonical_order(&left, &right), expected);
        }

    }
}
