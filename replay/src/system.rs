//! What the engine, the reader and the pictures need to know of a system in order to work for all.
//!
//! Never here: anything that holds of one system only.

use std::collections::BTreeSet;
use std::fmt::Debug;

use countersign_model::rulebook::{self, Refusal, Row};
use schemars::JsonSchema;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::divergence::FieldDifference;
use crate::read_error::ReadError;
use crate::side::Column;
use crate::target::{Observation, TargetError};
use crate::teller::TellError;
use crate::telling::Event;
use crate::trace::{Step, Trace, Violation};

/// A system whose runs are traces.
pub trait System: Copy + Debug + Eq + 'static {
    /// The name that its traces begin with.
    const NAME: &'static str;
    /// The attacker, as steps name it.
    const ATTACKER: &'static str = "mallory";
    /// What stays fixed throughout a run.
    type Setting: Part;
    /// Who takes part.
    type Cast: Part;
    /// What can happen.
    type Action: Part;
    /// What must be seen afterwards.
    type State: Part + Default;
    /// What a target shows, of which a trace keeps the state.
    type Projection: Clone + Debug + Default + Eq;
    /// Why something is refused.
    type Rejection: Code;
    /// What a counterexample can violate.
    type Invariant: Promise;
    /// Who is who in one trace.
    type Names;
    /// The omniscient observer.
    type Witness: Witness<Self>;

    /// The rules as stable text: what a trace was written against.
    fn rulebook() -> String;
    /// Who is who in `trace`.
    fn names(trace: &Trace<Self>) -> Self::Names;
    /// Checks all of `trace` that its shape leaves open, but for its rule book.
    fn check(file: &str, trace: &Trace<Self>) -> Result<(), ReadError>;
    /// The trace with what the model says must be seen, and where `invariant` breaks, if it should.
    fn foretell(
        trace: Trace<Self>,
        invariant: Option<Self::Invariant>,
    ) -> Result<Trace<Self>, TellError>;

    /// What a trace keeps of a projection.
    fn state(projection: &Self::Projection, names: &Self::Names) -> Self::State;
    /// What must be seen before the first step.
    fn first_state(trace: &Trace<Self>) -> Self::State;
    /// The fields in which two states differ.
    fn differences(expected: &Self::State, observed: &Self::State) -> Vec<FieldDifference>;
    /// Whether a difference in `field` is only about what an attacker has gained.
    fn is_gain(field: &str) -> bool {
        let _ = field;
        false
    }

    /// How it stands on the target, as a sentence, where such a difference is found.
    fn withheld(difference: &FieldDifference) -> String {
        let shown = difference.observed.as_deref().unwrap_or("nothing");
        format!("its {} is {shown}", difference.field)
    }

    /// A step in words.
    fn event(trace: &Trace<Self>, names: &Self::Names, step: &Step<Self>) -> Event;
    /// Who is drawn, from left to right.
    fn participants(trace: &Trace<Self>) -> Vec<String>;
    /// What else a page says above the steps: names and facts.
    fn facts(trace: &Trace<Self>) -> Vec<(&'static str, String)>;
    /// What is wrong with a step that violates an invariant, in a few words.
    fn remark(trace: &Trace<Self>, step: &Step<Self>, invariant: Self::Invariant) -> String;

    /// Those who are drawn side by side, the attacker apart; nobody where a list of steps says it all.
    fn columns(trace: &Trace<Self>) -> Vec<Column> {
        let _ = trace;
        Vec::new()
    }
    /// What happens at a step, line by line, in the column of the one to whom it does.
    fn arrival(trace: &Trace<Self>, names: &Self::Names, step: &Step<Self>) -> Vec<String> {
        let event = Self::event(trace, names, step);
        let line = format!("{} {}", event.verb, event.detail);
        vec![line.trim_end().to_owned()]
    }
    /// What somebody relies on by the step with this number, counted from 1.
    fn claims(trace: &Trace<Self>, number: usize) -> Vec<String> {
        let _ = (trace, number);
        Vec::new()
    }
    /// What the attacker newly learns: before the first step, then by each; nothing where that is not told.
    fn learnt(trace: &Trace<Self>) -> Vec<Vec<String>> {
        let _ = trace;
        Vec::new()
    }
    /// The state as variables of the Informal Trace Format, the same ones for every state.
    fn variables(state: &Self::State) -> Vec<(&'static str, Value)>;
}

/// A part of a trace that is of the system's own form.
pub trait Part: Clone + Debug + Eq + Serialize + DeserializeOwned + JsonSchema + 'static {}

impl<T: Clone + Debug + Eq + Serialize + DeserializeOwned + JsonSchema + 'static> Part for T {}

/// A rejection, as a trace writes it. Rejections are ordered as their guards are.
pub trait Code: Refusal {
    /// The word for a verdict that refuses nothing.
    const ADMITTED: &'static str;

    /// Whether what meets with it at first is accepted all the same, and waits.
    fn defers(self) -> bool {
        false
    }
}

/// Something that a counterexample can violate.
pub trait Promise: Copy + Debug + Ord + 'static {
    /// What `violation` names; none where there is no such thing.
    fn told(violation: &Violation) -> Option<Self>;
    /// Its name.
    fn name(self) -> &'static str;
    /// What it promises, as a sentence.
    fn promise(self) -> &'static str;
    /// At which point of a run it is promised, where there are several.
    fn point(self) -> Option<&'static str> {
        None
    }
}

impl<I: rulebook::Promise> Promise for I {
    fn told(violation: &Violation) -> Option<Self> {
        let mut all = I::all().iter().copied();
        all.find(|id| Row::name(*id) == violation.invariant)
    }

    fn name(self) -> &'static str {
        Row::name(self)
    }

    fn promise(self) -> &'static str {
        rulebook::Promise::promise(self)
    }
}

/// An omniscient observer of one replay: it asks the invariants of what was *observed*.
pub trait Witness<S: System>: Sized {
    /// A witness from the first state on; `before` is what the target shows there.
    fn new(trace: &Trace<S>, before: S::Projection) -> Result<Self, TargetError>;
    /// Attends a step of which the target showed `seen`.
    fn attend(
        &mut self,
        step: &Step<S>,
        seen: &Observation<S>,
    ) -> Result<Testimony<S::Invariant>, TargetError>;
}

/// What a witness says of a step.
#[derive(Clone, Debug)]
pub struct Testimony<I> {
    /// Whom the model would attribute each delivery to, if it was admitted; none from a system that
    /// attributes nothing.
    pub acting: Vec<String>,
    /// The invariants that the step violates, as it was observed.
    pub violates: BTreeSet<I>,
}

impl Violation {
    /// That `step` violates `promise`.
    pub(crate) fn of(promise: impl Promise, step: usize) -> Self {
        Self {
            invariant: promise.name().to_owned(),
            point: promise.point().map(str::to_owned),
            step,
            conclusion: promise.promise().to_owned(),
        }
    }
}
