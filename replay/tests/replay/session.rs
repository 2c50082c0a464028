//! Traces of sessions: told, judged by the witness as by the model, written, read and drawn.

use std::num::NonZeroUsize;
use std::sync::LazyLock;

use countersign_model::explorer::{Cutoff, Ending, explore};
use countersign_model::rulebook::{Book as _, Ruleset};
use countersign_model::session::Session;
use countersign_model::session::scope::Scope;
use countersign_model::session::story::Story;
use countersign_model::session::system::Exchange;
use countersign_replay::session::reference::Reference;
use countersign_replay::session::teller::tell;
use countersign_replay::trace::Seed;
use countersign_replay::{Trace, writer};

use super::attacks::{drawn, foiled, one, refused, written_and_read};

/// A shortest attack under every weakening.
static ATTACKS: LazyLock<Vec<Trace<Session>>> = LazyLock::new(|| {
    let rows = Session::WEAKENINGS.iter();
    rows.map(|row| {
        let scope = row.scope(Scope::default());
        let system = Exchange::new(row.rules(), scope, &[row.breaks]);
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
    insta::assert_snapshot!("session_foiled", foiled);
}

#[test]
fn what_is_written_is_read_and_satisfies_the_schema() {
    written_and_read(&ATTACKS);
}

#[test]
fn a_trace_of_a_session_is_a_file_to_read() {
    insta::assert_snapshot!(
        "session_trace",
        writer::write(one(&ATTACKS, "sequence-outside-aad"))
    );
}

#[test]
fn a_session_is_drawn_like_everything_else() {
    let [lines, diagram] = drawn(one(&ATTACKS, "marks-before-opening"), "honest, and refused");
    insta::assert_snapshot!("session_lines", lines);
    insta::assert_snapshot!("session_diagram", diagram);
}

#[test]
fn what_a_session_trace_cannot_mean_is_refused_at_its_place() {
    let trace = one(&ATTACKS, "highest-only");
    refused(
        trace,
        &[
            [
                r#""by": "alice""#,
                r#""by": "eve""#,
                "/steps/0/action/seal/by",
                "honest end",
            ],
            [
                r#""width": 2"#,
                r#""width": 0"#,
                "/setting/width",
                "1 to 1024",
            ],
            [
                r#""deliver": {"record": "r1"}"#,
                r#""deliver": {"record": "r9"}"#,
                "/steps/3/action/deliver/record",
                "record",
            ],
            [
                r#"{"name": "alice"}"#,
                r#"{"name": "bob"}"#,
                "/cast/peers/0/name",
                "a second principal",
            ],
        ],
    );
}
