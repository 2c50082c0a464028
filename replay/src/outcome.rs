//! What a replay comes to: how a trace and a target agree.

use std::collections::BTreeSet;

use countersign_model::admission::Admission;

use crate::divergence::Divergence;
use crate::system::System;
use crate::target::{Observation, TargetError};

/// What a replay found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Report<S: System = Admission> {
    /// How trace and target agree.
    pub outcome: Outcome<S>,
    /// What was seen after each step, up to where the replay ended.
    pub observations: Vec<Observation<S>>,
    /// SHA-256 over the trace, all delivered bytes and all observations; none from a target without bytes.
    pub transcript: Option<String>,
}

/// How a trace and a target agree. Steps count from 1.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome<S: System = Admission> {
    /// A counterexample happens on the target just as told, and violates the invariant there.
    Confirmed {
        /// The invariant.
        invariant: S::Invariant,
        /// The step that violates it.
        step: usize,
    },
    /// No violation was told, none was seen, and everything is as expected.
    Matches,
    /// The violation told happens in the model only: at this step the target went another way.
    ModelOnly {
        /// The step.
        step: usize,
        /// The way it went.
        departure: Departure<S::Rejection>,
    },
    /// The target admits what the trace says is refused.
    CodeOnly {
        /// The step.
        step: usize,
        /// The rejection that the trace expects.
        expected: S::Rejection,
        /// The invariants that this violates.
        violates: BTreeSet<S::Invariant>,
    },
    /// Something else is not as expected.
    Diverges(Divergence<S>),
}

/// How a target evades a violation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Departure<R> {
    /// It refused what the trace expects to be admitted, or to be refused by a later guard: by a guard
    /// that a weakening of the trace leaves out, or, where a mechanism is flawed, just as the model
    /// under hardened rules does, or at a step that this never takes.
    Refused(R),
    /// It refused by another guard, which none of the trace's weakenings concerns. The run was evaded,
    /// and nothing was learnt about what the trace is about.
    RefusedOtherwise(R),
    /// It admitted what the trace expects to be refused wrongly, and that violates nothing.
    Admitted {
        /// The rejection that the trace expects.
        instead_of: R,
    },
    /// It attributed the message to somebody else.
    Attributed {
        /// To whom.
        to: String,
        /// To whom the trace expects.
        instead_of: String,
    },
    /// Its rules do not let the step happen.
    Impossible(String),
    /// It went the same way, and yet the attacker gained nothing by it: how it stands instead.
    Withheld(Vec<String>),
}

/// Why a replay has no outcome.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ReplayError {
    /// The target could not begin.
    #[error("failed to begin: {0}")]
    Begin(TargetError),
    /// The target, or the trace itself, failed at a step.
    #[error("failed at step {step}: {error}")]
    Step {
        /// The step, counted from 1.
        step: usize,
        /// What failed.
        error: TargetError,
    },
}
