//! Every misuse says what is wrong and what to do, and exits 2.

use std::fs;

use super::program::{Run, root, run, run_in};

fn told(words: &[&str]) -> String {
    let run = run(words);
    assert_eq!(run.code, Some(2), "{words:?}: {}", run.told());
    assert!(run.stdout.is_empty(), "{words:?} prints no result");
    format!("$ countersign {}\n{}", words.join(" "), run.told())
}

#[test]
fn a_misuse_names_the_mistake_and_the_remedy() {
    let misuses: &[&[&str]] = &[
        &[],
        &["chekc"],
        &["check", "--wihtout", "nonce-fresh"],
        &["check", "--without", "nonce"],
        &["check", "--without", "zebra"],
        &["check", "--with", "evict-oldest"],
        &["check", "--profile", "hardend"],
        &["check", "--profile", "listing", "--without", "nonce-fresh"],
        &["check", "--agents", "9"],
        &["check", "docs/example/deployment.json", "--messages", "3"],
        &["check", "--agents", "many"],
        &["check", "--threads", "0"],
        &["check", "--steps-max", "11"],
        &["check", "--format", "yaml"],
        &["check", "--traces", "nowhere"],
        &["check", "--without", "peer-is-othr"],
        &["check", "--with", "static-nonces"],
        &["explore", "--invariant", "onec"],
        &["explore", "--depths", "--format", "json"],
        &["explore", "session", "--records", "9"],
        &["explore", "session", "--without", "nonce-fresh"],
        &["prove", "handshake", "--invariant", "sercet"],
        &["prove", "handshake", "--profile", "listing"],
        &["prove", "session", "--with", "static-shares"],
        &["replay"],
        &["replay", "missing.json"],
        &["show", "Cargo.toml"],
        &["record"],
        &["record", "key-rotatoin"],
        &["record", "handshake-complete"],
    ];
    let all: Vec<String> = misuses.iter().map(|words| told(words)).collect();
    insta::assert_snapshot!(all.join("\n\n"));
}

/// What a command is told to read may have no end.
#[cfg(unix)]
#[test]
fn a_file_without_an_end_is_not_read_to_its_end() {
    let agent = "spiffe://example.org/agent/bob";
    let commands: &[&[&str]] = &[
        &["replay", "/dev/zero"],
        &["show", "/dev/zero"],
        &["validate", "/dev/zero"],
        &["policy", "/dev/zero"],
        &["check", "/dev/zero"],
        &["verify", "--registry", "/dev/zero", "--me", agent],
    ];
    for words in commands {
        let told = told(words);
        assert!(told.contains("/dev/zero is longer than the "), "{told}");
        assert!(told.contains("\nhelp: "), "{told}");
    }
}

/// Replays a trace of the corpus after a change to its text.
fn replayed(change: fn(&str) -> String) -> Run {
    let text = fs::read_to_string(root().join("traces/counterexamples/evicts-oldest.json"));
    let folder = tempfile::tempdir().expect("a folder");
    let changed = change(&text.expect("a trace"));
    fs::write(folder.path().join("trace.json"), changed).expect("a file");
    run_in(folder.path(), &["replay", "trace.json"], b"")
}

/// The same trace, written against a rule book whose digest begins with other digits.
fn other_rule_book(text: &str) -> String {
    let digits = "\"rulebook\": \"";
    let at = text.find(digits).expect("a digest") + digits.len();
    format!("{}00000000{}", &text[..at], &text[at + 8..])
}

/// The same trace in which nothing happens, and yet something breaks.
fn without_steps(text: &str) -> String {
    let mut trace: serde_json::Value = serde_json::from_str(text).expect("JSON");
    trace["steps"] = serde_json::json!([]);
    trace.to_string()
}

/// What is done to a trace, how, and the exit code that it must lead to.
type Damage = (&'static str, fn(&str) -> String, i32);

#[test]
fn a_damaged_trace_is_an_error_or_a_divergence_and_never_as_expected() {
    let damages: [Damage; 9] = [
        ("truncated", |text| text[..text.len() / 2].to_owned(), 2),
        ("empty", |_| String::new(), 2),
        (
            "another version",
            |text| text.replace("countersign-trace/1", "countersign-trace/9"),
            2,
        ),
        (
            "unknown weakening",
            |text| text.replace("[\"evicts-oldest\"]", "[\"evicts-odlest\"]"),
            2,
        ),
        (
            "unknown field",
            |text| text.replace("\"lesson\"", "\"lessons\""),
            2,
        ),
        ("another rule book", other_rule_book, 2),
        (
            "a flipped bit in a signature",
            |text| text.replacen("\\\"signature\\\":\\\"", "\\\"signature\\\":\\\"A", 1),
            1,
        ),
        ("a violation without a step", without_steps, 2),
        (
            "another verdict",
            |text| text.replacen("[\"admitted\"]", "[\"replayed\"]", 1),
            1,
        ),
    ];
    let told = damages.map(|(damage, change, code)| {
        let run = replayed(change);
        assert_eq!(run.code, Some(code), "{damage}: {}", run.told());
        format!("# {damage}\n{}", run.told())
    });
    insta::assert_snapshot!(told.join("\n\n"));
}

#[test]
fn a_flipped_bit_anywhere_in_a_trace_is_noticed() {
    let path = root().join("traces/exchanges/replay-refused.json");
    let bytes = fs::read(path).expect("a trace");
    let folder = tempfile::tempdir().expect("a folder");
    for at in (0..bytes.len()).step_by(29) {
        let mut flipped = bytes.clone();
        flipped[at] ^= 1;
        fs::write(folder.path().join("trace.json"), flipped).expect("a file");
        let run = run_in(folder.path(), &["replay", "trace.json"], b"");
        assert!(matches!(run.code, Some(1 | 2)), "byte {at}: {}", run.told());
    }
}
