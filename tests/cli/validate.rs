//! `countersign validate`: a record as it is, and altered in one place.

use super::program::{run, run_in};

const RECORD: &str = include_str!("../../traces/exchanges/replay-refused.json");

#[test]
fn a_record_is_the_models_until_one_verdict_is_altered() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("record.json");
    std::fs::write(&path, RECORD).expect("a file");
    let run = run_in(folder.path(), &["validate", "record.json"], b"");
    assert_eq!(run.code, Some(0), "{}", run.told());
    assert!(
        run.stdout.contains("MATCHES  record.json"),
        "{}",
        run.stdout
    );
    std::fs::write(&path, RECORD.replace("\"replayed\"", "\"admitted\"")).expect("a file");
    let run = run_in(folder.path(), &["validate", "record.json"], b"");
    assert_eq!(run.code, Some(1), "{}", run.told());
    for line in [
        "DIVERGES  record.json  at step 3",
        "recorded: admitted",
        "model:    replayed",
        "guard:    nonce-fresh",
        "allowed:  network -> bob  deliver  m1 nonce=n0  replayed",
    ] {
        assert!(run.stdout.contains(line), "{line} in {}", run.stdout);
    }
}

#[test]
fn an_attack_on_weakened_rules_is_no_record() {
    let attack = "traces/counterexamples/evicts-oldest.json";
    let run = run(&["validate", attack]);
    assert_eq!(run.code, Some(3), "{}", run.told());
    assert!(
        run.stdout.contains("not a record: under evicts-oldest"),
        "{}",
        run.stdout
    );
}

#[test]
fn a_record_without_a_step_says_nothing_and_is_no_pass() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut record: serde_json::Value = serde_json::from_str(RECORD).expect("a record");
    record["steps"] = serde_json::json!([]);
    record["transcript"] = serde_json::Value::Null;
    std::fs::write(folder.path().join("record.json"), record.to_string()).expect("a file");
    for command in ["validate", "replay"] {
        let run = run_in(folder.path(), &[command, "record.json"], b"");
        assert_eq!(run.code, Some(3), "{}", run.told());
        let line = "VACUOUS  record.json  no steps";
        assert!(run.stdout.contains(line), "{}", run.told());
    }
}
