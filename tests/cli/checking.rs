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
fn a_name_weakens_every_system_that_knows_it() {
    for (words, sections) in [
        (
            ["--without", "peer-is-other"],
            ["explored-handshake"].as_slice(),
        ),
        (["--with", "static-nonce"], &["explored-session"]),
        (
            ["--without", "peer-entitled"],
            &["explored-handshake", "explored-session"],
        ),
    ] {
        let run = run(&[["check", "--format", "json"].as_slice(), &words].concat());
        assert_eq!(run.code, Some(1), "{}", run.told());
        let json: Value = serde_json::from_str(&run.stdout).expect("JSON");
        let all = json["sections"].as_array().expect("sections");
        let names: Vec<&str> = all.iter().filter_map(|it| it["name"].as_str()).collect();
        assert_eq!(names, sections, "{words:?}");
        for section in all {
            let findings = section["findings"].as_array().expect("findings");
            let mut broken = findings.iter().filter(|it| it["status"] == "BROKEN");
            let confirmed = |it: &Value| it["replays"][0]["status"] == "CONFIRMED";
            assert!(broken.any(confirmed), "{words:?}: {section:#}");
        }
    }
    let words = ["check", "--without", "peer-is-other", "--threads", "2"];
    insta::assert_snapshot!(without_times(&run(&words).stdout));
}

#[test]
fn every_system_is_proved_and_written_for_another_solver() {
    for system in ["handshake", "session"] {
        let proved = run(&["prove", system]);
        assert_eq!(proved.code, Some(0), "{}", proved.told());
        insta::assert_snapshot!(format!("prove_{system}"), without_times(&proved.stdout));
        let folder = tempfile::tempdir().expect("a folder");
        let words = ["prove", system, "--smt-lib", "out"];
        let written = run_in(folder.path(), &words, b"");
        assert_eq!(written.code, Some(0), "{}", written.told());
        let files = std::fs::read_dir(folder.path().join("out")).expect("a folder");
        let said = written.stdout.split(' ').next().expect("a count");
        assert_eq!(said, files.count().to_string(), "{}", written.told());
    }
    let run = run(&[
        "prove",
        "session",
        "--with",
        "highest-only",
        "--invariant",
        "live",
    ]);
    assert_eq!(run.code, Some(3), "{}", run.told());
    assert!(run.stdout.contains("    FAILS  live       induction"));
}

#[test]
fn sessions_and_handshakes_are_explored_within_the_bounds_asked_for() {
    let small = ["--sessions", "1", "--records", "2", "--numbers", "2"];
    let depths = run(&[["explore", "session", "--depths"].as_slice(), &small].concat());
    assert_eq!(depths.code, Some(0), "{}", depths.told());
    insta::assert_snapshot!("depths_of_a_session", depths.stdout);
    let depths = run(&["explore", "handshake", "--runs", "2", "--depths"]);
    insta::assert_snapshot!("depths_of_a_handshake", depths.stdout);
    let folder = tempfile::tempdir().expect("a folder");
    for (system, flag, name) in [
        ("handshake", "--with", "signs-own-share"),
        ("session", "--without", "sequence-unseen"),
    ] {
        let words = ["explore", system, flag, name, "--write", "found"];
        let run = run_in(folder.path(), &words, b"");
        assert_eq!(run.code, Some(1), "{}", run.told());
        assert!(run.stdout.contains("wrote found/"), "{}", run.told());
    }
    let again = run_in(folder.path(), &["replay", "found"], b"");
    assert_eq!(again.code, Some(0), "{}", again.told());
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
    let rules = &sarif["runs"][0]["tool"]["driver"]["rules"];
    let rules = rules.as_array().expect("rules");
    for result in results {
        let named = |rule: &&Value| rule["id"] == result["ruleId"];
        assert_eq!(rules.iter().filter(named).count(), 1, "{result}");
    }
    let junit = of("junit").stdout;
    assert!(junit.starts_with("<?xml"), "{junit}");
    // Admission and the handshake both have this guard: nine invariants, and fifteen.
    assert_eq!(junit.matches("<testcase").count(), 9 + 15);
    assert_eq!(junit.matches("<failure").count() as u64, broken);
}
