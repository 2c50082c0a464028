//! The bus as a system whose runs are traces.
//!
//! A trace names agents, the rules between them and messages ([`cast`]), and tells what is submitted, what
//! operators decide, what reaches agents, and what ends ([`action`]). It is tied to no search: a run of a
//! deployment, with any number of agents, rules and messages, is told in the same words.

pub mod action;
pub mod cast;
mod check;
mod meter;
pub mod reference;
pub mod standing;
pub mod teller;
mod telling;
pub mod translation;
mod witness;

use countersign_model::bus::Bus;
use countersign_model::bus::guard::Rejection;
use countersign_model::bus::promise::InvariantId;
use serde_json::{Value, json};

use self::action::Action;
use self::cast::{Names, Roll, Setting};
use self::reference::Run;
use self::standing::State;
use self::witness::Witness;
use crate::difference::FieldDifference;
use crate::event::Event;
use crate::form::{Code, Form};
use crate::read_error::ReadError;
use crate::rulebook;
use crate::system::System;
use crate::tell_error::TellError;
use crate::trace::{Step, Trace};

impl Form for Bus {
    const NAME: &'static str = "bus";
    type Setting = Setting;
    type Cast = Roll;
    type Action = Action;
    type State = State;
    type Projection = State;
    type Rejection = Rejection;
    type Invariant = InvariantId;
}

impl System for Bus {
    type Names = Names;
    type Witness = Witness;

    fn rulebook() -> String {
        rulebook::text::<Self>()
    }

    fn names(trace: &Trace<Self>) -> Names {
        Names::of(&trace.cast)
    }

    fn check(file: &str, trace: &Trace<Self>) -> Result<(), ReadError> {
        check::check(file, trace)
    }

    fn foretell(
        trace: Trace<Self>,
        invariant: Option<InvariantId>,
    ) -> Result<Trace<Self>, TellError> {
        teller::foretell(trace, invariant)
    }

    fn state(projection: &State, _: &Names) -> State {
        projection.clone()
    }

    fn first_state(trace: &Trace<Self>) -> State {
        // INVARIANT: whatever its weakenings are called, a trace that was read begins.
        Run::of(trace).map_or_else(|_| State::default(), |run| run.state())
    }

    fn differences(expected: &State, observed: &State) -> Vec<FieldDifference> {
        standing::differences(expected, observed)
    }

    fn is_gain(field: &str) -> bool {
        standing::is_gain(field)
    }

    fn withheld(difference: &FieldDifference) -> String {
        standing::withheld(difference)
    }

    fn event(trace: &Trace<Self>, _: &Names, step: &Step<Self>) -> Event {
        telling::event(trace, step)
    }

    fn participants(trace: &Trace<Self>) -> Vec<String> {
        telling::participants(trace)
    }

    fn facts(trace: &Trace<Self>) -> Vec<(&'static str, String)> {
        vec![
            ("Limits, in ticks", telling::limits(trace)),
            ("Rules", telling::rules(trace)),
        ]
    }

    fn remark(_: &Trace<Self>, _: &Step<Self>, invariant: InvariantId) -> String {
        telling::remark(invariant).to_owned()
    }

    fn variables(state: &State) -> Vec<(&'static str, Value)> {
        let number = |value: u64| json!({"#bigint": value.to_string()});
        let open = state.open.iter();
        let open = open.map(|it| json!([it.request, number(it.answer_by)]));
        let charged = state.charged.iter();
        let charged = charged.map(|it| json!([it.agent, number(it.deliveries)]));
        vec![
            ("now", number(state.now)),
            ("policy", number(state.policy)),
            ("queue", json!({"#set": state.queue})),
            ("approved", json!({"#set": state.approved})),
            ("open", json!({"#map": open.collect::<Vec<_>>()})),
            ("waiting", json!({"#set": state.waiting})),
            ("charged", json!({"#map": charged.collect::<Vec<_>>()})),
            ("inactive", json!({"#set": state.inactive})),
        ]
    }
}

impl Code for Rejection {
    const ADMITTED: &'static str = "passed";

    fn defers(self) -> bool {
        self == Self::AwaitingApproval
    }
}
