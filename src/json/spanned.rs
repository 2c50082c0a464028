//! Values that know where they stand, for files whose mistakes are told by line and column.

use super::{members::Members, tree::Tree, value::Value};

/// A value, and where it stands.
#[derive(Debug, Clone, PartialEq)]
pub struct Spanned {
    /// The value.
    pub node: Node,
    /// Where it begins, in bytes from the start of the text.
    pub at: usize,
    /// Where its name begins, if it is a member of an object, in bytes from the start of the text.
    pub name_at: Option<usize>,
}

/// A value whose parts know where they stand.
#[derive(Debug, Clone, PartialEq)]
pub enum Node {
    /// Neither an array nor an object.
    Scalar(Value),
    /// An array, in its order.
    Array(Vec<Spanned>),
    /// The members of an object by name, in canonical order.
    Object(Vec<(String, Spanned)>),
}

impl Spanned {
    /// What JSON calls this kind of value; an integer is told from other numbers.
    pub fn type_name(&self) -> &'static str {
        match &self.node {
            Node::Scalar(value) => value.type_name(),
            Node::Array(_) => "array",
            Node::Object(_) => "object",
        }
    }
}

impl Tree for Spanned {
    fn scalar(value: Value, at: usize) -> Self {
        Node::Scalar(value).at(at)
    }
    fn array(elements: Vec<Self>, at: usize) -> Self {
        Node::Array(elements).at(at)
    }
    fn object(members: Members<Self>, at: usize) -> Self {
        Node::Object(members.into_sorted()).at(at)
    }
    fn named(mut self, name_at: usize) -> Self {
        self.name_at = Some(name_at);
        self
    }
}

impl Node {
    fn at(self, at: usize) -> Spanned {
        Spanned {
            node: self,
            at,
            name_at: None,
        }
    }
}

/// Where the lines of a text begin.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lines(Vec<usize>);

impl Lines {
    /// The lines of this text.
    pub fn of(text: &[u8]) -> Self {
        let ends = text.iter().enumerate().filter(|(_, byte)| **byte == b'\n');
        Self(
            std::iter::once(0)
                .chain(ends.map(|(at, _)| at + 1))
                .collect(),
        )
    }

    /// The line and the column of this byte, both counted from 1; the column counts bytes.
    pub fn place(&self, at: usize) -> (usize, usize) {
        let line = self.0.partition_point(|start| *start <= at);
        let start = self
            .0
            .get(line.wrapping_sub(1))
            .copied()
            .unwrap_or_default();
        (line, at.saturating_sub(start) + 1)
    }
}

#[cfg(test)]
mod tests {
    use crate::json::{Limits, Lines, Node, Spanned, Value, read, read_spanned};

    const TEXT: &[u8] = b"{\n  \"b\": [1, \"\xc3\xa9\"],\n  \"a\": {\"c\" : null}\n}\n";

    /// The value without its places.
    fn plain(spanned: &Spanned) -> Value {
        match &spanned.node {
            Node::Scalar(value) => value.clone(),
            Node::Array(elements) => Value::Array(elements.iter().map(plain).collect()),
            Node::Object(members) => Value::Object(
                members
                    .iter()
                    .map(|(name, value)| (name.clone(), plain(value)))
                    .collect(),
            ),
        }
    }

    #[test]
    fn every_value_and_every_name_knows_its_line_and_column() {
        let lines = Lines::of(TEXT);
        let read = read_spanned(TEXT, &Limits::default()).unwrap();
        assert_eq!(lines.place(read.at), (1, 1));
        let Node::Object(members) = &read.node else {
            panic!("an object")
        };
        let places: Vec<_> = members
            .iter()
            .map(|(name, value)| {
                let named = lines.place(value.name_at.unwrap());
                (name.as_str(), named, lines.place(value.at))
            })
            .collect();
        assert_eq!(places, [("a", (3, 3), (3, 8)), ("b", (2, 3), (2, 8))]);
        let Node::Array(elements) = &members[1].1.node else {
            panic!("an array")
        };
        assert_eq!(lines.place(elements[1].at), (2, 12));
        assert_eq!(elements[1].name_at, None);
    }

    #[test]
    fn places_change_nothing_about_the_value() {
        let limits = Limits::default();
        let spanned = read_spanned(TEXT, &limits).unwrap();
        assert_eq!(plain(&spanned), read(TEXT, &limits).unwrap());
        for damaged in [&TEXT[..9], b"{\"a\":1,\"a\":2}", b"[01]"] {
            let errors = (
                read_spanned(damaged, &limits).err(),
                read(damaged, &limits).err(),
            );
            assert!(errors.0.is_some());
            assert_eq!(errors.0, errors.1);
        }
    }
}
