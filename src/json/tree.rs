//! What a text becomes as it is read: plain values, or values that know where they stand.

use super::{members::Members, value::Value};

/// What the reader makes of a text. `at` is where a value begins, in bytes from the start of the text.
pub(super) trait Tree: Sized {
    /// Anything but an array or an object.
    fn scalar(value: Value, at: usize) -> Self;
    /// An array of these elements.
    fn array(elements: Vec<Self>, at: usize) -> Self;
    /// An object of these members.
    fn object(members: Members<Self>, at: usize) -> Self;
    /// This, as the member whose name stands at `name_at`.
    #[must_use]
    fn named(self, _name_at: usize) -> Self {
        self
    }
}

impl Tree for Value {
    fn scalar(value: Value, _at: usize) -> Self {
        value
    }
    fn array(elements: Vec<Self>, _at: usize) -> Self {
        Self::Array(elements)
    }
    fn object(members: Members<Self>, _at: usize) -> Self {
        Self::Object(members.into())
    }
}
