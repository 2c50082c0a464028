//! One `SQLite` file of a known format, opened so that what was written stays written.
//!
//! Write-ahead log with `synchronous = FULL`: an answer is given after the disk has it. Another program's
//! file, or one of another format, is recognised and never touched.
//!
//! Never here: a table, or a query on one; those belong to whoever keeps the file.

use std::cell::Cell;
use std::fs::OpenOptions;
use std::path::{Path, PathBuf};
use std::rc::Rc;
use std::time::Duration;

use rusqlite::{Connection, ErrorCode, OpenFlags, Transaction, TransactionBehavior, ffi};

/// How long a caller waits for another process that holds the write lock.
///
/// A transaction takes milliseconds, so five seconds mean that its owner has stopped.
pub(crate) const BUSY_TIMEOUT_MS: u64 = 5_000;

/// How often the switch to the write-ahead log is tried again while others open the same new file.
const WAL_ATTEMPTS_MAX: u32 = 64;

/// What a file must be.
#[derive(Debug)]
pub(crate) struct Format {
    /// Marks the file as ours.
    pub(crate) application_id: i64,
    /// The version of the tables; any change to them raises it.
    pub(crate) version: i64,
    /// The statements that create the tables.
    pub(crate) tables: &'static [&'static str],
}

/// An open file, which several stores share on one thread. Each of them writes in transactions of its
/// own, unless all are in a [`Group`]: then nothing is written before all is.
#[derive(Clone, Debug)]
pub(crate) struct Database(Rc<Opened>);

#[derive(Debug)]
struct Opened {
    connection: Connection,
    path: PathBuf,
    grouped: Cell<bool>,
}

/// Everything that is written until it is kept: all of it, or nothing once it is dropped.
#[must_use = "what is not kept is taken back"]
pub(crate) struct Group(Database);

impl Database {
    /// The file at `path`, which `connection` has open.
    pub(crate) fn new(connection: Connection, path: PathBuf) -> Self {
        Self(Rc::new(Opened {
            connection,
            path,
            grouped: Cell::new(false),
        }))
    }

    /// The connection, to read.
    pub(crate) fn connection(&self) -> &Connection {
        &self.0.connection
    }

    /// The file.
    pub(crate) fn path(&self) -> &Path {
        &self.0.path
    }

    /// Writes what `work` writes, or nothing: in a transaction that holds the write lock from its
    /// beginning, or as one step of the group.
    pub(crate) fn atomically<T, E: From<rusqlite::Error>>(
        &self,
        work: impl FnOnce(&Connection) -> Result<T, E>,
    ) -> Result<T, E> {
        let connection = self.connection();
        // Immediate: a transaction that began by reading could not be upgraded after another's write.
        let [begin, keep, undo] = if self.0.grouped.get() {
            self.check_group()?;
            [
                "SAVEPOINT step",
                "RELEASE step",
                "ROLLBACK TO step; RELEASE step",
            ]
        } else {
            ["BEGIN IMMEDIATE", "COMMIT", "ROLLBACK"]
        };
        connection.prepare_cached(begin)?.execute(())?;
        let step = Step { connection, undo };
        let answer = work(connection)?;
        connection.prepare_cached(keep)?.execute(())?;
        std::mem::forget(step);
        Ok(answer)
    }

    /// Begins a group.
    pub(crate) fn group(&self) -> rusqlite::Result<Group> {
        let connection = self.connection();
        connection.prepare_cached("BEGIN IMMEDIATE")?.execute(())?;
        self.0.grouped.set(true);
        Ok(Group(self.clone()))
    }

    /// A disk that is full takes the whole transaction back by itself; what came after it would be
    /// written alone.
    fn check_group(&self) -> rusqlite::Result<()> {
        if self.connection().is_autocommit() {
            let error = ffi::Error::new(ffi::SQLITE_ABORT);
            let what = "the transaction was taken back".to_owned();
            return Err(rusqlite::Error::SqliteFailure(error, Some(what)));
        }
        Ok(())
    }
}

impl Group {
    /// Makes everything durable: the disk has it when this returns.
    pub(crate) fn keep(self) -> rusqlite::Result<()> {
        self.0.check_group()?;
        self.0.connection().prepare_cached("COMMIT")?.execute(())?;
        Ok(())
    }
}

impl Drop for Group {
    fn drop(&mut self) {
        self.0.0.grouped.set(false);
        undo(self.0.connection(), "ROLLBACK");
    }
}

/// A step that is taken back unless it is forgotten: by an error or by a panic.
struct Step<'a> {
    connection: &'a Connection,
    undo: &'static str,
}

impl Drop for Step<'_> {
    fn drop(&mut self) {
        undo(self.connection, self.undo);
    }
}

fn undo(connection: &Connection, statements: &str) {
    if !connection.is_autocommit() {
        // Where even this fails, nothing can be kept either: the next step says so.
        let _ = connection.execute_batch(statements);
    }
}

/// Why a file was not opened.
pub(crate) enum Obstacle {
    /// It is another program's; what it has instead, for people. It was not touched.
    Foreign(String),
    /// It is of another version of the format. It was not touched.
    Version(i64),
    /// Its file system cannot lock or map memory: the journal mode that `SQLite` fell back to.
    Journal(String),
    /// `SQLite` failed.
    Sqlite(rusqlite::Error),
}

impl From<rusqlite::Error> for Obstacle {
    fn from(source: rusqlite::Error) -> Self {
        match source.sqlite_error_code() {
            Some(ErrorCode::NotADatabase) => Self::Foreign("no SQLite header".into()),
            _ => Self::Sqlite(source),
        }
    }
}

/// What kind of failure of `SQLite` it is, as far as the remedies differ.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Trouble {
    /// Another process held the write lock for too long.
    Busy,
    /// The content is not what we write.
    Damaged,
    /// The file cannot be read or written.
    Unusable,
}

impl Trouble {
    pub(crate) fn of(source: &rusqlite::Error) -> Self {
        if is_busy(source) {
            return Self::Busy;
        }
        let is_damaged = match source {
            rusqlite::Error::SqliteFailure(error, _) => matches!(
                error.code,
                ErrorCode::DatabaseCorrupt
                    | ErrorCode::NotADatabase
                    | ErrorCode::ConstraintViolation
                    // SQLITE_ERROR: our own statements do not fit the tables.
                    | ErrorCode::Unknown
            ),
            rusqlite::Error::NulError(_) | rusqlite::Error::InvalidPath(_) => false,
            // A row is missing, or a value is not of its type.
            _ => true,
        };
        if is_damaged {
            Self::Damaged
        } else {
            Self::Unusable
        }
    }
}

/// Opens the file at `path`, and creates it when there is no file or an empty one.
pub(crate) fn open(path: &Path, format: &Format) -> Result<Connection, Obstacle> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE
        | OpenFlags::SQLITE_OPEN_CREATE
        | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    // SQLite would let everybody read a new file; the files beside it take its mode. One that is there is
    // not even opened: to close it would take away the locks that another connection has on it. Where no
    // file can be made, SQLite says why.
    let _ = private().create_new(true).open(path);
    let mut connection = connected(path, flags)?;
    let mut kind = recognise(&mut connection, format)?;
    if kind == Kind::Empty {
        kind = create(&mut connection, format)?;
    }
    kind.known()?;
    let journal = write_ahead(&mut connection)?;
    if journal != "wal" {
        return Err(Obstacle::Journal(journal));
    }
    connection.pragma_update(None, "synchronous", "FULL")?;
    // Only macOS heeds it: there, a plain fsync leaves the data in the drive's cache.
    connection.pragma_update(None, "fullfsync", true)?;
    Ok(connection)
}

/// Opens the file at `path`, which must be there and be of one of these formats, and never writes to
/// it; tells of which.
pub(crate) fn open_to_read<'a>(
    path: &Path,
    formats: &[&'a Format],
) -> Result<(Connection, &'a Format), Obstacle> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let mut connection = connected(path, flags)?;
    let mut first = Ok(());
    for format in formats {
        let known = recognise(&mut connection, format)?.known();
        if known.is_ok() {
            return Ok((connection, format));
        }
        first = first.and(known);
    }
    first?;
    Err(Obstacle::Foreign("no known format".into()))
}

/// To write files that only their owner can read, if they are new: what they hold is in clear.
pub(crate) fn private() -> OpenOptions {
    let mut options = OpenOptions::new();
    options.write(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options
}

fn connected(path: &Path, flags: OpenFlags) -> Result<Connection, Obstacle> {
    let connection = Connection::open_with_flags(path, flags)?;
    connection.busy_timeout(Duration::from_millis(BUSY_TIMEOUT_MS))?;
    Ok(connection)
}

impl Kind {
    fn known(self) -> Result<(), Obstacle> {
        match self {
            Self::Current => Ok(()),
            Self::Format(found) => Err(Obstacle::Version(found)),
            Self::Foreign(found) => Err(Obstacle::Foreign(found)),
            // A file that is emptied at this very moment, or that nobody has filled yet.
            Self::Empty => Err(Obstacle::Foreign("no tables".into())),
        }
    }
}

fn is_busy(source: &rusqlite::Error) -> bool {
    source.sqlite_error_code() == Some(ErrorCode::DatabaseBusy)
}

/// Switches to the write-ahead log, which the file remembers; returns the journal mode in force.
pub(crate) fn write_ahead(connection: &mut Connection) -> rusqlite::Result<String> {
    for _ in 1..WAL_ATTEMPTS_MAX {
        match connection.pragma_update_and_check(None, "journal_mode", "wal", |row| row.get(0)) {
            // Two openers of a new file switch at once, and here SQLite does not wait. An empty
            // transaction does.
            Err(busy) if is_busy(&busy) => connection
                .transaction_with_behavior(TransactionBehavior::Immediate)?
                .commit()?,
            answer => return answer,
        }
    }
    connection.pragma_update_and_check(None, "journal_mode", "wal", |row| row.get(0))
}

/// What a database turns out to be.
#[derive(Debug, PartialEq, Eq)]
enum Kind {
    /// Of this format.
    Current,
    /// No table, no mark: a new file.
    Empty,
    /// Of another version of this format.
    Format(i64),
    /// Another program's database.
    Foreign(String),
}

/// Tells what the database is, by its header and the number of its tables. Writes nothing.
fn recognise(connection: &mut Connection, format: &Format) -> rusqlite::Result<Kind> {
    // One snapshot: read one by one, the marks could straddle another process's creation.
    kind(
        &connection.transaction_with_behavior(TransactionBehavior::Deferred)?,
        format,
    )
}

/// Creates the tables in an empty database, if it still is; tells what it is then.
fn create(connection: &mut Connection, format: &Format) -> rusqlite::Result<Kind> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    if kind(&transaction, format)? == Kind::Empty {
        for tables in format.tables {
            transaction.execute_batch(tables)?;
        }
        transaction.pragma_update(None, "application_id", format.application_id)?;
        transaction.pragma_update(None, "user_version", format.version)?;
    }
    let created = kind(&transaction, format)?;
    transaction.commit()?;
    Ok(created)
}

fn kind(transaction: &Transaction<'_>, format: &Format) -> rusqlite::Result<Kind> {
    let expected = format.application_id;
    let application_id = pragma(transaction, "application_id")?;
    let version = pragma(transaction, "user_version")?;
    let objects: i64 =
        transaction.query_one("SELECT count(*) FROM sqlite_schema", (), |row| row.get(0))?;
    Ok(if application_id == expected && version == format.version {
        Kind::Current
    } else if application_id == expected {
        Kind::Format(version)
    } else if (application_id, version, objects) == (0, 0, 0) {
        Kind::Empty
    } else if application_id == 0 {
        Kind::Foreign(format!("no application id and {objects} schema objects"))
    } else {
        Kind::Foreign(format!("application id {application_id}, not {expected}"))
    })
}

fn pragma(transaction: &Transaction<'_>, name: &str) -> rusqlite::Result<i64> {
    transaction.pragma_query_value(None, name, |row| row.get(0))
}
