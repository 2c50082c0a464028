//! The short names that an operator gives: handles and capabilities.
//!
//! Compared byte for byte. There is no wildcard, because a capability that stands for others
//! could only widen.

use std::borrow::Borrow;
use std::fmt;

use thiserror::Error;

/// A handle or a capability: 1 to 64 bytes of `[a-z0-9._:/-]`, such as `read:logs`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Label(String);

impl Label {
    /// The longest label, in bytes.
    pub const LENGTH_MAX: usize = 64;

    /// Reads a label.
    ///
    /// # Errors
    /// [`LabelError`] for an empty or too long text, or one with any other character.
    pub fn parse(text: &str) -> Result<Self, LabelError> {
        let allowed =
            |byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'.' | b'_' | b':' | b'/' | b'-');
        if (1..=Self::LENGTH_MAX).contains(&text.len()) && text.bytes().all(allowed) {
            Ok(Self(text.to_owned()))
        } else {
            Err(LabelError {
                found: text.chars().take(Self::LENGTH_MAX).collect(),
            })
        }
    }

    /// The text of the label.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// The text is not a label.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error(
    "name is {found:?}, expected 1 to {} of a-z 0-9 . _ : / -",
    Label::LENGTH_MAX
)]
pub struct LabelError {
    /// The text, cut after the length of the longest label.
    pub found: String,
}

impl Borrow<str> for Label {
    fn borrow(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Label {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.pad(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_label_has_no_wildcard_no_case_and_no_space() {
        for text in ["read:logs", "alice", "a", &"a".repeat(64)] {
            assert_eq!(Label::parse(text).unwrap().as_str(), text);
        }
        for text in ["", "*", "read:*", "Read", "read logs", "é", &"a".repeat(65)] {
            assert!(Label::parse(text).is_err(), "{text:?}");
        }
    }
}
