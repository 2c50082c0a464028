//! Traces of the bus: told, judged by the witness as by the model, written, read and drawn.

use std::num::NonZeroUsize;
use std::sync::LazyLock;

use countersign_model::bus::Bus;
use countersign_model::bus::scope::Scope;
use countersign_model::bus::story::Story;
use countersign_model::bus::system::Office;
use countersign_model::explorer::{Cutoff, Ending, explore};
use countersign_model::rulebook::{Book as _, Ruleset};
use countersign_replay::bus::reference::Reference;
use countersign_replay::bus::teller::tell;
use countersign_replay::trace::Seed;
use countersign_replay::{Trace, writer};

use super::attacks::{drawn, foiled, one, refused, written_and_read};

/// A shortest attack under every weakening.
static ATTACKS: LazyLock<Vec<Trace<Bus>>> = LazyLock::new(|| {
    let rows = Bus::WEAKENINGS.iter();
    rows.map(|row| {
        let scope = row.scope(Scope::default());
        let system = Office::new(row.rules(), scope, &[row.breaks]);
        let report = explore(&system, NonZeroUsize::MIN, &Cutoff::default());
        let Ending::Broken(path) = report.ending else {
            panic!("{} breaks nothing", row.name);
        };
        let story = Story::of_path(&system, &scope, &path);
        let seed = Seed([7; 16]);
        tell(&story, &[row.name], Some(row.breaks), row.lesson, seed).expect("a trace")
    })
    .collect()
});

#[test]
fn every_story_is_confirmed_as_told_and_foiled_by_the_hardened_model() {
    let hardened = || Reference::under(Ruleset::HARDENED);
    let foiled = foiled(&ATTACKS, Reference::as_told, hardened);
    insta::assert_snapshot!("bus_foiled", foiled);
}

#[test]
fn what_is_written_is_read_and_satisfies_the_schema() {
    written_and_read(&ATTACKS);
}

#[test]
fn a_trace_of_the_bus_is_a_file_to_read() {
    insta::assert_snapshot!(
        "bus_trace",
        writer::write(one(&ATTACKS, "without-approval-binds"))
    );
}

#[test]
fn the_bus_is_drawn_like_everything_else() {
    let [lines, diagram] = drawn(one(&ATTACKS, "held-is-exempt"), "second time");
    insta::assert_snapshot!("bus_lines", lines);
    insta::assert_snapshot!("bus_diagram", diagram);
}

#[test]
fn what_a_bus_trace_cannot_mean_is_refused_at_its_place() {
    let trace = one(&ATTACKS, "without-approval-binds");
    refused(
        trace,
        &[
            [
                r#""action": {"submit": {"message": "m1"}}"#,
                r#""action": {"submit": {"message": "m9"}}"#,
                "/steps/0/action/submit/message",
                "message",
            ],
            [
                r#"{"name": "alice"}"#,
                r#"{"name": "bob"}"#,
                "/cast/agents/1/name",
                "a second agent",
            ],
            [
                r#""period": 1"#,
                r#""period": 0"#,
                "/setting/period",
                "expected 1",
            ],
            [
                r#""requireApproval": ["delegate"]"#,
                r#""requireApproval": ["reply"]"#,
                "requireApproval/0",
                "a type that needs a rule",
            ],
            [
                r#""kind": "delegate""#,
                r#""kind": "notify""#,
                "/cast/messages/1/answer_by",
                "but of a request",
            ],
        ],
    );
}
