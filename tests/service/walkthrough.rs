//! The README's walk-through works as it is printed.

use std::env;
use std::fs;
use std::path::Path;
use std::process::Command;

/// Words added to what is printed: a port that the system chooses, because others test at the same time.
/// Whatever fails, the bus is stopped.
const FUNCTION: &str = r#"
trap '[ -z "${bus:-}" ] || kill "$bus" 2>/dev/null || true' EXIT
served() { until grep -q listening served; do sleep 0.1; done; sed -n 's/^listening on //p' served; }
countersign() { case "$1" in
  serve) shift; exec "$PROGRAM" serve "$@" --port 0 --log error > served ;;
  send|receive|queue) "$PROGRAM" "$@" --server "$(served)" ;;
  *) "$PROGRAM" "$@" ;;
esac; }
"#;

#[test]
fn every_command_of_the_walk_through_works_as_printed() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let readme = fs::read_to_string(root.join("README.md")).unwrap();
    let (_, rest) = readme.split_once("<!-- walk-through -->\n```sh\n").unwrap();
    let (script, _) = rest
        .split_once("```\n<!-- end of walk-through -->")
        .unwrap();
    let folder = tempfile::tempdir().unwrap();
    let output = Command::new("sh")
        .args(["-eu", "-c", &format!("{FUNCTION}{script}")])
        .env("PROGRAM", env!("CARGO_BIN_EXE_countersign"))
        .current_dir(folder.path())
        .output()
        .unwrap();
    let told = String::from_utf8(output.stdout).unwrap();
    let wrong = String::from_utf8(output.stderr).unwrap();
    assert!(output.status.success(), "{told}{wrong}");
    let mut rest = told.as_str();
    for expected in [
        "held ",
        r#"{"deadline_at":9007199254740991,"input":{"euros":40},"task":"pay"}"#,
        "delivered",
        "delegate",
        r#"{"answer":"paid"}"#,
        "pending",
        "approved",
        "MATCHES  3 of 3 records",
        "operator -> bus  approve  m1",
        "MATCHES  run.json",
        "MATCHES  run.json",
    ] {
        let found = rest.find(expected);
        let at = found.unwrap_or_else(|| panic!("no {expected} in order in\n{told}{wrong}"));
        rest = &rest[at + expected.len()..];
    }
}
