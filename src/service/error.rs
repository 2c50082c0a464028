//! Why a bus could not answer. None of these is a verdict about a message: nothing was changed.

use std::path::PathBuf;

use thiserror::Error;

use crate::audit::{FileError, RecordError};
use crate::store::StoreError;
use crate::store::database::{BUSY_TIMEOUT_MS, Obstacle, Trouble};

/// A failure of what a bus stands on; nothing was written.
#[derive(Debug, Error)]
pub enum ServiceError {
    /// The deployment does not say who runs the bus.
    #[error("{file} names no orchestrator; add 'orchestrator' with its name, id and keys")]
    NoOrchestrator {
        /// The deployment file.
        file: String,
    },
    /// The key is not the orchestrator's.
    #[error(
        "key {key_id} is not one of the orchestrator {id}; give the key that {file} lists for it"
    )]
    OtherKey {
        /// The key that was given.
        key_id: String,
        /// The orchestrator.
        id: String,
        /// The deployment file.
        file: String,
    },
    /// Another process has the file.
    #[error("state {path:?} is another process's; stop that one first")]
    Taken {
        /// The file.
        path: PathBuf,
    },
    /// The bus has been at work, and what it remembers is in no record.
    #[error(
        "the bus of {path:?} remembers messages of the last day, and a record begins with a bus that \
         remembers none; give it another state to begin with"
    )]
    Begun {
        /// The file.
        path: PathBuf,
    },
    /// The rules leave no room in a record.
    #[error(
        "{file} is too long for a record: its agents and rules would fill a trace; record a smaller deployment"
    )]
    Unrecordable {
        /// The deployment file.
        file: String,
    },
    /// The record cannot be written.
    #[error("record {path:?} cannot be written; give the path of a new file: {source}")]
    Recording {
        /// The file.
        path: PathBuf,
        /// What the operating system says.
        source: std::io::Error,
    },
    /// The path cannot name a file.
    #[error("state {path:?} cannot be locked; give the path of a file on a local disk: {source}")]
    Path {
        /// The path as given.
        path: PathBuf,
        /// What the operating system says.
        source: std::io::Error,
    },
    /// The file belongs to another program. It was not touched.
    #[error("{path:?} is not the state of a bus (it has {found}); name another file")]
    Foreign {
        /// The file.
        path: PathBuf,
        /// What it has instead, for people.
        found: String,
    },
    /// The file is of another format. It was not touched.
    #[error("state {path:?} has format {found}; use the build that wrote it")]
    Format {
        /// The file.
        path: PathBuf,
        /// The format of the file.
        found: i64,
    },
    /// The file system cannot lock or map memory.
    #[error("state {path:?} has journal mode {found} where wal is needed; move it to a local disk")]
    Unshareable {
        /// The file.
        path: PathBuf,
        /// The journal mode that `SQLite` fell back to.
        found: String,
    },
    /// Another process held the write lock for longer than the time-out.
    #[error("state {path:?} stayed locked for {waited_ms} ms; look for a process that has it open")]
    Busy {
        /// The file.
        path: PathBuf,
        /// How long this process waited, in milliseconds.
        waited_ms: u64,
    },
    /// The file's content is not what a bus writes.
    #[error(
        "state {path:?} is damaged; keep it for the auditors, and go on with a copy from before or a \
         new file: {found}"
    )]
    Damaged {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        found: String,
    },
    /// The file cannot be read or written.
    #[error("state {path:?} cannot be written to; check that its disk has free space: {source}")]
    Unusable {
        /// The file.
        path: PathBuf,
        /// What `SQLite` says.
        source: rusqlite::Error,
    },
    /// The replay store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The log failed.
    #[error(transparent)]
    Log(#[from] FileError),
    /// Nothing was recorded, so nothing has an effect.
    #[error(transparent)]
    Record(#[from] RecordError),
    /// A record was made for another message: a defect of this program.
    #[error("a message would have had an effect without its record; report this")]
    Unrecorded,
    /// A time beyond what messages can carry.
    #[error("the clock says {wall_ms} ms; set it")]
    Clock {
        /// The reading.
        wall_ms: u64,
    },
    /// The bus has stopped.
    #[error("the bus has stopped; look at its log and start it again")]
    Stopped,
}

impl ServiceError {
    /// Whether nothing will succeed any more before somebody has looked at it.
    pub fn is_final(&self) -> bool {
        matches!(
            self,
            Self::Record(RecordError::Refused(_))
                | Self::Unrecorded
                | Self::Stopped
                | Self::Damaged { .. }
        )
    }

    pub(super) fn of_obstacle(path: PathBuf, obstacle: Obstacle) -> Self {
        match obstacle {
            Obstacle::Foreign(found) => Self::Foreign { path, found },
            Obstacle::Version(found) => Self::Format { path, found },
            Obstacle::Journal(found) => Self::Unshareable { path, found },
            Obstacle::Sqlite(source) => Self::of_sqlite(path, source),
        }
    }

    pub(super) fn of_sqlite(path: PathBuf, source: rusqlite::Error) -> Self {
        match Trouble::of(&source) {
            Trouble::Busy => Self::Busy {
                path,
                waited_ms: BUSY_TIMEOUT_MS,
            },
            Trouble::Damaged => Self::Damaged {
                path,
                found: source.to_string(),
            },
            Trouble::Unusable => Self::Unusable { path, source },
        }
    }
}
