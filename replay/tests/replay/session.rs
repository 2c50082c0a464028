//! Traces of sessions: told, judged by the witness as by the model, written, read and drawn.

use std::num::NonZeroUsize;
use std::sync::LazyLock;

use countersign_model::explorer::{Cutoff, Ending, explore};
use countersign_model::rulebook::{Book as _, Ruleset, Weakening};
use countersign_model::session::Session;
use countersign_model::session::scope::Scope;
use countersign_model::session::story::Story;
use countersign_model::session::system::Exchange;
use countersign_replay::outcome::Departure;
use countersign_replay::read_error::ReadError;
use countersign_replay::reader::{AnyTrace, read, read_any};
use countersign_replay::schema::schema;
use countersign_replay::session::reference::Reference;
use countersign_replay::session::teller::tell;
use countersign_replay::trace::Seed;
use countersign_replay::{Outcome, Trace, itf, mermaid, page, replay, sequence, writer};
use serde_json::Value;

/// A shortest story for every weakening.
static STORIES: LazyLock<Vec<(&Weakening<Session>, Story)>> = LazyLock::new(|| {
    let rows = Session::WEAKENINGS.iter();
    rows.map(|row| {
        let scope = row.scope(Scope::default());
        let system = Exchange::new(row.rules(), scope, &[row.breaks]);
        let report = explore(&system, NonZeroUsize::MIN, &Cutoff::default());
        let Ending::Broken(path) = report.ending else {
            panic!("{} breaks nothing", row.name);
        };
        (row, Story::of_path(&system, &scope, &path))
    })
    .collect()
});

fn told(row: &Weakening<Session>, story: &Story) -> Trace<Session> {
    let seed = Seed([7; 16]);
    tell(story, &[row.name], Some(row.breaks), row.lesson, seed).expect("a trace")
}

fn one(name: &str) -> Trace<Session> {
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
            Departure::Admitted { instead_of } => format!("accepted, no {}", instead_of.code()),
            Departure::Impossible(why) => format!("cannot happen: {why}"),
            Departure::Withheld(how) => how.join(", "),
            other @ (Departure::Attributed { .. } | Departure::RefusedOtherwise(_)) => {
                panic!("{other:?}")
            }
        };
        let steps = trace.steps.len();
        lines.push(format!("{:26} {step} of {steps}  {how}", row.name));
    }
    insta::assert_snapshot!("session_foiled", lines.join("\n"));
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
        assert_eq!(again, AnyTrace::Session(trace));
        let other = read(row.name, text.as_bytes());
        assert!(matches!(other, Err(ReadError::System { .. })));
    }
}

#[test]
fn a_trace_of_a_session_is_a_file_to_read() {
    insta::assert_snapshot!("session_trace", writer::write(&one("sequence-outside-aad")));
}

#[test]
fn a_session_is_drawn_like_everything_else() {
    let trace = one("marks-before-opening");
    insta::assert_snapshot!("session_lines", sequence::sequence(&trace));
    insta::assert_snapshot!("session_diagram", mermaid::mermaid(&trace));
    assert!(page::page(&trace).contains("honest, and refused"));
    let itf: Value = serde_json::from_str(&itf::itf(&trace)).expect("JSON");
    let states = itf["states"].as_array().expect("states");
    assert_eq!(states.len(), trace.steps.len() + 1);
}

#[test]
fn what_a_session_trace_cannot_mean_is_refused_at_its_place() {
    let text = writer::write(&one("highest-only"));
    for (from, to, place, remedy) in [
        (
            r#""by": "alice""#,
            r#""by": "eve""#,
            "/steps/0/action/seal/by",
            "honest end",
        ),
        (
            r#""width": 2"#,
            r#""width": 0"#,
            "/setting/width",
            "1 to 1024",
        ),
        (
            r#""deliver": {"record": "r1"}"#,
            r#""deliver": {"record": "r9"}"#,
            "/steps/3/action/deliver/record",
            "record",
        ),
        (
            r#"{"name": "alice"}"#,
            r#"{"name": "bob"}"#,
            "/cast/peers/0/name",
            "a second principal",
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
