//! What a search can hold: each bound of a scope within a range of its own.

use std::fmt;

/// A scope that a search cannot hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ScopeError {
    /// Which bound.
    pub bound: &'static str,
    /// The value asked for.
    pub asked: u8,
    /// The least it can be.
    pub least: u8,
    /// The most it can be.
    pub most: u8,
}

impl fmt::Display for ScopeError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            bound,
            asked,
            least,
            most,
        } = self;
        write!(
            formatter,
            "the scope's {bound} is {asked}, expected {least} to {most}"
        )
    }
}

impl std::error::Error for ScopeError {}

/// Whether a search can hold all of `bounds`: of each the name, the value asked for, the least and the most.
///
/// # Errors
/// [`ScopeError`] names the first that is out of range.
pub(crate) fn check(
    bounds: impl IntoIterator<Item = (&'static str, u8, u8, u8)>,
) -> Result<(), ScopeError> {
    for (bound, asked, least, most) in bounds {
        if !(least..=most).contains(&asked) {
            return Err(ScopeError {
                bound,
                asked,
                least,
                most,
            });
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_bound_out_of_range_is_named() {
        let bounds = |records| {
            [
                ("clock", 3, 3, 3),
                ("records", records, 1, 4),
                ("x", 9, 0, 1),
            ]
        };
        for records in [0, 5] {
            let error = check(bounds(records)).expect_err("out of range");
            let told = format!("the scope's records is {records}, expected 1 to 4");
            assert_eq!((error.bound, error.to_string()), ("records", told));
        }
        for records in [1, 4] {
            assert_eq!(check(bounds(records)).expect_err("out of range").bound, "x");
        }
        assert_eq!(check([]), Ok(()));
    }
}
