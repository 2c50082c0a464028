//! Traces of the bus: told, judged by the witness as by the model, written, read and drawn.

use std::num::NonZeroUsize;
use std::sync::LazyLock;

use countersign_model::bus::Bus;
use countersign_model::bus::scope::Scope;
use countersign_model::bus::story::Story;
use countersign_model::bus::system::Office;
use countersign_model::explorer::{Cutoff, Ending, explore};
use countersign_model::rulebook::{Book as _, Ruleset, Weakening};
use countersign_replay::bus::reference::Reference;
use countersign_replay::bus::teller::tell;
use countersign_replay::outcome::Departure;
use countersign_replay::read_error::ReadError;
use countersign_replay::reader::{AnyTrace, read, read_any};
use countersign_replay::schema::schema;
use countersign_replay::trace::Seed;
use countersign_replay::{Outcome, Trace, itf, mermaid, page, replay, sequence, writer};
use serde_json::Value;

/// A shortest story for every weakening.
static STORIES: LazyLock<Vec<(&Weakening<Bus>, Story)>> = LazyLock::new(|| {
    let rows = Bus::WEAKENINGS.iter();
    rows.map(|row| {
        let scope = row.scope(Scope::default());
        let system = Office::new(row.rules(), scope, &[row.breaks]);
        let report = explore(&system, NonZeroUsize::MIN, &Cutoff::default());
        let Ending::Broken(path) = report.ending else {
            panic!("{} breaks nothing", row.name);
        };
        (row, Story::of_path(&system, &scope, &path))
    })
    .collect()
});

fn told(row: &Weakening<Bus>, story: &Story) -> Trace<Bus> {
    let seed = Seed([7; 16]);
    tell(story, &[row.name], Some(row.breaks), row.lesson, seed).expect("a trace")
}

fn one(name: &str) -> Trace<Bus> {
    let found = STORIES.iter().find(|(row, _)| row.name == name);
    let (row, story) = found.expect("a weakening");
    told(row, story)
}

#[test]
fn every_story_is_confirmed_as_told_and_foiled_by_the_hardened_model() {
    let mut lines = Vec::new();
    for (row, story) in &*STORIES {
        let trace = told(row, story);
        let outcome = replay(&trace, Reference::as_told)
            .expect("a report")
            .outcome;
        let (invariant, step) = (row.breaks, trace.steps.len());
        assert_eq!(
            outcome,
            Outcome::Confirmed { invariant, step },
            "{}",
            row.name
        );
        let hardened = || Reference::under(Ruleset::HARDENED);
        let outcome = replay(&trace, hardened).expect("a report").outcome;
        let Outcome::ModelOnly { step, departure } = outcome else {
            panic!("{}: {outcome:#?}", row.name);
        };
        let how = match departure {
            Departure::Refused(rejection) => rejection.code().to_owned(),
            Departure::Admitted { instead_of } => format!("passed, no {}", instead_of.code()),
            Departure::Impossible(why) => format!("cannot happen: {why}"),
            Departure::Withheld(how) => how.join(", "),
            other @ (Departure::Attributed { .. } | Departure::RefusedOtherwise(_)) => {
                panic!("{other:?}")
            }
        };
        let steps = trace.steps.len();
        lines.push(format!("{:26} {step} of {steps}  {how}", row.name));
    }
    insta::assert_snapshot!("bus_foiled", lines.join("\n"));
}

#[test]
fn what_is_written_is_read_and_satisfies_the_schema() {
    let schema: Value = serde_json::from_str(&schema()).expect("JSON");
    let validator = jsonschema::validator_for(&schema).expect("a schema");
    for (row, story) in &*STORIES {
        let trace = told(row, story);
        let text = writer::write(&trace);
        let value: Value = serde_json::from_str(&text).expect("JSON");
        assert!(validator.is_valid(&value), "{}", row.name);
        let again = read_any(row.name, text.as_bytes()).expect("a trace");
        assert_eq!(again, AnyTrace::Bus(trace));
        let other = read(row.name, text.as_bytes());
        assert!(matches!(other, Err(ReadError::System { .. })));
    }
}

#[test]
fn a_trace_of_the_bus_trail_is_a_file_to_read() {
    insta::assert_snapshot!("bus_trace", writer::write(&one("without-approval-binds")));
}

#[test]
fn the_bus_trail_is_drawn_like_everything_else() {
    let trace = one("held-is-exempt");
    insta::assert_snapshot!("bus_lines", sequence::sequence(&trace));
    insta::assert_snapshot!("bus_diagram", mermaid::mermaid(&trace));
    assert!(page::page(&trace).contains("second time"));
    let itf: Value = serde_json::from_str(&itf::itf(&trace)).expect("JSON");
    let states = itf["states"].as_array().expect("states");
    assert_eq!(states.len(), trace.steps.len() + 1);
}
#[test]
fn what_a_bus_trace_cannot_mean_is_refused_at_its_place() {
    let text = writer::write(&one("without-approval-binds"));
    for (from, to, place, remedy) in [
        (
            r#""action": {"submit": {"message": "m1"}}"#,
            r#""action": {"submit": {"message": "m9"}}"#,
            "/steps/0/action/submit/message",
            "message",
        ),
        (
            r#"{"name": "alice"}"#,
            r#"{"name": "bob"}"#,
            "/cast/agents/1/name",
            "a second agent",
        ),
        (
            r#""period": 1"#,
            r#""period": 0"#,
            "/setting/period",
            "expected 1",
        ),
        (
            r#""requireApproval": ["delegate"]"#,
            r#""requireApproval": ["reply"]"#,
            "requireApproval/0",
            "a type that needs a rule",
        ),
        (
            r#""kind": "delegate""#,
            r#""kind": "notify""#,
            "/cast/messages/1/answer_by",
            "but of a request",
        ),
    ] {
        assert!(text.contains(from), "{from}\n{text}");
        let changed = text.replacen(from, to, 1);
        let error = read_any("changed.json", changed.as_bytes()).expect_err(from);
        let message = error.to_string();
        assert!(message.contains(place), "{message}");
        assert!(message.contains(remedy), "{message}");
    }
}
