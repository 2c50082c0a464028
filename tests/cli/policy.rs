//! Questions about a deployment, answered as its owner reads them.

use std::fs;

use super::program::{Run, root, run, run_in, without_times};

const EXAMPLE: &str = "docs/example/deployment.json";

fn asked(words: &[&str], code: i32) -> String {
    let run = run(words);
    assert_eq!(run.code, Some(code), "{words:?}: {}", run.told());
    format!(
        "$ countersign {}\n{}",
        words.join(" "),
        without_times(&run.told())
    )
}

/// A question about agents of the example.
fn chain(can: &str, reach: &str, more: &[&str], code: i32) -> String {
    let words = ["policy", EXAMPLE, "--can", can, "--reach", reach];
    asked(&[words.as_slice(), more].concat(), code)
}

#[test]
fn the_matrix_is_printed_as_text_and_as_a_table() {
    insta::assert_snapshot!(asked(&["policy", EXAMPLE], 0));
    insta::assert_snapshot!(asked(&["policy", EXAMPLE, "--format", "markdown"], 0));
}

#[test]
fn a_question_about_deputies_has_a_chain_or_a_proof() {
    let (research, payment) = ("agent-research", "agent-payment");
    let unasked = "--without-approval";
    let told = [
        chain(research, payment, &["--type", "delegate", unasked], 0),
        chain(research, payment, &["--type", "delegate"], 1),
        chain(research, payment, &[unasked], 1),
        chain(research, payment, &[unasked, "--requests-only"], 0),
        chain(research, payment, &[unasked, "--declared"], 0),
        chain("*", payment, &["--type", "ask", "--requests-only"], 0),
        chain("agent-qa", "*", &["--type", "ask"], 1),
        chain(research, payment, &[unasked, "--format", "markdown"], 1),
    ];
    insta::assert_snapshot!(told.join("\n\n"));
}

#[test]
fn the_same_answers_are_printed_for_machines() {
    let words = ["policy", EXAMPLE, "--format", "json"];
    let question = ["--can", "agent-research", "--reach", "agent-payment"];
    let matrix: serde_json::Value = serde_json::from_str(&run(&words).stdout).expect("JSON");
    assert_eq!(matrix["format"], "countersign-policy/1");
    assert_eq!(matrix["permissions"].as_array().map(Vec::len), Some(5));
    let words = [words.as_slice(), &question].concat();
    let answer: serde_json::Value = serde_json::from_str(&run(&words).stdout).expect("JSON");
    assert_eq!(answer["answer"], "reaches");
    let hop = &answer["chain"][0];
    assert_eq!(hop["from"], "agent-research");
    assert_eq!(hop["outcome"], "allowed");
    assert_eq!(answer["proof"]["verdict"], "proved");
    assert_eq!(answer["exit"], 1);
}

/// Compares the example with itself after a change to its text.
fn compared(right: &str, wrong: &str, more: &[&str]) -> Run {
    let text = fs::read_to_string(root().join(EXAMPLE)).expect("the example");
    assert!(text.contains(right), "{right}");
    let folder = tempfile::tempdir().expect("a folder");
    fs::write(folder.path().join("old.json"), &text).expect("a file");
    fs::write(
        folder.path().join("new.json"),
        text.replacen(right, wrong, 1),
    )
    .expect("a file");
    let words = ["policy", "diff", "old.json", "new.json"];
    run_in(folder.path(), &[words.as_slice(), more].concat(), b"")
}

#[test]
fn a_change_of_the_rules_is_told_by_what_becomes_possible() {
    let approval = ", \"requireApproval\": true";
    let wildcard = "\"from\": \"agent-qa\", \"to\": \"*\", \"allow\": [\"ask\"]";
    let changes = [
        ("the same", approval, approval, 0),
        ("an approval dropped", approval, "", 1),
        ("a right withdrawn", "[\"ask\", \"notify\"]", "[\"ask\"]", 0),
        (
            "a wildcard of another type",
            wildcard,
            "\"from\": \"agent-qa\", \"to\": \"*\", \"allow\": [\"notify\"]",
            1,
        ),
    ];
    let told = changes.map(|(name, right, wrong, code)| {
        let run = compared(right, wrong, &[]);
        assert_eq!(run.code, Some(code), "{name}: {}", run.told());
        format!("# {name}\n{}", without_times(&run.told()))
    });
    insta::assert_snapshot!(told.join("\n\n"));
    let json = compared(approval, "", &["--format", "json"]).stdout;
    let json: serde_json::Value = serde_json::from_str(&json).expect("JSON");
    assert_eq!(json["changes"][0]["status"], "WIDENS");
    let table = compared(approval, "", &["--format", "markdown"]).stdout;
    assert!(
        table.contains("| WIDENS | agent-purchase | agent-payment |"),
        "{table}"
    );
}

#[test]
fn a_question_that_cannot_be_asked_says_why() {
    let misuses: &[&[&str]] = &[
        &["policy"],
        &["policy", "nowhere.json"],
        &["policy", "Cargo.toml"],
        &["policy", "traces/counterexamples/evicts-oldest.json"],
        &["policy", EXAMPLE, "--can", "agent-research"],
        &["policy", EXAMPLE, "--without-approval"],
        &[
            "policy",
            EXAMPLE,
            "--can",
            "agent-reserch",
            "--reach",
            "agent-payment",
        ],
        &[
            "policy", EXAMPLE, "--can", "agent-qa", "--reach", "agent-qa",
        ],
        &[
            "policy", EXAMPLE, "--can", "agent-qa", "--reach", "*", "--type", "reply",
        ],
        &["policy", EXAMPLE, "--format", "sarif"],
        &["policy", "diff", EXAMPLE],
    ];
    let told = misuses.iter().map(|words| asked(words, 2));
    insta::assert_snapshot!(told.collect::<Vec<_>>().join("\n\n"));
}

#[test]
fn where_there_is_no_rule_the_matrix_says_what_follows() {
    let folder = tempfile::tempdir().expect("a folder");
    fs::write(
        folder.path().join("none.json"),
        r#"{ "agentPolicies": [] }"#,
    )
    .expect("a file");
    let run = run_in(folder.path(), &["policy", "none.json"], b"");
    assert_eq!(run.code, Some(0), "{}", run.told());
    assert!(
        run.stdout
            .ends_with("without a rule nobody sends anything\n"),
        "{}",
        run.told()
    );
}

#[test]
fn a_line_of_the_matrix_names_few_recipients_and_counts_the_others() {
    let folder = tempfile::tempdir().expect("a folder");
    let rules: Vec<String> = (0..9)
        .map(|to| format!(r#"{{ "from": "one", "to": "to-{to}", "allow": ["ask"] }}"#))
        .collect();
    let text = format!(r#"{{ "agentPolicies": [{}] }}"#, rules.join(", "));
    fs::write(folder.path().join("many.json"), text).expect("a file");
    let told = |format| {
        run_in(
            folder.path(),
            &["policy", "many.json", "--format", format],
            b"",
        )
    };
    let text = told("text").stdout;
    assert!(
        text.contains("-> to-0, to-1, to-2, to-3 and 5 more  "),
        "{text}"
    );
    for format in ["markdown", "json"] {
        let whole = told(format).stdout;
        assert!(whole.contains("to-8"), "{whole}");
    }
}

#[test]
fn a_deployment_of_any_size_is_the_same_as_itself() {
    let folder = tempfile::tempdir().expect("a folder");
    let big = run(&["policy", "generate", "--agents", "300", "--rules", "3000"]);
    fs::write(folder.path().join("big.json"), big.stdout).expect("a file");
    let words = ["policy", "diff", "big.json", "big.json"];
    let same = run_in(folder.path(), &words, b"");
    assert_eq!(same.code, Some(0), "{}", same.told());
    assert!(
        same.stdout.contains("no message fares otherwise"),
        "{}",
        same.told()
    );
}

#[test]
fn the_difference_explains_itself_with_two_examples() {
    let help = run(&["policy", "diff", "--help"]);
    assert!(help.stdout.matches("countersign policy diff").count() >= 3);
    insta::assert_snapshot!(help.told());
}
