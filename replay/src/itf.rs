//! A trace in the Informal Trace Format of Apalache and Quint (Apalache ADR 015), for their tools.
//!
//! State 0 is the first, state n what must be seen after step n. An end that never comes is -1.

use serde_json::{Value, json};

use crate::cast::Cast;
use crate::projection::State;
use crate::telling;
use crate::trace::{Trace, Until};
use crate::writer;

/// The variables of each state.
const VARIABLES: [&str; 9] = [
    "step",
    "verdicts",
    "now",
    "store",
    "store_digest",
    "held",
    "recent",
    "keys",
    "retired",
];

/// The trace as ITF, ended by a newline.
pub fn itf(trace: &Trace) -> String {
    let cast = Cast::of(trace);
    let first = State {
        now: trace.clock.start,
        ..State::default()
    };
    let mut states = vec![state(0, "start", &json!([]), &first)];
    for (number, step) in (1..).zip(&trace.steps) {
        let line = telling::line(trace, &cast, step);
        states.push(state(
            number,
            &line,
            &json!(step.expect.verdicts),
            &step.expect.state,
        ));
    }
    let all = json!({
        "#meta": {
            "format": "ITF",
            "description": trace.lesson,
        },
        "vars": VARIABLES,
        "states": states,
    });
    let mut text = writer::pretty(&writer::compact(&all));
    text.push('\n');
    text
}

fn state(number: usize, line: &str, verdicts: &Value, state: &State) -> Value {
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
    json!({
        "#meta": {"index": number},
        "step": line,
        "verdicts": verdicts,
        "now": integer(state.now),
        "store": {"#set": entries.collect::<Vec<_>>()},
        "store_digest": digest.map_or("", |digest| digest.sha256.as_str()),
        "held": map(held),
        "recent": map(recent),
        "keys": {"#set": keys.collect::<Vec<_>>()},
        "retired": {"#set": state.retired},
    })
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
