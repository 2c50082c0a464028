//! A trace in the Informal Trace Format of Apalache and Quint (Apalache ADR 015), for their tools.
//!
//! State 0 is the first, state n what must be seen after step n. An end that never comes is -1.

use serde_json::{Map, Value, json};

use crate::system::System;
use crate::telling;
use crate::trace::Trace;
use crate::writer;

/// The trace as ITF, ended by a newline.
pub fn itf<S: System>(trace: &Trace<S>) -> String {
    let names = S::names(trace);
    let first = S::first_state(trace);
    let variables = S::variables(&first).into_iter().map(|(name, _)| name);
    let variables: Vec<&str> = ["step", "verdicts"].into_iter().chain(variables).collect();
    let mut states = vec![state::<S>(0, "start", &json!([]), &first)];
    for (number, step) in (1..).zip(&trace.steps) {
        let line = telling::line(trace, &names, step);
        let verdicts = json!(step.expect.verdicts);
        states.push(state::<S>(number, &line, &verdicts, &step.expect.state));
    }
    let all = json!({
        "#meta": {
            "format": "ITF",
            "description": trace.lesson,
        },
        "vars": variables,
        "states": states,
    });
    let mut text = writer::pretty(&writer::compact(&all));
    text.push('\n');
    text
}

fn state<S: System>(number: usize, line: &str, verdicts: &Value, state: &S::State) -> Value {
    let mut values = Map::new();
    values.insert("#meta".to_owned(), json!({"index": number}));
    values.insert("step".to_owned(), json!(line));
    values.insert("verdicts".to_owned(), verdicts.clone());
    let variables = S::variables(state).into_iter();
    values.extend(variables.map(|(name, value)| (name.to_owned(), value)));
    Value::Object(values)
}
