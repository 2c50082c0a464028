//! Runs the program, and hides from snapshots what differs from run to run.

use std::ffi::OsStr;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// What a run came to.
pub(crate) struct Run {
    /// The exit code.
    pub(crate) code: Option<i32>,
    /// Results.
    pub(crate) stdout: String,
    /// Progress and errors.
    pub(crate) stderr: String,
}

impl Run {
    /// Everything in one text.
    pub(crate) fn told(&self) -> String {
        format!("{}{}exit {:?}", self.stdout, self.stderr, self.code)
    }
}

/// Runs the program in the root of the repository.
pub(crate) fn run(words: &[&str]) -> Run {
    run_in(root(), words, b"")
}

/// Runs the program in `folder` with `input` on stdin.
pub(crate) fn run_in(folder: &Path, words: &[impl AsRef<OsStr>], input: &[u8]) -> Run {
    let mut child = Command::new(env!("CARGO_BIN_EXE_countersign"))
        .args(words)
        .current_dir(folder)
        .env_remove("CLICOLOR_FORCE")
        .env("COLUMNS", "100")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program starts");
    let mut stdin = child.stdin.take().expect("a pipe");
    // A program that needs no input may be gone already.
    let _ = stdin.write_all(input);
    drop(stdin);
    let output = child.wait_with_output().expect("the program ends");
    Run {
        code: output.status.code(),
        stdout: String::from_utf8(output.stdout).expect("UTF-8"),
        stderr: String::from_utf8(output.stderr).expect("UTF-8"),
    }
}

/// The text with every duration, and the version of Z3, hidden.
pub(crate) fn without_times(text: &str) -> String {
    let mut lines: Vec<String> = Vec::new();
    for line in text.lines() {
        let mut words: Vec<String> = line.split(' ').map(str::to_owned).collect();
        for at in 1..words.len() {
            let is_duration = words[at].trim_end_matches(',') == "s";
            if is_duration && words[at - 1].parse::<f64>().is_ok() {
                "[time]".clone_into(&mut words[at - 1]);
            }
            if words[at - 1] == "Z3" {
                "[version],".clone_into(&mut words[at]);
            }
        }
        lines.push(words.join(" "));
    }
    lines.join("\n")
}

pub(crate) fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Every trace in a folder of `traces`, in order.
pub(crate) fn traces(folder: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut folders = vec![root().join("traces").join(folder)];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                folders.push(path);
            } else {
                found.push(path);
            }
        }
    }
    found.sort();
    found
}
