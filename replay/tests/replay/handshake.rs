//! Traces of the handshake: told, judged by the witness as by the model, written, read and drawn.

use std::num::NonZeroUsize;
use std::sync::LazyLock;

use countersign_model::explorer::{Cutoff, Ending, explore};
use countersign_model::handshake::Handshake;
use countersign_model::handshake::attack::{attacked, promised};
use countersign_model::handshake::performance::{Delivered, Performance};
use countersign_model::handshake::story::Story;
use countersign_model::rulebook::{Book as _, Ruleset, Weakening};
use countersign_replay::any_trace::AnyTrace;
use countersign_replay::handshake::promised::Promised;
use countersign_replay::handshake::reference::Reference;
use countersign_replay::handshake::teller::tell;
use countersign_replay::outcome::Departure;
use countersign_replay::read_error::ReadError;
use countersign_replay::reader::{read, read_any};
use countersign_replay::schema::schema;
use countersign_replay::system::{System, Witness};
use countersign_replay::trace::Seed;
use countersign_replay::{Outcome, Target, Trace, itf, mermaid, page, replay, sequence, writer};
use serde_json::Value;

/// A shortest story for every weakening, with the promises that it can break.
static STORIES: LazyLock<Vec<(&Weakening<Handshake>, Story, u64)>> = LazyLock::new(|| {
    let search = |attacked: &_| explore(attacked, NonZeroUsize::MIN, &Cutoff::default());
    let rows = Handshake::WEAKENINGS.iter();
    rows.map(|row| {
        // Some promises are off with secrets revealed, whatever the rules.
        let off = search(&attacked(Ruleset::HARDENED, 2, row.needs, 0)).violated;
        let watched = promised(row.breaks) & !off;
        let system = attacked(row.rules(), 2, row.needs, watched);
        let Ending::Broken(path) = search(&system).ending else {
            panic!("{} breaks nothing", row.name);
        };
        (row, Story::of_path(&system, row.rules(), &path), watched)
    })
    .collect()
});

fn told(row: &Weakening<Handshake>, story: &Story, watched: u64) -> Trace<Handshake> {
    let watched = Promised::of_marks(watched);
    tell(story, &[row.name], &watched, row.lesson, Seed([7; 16])).expect("a trace")
}

fn one(name: &str) -> Trace<Handshake> {
    let found = STORIES.iter().find(|(row, ..)| row.name == name);
    let (row, story, watched) = found.expect("a weakening");
    told(row, story, *watched)
}

#[test]
fn every_story_is_confirmed_as_told_and_foiled_by_the_hardened_model() {
    let mut lines = Vec::new();
    for (row, story, watched) in &*STORIES {
        let trace = told(row, story, *watched);
        let outcome = replay(&trace, Reference::as_told)
            .expect("a report")
            .outcome;
        let Outcome::Confirmed { invariant, step } = outcome else {
            panic!("{}: {outcome:?}", row.name);
        };
        assert_eq!((invariant.invariant, step), (row.breaks, trace.steps.len()));
        let hardened = || Reference::under(Ruleset::HARDENED);
        let outcome = replay(&trace, hardened).expect("a report").outcome;
        let Outcome::ModelOnly { step, departure } = outcome else {
            panic!("{}: {outcome:#?}", row.name);
        };
        let how = match departure {
            Departure::Refused(rejection) => rejection.code().to_owned(),
            other => format!("{other:?}"),
        };
        lines.push(format!(
            "{:32} {step} of {}  {how}",
            row.name,
            trace.steps.len()
        ));
    }
    insta::assert_snapshot!("foiled", lines.join("\n"));
}

#[test]
fn the_witness_finds_exactly_what_the_model_marks() {
    let mut broken = 0;
    for (row, story, _) in &*STORIES {
        for rules in [row.rules(), Ruleset::HARDENED] {
            let weakened = rules == row.rules();
            let mut trace = tell(story, &[row.name], &[], row.lesson, Seed([7; 16])).expect("told");
            if !weakened {
                trace.weakenings.clear();
            }
            let mut model = Performance::new(rules, story.participants.clone(), story.reveals);
            let mut target = Reference::as_told();
            target.begin(&trace).expect("a run");
            let before = target.look().expect("a state");
            let witness = <Handshake as System>::Witness::new(&trace, before);
            let mut witness = witness.expect("a witness");
            for ((slot, message), step) in story.deliveries.iter().zip(&trace.steps) {
                let Delivered::Accepted { violated, .. } = model.deliver(*slot, message) else {
                    break;
                };
                let seen = target.take(step).expect("a step");
                let testimony = witness.attend(step, &seen).expect("a testimony");
                let marked: Vec<Promised> = Promised::of_marks(violated);
                let marked = marked.into_iter().collect();
                assert_eq!(testimony.violates, marked, "{} {message:?}", row.name);
                broken += testimony.violates.len();
            }
        }
    }
    assert!(broken >= STORIES.len(), "{broken}");
}

#[test]
fn what_is_written_is_read_and_satisfies_the_schema() {
    let schema: Value = serde_json::from_str(&schema()).expect("JSON");
    let validator = jsonschema::validator_for(&schema).expect("a schema");
    for (row, story, watched) in &*STORIES {
        let trace = told(row, story, *watched);
        let text = writer::write(&trace);
        let again = read_any("t.json", text.as_bytes()).expect("a trace");
        assert_eq!(again, AnyTrace::Handshake(trace));
        assert!(text.len() < 10_000, "{}: {} bytes", row.name, text.len());
        let value: Value = serde_json::from_str(&text).expect("JSON");
        assert!(validator.is_valid(&value), "{}", row.name);
    }
}

#[test]
fn what_is_wrong_is_named_with_its_place() {
    let good = writer::write(&one("without-peer-intended"));
    for (there, instead, told) in [
        (
            "\"handshake\"",
            "\"handshakes\"",
            "t.json at /system: 'handshakes', expected 'admission' or 'handshake'",
        ),
        (
            "\"without-peer-intended\"",
            "\"without-peer-intend\"",
            "t.json at /weakenings/0: unknown weakening 'without-peer-intend'; did you mean 'without-peer-intended'?",
        ),
        (
            "\"name\": \"r0\"",
            "\"name\": \"r7\"",
            "t.json at /cast/runs/0/name: 'r7', expected 'r0', as runs are numbered",
        ),
        (
            "\"intended\"",
            "\"intented\"",
            "t.json at /violates/invariant: unknown invariant 'intented'; did you mean 'intended'?",
        ),
        (
            "\"version\": \"3.0\"",
            "\"version\": \"4.0\"",
            "t.json at /steps/0/action/deliver/flight/answer/version: unknown version '4.0'; did you mean '1.0'?",
        ),
        (
            "\"accepted\"",
            "\"excepted\"",
            "unknown verdict 'excepted', expected 'accepted' or the code of a rejection",
        ),
    ] {
        assert!(good.contains(there), "{there} is not in {good}");
        let wrong = good.replacen(there, instead, 1);
        let error = read_any("t.json", wrong.as_bytes()).expect_err("wrong");
        assert!(error.to_string().contains(told), "{error}");
        assert!(!error.remedy().is_empty());
    }
    let refused = read("t.json", good.as_bytes());
    assert!(
        matches!(refused, Err(ReadError::System { .. })),
        "{refused:?}"
    );
}

#[test]
fn a_handshake_is_drawn_in_every_form() {
    let trace = one("signs-shares-in-the-clear");
    insta::assert_snapshot!("handshake_lines", sequence::sequence(&trace));
    insta::assert_snapshot!("handshake_diagram", mermaid::mermaid(&trace));
    insta::assert_snapshot!("handshake_trace", writer::write(&trace));
    let itf: Value = serde_json::from_str(&itf::itf(&trace)).expect("JSON");
    assert_eq!(
        itf["states"].as_array().map(Vec::len),
        Some(trace.steps.len() + 1)
    );
    assert!(page::page(&trace).contains("naive signed Diffie-Hellman"));
}
