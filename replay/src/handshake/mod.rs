//! The handshake as a system whose runs are traces.
//!
//! A trace names some runs at once ([`cast`]), what the attacker is given, and what is delivered to
//! which run, told by where each part of it comes from ([`flight`]).

pub mod cast;
mod check;
mod column;
pub mod flight;
pub mod promised;
pub mod reference;
mod remark;
pub mod standing;
pub mod teller;
mod telling;
pub mod translation;
pub mod vocabulary;
mod witness;

use countersign_model::handshake::Handshake;
use countersign_model::handshake::guard::Rejection;
use serde_json::{Value, json};

use self::cast::{Names, Roll, Setting};
use self::flight::Action;
use self::promised::Promised;
use self::reference::Run;
use self::standing::State;
use self::witness::Witness;
use crate::difference::{FieldDifference, parts};
use crate::event::Column;
use crate::event::Event;
use crate::form::{Code, Form};
use crate::read_error::ReadError;
use crate::rulebook;
use crate::system::System;
use crate::tell_error::TellError;
use crate::trace::{Step, Trace};

impl Form for Handshake {
    const NAME: &'static str = "handshake";
    type Setting = Setting;
    type Cast = Roll;
    type Action = Action;
    type State = State;
    type Projection = State;
    type Rejection = Rejection;
    type Invariant = Promised;
}

impl System for Handshake {
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

    fn foretell(trace: Trace<Self>, invariant: Option<Promised>) -> Result<Trace<Self>, TellError> {
        teller::foretell(trace, &Vec::from_iter(invariant))
    }

    fn state(projection: &State, _: &Names) -> State {
        projection.clone()
    }

    fn first_state(trace: &Trace<Self>) -> State {
        // INVARIANT: whatever its weakenings are called, a trace that was read has runs that begin.
        Run::of(trace).map_or_else(|_| State::default(), |mut run| run.state())
    }

    fn differences(expected: &State, observed: &State) -> Vec<FieldDifference> {
        let bare = |state: &State| {
            let mut runs = state.runs.clone();
            for run in &mut runs {
                run.attacker.clear();
            }
            runs
        };
        let mut all = parts("runs", &bare(expected), &bare(observed), |run| {
            (run.run.clone(), run.to_string())
        });
        all.extend(parts(GAIN, &expected.runs, &observed.runs, |run| {
            (
                run.run.clone(),
                format!("has of {}: {}", run.run, run.gains()),
            )
        }));
        all
    }

    fn is_gain(field: &str) -> bool {
        field == GAIN
    }

    fn withheld(difference: &FieldDifference) -> String {
        let words = |has: &Option<String>| has.clone().unwrap_or_else(|| "has nothing".to_owned());
        let (told, shown) = (words(&difference.expected), words(&difference.observed));
        format!("the attacker {shown}, where the trace says that it {told}")
    }

    fn event(trace: &Trace<Self>, names: &Names, step: &Step<Self>) -> Event {
        telling::event(trace, names, step)
    }

    fn participants(trace: &Trace<Self>) -> Vec<String> {
        telling::participants(trace)
    }

    fn facts(trace: &Trace<Self>) -> Vec<(&'static str, String)> {
        vec![("The attacker is given", telling::given(&trace.setting))]
    }

    fn remark(trace: &Trace<Self>, step: &Step<Self>, broken: Promised) -> String {
        remark::remark(trace, step, broken.invariant)
    }

    fn columns(trace: &Trace<Self>) -> Vec<Column> {
        column::columns(trace)
    }

    fn arrival(trace: &Trace<Self>, names: &Names, step: &Step<Self>) -> Vec<String> {
        column::arrival(trace, names, step)
    }

    fn claims(trace: &Trace<Self>, number: usize) -> Vec<String> {
        column::claims(trace, number)
    }

    fn learnt(trace: &Trace<Self>) -> Vec<Vec<String>> {
        column::learnt(trace)
    }

    fn variables(state: &State) -> Vec<(&'static str, Value)> {
        let runs = state.runs.iter().map(|run| json!([run.run, run]));
        vec![("runs", json!({"#map": runs.collect::<Vec<_>>()}))]
    }
}

/// The field of a state that says what the attacker has.
const GAIN: &str = "attacker";

impl Code for Rejection {
    const ADMITTED: &'static str = "accepted";
}
