//! What the engine, the reader and the pictures need to know of a system in order to work for all.
//!
//! Never here: anything that holds of one system only.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::difference::FieldDifference;
use crate::event::{Column, Event};
use crate::form::Form;
use crate::read_error::ReadError;
use crate::target::{Observation, TargetError};
use crate::tell_error::TellError;
use crate::trace::{Step, Trace};

/// A system whose runs are traces.
pub trait System: Form {
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
