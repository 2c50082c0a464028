//! The handshake on the command line: no limit and no mistake reads as a promise that is kept.

use std::fs;

use super::program::{root, run, run_in};

#[test]
fn a_misuse_names_the_mistake_and_the_remedy() {
    let misuses: [&[&str]; 10] = [
        &["explore", "handshake", "--runs", "0"],
        &["explore", "handshake", "--runs", "5"],
        &["explore", "handshake", "--reveal", "own-longterm"],
        &["explore", "handshake", "--without", "peer"],
        &["explore", "handshake", "--with", "static-share"],
        &["explore", "handshake", "--invariant", "sercet"],
        &["explore", "handshake", "--threads", "2"],
        &["lattice", "--runs", "9"],
        &["lattice", "--format", "svg"],
        &["rules", "handshake", "--profiles"],
    ];
    let told = misuses.map(|words| {
        let run = run(words);
        assert_eq!(run.code, Some(2), "{words:?}: {}", run.told());
        assert!(run.stdout.is_empty(), "{words:?} prints no result");
        format!("$ countersign {}\n{}", words.join(" "), run.told())
    });
    insta::assert_snapshot!(told.join("\n\n"));
}

#[test]
fn what_is_cut_short_or_vacuous_holds_nothing() {
    for (limit, words) in [
        ("--max-states", "1"),
        ("--max-depth", "1"),
        ("--time-limit", "0"),
    ] {
        let run = run(&["explore", "handshake", limit, words]);
        assert_eq!(run.code, Some(3), "{limit}: {}", run.told());
        assert!(!run.stdout.contains("HOLDS"), "{limit}: {}", run.told());
    }
    let alone = run(&[
        "explore",
        "handshake",
        "--runs",
        "1",
        "--invariant",
        "secret",
    ]);
    assert_eq!(alone.code, Some(3), "{}", alone.told());
    assert!(alone.stdout.contains("VACUOUS  secret"), "{}", alone.told());
}

#[test]
fn an_attack_within_the_depth_is_shown_whole() {
    let words = "explore handshake --runs 2 --with signs-own-share --reveal other-ephemeral";
    let words: Vec<&str> = words.split(' ').collect();
    let limited = [words.as_slice(), &["--max-depth", "3"]].concat();
    let run = run(&limited);
    assert_eq!(run.code, Some(1), "{}", run.told());
    assert!(!run.stdout.contains("cut short"), "{}", run.told());
}

#[test]
fn the_lattice_is_a_table_a_document_and_a_diagram() {
    insta::assert_snapshot!(run(&["lattice"]).told());
    insta::assert_snapshot!(run(&["lattice", "--format", "mermaid"]).told());
    let json = run(&["lattice", "--format", "json"]).stdout;
    let document: serde_json::Value = serde_json::from_str(&json).expect("JSON");
    assert_eq!(document["promises"].as_array().map(Vec::len), Some(45));
}

#[test]
fn a_lattice_that_is_vacuous_or_cut_short_says_so() {
    for (name, words) in [
        ("lattice_vacuous", ["lattice", "--runs", "1"]),
        ("lattice_cut_short", ["lattice", "--max-depth", "1"]),
    ] {
        let run = run(&words);
        assert_eq!(run.code, Some(3), "{}", run.told());
        insta::assert_snapshot!(name, run.told());
    }
}

#[test]
fn a_flipped_bit_anywhere_in_a_trace_is_noticed() {
    let path = root().join("traces/counterexamples/handshake/signs-own-share.json");
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
