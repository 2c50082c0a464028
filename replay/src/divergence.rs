//! A divergence: the first step at which a target is not as a trace expects, and in what.

use std::fmt;

use countersign_model::admission::Admission;
use countersign_model::rulebook::Refusal as _;

use crate::difference::FieldDifference;
use crate::form::Promise as _;
use crate::system::System;
use crate::telling::line;
use crate::trace::Trace;
use crate::verdict::Verdict;

/// The first difference between a trace and a target. It prints as a report of a few lines.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Divergence<S: System = Admission> {
    /// The step, counted from 1.
    pub step: usize,
    /// The step in words.
    pub line: String,
    /// What differs there.
    pub difference: Difference<S>,
}

/// What differs at a step. Deliveries count from 0.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Difference<S: System = Admission> {
    /// The verdict on a delivery.
    Verdict {
        /// Which delivery of the step.
        delivery: usize,
        /// What the trace expects.
        expected: Verdict<S::Rejection>,
        /// What the target said.
        observed: Verdict<S::Rejection>,
    },
    /// The state afterwards, field by field.
    State(Vec<FieldDifference>),
    /// The principal to whom an admitted delivery is attributed.
    Acting {
        /// Which delivery of the step.
        delivery: usize,
        /// Whom the model names.
        expected: String,
        /// Whom the target names.
        observed: String,
    },
    /// The bytes of a delivery.
    Bytes {
        /// Which delivery of the step; with a digest of all, the first.
        delivery: usize,
        /// The first byte that differs, where that is known.
        offset: Option<usize>,
        /// What was recorded, from a little before that byte on.
        expected: String,
        /// What the target delivered, likewise.
        observed: String,
    },
    /// The target's rules do not let the step happen.
    Impossible(String),
    /// Nothing of the above, and yet the transcripts differ.
    Transcript {
        /// SHA-256 that the trace holds.
        expected: String,
        /// SHA-256 of the replay.
        observed: String,
    },
    /// Two replays on fresh targets differ from each other.
    Unrepeatable,
    /// Everything is as expected, and yet the invariant said to break holds.
    Holds(S::Invariant),
    /// Everything is as expected, and yet an invariant breaks that the trace does not name.
    Violates(S::Invariant),
}

impl<S: System> Divergence<S> {
    pub(crate) fn new(step: usize, trace: &Trace<S>, difference: Difference<S>) -> Self {
        let told = step.checked_sub(1).and_then(|at| trace.steps.get(at));
        Self {
            step,
            line: told.map_or_else(String::new, |step| line(trace, &S::names(trace), step)),
            difference,
        }
    }

    /// The name of the guard that a differing verdict is about: the one that refused on either side, the earlier
    /// where both did.
    pub fn guard(&self) -> Option<&'static str> {
        let Difference::Verdict {
            expected, observed, ..
        } = &self.difference
        else {
            return None;
        };
        let refusing = [expected, observed]
            .into_iter()
            .filter_map(|verdict| match verdict {
                Verdict::Admitted => None,
                Verdict::Refused(rejection) => Some(rejection),
            });
        refusing.min().map(|rejection| rejection.guard())
    }

    /// Whether two divergences are the same in kind: about the same thing, wherever it happens.
    pub fn resembles(&self, other: &Self) -> bool {
        match (&self.difference, &other.difference) {
            (
                Difference::Verdict {
                    expected, observed, ..
                },
                Difference::Verdict {
                    expected: other_expected,
                    observed: other_observed,
                    ..
                },
            ) => (expected, observed) == (other_expected, other_observed),
            (Difference::State(fields), Difference::State(others)) => {
                let names = |list: &[FieldDifference]| {
                    let names = list.iter().map(|one| one.field);
                    names.collect::<std::collections::BTreeSet<_>>()
                };
                names(fields) == names(others)
            }
            (Difference::Holds(one), Difference::Holds(other))
            | (Difference::Violates(one), Difference::Violates(other)) => one == other,
            (one, other) => std::mem::discriminant(one) == std::mem::discriminant(other),
        }
    }
}

impl<S: System> fmt::Display for Divergence<S> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.tell(formatter, ["expected", "observed"])
    }
}

impl<S: System> Divergence<S> {
    /// The report as lines, in which the trace and the target are called by other names.
    pub fn lines(&self, trace: &str, target: &str) -> Vec<String> {
        let mut text = String::new();
        // Writing to a string cannot fail.
        let _ = self.tell(&mut text, [trace, target]);
        text.lines().map(str::to_owned).collect()
    }

    fn tell(&self, formatter: &mut impl fmt::Write, sides: [&str; 2]) -> fmt::Result {
        writeln!(formatter, "first bad step: {}  {}", self.step, self.line)?;
        self.difference.tell(formatter, sides)?;
        if let Some(guard) = self.guard() {
            writeln!(formatter, "guard:    {guard}")?;
        }
        Ok(())
    }
}

impl<S: System> fmt::Display for Difference<S> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.tell(formatter, ["expected", "observed"])
    }
}

impl<S: System> Difference<S> {
    /// Writes what differs, a line for each thing; `sides` is what the two sides are called.
    fn tell(&self, formatter: &mut impl fmt::Write, [one, other]: [&str; 2]) -> fmt::Result {
        let mut sides = |what: &str, expected: &dyn fmt::Display, observed: &dyn fmt::Display| {
            writeln!(formatter, "differs:  {what}")?;
            writeln!(formatter, "{:<10}{expected}", format!("{one}:"))?;
            writeln!(formatter, "{:<10}{observed}", format!("{other}:"))
        };
        match self {
            Self::Verdict {
                delivery,
                expected,
                observed,
            } => sides(
                &format!("verdict on delivery {}", delivery + 1),
                expected,
                observed,
            ),
            Self::Acting {
                delivery,
                expected,
                observed,
            } => sides(
                &format!("attribution of delivery {}", delivery + 1),
                expected,
                observed,
            ),
            Self::Bytes {
                delivery,
                offset,
                expected,
                observed,
            } => {
                let place = offset.map_or_else(String::new, |at| format!(", from byte {at} on"));
                sides(
                    &format!("bytes of delivery {}{place}", delivery + 1),
                    expected,
                    observed,
                )
            }
            Self::Transcript { expected, observed } => sides("transcript", expected, observed),
            Self::State(fields) => {
                writeln!(formatter, "differs:  state")?;
                for field in fields {
                    let side = |side: &Option<String>| side.clone().unwrap_or("nothing".to_owned());
                    let (expected, observed) = (side(&field.expected), side(&field.observed));
                    writeln!(
                        formatter,
                        "  {:<8} {one} {expected}, {other} {observed}",
                        field.field
                    )?;
                }
                Ok(())
            }
            Self::Impossible(why) => writeln!(formatter, "differs:  the step cannot happen: {why}"),
            Self::Unrepeatable => {
                writeln!(
                    formatter,
                    "differs:  two replays on fresh targets are not equal"
                )
            }
            Self::Holds(invariant) => writeln!(
                formatter,
                "differs:  all is as expected, but '{}' holds where the trace says it breaks",
                invariant.name()
            ),
            Self::Violates(invariant) => writeln!(
                formatter,
                "differs:  all is as expected, but '{}' breaks and the trace does not say so",
                invariant.name()
            ),
        }
    }
}
