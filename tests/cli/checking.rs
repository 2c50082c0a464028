//! The main job, and what it says when something is cut short or weakened.

use serde_json::Value;

use super::program::{run, run_in, without_times};

#[test]
fn the_main_job_finds_everything_as_expected() {
    let run = run(&["check", "--threads", "2"]);
    assert_eq!(run.code, Some(0), "{}", run.told());
    assert!(run.stderr.is_empty(), "no progress where nobody watches");
    insta::assert_snapshot!(without_times(&run.stdout));
}

#[test]
fn the_listing_is_attacked_flaw_by_flaw() {
    let run = run(&["check", "--profile", "listing"]);
    assert_eq!(run.code, Some(1), "{}", run.told());
    insta::assert_snapshot!(without_times(&run.stdout));
}

#[test]
fn a_guard_switched_off_is_broken_with_an_attack_that_can_be_repeated() {
    let folder = tempfile::tempdir().expect("a folder");
    let words = [
        "check",
        "--without",
        "nonce-fresh",
        "--threads",
        "1",
        "--faults",
        "0",
        "--write",
        "found",
    ];
    let run = run_in(folder.path(), &words, b"");
    assert_eq!(run.code, Some(1), "{}", run.told());
    insta::assert_snapshot!(without_times(&run.stdout));
    let words = ["replay", "found/without-nonce-fresh-once.json"];
    let again = run_in(folder.path(), &words, b"");
    assert_eq!(again.code, Some(0), "{}", again.told());
    assert!(again.stdout.contains("CONFIRMED"));
}

#[test]
fn whatever_is_cut_short_is_bounded_and_never_holds() {
    for limit in [
        ["--max-states", "1000"],
        ["--max-depth", "2"],
        ["--time-limit", "0"],
    ] {
        let words = [["explore", "--threads"].as_slice(), &["1"], &limit].concat();
        let run = run(&words);
        assert_eq!(run.code, Some(3), "{}", run.told());
        assert!(
            run.stdout.contains("BOUNDED") && !run.stdout.contains("HOLDS"),
            "{}",
            run.stdout
        );
        assert!(
            run.stdout.contains(limit[0]),
            "the limit is named: {}",
            run.stdout
        );
    }
}

#[test]
fn a_premise_that_is_never_reached_is_vacuous() {
    let run = run(&[
        "explore",
        "--messages",
        "1",
        "--nonces",
        "1",
        "--max-depth",
        "1",
    ]);
    assert_eq!(run.code, Some(3));
    let words = [
        "explore",
        "--invariant",
        "live",
        "--with",
        "without-sender-active",
        "--clock",
        "1",
        "--faults",
        "0",
    ];
    assert_eq!(super::program::run(&words).code, Some(0));
}

#[test]
fn an_unproved_invariant_is_undecided_and_not_an_attack() {
    let run = run(&["prove", "--without", "nonce-fresh", "--invariant", "once"]);
    assert_eq!(run.code, Some(3), "{}", run.told());
    assert!(
        run.stdout.contains("    FAILS  once       induction"),
        "{}",
        run.stdout
    );
}

#[test]
fn every_format_says_the_same() {
    let words = [
        "check",
        "--without",
        "signature-valid",
        "--faults",
        "0",
        "--threads",
        "2",
        "--format",
    ];
    let of = |format| run(&[words.as_slice(), &[format]].concat());
    let json: Value = serde_json::from_str(&of("json").stdout).expect("JSON");
    assert_eq!(json["format"], "countersign-report/1");
    assert_eq!(json["exit"], 1);
    let broken = json["counts"]["BROKEN"].as_u64().expect("a count");
    let sarif: Value = serde_json::from_str(&of("sarif").stdout).expect("SARIF");
    assert_eq!(sarif["version"], "2.1.0");
    let results = sarif["runs"][0]["results"].as_array().expect("results");
    assert_eq!(results.len() as u64, broken);
    assert_eq!(
        sarif["runs"][0]["tool"]["driver"]["rules"]
            .as_array()
            .map(Vec::len),
        Some(9)
    );
    let junit = of("junit").stdout;
    assert!(junit.starts_with("<?xml"), "{junit}");
    assert_eq!(junit.matches("<testcase").count(), 9);
    assert_eq!(junit.matches("<failure").count() as u64, broken);
}
