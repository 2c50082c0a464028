//! `countersign check DEPLOYMENT`: the model under a user's own rules.

use std::fs;

use super::program::{Run, run_in};

/// Nothing needs an approval, and a rule for a pair takes what a broader one grants.
const OPEN: &str = r#"{"agentPolicies": [
    {"from": "a", "to": "b", "allow": ["ask"]},
    {"from": "a", "to": "*", "allow": ["notify"]}
]}"#;
/// What is delegated needs an approval.
const HELD: &str = r#"{"agentPolicies": [
    {"from": "a", "to": "b", "allow": ["ask"], "requireApproval": ["delegate"]}
]}"#;

fn check(deployment: &str, words: &[&str]) -> Run {
    let folder = tempfile::tempdir().expect("a folder");
    fs::write(folder.path().join("d.json"), deployment).expect("a file");
    run_in(folder.path(), &[&["check", "d.json"], words].concat(), b"")
}

#[test]
fn every_promise_is_asked_under_the_rules_of_the_file_and_no_other_system_is() {
    let run = check(HELD, &[]);
    assert_eq!(run.code, Some(0), "{}", run.told());
    assert!(
        run.stdout.contains("11 PROVED, 12 HOLDS: all as expected"),
        "{}",
        run.stdout
    );
    assert!(
        run.stdout.contains("all that it says of any three agents"),
        "{}",
        run.stdout
    );
    assert!(!run.stdout.contains("handshake"), "{}", run.stdout);
}

#[test]
fn a_promise_that_the_rules_give_no_occasion_to_keep_is_no_pass_unless_the_user_says_so() {
    let run = check(OPEN, &[]);
    assert_eq!(run.code, Some(3), "{}", run.told());
    for line in [
        "VACUOUS  approved    these rules give no occasion to keep it",
        "say so: --vacuous approved",
        "SHADOWS  d.json:2  shadows line 3",
    ] {
        assert!(run.stdout.contains(line), "{line} in {}", run.stdout);
    }
    let run = check(OPEN, &["--vacuous", "approved"]);
    assert_eq!(run.code, Some(0), "{}", run.told());
    let run = check(HELD, &["--vacuous", "approved"]);
    assert_eq!(run.code, Some(3), "{}", run.told());
    assert!(
        run.stdout.contains("leave out --vacuous approved"),
        "{}",
        run.stdout
    );
    let run = check(HELD, &["--vacuous", "aproved"]);
    assert_eq!(run.code, Some(2), "{}", run.told());
    assert!(run.stderr.contains("approved"), "{}", run.stderr);
}

#[test]
fn what_was_not_searched_is_no_pass() {
    let size = ["policy", "generate", "--agents", "40", "--rules", "300"];
    let generated = super::program::run(&size).stdout;
    let run = check(&generated, &["--max-states", "2000"]);
    assert_eq!(run.code, Some(3), "{}", run.told());
    assert!(
        run.stdout.contains("BOUNDED  d.json  256 small policies"),
        "{}",
        run.stdout
    );
    assert!(
        run.stdout.contains("the others were not searched"),
        "{}",
        run.stdout
    );
}

#[test]
fn a_guard_taken_away_is_missed_under_these_rules() {
    let run = check(HELD, &["--without", "approval-given"]);
    assert_eq!(run.code, Some(1), "{}", run.told());
    assert!(run.stdout.contains("BROKEN  approved"), "{}", run.stdout);
}
