//! Whether the Z3 that is linked is one that the prover may trust.

/// The oldest Z3 that the `z3` crate supports: before it, the numbers of its enums differ.
const OLDEST: [u32; 3] = [4, 13, 3];

/// A Z3 that must not be asked anything.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum VersionError {
    /// It is too old.
    #[error("Z3 {found} is linked, {needed} or newer is needed")]
    TooOld {
        /// What is linked.
        found: String,
        /// The oldest that would do.
        needed: String,
    },
    /// It does not say what it is.
    #[error("the linked Z3 calls itself '{text}', which names no version")]
    Unreadable {
        /// What it says.
        text: String,
    },
}

/// Returns the version of the Z3 that is linked, such as `5.4.0.0`, if it is new enough.
///
/// # Errors
/// [`VersionError::TooOld`] before 4.13.3, [`VersionError::Unreadable`] if no version can be read.
pub fn z3_version() -> Result<String, VersionError> {
    new_enough(z3::full_version())
}

fn new_enough(text: &str) -> Result<String, VersionError> {
    let unreadable = || VersionError::Unreadable {
        text: text.to_owned(),
    };
    let mut words = text.split(|it: char| !it.is_ascii_digit() && it != '.');
    let found = words
        .find(|word| word.contains('.'))
        .ok_or_else(unreadable)?;
    let parts: Option<Vec<u32>> = found.split('.').map(|part| part.parse().ok()).collect();
    let parts = parts.ok_or_else(unreadable)?;
    if parts.as_slice() < OLDEST.as_slice() {
        return Err(VersionError::TooOld {
            found: found.to_owned(),
            needed: OLDEST.map(|part| part.to_string()).join("."),
        });
    }
    Ok(found.to_owned())
}

#[cfg(test)]
mod tests {
    use super::{VersionError, new_enough, z3_version};

    #[test]
    fn the_linked_z3_is_new_enough() {
        assert!(z3_version().is_ok());
    }

    #[test]
    fn an_old_z3_is_refused_by_name() {
        assert_eq!(
            new_enough("Z3 4.8.12.0").map_err(|error| error.to_string()),
            Err("Z3 4.8.12.0 is linked, 4.13.3 or newer is needed".to_owned())
        );
        assert_eq!(new_enough("Z3 4.13.3.0"), Ok("4.13.3.0".to_owned()));
    }

    #[test]
    fn a_z3_without_a_version_is_refused() {
        for text in ["", "Z3", "Z3 4.x"] {
            let text = text.to_owned();
            assert_eq!(new_enough(&text), Err(VersionError::Unreadable { text }));
        }
    }
}
