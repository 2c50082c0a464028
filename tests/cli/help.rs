//! What the program says of itself.

use super::program::run;

const COMMANDS: &[&str] = &[
    "check",
    "explore",
    "lattice",
    "policy",
    "prove",
    "replay",
    "record",
    "rules",
    "show",
    "keygen",
    "sign",
    "verify",
    "log",
    "completions",
];

#[test]
fn the_program_lists_its_commands() {
    insta::assert_snapshot!(run(&["--help"]).told());
}

#[test]
fn every_command_explains_itself_with_two_examples() {
    for command in COMMANDS {
        let help = run(&[command, "--help"]);
        let examples = help
            .stdout
            .matches(&format!("countersign {command}"))
            .count();
        assert!(examples >= 3, "{command} shows its usage and two examples");
        insta::assert_snapshot!(format!("help_{command}"), help.told());
    }
}

#[test]
fn every_system_that_an_engine_is_asked_about_explains_itself_with_two_examples() {
    for words in [
        ["explore", "handshake"],
        ["explore", "session"],
        ["explore", "audit"],
        ["explore", "bus"],
        ["prove", "audit"],
        ["prove", "bus"],
        ["prove", "handshake"],
        ["prove", "session"],
    ] {
        let help = run(&[words.as_slice(), &["--help"]].concat());
        let command = words.join(" ");
        let usage = format!("countersign {command}");
        let examples = help.stdout.matches(&usage).count();
        assert!(examples >= 3, "{command} shows its usage and two examples");
        insta::assert_snapshot!(format!("help_{}", words.join("_")), help.told());
    }
}

#[test]
fn the_rule_book_is_printed_as_text_as_tables_and_as_json() {
    insta::assert_snapshot!(run(&["rules"]).told());
    insta::assert_snapshot!(run(&["rules", "--guards", "--format", "markdown"]).told());
    let json = run(&["rules", "--format", "json"]).stdout;
    let book: serde_json::Value = serde_json::from_str(&json).expect("JSON");
    for (table, rows) in [
        ("guards", 19),
        ("weakenings", 38),
        ("invariants", 9),
        ("profiles", 2),
    ] {
        assert_eq!(book[table].as_array().map(Vec::len), Some(rows), "{table}");
    }
}

#[test]
fn every_shell_gets_its_completions() {
    for shell in ["bash", "elvish", "fish", "powershell", "zsh"] {
        let run = run(&["completions", shell]);
        assert_eq!(run.code, Some(0), "{shell}");
        assert!(run.stdout.contains("without"), "{shell}");
    }
}

#[test]
fn a_trace_is_drawn_in_lines_as_a_diagram_as_a_page_and_as_itf() {
    let trace = "traces/counterexamples/evicts-oldest.json";
    insta::assert_snapshot!(run(&["show", trace]).told());
    insta::assert_snapshot!(run(&["show", "--mermaid", trace]).told());
    assert!(run(&["show", "--html", trace]).stdout.starts_with("<!"));
    let itf = run(&["show", "--itf", trace]).stdout;
    assert!(serde_json::from_str::<serde_json::Value>(&itf).is_ok());
}

#[test]
fn a_handshake_is_drawn_run_beside_run_with_what_the_attacker_learns() {
    let trace = "traces/counterexamples/handshake/signs-shares-in-the-clear.json";
    insta::assert_snapshot!(run(&["show", trace]).told());
    insta::assert_snapshot!(run(&["show", "--mermaid", trace]).told());
    let page = run(&["show", "--html", trace]).stdout;
    assert!(page.contains("<th>mallory learns</th>"), "{page}");
    assert!(page.contains("signature of bob"), "{page}");
    let trace = "traces/counterexamples/session/static-nonce.json";
    insta::assert_snapshot!(run(&["show", trace]).told());
}
