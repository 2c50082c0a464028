//! The durable replay store under `kill -9`, under races of threads and processes, and before files
//! that are not its own.
//!
//! A child process is this test binary again, told by an environment variable to play a part.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test fails loudly, in its helpers too"
)]

use std::{
    collections::BTreeSet,
    env, fs,
    io::{BufRead, BufReader, Write},
    path::Path,
    process::{Child, Command, Stdio},
    sync::Barrier,
    thread,
};

use countersign::store::{Claim, Occupancy, ReplayStore, SqliteStore, StoreError};

const SENDER: &str = "spiffe://example.org/alice";
/// Names the file to the child. Without it, the child's part is not played.
const FILE: &str = "COUNTERSIGN_TEST_STORE";
/// How many messages a child has, so that it ends even if nobody kills it.
const MESSAGES: u64 = 20_000;
const RACE_MESSAGES: u64 = 200;

#[test]
fn every_message_reported_before_kill_9_is_refused_after_it() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("store");
    let mut admitted = BTreeSet::new();
    // Killed after so many reports; on one file, so that recovery has to work more than once.
    for reports in [1, 2, 3, 5, 8, 40] {
        let mut child = part("the_part_of_a_receiver_that_is_killed", &path);
        let mut lines = BufReader::new(child.stderr.take().unwrap()).lines();
        let mut reported: BTreeSet<u64> = lines
            .by_ref()
            .take(reports)
            .map(|line| number(&line.unwrap()))
            .collect();
        child.kill().unwrap();
        // What the child wrote between the last line read here and its death was reported too.
        reported.extend(lines.map(|line| number(&line.unwrap())));
        assert!(
            !child.wait().unwrap().success(),
            "it was killed, it did not end"
        );
        assert!(reported.len() >= reports);

        let mut store = SqliteStore::open(&path).unwrap();
        for message in &reported {
            assert!(
                !admit(&mut store, *message),
                "message {message} was admitted twice"
            );
        }
        let latest = reported.last().unwrap() + 1;
        assert!(
            store.advance(0).unwrap() >= latest,
            "a clock set back must not be believed"
        );

        admitted.extend(reported);
        // One message may have been committed and not yet reported: that errs on the safe side.
        let found = store.entries().unwrap().len();
        let unreported = found - admitted.len();
        assert!(
            unreported <= 1,
            "{found} entries, {} reported",
            admitted.len()
        );
        admitted.extend(
            store
                .entries()
                .unwrap()
                .iter()
                .map(|entry| message_of(entry.nonce)),
        );
    }
}

#[test]
fn threads_that_race_for_a_nonce_admit_it_once() {
    const THREADS: usize = 8;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("store");
    let start = Barrier::new(THREADS);
    let admitted: Vec<u64> = thread::scope(|scope| {
        let racers: Vec<_> = (0..THREADS)
            .map(|_| {
                scope.spawn(|| {
                    // Opening is part of the race: the file does not exist yet.
                    start.wait();
                    let mut store = SqliteStore::open(&path).unwrap();
                    start.wait();
                    (0..RACE_MESSAGES)
                        .filter(|m| admit(&mut store, *m))
                        .collect::<Vec<_>>()
                })
            })
            .collect();
        racers
            .into_iter()
            .flat_map(|racer| racer.join().unwrap())
            .collect()
    });
    assert_each_once(admitted);
}

#[test]
fn processes_that_race_for_a_nonce_admit_it_once() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("store");
    let mut racers = [(); 2].map(|()| part("the_part_of_a_receiver_that_races", &path));
    // Each says that it is ready; then both are let go.
    let mut reports = racers.each_mut().map(|racer| {
        let mut lines = BufReader::new(racer.stderr.take().unwrap()).lines();
        assert_eq!(lines.next().unwrap().unwrap(), "ready");
        lines
    });
    for racer in &mut racers {
        racer.stdin.take().unwrap().write_all(b"go\n").unwrap();
    }
    let admitted = reports
        .each_mut()
        .map(|lines| lines.map(|line| number(&line.unwrap())).collect::<Vec<_>>());
    for mut racer in racers {
        assert!(racer.wait().unwrap().success());
    }
    assert_each_once(admitted.concat());
}

#[test]
fn the_part_of_a_receiver_that_is_killed() {
    let Some(path) = env::var_os(FILE) else {
        return;
    };
    let mut store = SqliteStore::open(path).unwrap();
    for message in 0..MESSAGES {
        assert!(store.advance(message + 1).unwrap() > message);
        if admit(&mut store, message) {
            eprintln!("{message}");
        }
    }
}

#[test]
fn the_part_of_a_receiver_that_races() {
    let Some(path) = env::var_os(FILE) else {
        return;
    };
    let mut store = SqliteStore::open(path).unwrap();
    eprintln!("ready");
    std::io::stdin().read_line(&mut String::new()).unwrap();
    for message in (0..RACE_MESSAGES).filter(|message| admit(&mut store, *message)) {
        eprintln!("{message}");
    }
}

#[test]
fn the_mark_and_the_entries_survive_a_restart() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("store");
    let mut store = SqliteStore::open(&path).unwrap();
    assert_eq!(store.advance(70).unwrap(), 70);
    assert!(admit(&mut store, 1));
    drop(store);
    let mut store = SqliteStore::open(&path).unwrap();
    assert_eq!(store.advance(50).unwrap(), 70);
    assert!(!admit(&mut store, 1));
}

#[test]
fn replicas_share_the_mark_and_what_a_sweep_forgot() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("store");
    let mut here = SqliteStore::open(&path).unwrap();
    let mut there = SqliteStore::open(&path).unwrap();
    assert!(admit(&mut here, 1));
    assert_eq!(there.advance(90).unwrap(), 90);
    assert_eq!(here.advance(80).unwrap(), 90);
    assert_eq!(there.sweep(u64::from(u32::MAX)).unwrap(), 0);
    assert_eq!(here.entries().unwrap(), there.entries().unwrap());
}

#[test]
fn a_file_that_is_no_database_is_foreign_and_stays_as_it_is() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("notes.txt");
    let text = "these are notes, not a store\n".repeat(100);
    fs::write(&path, &text).unwrap();
    let error = SqliteStore::open(&path).unwrap_err();
    assert!(matches!(error, StoreError::Foreign { .. }), "{error:?}");
    assert!(error.to_string().contains("notes.txt"), "{error}");
    assert!(error.to_string().contains("name another file"), "{error}");
    assert_eq!(fs::read_to_string(&path).unwrap(), text);
}

#[test]
fn another_programs_database_is_foreign_and_stays_as_it_is() {
    for statement in [
        "CREATE TABLE photo (name TEXT)",
        "PRAGMA application_id = 7",
    ] {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("photos");
        edit(&path, statement);
        let before = fs::read(&path).unwrap();
        let error = SqliteStore::open(&path).unwrap_err();
        assert!(matches!(error, StoreError::Foreign { .. }), "{error:?}");
        assert_eq!(fs::read(&path).unwrap(), before);
    }
}

#[test]
fn a_store_of_a_newer_format_is_refused_by_name() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("store");
    drop(SqliteStore::open(&path).unwrap());
    edit(&path, "PRAGMA user_version = 2");
    let error = SqliteStore::open(&path).unwrap_err();
    assert!(
        matches!(
            error,
            StoreError::Format {
                found: 2,
                known: 1,
                ..
            }
        ),
        "{error:?}"
    );
    assert!(
        error.to_string().contains("use the build that wrote it"),
        "{error}"
    );
}

#[test]
fn a_store_that_lost_a_part_is_damaged_not_empty() {
    for loss in ["DELETE FROM clock", "DROP TABLE clock", "DROP TABLE entry"] {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("store");
        drop(SqliteStore::open(&path).unwrap());
        edit(&path, loss);
        let error = SqliteStore::open(&path).unwrap().sweep(5).unwrap_err();
        assert!(
            matches!(error, StoreError::Damaged { .. }),
            "{loss}: {error:?}"
        );
    }
}

#[test]
fn a_path_that_cannot_last_is_refused_or_made_a_file() {
    let error = SqliteStore::open("").unwrap_err();
    assert!(matches!(error, StoreError::Path { .. }), "{error:?}");
    let folder = tempfile::tempdir().unwrap();
    let error = SqliteStore::open(folder.path().join("absent/store")).unwrap_err();
    assert!(matches!(error, StoreError::Unusable { .. }), "{error:?}");
    let store = SqliteStore::open(folder.path().join(":memory:")).unwrap();
    assert!(fs::exists(store.path()).unwrap());
}

/// Starts this binary again, to play one part with the store at `path`.
fn part(name: &str, path: &Path) -> Child {
    Command::new(env::current_exe().unwrap())
        .args(["--exact", name, "--nocapture"])
        .env(FILE, path)
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap()
}

/// Admits a message as a hardened receiver does; tells whether it did.
fn admit(store: &mut SqliteStore, message: u64) -> bool {
    let claim = Claim {
        sender: SENDER,
        nonce: u128::from(message).to_be_bytes(),
        now_ms: message,
        rate_period_ms: 1_000,
    };
    let mut admitted = false;
    let mut decide = |occupancy: &Occupancy| {
        admitted = !occupancy.seen;
        admitted.then_some(u64::from(u32::MAX))
    };
    store.admit(&claim, &mut decide).unwrap();
    admitted
}

fn message_of(nonce: [u8; 16]) -> u64 {
    u64::try_from(u128::from_be_bytes(nonce)).unwrap()
}

fn number(line: &str) -> u64 {
    line.parse()
        .unwrap_or_else(|_| panic!("a child failed: {line}"))
}

fn assert_each_once(mut admitted: Vec<u64>) {
    admitted.sort_unstable();
    assert_eq!(admitted, (0..RACE_MESSAGES).collect::<Vec<_>>());
}

fn edit(path: &Path, statement: &str) {
    rusqlite::Connection::open(path)
        .unwrap()
        .execute_batch(statement)
        .unwrap();
}
