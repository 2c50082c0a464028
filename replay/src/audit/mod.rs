//! The audit trail as a system whose runs are traces.
//!
//! A trace names agents and messages ([`cast`]), and tells what is recorded, signed, done, verified and asked,
//! and what the attacker leaves in the file ([`action`]).

pub mod action;
pub mod cast;
mod check;
pub mod reference;
pub mod standing;
pub mod teller;
mod telling;
pub mod translation;
mod witness;

use countersign_model::audit::Audit;
use countersign_model::audit::guard::Rejection;
use countersign_model::audit::promise::InvariantId;
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

impl Form for Audit {
    const NAME: &'static str = "audit";
    type Setting = Setting;
    type Cast = Roll;
    type Action = Action;
    type State = State;
    type Projection = State;
    type Rejection = Rejection;
    type Invariant = InvariantId;
}

impl System for Audit {
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
        vec![("Auditor", trace.setting.auditor.clone())]
    }

    fn remark(_: &Trace<Self>, _: &Step<Self>, invariant: InvariantId) -> String {
        telling::remark(invariant).to_owned()
    }

    fn variables(state: &State) -> Vec<(&'static str, Value)> {
        vec![
            ("log", json!(state.log)),
            ("checkpoint", json!(state.checkpoint)),
            (
                "remembered",
                json!({"#bigint": state.remembered.to_string()}),
            ),
            ("acted", json!({"#set": state.acted})),
            ("lost", json!({"#set": state.lost})),
            ("confirmed", json!({"#set": state.confirmed})),
        ]
    }
}

impl Code for Rejection {
    const ADMITTED: &'static str = "accepted";
}
