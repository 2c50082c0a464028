//! Objects: members with unique names, in the one order that RFC 8785 gives them.

use std::{cmp::Ordering, collections::BTreeMap};

use super::value::Value;

/// The members of an object: unique names in canonical order, by UTF-16 code units
/// (RFC 8785 section 3.2.3).
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Object(Vec<(String, Value)>);

impl Object {
    /// An object without members.
    pub fn new() -> Self {
        Self::default()
    }

    /// The value of the member of this name.
    pub fn get(&self, name: &str) -> Option<&Value> {
        let place = self.place(name).ok()?;
        self.0.get(place).map(|(_, value)| value)
    }

    /// Adds a member; returns the value that a member of this name had before.
    pub fn insert(&mut self, name: impl Into<String>, value: impl Into<Value>) -> Option<Value> {
        let (name, value) = (name.into(), value.into());
        match self.place(&name) {
            Ok(place) => self
                .0
                .get_mut(place)
                .map(|member| std::mem::replace(&mut member.1, value)),
            Err(place) => {
                self.0.insert(place, (name, value));
                None
            }
        }
    }

    /// Removes the member of this name and returns its value.
    pub fn remove(&mut self, name: &str) -> Option<Value> {
        let place = self.place(name).ok()?;
        Some(self.0.remove(place).1)
    }

    /// The members in canonical order.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = (&str, &Value)> {
        self.0.iter().map(|(name, value)| (name.as_str(), value))
    }

    /// The number of members.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there is no member.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Where the member is, or where it would have to be inserted.
    fn place(&self, name: &str) -> Result<usize, usize> {
        self.0
            .binary_search_by(|(other, _)| canonical_order(other, name))
    }
}

impl FromIterator<(String, Value)> for Object {
    /// Of several members of one name the last stays.
    fn from_iter<I: IntoIterator<Item = (String, Value)>>(members: I) -> Self {
        let mut object = Self::new();
        for (name, value) in members {
            object.insert(name, value);
        }
        object
    }
}

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

impl Members<Value> {
    /// The object with these members.
    pub(super) fn into_object(self) -> Object {
        Object(self.into_sorted())
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
fn canonical_order(left: &str, right: &str) -> Ordering {
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

        #[test]
        fn an_object_agrees_with_a_map(names in prop::collection::vec("[a-d]{0,2}", 0..40)) {
            let mut map = BTreeMap::new();
            let mut object = Object::new();
            let mut members = Members::new();
            for (number, name) in (0_u32..).zip(&names) {
                if !members.contains(name) {
                    members.push(name.clone(), Value::from(number));
                }
                prop_assert_eq!(object.insert(name.as_str(), number), map.insert(name, Value::from(number)));
            }
            prop_assert!(object.iter().map(|(name, _)| name).eq(map.keys().map(|name| name.as_str())));
            prop_assert_eq!((object.len(), object.is_empty()), (map.len(), map.is_empty()));
            let numbered = names.iter().cloned().zip((0_u32..).map(Value::from));
            prop_assert_eq!(&numbered.collect::<Object>(), &object);
            let read = members.into_object();
            prop_assert!(read.iter().map(|(name, _)| name).eq(map.keys().map(|name| name.as_str())));
            for name in &names {
                prop_assert_eq!(object.get(name), map.get(name));
                prop_assert_eq!(object.remove(name), map.remove(name));
            }
            prop_assert!(object.is_empty());
        }
    }
}
