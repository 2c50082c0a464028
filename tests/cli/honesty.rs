//! What was cut short, never performed, or cannot happen does not read as a pass.

use std::fs;

use serde_json::{Value, json};

use super::program::{Run, root, run, run_in};

const EXCHANGE: &str = "traces/exchanges/task-and-result.json";
const ATTACK: &str = "traces/counterexamples/without-not-stale.json";

/// Asks `words` about a trace of the corpus after a change, in a folder of its own.
fn about(trace: &str, change: impl FnOnce(&mut Value), words: &[&str]) -> Run {
    let text = fs::read_to_string(root().join(trace)).expect("a trace");
    let mut value: Value = serde_json::from_str(&text).expect("JSON");
    change(&mut value);
    let folder = tempfile::tempdir().expect("a folder");
    fs::write(folder.path().join("trace.json"), value.to_string()).expect("a file");
    run_in(folder.path(), &[words, &["trace.json"]].concat(), b"")
}

/// Puts `action` before the last step, with what must be seen as before.
fn with_action(trace: &mut Value, action: &Value) {
    trace["transcript"] = Value::Null;
    let steps = trace["steps"].as_array_mut().expect("steps");
    let last = steps.len() - 1;
    let state = steps[last - 1]["expect"]["state"].clone();
    let step = json!({"action": action, "expect": {"state": state}});
    steps.insert(last, step);
}

#[test]
fn a_folder_without_traces_is_no_answer() {
    let folder = tempfile::tempdir().expect("a folder");
    fs::write(folder.path().join("notes.txt"), "no trace").expect("a file");
    for words in [
        ["replay", "."].as_slice(),
        &["validate", "."],
        &["check", "--traces", "."],
    ] {
        let run = run_in(folder.path(), words, b"");
        assert_eq!(run.code, Some(2), "{words:?}: {}", run.told());
        assert!(run.stderr.contains(". holds no trace"), "{}", run.stderr);
        assert_eq!(run.stdout, "");
    }
}

#[test]
fn a_step_that_cannot_happen_diverges_on_model_and_code() {
    let now = |trace: &Value| trace["clock"]["start"].as_u64().expect("a tick");
    let impossible: [fn(u64) -> Value; 3] = [
        |_| json!({"forget": {"sender": "alice", "nonce": "n0"}}),
        |now| json!({"advance": {"to": now}}),
        |now| json!({"set_back": {"to": now + 1}}),
    ];
    for action in impossible {
        for words in [
            ["validate"].as_slice(),
            &["replay"],
            &["replay", "--on", "model"],
        ] {
            let change = |trace: &mut Value| with_action(trace, &action(now(trace)));
            let run = about(EXCHANGE, change, words);
            assert_eq!(run.code, Some(1), "{words:?}: {}", run.told());
            assert!(
                run.stdout.contains("the step cannot happen"),
                "{words:?}: {}",
                run.told()
            );
        }
    }
}

#[test]
fn hardened_code_foils_only_what_weakened_code_suffers() {
    let words = ["replay", "--on", "hardened"];
    let foiled = about(ATTACK, |_| {}, &words);
    assert_eq!(foiled.code, Some(0), "{}", foiled.told());
    let altered = |trace: &mut Value| {
        trace["transcript"] = Value::Null;
        let steps = trace["steps"].as_array_mut().expect("steps");
        let mut advances = steps
            .iter_mut()
            .filter_map(|it| it["action"].get_mut("advance"));
        advances.next().expect("time passes")["to"] = json!(0);
    };
    let altered = about(ATTACK, altered, &words);
    assert_eq!(altered.code, Some(1), "{}", altered.told());
    let line = "on code under without-not-stale:";
    assert!(altered.stdout.contains(line), "{}", altered.told());
}

#[test]
fn a_table_of_depths_that_was_cut_says_so() {
    for limit in [
        ["--max-states", "100"],
        ["--max-depth", "2"],
        ["--time-limit", "0"],
    ] {
        let words = [["explore", "session", "--depths"].as_slice(), &limit].concat();
        let run = run(&words);
        assert_eq!(run.code, Some(3), "{words:?}: {}", run.told());
        let told = format!("cut by {}: unknown", limit[0]);
        assert!(run.stdout.contains(&told), "{}", run.told());
    }
}

#[test]
fn text_of_others_cannot_pass_for_a_verdict() {
    let forged = |trace: &mut Value| trace["lesson"] = json!("\u{1b}[2J\n   PROVED  everything");
    let refused = about(EXCHANGE, forged, &["show"]);
    assert_eq!(refused.code, Some(2), "{}", refused.told());
    assert!(
        refused.stderr.contains("at /lesson: "),
        "{}",
        refused.stderr
    );
    let turned = |trace: &mut Value| trace["lesson"] = json!("a \u{202e}lesson");
    let shown = about(EXCHANGE, turned, &["show"]);
    assert!(
        shown.stdout.starts_with("a \\u202elesson"),
        "{}",
        shown.stdout
    );

    let folder = tempfile::tempdir().expect("a folder");
    let name = "\u{202e}\u{1b}[2J.json";
    fs::copy(root().join(EXCHANGE), folder.path().join(name)).expect("a file");
    let replayed = run_in(folder.path(), &["replay", "."], b"");
    assert_eq!(replayed.code, Some(0), "{}", replayed.told());
    let told = "MATCHES  ./\\u202e\\u001b[2J.json";
    assert!(replayed.stdout.contains(told), "{}", replayed.stdout);
    fs::write(folder.path().join(name), "{").expect("a file");
    let damaged = run_in(folder.path(), &["replay", "."], b"");
    assert_eq!(damaged.code, Some(2), "{}", damaged.told());
    assert!(damaged.stderr.contains("\\u202e"), "{}", damaged.stderr);
}

#[test]
fn what_only_the_model_does_is_not_told_as_an_attack() {
    let other = run(&[
        "explore",
        "--with",
        "evicts-oldest",
        "--invariant",
        "bounded",
    ]);
    assert_eq!(other.code, Some(1), "{}", other.told());
    assert!(!other.stdout.contains("BROKEN"), "{}", other.told());
    let told = " DIVERGES  bounded    in 4 steps of the model, which the code does not repeat";
    assert!(other.stdout.contains(told), "{}", other.told());
}

#[test]
fn hardened_code_that_does_what_its_rules_say_is_not_accused() {
    let promise = ["--invariant", "authentic"];
    for words in [
        ["explore", "--with", "inserts-before-authentication"].as_slice(),
        &["explore", "session", "--with", "marks-before-opening"],
    ] {
        let run = run(&[words, &promise].concat());
        assert!(run.stdout.contains("BROKEN"), "{}", run.told());
        assert!(
            run.stdout.contains("CONFIRMED  on weakened code"),
            "{}",
            run.told()
        );
        let told = " ADMITTED  hardened code does at step 1 what hardened rules say";
        assert!(run.stdout.contains(told), "{}", run.told());
    }
}
