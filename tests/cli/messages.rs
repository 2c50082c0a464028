//! Real messages by hand: a key, a registry, an envelope, a verdict.

use std::fs;
use std::path::Path;

use super::program::{Run, run_in};

const ALICE: &str = "spiffe://example.org/agent/alice";
const BOB: &str = "spiffe://example.org/agent/bob";
const NOW_MS: &str = "1767225600000";

/// A folder with alice's key and a registry that lists her and bob.
fn folder() -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    let made = run_in(folder.path(), &["keygen", "-o", "alice.key"], b"");
    assert_eq!(made.code, Some(0), "{}", made.told());
    let record = made
        .stdout
        .lines()
        .find_map(|line| line.strip_prefix("registry"));
    let record = record.expect("a line for the registry");
    let registry = format!(
        r#"{{"format": "countersign-registry/1", "agents": [
            {{"id": "{ALICE}", "standing": "active", "trust": "message", "capabilities": [], "keys": [{record}]}},
            {{"id": "{BOB}", "standing": "active", "trust": "message", "capabilities": [], "keys": []}}]}}"#
    );
    fs::write(folder.path().join("agents.json"), registry).expect("a file");
    folder
}

fn sign(folder: &Path, kind: &str, payload: &str) -> Run {
    let words = [
        "sign",
        "--key",
        "alice.key",
        "--registry",
        "agents.json",
        "--to",
        BOB,
        "--type",
        kind,
        "--now-ms",
        NOW_MS,
    ];
    run_in(folder, &words, payload.as_bytes())
}

fn verify(folder: &Path, envelope: &str, more: &[&str]) -> Run {
    let words = [
        "verify",
        "--registry",
        "agents.json",
        "--me",
        BOB,
        "--now-ms",
        NOW_MS,
    ];
    run_in(
        folder,
        &[words.as_slice(), more].concat(),
        envelope.as_bytes(),
    )
}

#[test]
fn a_signed_message_is_admitted_once_and_its_replay_refused() {
    let folder = folder();
    let signed = sign(folder.path(), "notify", r#"{"event": "finished"}"#);
    assert_eq!(signed.code, Some(0), "{}", signed.told());
    let store = ["--store", "bob.sqlite"];
    let first = verify(folder.path(), &signed.stdout, &store);
    assert_eq!(first.code, Some(0), "{}", first.told());
    assert!(
        first
            .stdout
            .starts_with(" ADMITTED  notify from spiffe://example.org/agent/alice")
    );
    let again = verify(folder.path(), &signed.stdout, &store);
    assert_eq!(again.code, Some(1));
    insta::assert_snapshot!(again.told());
}

#[test]
fn a_changed_message_is_refused_with_the_place() {
    let folder = folder();
    let signed = sign(folder.path(), "notify", r#"{"event": "finished"}"#).stdout;
    let spaced = signed.replacen(',', ", ", 1);
    let forged = signed.replace("finished", "vanished");
    let unknown = signed.replace("\"event\"", "\"evens\"");
    let told = [signed.as_str(), &spaced, &forged, &unknown, "{"].map(|text| {
        let run = verify(folder.path(), text, &[]);
        let verdict = run.told();
        // The digest of a fresh message differs from run to run.
        let lines = verdict.lines().filter(|line| !line.contains("digest"));
        lines.collect::<Vec<_>>().join("\n")
    });
    insta::assert_snapshot!(told.join("\n\n"));
}

#[test]
fn a_secret_key_is_for_its_owner_alone_and_never_overwritten() {
    let folder = folder();
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        let metadata = fs::metadata(folder.path().join("alice.key")).expect("a file");
        assert_eq!(metadata.permissions().mode() & 0o777, 0o600);
    }
    let again = run_in(folder.path(), &["keygen", "-o", "alice.key"], b"");
    assert_eq!(again.code, Some(2));
    insta::assert_snapshot!(again.told());
}

#[cfg(unix)]
#[test]
fn a_secret_key_that_others_may_read_or_change_signs_nothing() {
    use std::os::unix::fs::PermissionsExt as _;
    let folder = folder();
    let path = folder.path().join("alice.key");
    for mode in [0o644, 0o640, 0o602] {
        fs::set_permissions(&path, fs::Permissions::from_mode(mode)).expect("the owner may");
        let refused = sign(folder.path(), "notify", "{}");
        assert_eq!(refused.code, Some(2), "{mode:o}");
        assert_eq!(refused.stdout, "");
        let told = format!("mode {mode:04o}, expected 0600");
        assert!(refused.stderr.contains(&told), "{}", refused.stderr);
        assert!(refused.stderr.contains("chmod 600 alice.key"));
    }
    fs::set_permissions(&path, fs::Permissions::from_mode(0o400)).expect("the owner may");
    let signed = sign(folder.path(), "heartbeat", r#"{"sequence": 1}"#);
    assert_eq!(signed.code, Some(0), "{}", signed.told());
}

#[test]
fn a_payload_that_is_none_is_a_misuse() {
    let folder = folder();
    let cases = [
        ("notify", "{}"),
        ("notify", "{"),
        ("notfy", "{}"),
        ("heartbeat", r#"{"sequence": -1}"#),
    ];
    let told = cases.map(|(kind, payload)| {
        let run = sign(folder.path(), kind, payload);
        assert_eq!(run.code, Some(2), "{kind} {payload}");
        run.told()
    });
    insta::assert_snapshot!(told.join("\n\n"));
}
