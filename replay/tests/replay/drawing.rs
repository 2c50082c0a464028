//! What a trace looks like: as lines, as a diagram, as a page, as ITF.

use countersign_replay::itf::itf;
use countersign_replay::mermaid::mermaid;
use countersign_replay::page::page;
use countersign_replay::sequence::sequence;
use countersign_replay::writer;

use crate::flush::flush;
use crate::sample::{counterexample, foiled};

#[test]
fn a_trace_reads_as_lines() {
    let shown = [
        "without-key-current",
        "acts-on-inner-sender",
        "checks-then-inserts",
    ]
    .map(|weakening| format!("{weakening}\n{}", sequence(&counterexample(weakening))));
    insta::assert_snapshot!("lines", shown.join("\n"));
    insta::assert_snapshot!("lines_of_a_flush", sequence(&flush()));
}

#[test]
fn a_trace_reads_as_a_diagram() {
    insta::assert_snapshot!("diagram_of_a_flush", mermaid(&flush()));
    insta::assert_snapshot!(
        "diagram_of_a_refusal",
        mermaid(&foiled(counterexample("forgets-on-restart")))
    );
}

#[test]
fn a_trace_is_written_in_one_layout() {
    insta::assert_snapshot!(
        "trace",
        writer::write(&counterexample("forgets-on-restart"))
    );
}

#[test]
fn a_page_needs_nothing_else_and_takes_text_for_text() {
    let mut trace = flush();
    trace.lesson = "<script>alert('&')</script>".to_owned();
    let page = page(&trace);
    assert!(page.contains("<h1>&lt;script&gt;alert(&#39;&amp;&#39;)&lt;/script&gt;</h1>"));
    for foreign in [
        "<script", "http://", "https://", "src=", "href=", "url(", "@import",
    ] {
        assert!(!page.contains(foreign), "{foreign}");
    }
    assert_eq!(page.matches("<tr class=").count(), trace.steps.len());
}

#[test]
fn a_diagram_takes_text_for_text() {
    let mut trace = flush();
    trace.lesson = "one; two # three\n%% four".to_owned();
    let title = mermaid(&trace).lines().nth(1).map(str::to_owned);
    let expected = "    title one#59; two #35; three %% four";
    assert_eq!(title.as_deref(), Some(expected));
}

#[test]
fn itf_has_one_state_more_than_steps_and_every_variable_in_each() {
    let trace = counterexample("without-key-current");
    let value: serde_json::Value = serde_json::from_str(&itf(&trace)).expect("JSON");
    let names: Vec<&str> = value["vars"]
        .as_array()
        .expect("a list")
        .iter()
        .filter_map(|name| name.as_str())
        .collect();
    let states = value["states"].as_array().expect("a list");
    assert_eq!(states.len(), trace.steps.len() + 1);
    for (number, state) in states.iter().enumerate() {
        assert_eq!(state["#meta"]["index"], number);
        let keys = state.as_object().expect("a state").len();
        assert_eq!(keys, names.len() + 1);
        assert!(names.iter().all(|name| !state[name].is_null()), "{state}");
    }
    let first_now = &states[0]["now"]["#bigint"];
    assert_eq!(*first_now, trace.clock.start.to_string());
}
