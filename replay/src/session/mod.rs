//! The session as a system whose runs are traces.
//!
//! A trace names one end, its peers and the sessions between them ([`cast`]), and tells what is sealed,
//! what is delivered and how it is altered, what breaks, and what the attacker makes itself
//! ([`action`]).

pub mod action;
pub mod cast;
mod check;
mod column;
pub mod reference;
pub mod standing;
pub mod teller;
mod telling;
pub mod translation;
mod witness;

use countersign_model::session::Session;
use countersign_model::session::guard::Rejection;
use countersign_model::session::promise::InvariantId;
use serde_json::{Value, json};

use self::action::Action;
use self::cast::{Names, Roll, Setting};
use self::reference::Run;
use self::standing::{GAIN, State};
use self::witness::Witness;
use crate::difference::FieldDifference;
use crate::event::Column;
use crate::event::Event;
use crate::form::{Code, Form};
use crate::read_error::ReadError;
use crate::rulebook;
use crate::system::System;
use crate::tell_error::TellError;
use crate::trace::{Step, Trace};

impl Form for Session {
    const NAME: &'static str = "session";
    type Setting = Setting;
    type Cast = Roll;
    type Action = Action;
    type State = State;
    type Projection = State;
    type Rejection = Rejection;
    type Invariant = InvariantId;
}

impl System for Session {
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
        // INVARIANT: whatever its weakenings are called, a trace that was read has sessions that begin.
        Run::of(trace).map_or_else(|_| State::default(), |run| run.state())
    }

    fn differences(expected: &State, observed: &State) -> Vec<FieldDifference> {
        standing::differences(expected, observed)
    }

    fn is_gain(field: &str) -> bool {
        field == GAIN
    }

    fn withheld(difference: &FieldDifference) -> String {
        match (&difference.expected, &difference.observed) {
            (Some(record), None) => format!("{record} is sealed under a nonce of its own"),
            (_, repeated) => {
                let repeated = repeated.as_deref().unwrap_or("nothing");
                format!("{repeated} repeats a nonce")
            }
        }
    }

    fn event(trace: &Trace<Self>, _: &Names, step: &Step<Self>) -> Event {
        telling::event(trace, step)
    }

    fn participants(trace: &Trace<Self>) -> Vec<String> {
        telling::participants(trace)
    }

    fn facts(trace: &Trace<Self>) -> Vec<(&'static str, String)> {
        vec![
            ("Looked at", trace.cast.me.clone()),
            ("Limits, in ticks", telling::limits(trace)),
        ]
    }

    fn remark(_: &Trace<Self>, _: &Step<Self>, invariant: InvariantId) -> String {
        telling::remark(invariant).to_owned()
    }

    fn columns(trace: &Trace<Self>) -> Vec<Column> {
        column::columns(trace)
    }

    fn learnt(trace: &Trace<Self>) -> Vec<Vec<String>> {
        column::learnt(trace)
    }

    fn variables(state: &State) -> Vec<(&'static str, Value)> {
        let sessions = state.sessions.iter().map(|it| json!([it.session, it]));
        vec![
            ("now", json!({"#bigint": state.now.to_string()})),
            ("sessions", json!({"#map": sessions.collect::<Vec<_>>()})),
            ("withdrawn", json!({"#set": state.withdrawn})),
            ("repeated", json!({"#set": state.repeated})),
        ]
    }
}

impl Code for Rejection {
    const ADMITTED: &'static str = "accepted";
}
