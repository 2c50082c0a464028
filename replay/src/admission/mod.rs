//! Envelope admission as a system whose runs are traces.
//!
//! A trace names principals, keys and messages ([`roll`], [`action`]), and says what is sent, what is
//! delivered as what, and what becomes of clock, store and registry.

pub mod action;
pub mod cast;
mod check;
mod demand;
mod naming;
pub mod projection;
pub mod reference;
pub mod roll;
pub mod teller;
mod telling;
mod translation;
mod witness;

use countersign_model::admission::Admission;
use countersign_model::admission::guard::Rejection;
use countersign_model::admission::invariant::InvariantId;
use serde_json::{Value, json};

use self::action::Action;
use self::cast::Cast;
use self::projection::{Projection, State, field_differences};
use self::roll::{Roll, Setting};
use self::witness::Witness;
use crate::difference::FieldDifference;
use crate::event::Event;
use crate::form::{Code, Form};
use crate::read_error::ReadError;
use crate::rulebook;
use crate::system::System;
use crate::tell_error::TellError;
use crate::trace::{Step, Trace, Until};

impl Form for Admission {
    const NAME: &'static str = "admission";
    type Setting = Setting;
    type Cast = Roll;
    type Action = Action;
    type State = State;
    type Projection = Projection;
    type Rejection = Rejection;
    type Invariant = InvariantId;
}

impl System for Admission {
    type Names = Cast;
    type Witness = Witness;

    fn rulebook() -> String {
        rulebook::text::<Self>()
    }

    fn names(trace: &Trace) -> Cast {
        Cast::of(trace)
    }

    fn check(file: &str, trace: &Trace) -> Result<(), ReadError> {
        check::check(file, trace)
    }

    fn foretell(trace: Trace, invariant: Option<InvariantId>) -> Result<Trace, TellError> {
        teller::foretell(trace, invariant)
    }

    fn state(projection: &Projection, names: &Cast) -> State {
        projection.state(names.records())
    }

    fn first_state(trace: &Trace) -> State {
        State {
            now: trace.clock.start,
            ..State::default()
        }
    }

    fn differences(expected: &State, observed: &State) -> Vec<FieldDifference> {
        field_differences(expected, observed)
    }

    fn event(trace: &Trace, names: &Cast, step: &Step) -> Event {
        telling::event(trace, names, step)
    }

    fn participants(trace: &Trace) -> Vec<String> {
        // The receiver last, so that arrows run from left to right.
        let me = &trace.setting.me;
        let names = trace.cast.principals.iter().map(|one| &one.name);
        names
            .filter(|name| *name != me)
            .chain([me])
            .cloned()
            .collect()
    }

    fn facts(trace: &Trace) -> Vec<(&'static str, String)> {
        let setting = &trace.setting;
        let limits = format!(
            "window {}, skew {}, share {}, rate {}; a tick is {} ms",
            setting.window, setting.skew, setting.share, setting.rate, trace.clock.tick_ms
        );
        vec![
            ("Receiver", setting.me.clone()),
            ("Limits, in ticks", limits),
        ]
    }

    fn remark(_: &Trace, _: &Step, invariant: InvariantId) -> String {
        let remark = match invariant {
            InvariantId::Authentic => "not what was signed",
            InvariantId::Bound => "not its author, or not entitled",
            InvariantId::Once => "second time",
            InvariantId::Audience => "not meant for this recipient",
            InvariantId::Schema => "not of a known shape",
            InvariantId::Canonical => "one text, two meanings",
            InvariantId::Timely => "too late",
            InvariantId::Live => "honest, and refused",
            InvariantId::Bounded => "beyond every bound",
        };
        remark.to_owned()
    }

    fn variables(state: &State) -> Vec<(&'static str, Value)> {
        let entries = state.store.iter().map(|entry| {
            json!({"sender": entry.sender, "nonce": entry.nonce, "keep_until": end(entry.keep_until)})
        });
        let keys = state.keys.iter().map(|record| {
            json!({
                "key": record.key,
                "not_before": integer(record.not_before),
                "not_after": end(record.not_after),
                "revoked": record.revoked,
            })
        });
        let digest = state.store_digest.as_ref();
        let held = state.senders.iter().map(|one| (&one.sender, one.held));
        let recent = state.senders.iter().map(|one| (&one.sender, one.recent));
        vec![
            ("now", integer(state.now)),
            ("store", json!({"#set": entries.collect::<Vec<_>>()})),
            (
                "store_digest",
                json!(digest.map_or("", |digest| digest.sha256.as_str())),
            ),
            ("held", map(held)),
            ("recent", map(recent)),
            ("keys", json!({"#set": keys.collect::<Vec<_>>()})),
            ("retired", json!({"#set": state.retired})),
        ]
    }
}

impl Code for Rejection {
    const ADMITTED: &'static str = "admitted";
}

fn map<'a>(pairs: impl Iterator<Item = (&'a String, u64)>) -> Value {
    let pairs = pairs.map(|(name, count)| json!([name, integer(count)]));
    json!({"#map": pairs.collect::<Vec<_>>()})
}

fn integer(value: u64) -> Value {
    json!({"#bigint": value.to_string()})
}

fn end(until: Until) -> Value {
    Option::from(until).map_or_else(|| json!({"#bigint": "-1"}), integer)
}
