//! Traces of the audit trail: told, judged by the witness as by the model, written, read and drawn.

use std::num::NonZeroUsize;
use std::sync::LazyLock;

use countersign_model::audit::Audit;
use countersign_model::audit::scope::Scope;
use countersign_model::audit::story::Story;
use countersign_model::audit::system::Trail;
use countersign_model::explorer::{Cutoff, Ending, explore};
use countersign_model::rulebook::{Book as _, Ruleset};
use countersign_replay::audit::reference::Reference;
use countersign_replay::audit::teller::tell;
use countersign_replay::trace::Seed;
use countersign_replay::{Trace, writer};

use super::attacks::{drawn, foiled, one, refused, written_and_read};

/// A shortest attack under every weakening.
static ATTACKS: LazyLock<Vec<Trace<Audit>>> = LazyLock::new(|| {
    let rows = Audit::WEAKENINGS.iter();
    rows.map(|row| {
        let scope = row.scope(Scope::default());
        let system = Trail::new(row.rules(), scope, &[row.breaks]);
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
    insta::assert_snapshot!("audit_foiled", foiled);
}

#[test]
fn what_is_written_is_read_and_satisfies_the_schema() {
    written_and_read(&ATTACKS);
}

#[test]
fn a_trace_of_the_audit_trail_is_a_file_to_read() {
    insta::assert_snapshot!(
        "audit_trace",
        writer::write(one(&ATTACKS, "fields-run-together"))
    );
}

#[test]
fn the_audit_trail_is_drawn_like_everything_else() {
    let [lines, diagram] = drawn(
        one(&ATTACKS, "without-memory-matches"),
        "it had more when it verified before",
    );
    insta::assert_snapshot!("audit_lines", lines);
    insta::assert_snapshot!("audit_diagram", diagram);
}

#[test]
fn what_an_audit_trace_cannot_mean_is_refused_at_its_place() {
    let trace = one(&ATTACKS, "without-links-follow");
    refused(
        trace,
        &[
            [
                r#""record": {"message": "m1"}"#,
                r#""record": {"message": "m9"}"#,
                "/steps/0/action/record/message",
                "message",
            ],
            [
                r#""auditor": "carol""#,
                r#""auditor": "eve""#,
                "/setting/auditor",
                "agent",
            ],
            [
                r#""records": ["forged"]"#,
                r#""records": ["forged", "forged"]"#,
                "/steps/2/action/tamper/links",
                "2",
            ],
            [
                r#""agents": ["alice", "bob""#,
                r#""agents": ["alice", "alice""#,
                "/cast/agents/1",
                "a second agent",
            ],
        ],
    );
}
