//! What can go wrong with a log that is no answer of the rules.

use std::path::PathBuf;

use countersign_model::audit::guard::Rejection;
use thiserror::Error;

/// A failure of the file that a log is kept in; nothing was written.
#[derive(Debug, Error)]
pub enum FileError {
    /// The path cannot name a file.
    #[error("log {path:?} cannot name a file; give the path of a file on a local disk")]
    Path {
        /// The path as given.
        path: PathBuf,
        /// What the operating system says.
        source: std::io::Error,
    },
    /// There is no such file.
    #[error("log {path:?} is not there; name the file that the bus writes")]
    Missing {
        /// The path.
        path: PathBuf,
    },
    /// The file belongs to another program. It was not touched.
    #[error(
        "{path:?} is not an audit log (it has {found}); name another file, or one that does not exist \
         yet"
    )]
    Foreign {
        /// The file.
        path: PathBuf,
        /// What it has instead, for people.
        found: String,
    },
    /// The file is a log of another format. It was not touched.
    #[error(
        "log {path:?} has format {found} and this build reads {known}; use the build that wrote it"
    )]
    Format {
        /// The file.
        path: PathBuf,
        /// The format of the file.
        found: i64,
        /// The only format that this build reads.
        known: i64,
    },
    /// The file system cannot lock or map memory.
    #[error("log {path:?} has journal mode {found} where wal is needed; move it to a local disk")]
    Unshareable {
        /// The file.
        path: PathBuf,
        /// The journal mode that `SQLite` fell back to.
        found: String,
    },
    /// Another process held the write lock for longer than the time-out.
    #[error(
        "log {path:?} stayed locked for {waited_ms} ms; look for a stopped process that has it open"
    )]
    Busy {
        /// The file.
        path: PathBuf,
        /// How long this process waited, in milliseconds.
        waited_ms: u64,
    },
    /// The file's content is not what a log writes.
    #[error(
        "log {path:?} is damaged; keep it for the auditors and go on with a new file: {source}"
    )]
    Damaged {
        /// The file.
        path: PathBuf,
        /// What `SQLite` says.
        source: rusqlite::Error,
    },
    /// The tables or the indexes of the file were changed: what a query says of it may be wrong.
    #[error("log {path:?} is damaged: {found}; keep it for the auditors and go on with a new file")]
    Altered {
        /// The file.
        path: PathBuf,
        /// The first thing that is not as it should be.
        found: String,
    },
    /// The file cannot be read or written.
    #[error(
        "log {path:?} cannot {action}; check that it and its folder are writable and have free space: \
         {source}"
    )]
    Unusable {
        /// The file.
        path: PathBuf,
        /// What was attempted: completes "cannot ...".
        action: &'static str,
        /// What `SQLite` says.
        source: rusqlite::Error,
    },
    /// A row is not a record.
    #[error("record {number} of the log is no record; run: countersign log verify")]
    NoRecord {
        /// Its number, from 1.
        number: u64,
    },
}

/// Why nothing was written.
#[derive(Debug, Error)]
pub enum RecordError {
    /// A guard refused.
    #[error(
        "{}: somebody else has written to the log; stop, and have it verified", .0.code()
    )]
    Refused(Rejection),
    /// The file failed.
    #[error(transparent)]
    File(#[from] FileError),
    /// There are more records than a checkpoint can count.
    #[error("the log has too many records for a checkpoint; go on with a new file")]
    TooMany,
}
