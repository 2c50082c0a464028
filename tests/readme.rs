//! The README tells what the program does now.

#![expect(clippy::expect_used, reason = "a test fails loudly")]

use std::fs;
use std::path::Path;
use std::process::Command;

fn readme() -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("README.md");
    fs::read_to_string(path).expect("the README")
}

#[test]
fn its_guard_tables_are_those_that_the_program_prints() {
    let readme = readme();
    for (system, mark) in [
        ("admission", "guards"),
        ("handshake", "handshake guards"),
        ("session", "session guards"),
        ("audit", "audit guards"),
        ("bus", "bus guards"),
    ] {
        let printed = Command::new(env!("CARGO_BIN_EXE_countersign"))
            .args(["rules", system, "--guards", "--format", "markdown"])
            .output()
            .expect("the program runs");
        let printed = String::from_utf8(printed.stdout).expect("UTF-8");
        let table = readme
            .split_once(&format!("<!-- {mark} -->"))
            .and_then(|(_, rest)| rest.split_once(&format!("<!-- end of {mark} -->")))
            .map(|(table, _)| table.trim());
        assert_eq!(table, Some(printed.trim()), "{system}");
    }
}

#[test]
fn every_file_that_it_links_to_exists() {
    let readme = readme();
    let links = readme
        .split("](")
        .skip(1)
        .filter_map(|rest| rest.split(')').next());
    let mut checked = 0;
    for link in links {
        assert!(
            Path::new(env!("CARGO_MANIFEST_DIR")).join(link).exists(),
            "{link}"
        );
        checked += 1;
    }
    assert!(checked > 0, "the README links to something");
}
