//! The log on disk: what was answered is there, what failed left nothing, and no other file is touched.

use std::fs;
use std::path::PathBuf;

use countersign_model::audit::guard::Rejection;
use rusqlite::Connection;

use super::fixture::{append, at, header, id, key};
use crate::audit::{
    Draft, FileError, LogFile as _, Policy, RecordError, Salt, SqliteFile, Trail, Verifier,
};

struct Folder(tempfile::TempDir);

impl Folder {
    fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    fn path(&self) -> PathBuf {
        self.0.path().join("log")
    }

    fn trail(&self) -> Trail<SqliteFile> {
        Trail::open(SqliteFile::open(self.path()).unwrap(), key()).unwrap()
    }

    fn sql(&self, statements: &str) {
        Connection::open(self.path())
            .unwrap()
            .execute_batch(statements)
            .unwrap();
    }
}

#[test]
fn what_was_recorded_is_there_after_the_process_ended() {
    let folder = Folder::new();
    let mut trail = folder.trail();
    let recorded = append(&mut trail, 1..=200);
    assert_eq!(recorded.len(), 200);
    assert_eq!(recorded[199].number(), 200);
    trail.sign(at(1)).unwrap();
    drop(trail);
    let mut trail = folder.trail();
    append(&mut trail, 201..=202);
    let mut verifier = Verifier::new(key().peer_key());
    let read = SqliteFile::open_to_read(folder.path()).unwrap();
    read.check().unwrap();
    let found = verifier.verify(&read).unwrap().unwrap();
    assert_eq!((found.count, found.covered), (202, 200));
}

#[test]
fn a_record_is_proof_for_its_own_message_and_no_other() {
    let folder = Folder::new();
    let mut trail = folder.trail();
    let mut recorded = append(&mut trail, 1..=2);
    let (second, first) = (recorded.pop().unwrap(), recorded.pop().unwrap());
    assert_eq!(first.permit(&id(1)).unwrap().number(), 1);
    assert_eq!(second.permit(&id(1)), Err(Rejection::Unrecorded));
}

#[test]
fn a_disk_that_is_full_leaves_nothing_half_written() {
    let folder = Folder::new();
    let mut trail = folder.trail();
    append(&mut trail, 1..=1);
    trail.file().dangerously_limit_pages(20);
    let header = header(2);
    let payload = vec![0; 10];
    let salt = Salt::from_bytes([0; 32]);
    let draft = Draft {
        at: at(2),
        header: &header,
        payload: &payload,
        salt: &salt,
        policy: Policy::Allowed,
        approval: None,
    };
    let before = trail.file().end().unwrap();
    let error = trail.append(&vec![draft; 1_000]).unwrap_err();
    let text = error.to_string();
    assert!(
        matches!(error, RecordError::File(FileError::Unusable { .. })),
        "{text}"
    );
    assert!(text.contains("free space"), "{text}");
    assert_eq!(trail.file().end().unwrap(), before);
    // There is room for one, and the writer goes on where it was.
    assert_eq!(trail.append(&[draft]).unwrap().len(), 1);
}

#[test]
fn a_file_that_cannot_be_written_to_is_an_error_with_a_remedy() {
    let folder = Folder::new();
    let mut trail = folder.trail();
    append(&mut trail, 1..=1);
    drop(trail);
    let read = SqliteFile::open_to_read(folder.path()).unwrap();
    let mut trail = Trail::open(read, key()).unwrap();
    let error = trail.sign(at(1)).unwrap_err();
    assert!(error.to_string().contains("are writable"), "{error}");
}

#[test]
fn another_programs_file_is_not_touched() {
    let folder = Folder::new();
    folder.sql("CREATE TABLE theirs (x)");
    let before = fs::read(folder.path()).unwrap();
    let error = SqliteFile::open(folder.path()).unwrap_err();
    assert!(matches!(error, FileError::Foreign { .. }), "{error}");
    assert_eq!(fs::read(folder.path()).unwrap(), before);
    let missing = SqliteFile::open_to_read(folder.path().join("nothing")).unwrap_err();
    assert!(
        matches!(missing, FileError::Path { .. } | FileError::Missing { .. }),
        "{missing}"
    );
}

#[test]
fn a_row_that_was_deleted_shows_with_its_number() {
    let folder = Folder::new();
    let mut trail = folder.trail();
    append(&mut trail, 1..=4);
    trail.sign(at(1)).unwrap();
    folder.sql("DELETE FROM record WHERE number = 2");
    let mut verifier = Verifier::new(key().peer_key());
    let fault = verifier.verify(trail.file()).unwrap().unwrap_err();
    assert_eq!(
        (fault.rejection, fault.records),
        (Rejection::LinkBroken, Some((2, 2)))
    );
}

#[test]
fn tables_that_were_changed_and_indexes_that_lie_show() {
    let folder = Folder::new();
    let mut trail = folder.trail();
    append(&mut trail, 1..=4);
    folder.sql(
        "DROP INDEX record_by_sender; \
         CREATE INDEX record_by_sender ON record (sender) WHERE number <> 3",
    );
    let error = trail.file().check().unwrap_err();
    assert!(matches!(error, FileError::Altered { .. }), "{error}");
}

#[test]
fn what_is_no_record_is_not_told() {
    let folder = Folder::new();
    let mut trail = folder.trail();
    append(&mut trail, 1..=2);
    folder.sql("UPDATE record SET record = '{}' WHERE number = 2");
    let everything = crate::audit::Filter::default();
    let error = trail.file().list(&everything).unwrap_err();
    assert_eq!(
        error.to_string(),
        "record 2 of the log is no record; run: countersign log verify"
    );
}
