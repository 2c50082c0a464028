//! What holds for the traces of several systems: a shortest attack under each weakening, judged by the witness
//! as by the model, written, read and drawn.

use countersign_model::rulebook::Refusal as _;
use countersign_replay::any_trace::AnyTrace;
use countersign_replay::form::{Code as _, Promise as _};
use countersign_replay::outcome::Departure;
use countersign_replay::read_error::ReadError;
use countersign_replay::reader::{read, read_any};
use countersign_replay::schema::schema;
use countersign_replay::system::System;
use countersign_replay::{Outcome, Target, Trace, itf, mermaid, page, replay, sequence, writer};
use serde_json::Value;

/// The weakening that an attack is told under.
fn name<S: System>(trace: &Trace<S>) -> &str {
    let [name] = trace.weakenings.as_slice() else {
        panic!("{:?}", trace.weakenings);
    };
    name
}

/// The attack under the weakening of this name.
pub(crate) fn one<'a, S: System>(attacks: &'a [Trace<S>], under: &str) -> &'a Trace<S> {
    let mut attacks = attacks.iter();
    attacks
        .find(|trace| name(trace) == under)
        .expect("an attack")
}

/// Each attack happens as told, and hardened rules foil it: where, and how.
pub(crate) fn foiled<S: System, T: Target<S>>(
    attacks: &[Trace<S>],
    told: fn() -> T,
    hardened: impl Fn() -> T,
) -> String {
    let mut lines = Vec::new();
    for trace in attacks {
        let (name, steps) = (name(trace), trace.steps.len());
        let violates = trace.violates.as_ref().expect("a violation");
        let outcome = replay(trace, told).expect("a report").outcome;
        let Outcome::Confirmed { invariant, step } = outcome else {
            panic!("{name}: {outcome:#?}");
        };
        assert_eq!(
            (invariant.name(), step),
            (violates.invariant.as_str(), steps)
        );
        let outcome = replay(trace, &hardened).expect("a report").outcome;
        let Outcome::ModelOnly { step, departure } = outcome else {
            panic!("{name}: {outcome:#?}");
        };
        let how = match departure {
            Departure::Refused(rejection) => rejection.code().to_owned(),
            Departure::Admitted { instead_of } => {
                format!("{}, no {}", S::Rejection::ADMITTED, instead_of.code())
            }
            Departure::Impossible(why) => format!("cannot happen: {why}"),
            Departure::Withheld(how) => how.join(", "),
            other @ (Departure::Attributed { .. } | Departure::RefusedOtherwise(_)) => {
                panic!("{other:?}")
            }
        };
        lines.push(format!("{name:26} {step} of {steps}  {how}"));
    }
    lines.join("\n")
}

/// Each attack is written as the schema says, and read as it was; by no other reader.
pub(crate) fn written_and_read<S: System>(attacks: &[Trace<S>])
where
    AnyTrace: From<Trace<S>>,
{
    let schema: Value = serde_json::from_str(&schema()).expect("JSON");
    let validator = jsonschema::validator_for(&schema).expect("a schema");
    for trace in attacks {
        let (name, text) = (name(trace), writer::write(trace));
        let value: Value = serde_json::from_str(&text).expect("JSON");
        assert!(validator.is_valid(&value), "{name}");
        let again = read_any(name, text.as_bytes()).expect("a trace");
        assert_eq!(again, AnyTrace::from(trace.clone()));
        let other = read(name, text.as_bytes());
        assert!(matches!(other, Err(ReadError::System { .. })));
    }
}

/// An attack as lines and as a diagram; as a page, which makes this remark, and with a state for each step.
pub(crate) fn drawn<S: System>(trace: &Trace<S>, remark: &str) -> [String; 2] {
    assert!(page::page(trace).contains(remark));
    let itf: Value = serde_json::from_str(&itf::itf(trace)).expect("JSON");
    let states = itf["states"].as_array().expect("states");
    assert_eq!(states.len(), trace.steps.len() + 1);
    [sequence::sequence(trace), mermaid::mermaid(trace)]
}

/// With one text in place of another, a trace is refused at that place with that remedy.
pub(crate) fn refused<S: System>(trace: &Trace<S>, cases: &[[&str; 4]]) {
    let text = writer::write(trace);
    for [from, to, place, remedy] in cases {
        assert!(text.contains(from), "{from}\n{text}");
        let changed = text.replacen(from, to, 1);
        let error = read_any("changed.json", changed.as_bytes()).expect_err(from);
        let message = error.to_string();
        assert!(message.contains(place), "{message}");
        assert!(message.contains(remedy), "{message}");
    }
}
