//! What a connection is asked for, and what each failure of `SQLite` means to the operator.

use std::path::PathBuf;
use std::sync::Mutex;

use rusqlite::ffi;

use super::*;
use crate::store::database::write_ahead;

#[test]
fn every_connection_waits_for_the_disk_and_for_its_turn() {
    let folder = tempfile::tempdir().unwrap();
    let store = SqliteStore::open(folder.path().join("store")).unwrap();
    let pragma = |name| -> String {
        let found = store
            .database
            .connection()
            .pragma_query_value(None, name, |row| row.get(0));
        match found.unwrap() {
            rusqlite::types::Value::Integer(number) => number.to_string(),
            rusqlite::types::Value::Text(text) => text,
            other => panic!("{name} is {other:?}"),
        }
    };
    let found = ["journal_mode", "synchronous", "fullfsync", "busy_timeout"].map(pragma);
    let synchronous_full = "2";
    assert_eq!(found, ["wal", synchronous_full, "1", "5000"]);
}

#[test]
fn a_file_without_the_header_of_a_database_is_foreign() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("notes");
    std::fs::write(&path, "not a database\n".repeat(100)).unwrap();
    let error = SqliteStore::open(&path).unwrap_err();
    assert!(matches!(error, StoreError::Foreign { .. }), "{error:?}");
}

#[test]
fn the_switch_to_the_write_ahead_log_waits_for_another_opener() {
    // Holds the write lock until somebody has to wait for it.
    static OTHER: Mutex<Option<Connection>> = Mutex::new(None);
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("store");
    let other = Connection::open(&path).unwrap();
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    *OTHER.lock().unwrap() = Some(other);
    let mut here = Connection::open(&path).unwrap();
    let waits = |_| OTHER.lock().unwrap().take().is_some();
    here.busy_handler(Some(waits)).unwrap();
    assert_eq!(write_ahead(&mut here).unwrap(), "wal");
    assert!(OTHER.lock().unwrap().is_none(), "it had to wait");
}

#[test]
fn a_mark_that_is_high_enough_is_not_written_again() {
    let folder = tempfile::tempdir().unwrap();
    let mut store = SqliteStore::open(folder.path().join("store")).unwrap();
    store.sweep(5).unwrap();
    let written = store.database.connection().total_changes();
    for now_ms in [5, 4, 0] {
        store.sweep(now_ms).unwrap();
        assert_eq!(
            store.database.connection().total_changes(),
            written,
            "at {now_ms}"
        );
    }
    store.sweep(6).unwrap();
    assert!(store.database.connection().total_changes() > written);
}

#[test]
fn each_failure_names_its_remedy() {
    let rows = [
        (ffi::SQLITE_BUSY, "busy"),
        (ffi::SQLITE_CORRUPT, "damaged"),
        (ffi::SQLITE_NOTADB, "damaged"),
        (ffi::SQLITE_CONSTRAINT, "damaged"),
        (ffi::SQLITE_ERROR, "damaged"),
        (ffi::SQLITE_IOERR, "unusable"),
        (ffi::SQLITE_FULL, "unusable"),
        (ffi::SQLITE_CANTOPEN, "unusable"),
        (ffi::SQLITE_READONLY, "unusable"),
    ];
    for (code, expected) in rows {
        let source = rusqlite::Error::SqliteFailure(ffi::Error::new(code), None);
        assert_eq!(remedy(source), expected, "code {code}");
    }
    assert_eq!(remedy(rusqlite::Error::QueryReturnedNoRows), "damaged");
    let mistyped = rusqlite::Error::IntegralValueOutOfRange(0, -1);
    assert_eq!(remedy(mistyped), "damaged");
    let path = rusqlite::Error::InvalidPath(PathBuf::new());
    assert_eq!(remedy(path), "unusable");
}

/// What is told for an error of `SQLite`.
fn remedy(source: rusqlite::Error) -> &'static str {
    match failure(Path::new("store"), "be opened", Fault::Sqlite(source)) {
        StoreError::Busy {
            waited_ms: BUSY_TIMEOUT_MS,
            ..
        } => "busy",
        StoreError::Damaged { .. } => "damaged",
        StoreError::Unusable {
            action: "be opened",
            ..
        } => "unusable",
        other => panic!("{other:?}"),
    }
}
