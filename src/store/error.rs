//! Why a replay store could not answer; every message names the file and the remedy.
//!
//! None of these is a verdict about a message: a receiver that gets one admits nothing.

use std::path::PathBuf;

use super::TIME_MAX_MS;

/// A failure of a replay store; nothing was admitted.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// A time is beyond [`TIME_MAX_MS`]. Every store answers so.
    #[error("time {time_ms} ms is beyond {TIME_MAX_MS} ms; check the unit and the host's clock")]
    Time {
        /// The refused time, in milliseconds.
        time_ms: u64,
    },

    /// The path cannot name a file.
    #[error("replay store {path:?} cannot name a file; give the path of a file on a local disk")]
    Path {
        /// The path as given.
        path: PathBuf,
        /// What the operating system says.
        source: std::io::Error,
    },

    /// The file belongs to another program. It was not touched.
    #[error(
        "{path:?} is not a replay store (it has {found}); name another file, or one that does not \
         exist yet"
    )]
    Foreign {
        /// The file.
        path: PathBuf,
        /// What it has instead, for people.
        found: String,
    },

    /// The file is a replay store of another format. It was not touched.
    #[error(
        "replay store {path:?} has format {found} and this build reads {known}; use the build that \
         wrote it"
    )]
    Format {
        /// The file.
        path: PathBuf,
        /// The format of the file.
        found: i64,
        /// The only format that this build reads.
        known: i64,
    },

    /// The file system cannot share the file between processes safely.
    #[error(
        "replay store {path:?} has journal mode {found} where wal is needed; move it to a local \
         disk"
    )]
    Unshareable {
        /// The file.
        path: PathBuf,
        /// The journal mode that `SQLite` fell back to.
        found: String,
    },

    /// Another process held the write lock for longer than the time-out.
    #[error(
        "replay store {path:?} stayed locked for {waited_ms} ms; look for a stopped process that \
         has it open"
    )]
    Busy {
        /// The file.
        path: PathBuf,
        /// How long this process waited, in milliseconds.
        waited_ms: u64,
    },

    /// The file's content is not what a replay store writes.
    #[error(
        "replay store {path:?} is damaged; wait for the freshness window and twice the skew, then \
         start with a new file"
    )]
    Damaged {
        /// The file.
        path: PathBuf,
        /// What `SQLite` says.
        source: rusqlite::Error,
    },

    /// The file cannot be read or written.
    #[error(
        "replay store {path:?} cannot {action}; check that its folder exists, is writable and has \
         free space"
    )]
    Unusable {
        /// The file.
        path: PathBuf,
        /// What was attempted: completes "cannot ...".
        action: &'static str,
        /// What `SQLite` says.
        source: rusqlite::Error,
    },
}
