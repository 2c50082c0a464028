//! The program as a bus: a folder with keys and a deployment, and `countersign serve` on it.

use std::fs;
use std::io::{BufRead as _, BufReader, Write as _};
use std::path::PathBuf;
use std::process::{Child, ChildStdout, Command, Output, Stdio};

use super::fixture::key;

/// A folder with everything that a bus and its people need.
pub(crate) struct Place {
    folder: tempfile::TempDir,
}

/// A bus that runs.
pub(crate) struct Served {
    child: Child,
    // Kept open, so that it can print.
    _stdout: BufReader<ChildStdout>,
    pub(crate) url: String,
}

impl Place {
    pub(crate) fn new(deployment: &str, people: &[&str]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("deployment.json"), deployment).unwrap();
        for name in people {
            let text = key(name).dangerously_export();
            let path = folder.path().join(format!("{name}.key"));
            fs::write(&path, text.as_bytes()).unwrap();
            #[cfg(unix)]
            {
                use std::os::unix::fs::PermissionsExt as _;
                fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).unwrap();
            }
        }
        Self { folder }
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub(crate) fn serve(&self) -> Served {
        let mut child = self
            .command(&["serve", "deployment.json", "--state", "bus.sqlite"])
            .args(["--key", "bus.key", "--port", "0", "--log", "error"])
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut stdout = BufReader::new(child.stdout.take().unwrap());
        let mut line = String::new();
        stdout.read_line(&mut line).unwrap();
        let url = line
            .trim()
            .strip_prefix("listening on ")
            .unwrap_or_else(|| {
                panic!("no address in {line:?}");
            });
        Served {
            url: url.to_owned(),
            child,
            _stdout: stdout,
        }
    }

    /// Runs a command to its end.
    pub(crate) fn run(&self, words: &[&str], input: &str) -> Output {
        let mut child = self
            .command(words)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        // A command that needs no input may be gone already.
        let _ = child.stdin.take().unwrap().write_all(input.as_bytes());
        child.wait_with_output().unwrap()
    }

    fn command(&self, words: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_countersign"));
        command.args(words).current_dir(self.folder.path());
        command
    }
}

impl Served {
    pub(crate) fn id(&self) -> u32 {
        self.child.id()
    }

    /// As `kill -9` does.
    pub(crate) fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// Asks it to stop, as an operator does, and gives its exit code.
    pub(crate) fn terminate(mut self) -> Option<i32> {
        let id = self.id().to_string();
        let asked = Command::new("kill").args(["-TERM", &id]).status().unwrap();
        assert!(asked.success());
        self.child.wait().unwrap().code()
    }
}

/// What was printed, which must have gone well.
pub(crate) fn printed(output: &Output) -> String {
    let text = String::from_utf8(output.stdout.clone()).unwrap();
    let wrong = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(0), "{text}{wrong}");
    text
}

/// What was said of a failure.
pub(crate) fn told(output: &Output) -> String {
    assert_ne!(output.status.code(), Some(0));
    String::from_utf8(output.stderr.clone()).unwrap()
}
