//! The chain of an answer about deputies, written as a trace: what it claims happens on the real bus.

use std::fs;
use std::path::Path;

use serde_json::Value;

use super::program::{Run, root, run_in, without_times};

/// Two rules, so that carol is reached through bob alone, who has to be silent about alice.
const CHAIN: &str = r#"{ "agentPolicies": [
  { "from": "alice", "to": "bob", "allow": ["ask"] },
  { "from": "bob", "to": "carol", "allow": ["delegate"], "requireApproval": true } ] }"#;

/// Odd names, and one message a second.
const STRICT: &str = r#"{ "agentPolicies": [
  { "from": "7/first", "to": "the_second", "allow": ["task"] },
  { "from": "last", "to": "the_second", "allow": ["notify"] },
  { "from": "last", "to": "third", "allow": ["delegate"] },
  { "from": "the_second", "to": "third", "allow": ["notify"] } ],
  "limits": { "rate": 1, "rate_period_ms": 1000 } }"#;

/// A question about a deployment, whose chain is to be written into `chain.json`.
fn asked(folder: &Path, can: &str, reach: &str, more: &[&str]) -> Run {
    let question = ["policy", "deployment.json", "--can", can, "--reach", reach];
    let words = [&question, more, &["--write", "chain.json"]].concat();
    run_in(folder, &words, b"")
}

fn folder(deployment: &str) -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    fs::write(folder.path().join("deployment.json"), deployment).expect("a file");
    folder
}

fn example() -> tempfile::TempDir {
    let text = fs::read_to_string(root().join("docs/example/deployment.json"));
    folder(&text.expect("the example"))
}

/// The trace is what the code does, and what the model does.
fn performed(folder: &Path) {
    for words in [
        &["replay", "chain.json"][..],
        &["replay", "chain.json", "--on", "hardened"],
        &["replay", "chain.json", "--on", "model"],
        &["validate", "chain.json"],
    ] {
        let run = run_in(folder, words, b"");
        assert_eq!(run.code, Some(0), "{words:?}: {}", run.told());
        assert!(run.stdout.contains("MATCHES  chain.json"), "{}", run.told());
    }
}

fn trace(folder: &Path) -> Value {
    let text = fs::read(folder.join("chain.json")).expect("the trace");
    serde_json::from_slice(&text).expect("JSON")
}

#[test]
fn a_chain_is_performed_on_the_real_bus_and_drawn() {
    let told = [&["--without-approval"][..], &["--type", "delegate"]].map(|more| {
        let folder = example();
        let run = asked(folder.path(), "agent-research", "agent-payment", more);
        assert_eq!(run.code, Some(1), "{}", run.told());
        performed(folder.path());
        let shown = run_in(folder.path(), &["show", "chain.json"], b"");
        format!("{}\n{}", without_times(&run.told()), shown.stdout)
    });
    insta::assert_snapshot!(told.join("\n"));
}

#[test]
fn a_deputy_that_said_for_whom_it_acts_would_be_refused() {
    let folder = folder(CHAIN);
    let run = asked(folder.path(), "alice", "carol", &[]);
    assert_eq!(run.code, Some(1), "{}", run.told());
    assert!(run.stdout.contains("bob does not say for whom it acts"));
    performed(folder.path());
    let mut honest = trace(folder.path());
    assert_eq!(honest["cast"]["messages"][1]["from"], "bob");
    assert_eq!(honest["cast"]["messages"][1]["conversation"], Value::Null);
    honest["cast"]["messages"][1]["conversation"] = "m1".into();
    honest["transcript"] = Value::Null;
    for step in honest["steps"].as_array_mut().expect("steps") {
        step.as_object_mut().expect("a step").remove("bytes");
    }
    fs::write(folder.path().join("honest.json"), honest.to_string()).expect("a file");
    let replayed = run_in(folder.path(), &["replay", "honest.json"], b"");
    assert_eq!(replayed.code, Some(1), "{}", replayed.told());
    assert!(
        replayed.stdout.contains("origin-not-granted"),
        "{}",
        replayed.told()
    );
}

#[test]
fn a_chain_keeps_within_the_rate_and_renames_whom_a_trace_cannot_name() {
    let folder = folder(STRICT);
    let run = asked(folder.path(), "7/first", "last", &["--format", "json"]);
    assert_eq!(run.code, Some(1), "{}", run.told());
    let answer: Value = serde_json::from_str(&run.stdout).expect("JSON");
    assert_eq!(answer["chain"].as_array().map(Vec::len), Some(3));
    assert_eq!(answer["trace"]["file"], "chain.json");
    assert_eq!(answer["trace"]["called"]["7/first"], "agent-7-first-0");
    performed(folder.path());
    let steps = trace(folder.path())["steps"].to_string();
    assert_eq!(steps.matches("\"advance\"").count(), 2, "{steps}");
}

#[test]
fn the_end_of_a_chain_may_be_a_deputy_on_the_way() {
    let folder = folder(
        r#"{ "agentPolicies": [
          { "from": "alice", "to": "bob", "allow": ["notify"] },
          { "from": "bob", "to": "carol", "allow": ["notify"] },
          { "from": "carol", "to": "bob", "allow": ["delegate"] } ] }"#,
    );
    let run = asked(folder.path(), "alice", "bob", &["--type", "delegate"]);
    assert_eq!(run.code, Some(1), "{}", run.told());
    assert!(run.stdout.contains("in 3 messages"), "{}", run.told());
    performed(folder.path());
    let agents = trace(folder.path())["cast"]["agents"]
        .as_array()
        .map(Vec::len);
    assert_eq!(agents, Some(3));
}

#[test]
fn agents_that_no_rule_names_take_part_too() {
    let everybody = r#"{ "agentPolicies": [{ "from": "*", "to": "*", "allow": ["notify"] }] }"#;
    let folder = folder(everybody);
    let run = asked(folder.path(), "*", "*", &["--type", "notify"]);
    assert_eq!(run.code, Some(1), "{}", run.told());
    performed(folder.path());
    let agents = trace(folder.path())["cast"]["agents"].to_string();
    assert_eq!(
        agents,
        r#"[{"name":"anyone-else"},{"name":"someone-else"}]"#
    );
}

#[test]
fn nothing_is_written_without_a_chain_or_over_another_file() {
    let folder = example();
    let written = || folder.path().join("chain.json");
    let kind = ["--type", "delegate", "--without-approval"];
    let run = asked(folder.path(), "agent-research", "agent-payment", &kind);
    assert_eq!(run.code, Some(0), "{}", run.told());
    assert!(
        run.stdout
            .contains("no chain, so that chain.json is not written"),
        "{}",
        run.told()
    );
    assert!(!written().exists());
    fs::write(written(), "mine").expect("a file");
    let run = asked(folder.path(), "agent-research", "agent-payment", &[]);
    assert_eq!(run.code, Some(2), "{}", run.told());
    assert!(run.stderr.contains("chain.json exists"), "{}", run.told());
    let kept = fs::read_to_string(written()).expect("the file");
    assert_eq!(kept, "mine");
}
