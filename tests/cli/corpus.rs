//! Every committed trace is what it says, and what is recorded today is what was recorded then.

use std::collections::BTreeSet;
use std::fs;
use std::thread;

use super::program::{root, run, run_in, traces};

const COUNTEREXAMPLES: usize = 135;
const EXCHANGES: usize = 27;
const REJECTED: usize = 67;

#[test]
fn every_trace_replays_as_expected_and_none_is_missing() {
    for (folder, count, word) in [
        ("counterexamples", COUNTEREXAMPLES, "CONFIRMED"),
        ("exchanges", EXCHANGES, "MATCHES"),
        ("rejected", REJECTED, "MATCHES"),
    ] {
        let run = run(&["replay", &format!("traces/{folder}")]);
        assert_eq!(run.code, Some(0), "{}", run.told());
        let lines = run
            .stdout
            .lines()
            .filter(|line| line.trim_start().starts_with(word));
        assert_eq!(lines.count(), count, "{folder}");
        assert_eq!(traces(folder).len(), count, "{folder}");
    }
}

#[test]
fn hardened_code_foils_every_counterexample() {
    let run = run(&["replay", "--on", "hardened", "traces/counterexamples"]);
    assert_eq!(run.code, Some(0), "{}", run.told());
    insta::assert_snapshot!(run.told());
}

#[test]
fn replays_are_byte_identical_across_processes_and_threads() {
    let words = ["replay", "traces", "--format", "json", "--repeat", "3"];
    let of = |threads: &'static str| {
        thread::spawn(move || run(&[words.as_slice(), &["--threads", threads]].concat()))
    };
    let runs = ["1", "2", "4"].map(of);
    let told: BTreeSet<String> = runs
        .into_iter()
        .map(|run| {
            let run = run.join().expect("a run");
            assert_eq!(run.code, Some(0), "{}", run.told());
            run.stdout
        })
        .collect();
    let first = told.first().cloned().unwrap_or_default();
    assert!(first.contains("replayed"), "{first}");
    // The number of threads is the one thing that may differ.
    let bare: BTreeSet<String> = told
        .iter()
        .map(|text| {
            text.lines()
                .filter(|line| !line.contains("threads"))
                .collect()
        })
        .collect();
    assert_eq!(bare.len(), 1);
}

#[test]
fn what_is_recorded_today_is_what_was_committed() {
    let folder = tempfile::tempdir().expect("a folder");
    let run = run_in(folder.path(), &["record", "--all", "."], b"");
    assert_eq!(run.code, Some(0), "{}", run.told());
    for part in ["exchanges", "rejected"] {
        for path in traces(part) {
            let place = path
                .strip_prefix(root().join("traces"))
                .expect("in the folder");
            let committed = fs::read_to_string(&path).expect("a trace");
            assert!(
                !committed.contains("\"transcript\": null"),
                "{}",
                place.display()
            );
            // Those of the audit trail are told, and compared, beside their own tests.
            if committed.contains("\"system\": \"audit\"") {
                continue;
            }
            let recorded = fs::read_to_string(folder.path().join(place)).expect("a recording");
            assert_eq!(committed, recorded, "{}", place.display());
        }
    }
}

#[test]
fn what_check_writes_today_is_what_was_committed() {
    let folder = tempfile::tempdir().expect("a folder");
    let words = ["check", "--write-traces", "--traces", "."];
    let run = run_in(folder.path(), &words, b"");
    assert_eq!(run.code, Some(0), "{}", run.told());
    for path in traces("counterexamples") {
        let place = path
            .strip_prefix(root().join("traces"))
            .expect("in the folder");
        let committed = fs::read_to_string(&path).expect("a trace");
        let written = fs::read_to_string(folder.path().join(place)).expect("a counterexample");
        assert_eq!(committed, written, "{}", place.display());
    }
}

#[test]
fn hardened_code_does_what_every_exchange_and_every_refusal_expects() {
    let words = ["--on", "hardened", "traces/exchanges", "traces/rejected"];
    let run = run(&[["replay"].as_slice(), &words].concat());
    assert_eq!(run.code, Some(0), "{}", run.told());
    let lines = run.stdout.lines();
    let matches = lines.filter(|line| line.trim_start().starts_with("MATCHES"));
    assert_eq!(matches.count(), EXCHANGES + REJECTED);
}

#[test]
fn every_exchange_reads_as_it_was_reviewed() {
    let told = traces("exchanges").into_iter().map(|path| {
        let place = path.strip_prefix(root()).expect("in the repository");
        run(&["show", &place.display().to_string()]).told()
    });
    insta::assert_snapshot!(told.collect::<Vec<_>>().join("\n\n"));
}
