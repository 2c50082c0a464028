//! The durable log: one `SQLite` file.
//!
//! Write-ahead log with `synchronous = FULL`: a batch is written in one transaction, and an answer is given
//! after the disk has it. The columns that questions select by are computed from the record itself, so that
//! there is nothing beside it that could say something else. No rule is in the SQL.

use std::path::{Path, absolute};

use rusqlite::{Connection, OptionalExtension, params_from_iter};

use super::chain::{End, Row};
use super::error::FileError;
use super::file::{Item, LogFile, Written};
use super::filter::Filter;
use super::mechanism::Hardened;
use super::query::{Found, listed};
use super::selection::{column, selection};
use crate::envelope::Digest;
use crate::service;
use crate::store::database::{self, BUSY_TIMEOUT_MS, Database, Format, Obstacle, Trouble};

/// The format of a log: marked with the ASCII bytes of `CSau`.
const FORMAT: Format = Format {
    application_id: 0x4353_6175,
    version: 1,
    tables: &[TABLES],
};

pub(crate) const TABLES: &str = "
    CREATE TABLE record (
        number INTEGER NOT NULL PRIMARY KEY CHECK (number > 0),
        record TEXT    NOT NULL,
        link   BLOB    NOT NULL CHECK (length(link) = 32),
        at             INTEGER GENERATED ALWAYS AS (json_extract(record, '$.at')) VIRTUAL,
        sender         TEXT    GENERATED ALWAYS AS (json_extract(record, '$.from')) VIRTUAL,
        recipient      TEXT    GENERATED ALWAYS AS (json_extract(record, '$.to')) VIRTUAL,
        correlation_id TEXT    GENERATED ALWAYS AS (json_extract(record, '$.correlation_id')) VIRTUAL
    ) STRICT;
    CREATE INDEX record_by_sender ON record (sender);
    CREATE INDEX record_by_recipient ON record (recipient);
    CREATE INDEX record_by_correlation ON record (correlation_id);

    CREATE TABLE checkpoint (
        place INTEGER NOT NULL PRIMARY KEY,
        text  BLOB    NOT NULL
    ) STRICT;
";

/// A log in a file.
#[derive(Debug)]
pub struct SqliteFile {
    database: Database,
    format: &'static Format,
}

impl SqliteFile {
    /// Opens the log at `path` to write to it, and creates it when there is no file or an empty one.
    ///
    /// # Errors
    /// [`FileError`]; a file that is no log of this format is not touched.
    pub fn open(path: impl AsRef<Path>) -> Result<Self, FileError> {
        Self::opened(path.as_ref(), |path| {
            Ok((database::open(path, &FORMAT)?, &FORMAT))
        })
    }

    /// The log in a file that has its tables beside others, and is open.
    pub(crate) fn on(database: Database, format: &'static Format) -> Self {
        Self { database, format }
    }

    /// Opens the log at `path`, which must be there, and never writes to it: a file of its own, or the
    /// one in which a bus keeps everything.
    ///
    /// # Errors
    /// [`FileError`].
    pub fn open_to_read(path: impl AsRef<Path>) -> Result<Self, FileError> {
        let path = path.as_ref();
        if !path.exists() {
            let path = path.to_owned();
            return Err(FileError::Missing { path });
        }
        Self::opened(path, |path| {
            database::open_to_read(path, &[&FORMAT, &service::FORMAT])
        })
    }

    fn opened(
        path: &Path,
        open: impl FnOnce(&Path) -> Result<(Connection, &'static Format), Obstacle>,
    ) -> Result<Self, FileError> {
        // An absolute path also takes away the meaning of "", ":memory:" and "file:".
        let path = absolute(path).map_err(|source| FileError::Path {
            path: path.to_owned(),
            source,
        })?;
        match open(&path) {
            Ok((connection, format)) => Ok(Self::on(Database::new(connection, path), format)),
            Err(Obstacle::Foreign(found)) => Err(FileError::Foreign { path, found }),
            Err(Obstacle::Version(found)) => Err(FileError::Format {
                path,
                found,
                known: FORMAT.version,
            }),
            Err(Obstacle::Journal(found)) => Err(FileError::Unshareable { path, found }),
            Err(Obstacle::Sqlite(source)) => Err(failure(&path, "be opened", source)),
        }
    }

    /// The records that a filter asks for, the oldest first, for an operator who may read the file anyway.
    ///
    /// # Errors
    /// [`FileError`] where the file fails or holds what is no record.
    pub fn list(&self, filter: &Filter) -> Result<Vec<Found>, FileError> {
        listed(self, &Hardened, filter)
    }

    /// Lets the file grow to so many pages and no further: a disk that is full.
    #[cfg(test)]
    pub(super) fn dangerously_limit_pages(&self, pages: u32) {
        self.database
            .connection()
            .pragma_update(None, "max_page_count", pages)
            .expect("a pragma");
    }

    /// Whether the tables are those of a log, and every index has what its table has: the records alone
    /// do not say so.
    ///
    /// # Errors
    /// [`FileError::Altered`] with the first thing that is not as it should be.
    pub fn check(&self) -> Result<(), FileError> {
        let failed = |source| failure(self.database.path(), "be checked", source);
        let expected = Connection::open_in_memory().map_err(failed)?;
        for tables in self.format.tables {
            expected.execute_batch(tables).map_err(failed)?;
        }
        let connection = self.database.connection();
        let tables = tables(connection).map_err(failed)?;
        let altered = |found| FileError::Altered {
            path: self.database.path().to_owned(),
            found,
        };
        if tables != self::tables(&expected).map_err(failed)? {
            return Err(altered("its tables are not those of a log".into()));
        }
        let found: String = connection
            .query_one("PRAGMA integrity_check(1)", (), |row| row.get(0))
            .map_err(failed)?;
        if found == "ok" {
            return Ok(());
        }
        Err(altered(found))
    }
}

impl LogFile for SqliteFile {
    fn end(&self) -> Result<End, FileError> {
        end(self.database.connection())
            .map_err(|source| failure(self.database.path(), "be read", source))
    }

    fn write(&mut self, decide: &mut dyn FnMut(&End) -> Written) -> Result<(), FileError> {
        // An error takes everything back.
        let written = self.database.atomically(|connection| {
            let found = end(connection)?;
            let written = decide(&found);
            let mut insert = connection.prepare_cached(
                "INSERT INTO record (number, record, link) VALUES (?1, CAST(?2 AS TEXT), ?3)",
            )?;
            let numbers = (found.count..).map(|number| number.saturating_add(1));
            for (number, row) in numbers.zip(&written.rows) {
                insert.execute((column(number), &row.record, row.link.as_bytes()))?;
            }
            if let Some(checkpoint) = &written.checkpoint {
                connection
                    .prepare_cached("INSERT INTO checkpoint (text) VALUES (?1)")?
                    .execute((checkpoint,))?;
            }
            Ok(())
        });
        written.map_err(|source| failure(self.database.path(), "be written to", source))
    }

    fn scan(&self, each: &mut dyn FnMut(Item)) -> Result<(), FileError> {
        let mut scanned = || -> rusqlite::Result<()> {
            // One snapshot: a writer may go on meanwhile.
            let transaction = self.database.connection().unchecked_transaction()?;
            let mut checkpoints =
                transaction.prepare("SELECT text FROM checkpoint ORDER BY place")?;
            let mut rows = checkpoints.query(())?;
            while let Some(row) = rows.next()? {
                each(Item::Checkpoint(row.get(0)?));
            }
            let mut records = transaction
                .prepare("SELECT CAST(record AS BLOB), link, number FROM record ORDER BY number")?;
            let mut rows = records.query(())?;
            while let Some(row) = rows.next()? {
                let number: i64 = row.get(2)?;
                each(Item::Row(
                    // No record has the number 0, nor one below it.
                    u64::try_from(number).unwrap_or(0),
                    read(row.get(0)?, row.get_ref(1)?.as_blob()?),
                ));
            }
            Ok(())
        };
        scanned().map_err(|source| failure(self.database.path(), "be read", source))
    }

    fn select(
        &self,
        filter: &Filter,
        each: &mut dyn FnMut(u64, Row) -> bool,
    ) -> Result<(), FileError> {
        let (statement, values) = selection(filter);
        let selected = || -> rusqlite::Result<()> {
            let mut records = self.database.connection().prepare(&statement)?;
            let mut rows = records.query(params_from_iter(values))?;
            while let Some(row) = rows.next()? {
                let number: i64 = row.get(2)?;
                if !each(
                    number.unsigned_abs(),
                    read(row.get(0)?, row.get_ref(1)?.as_blob()?),
                ) {
                    break;
                }
            }
            Ok(())
        };
        selected().map_err(|source| failure(self.database.path(), "be read", source))
    }
}

fn end(connection: &Connection) -> rusqlite::Result<End> {
    let last: Option<(i64, Vec<u8>)> = connection
        .prepare_cached("SELECT number, link FROM record ORDER BY number DESC LIMIT 1")?
        .query_one((), |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()?;
    Ok(last.map_or(End::GENESIS, |(number, link)| End {
        count: number.unsigned_abs(),
        link: digest(&link),
    }))
}

/// The statements that made the tables and indexes.
fn tables(connection: &Connection) -> rusqlite::Result<Vec<String>> {
    connection
        .prepare("SELECT coalesce(sql, name) FROM sqlite_schema ORDER BY 1")?
        .query_map((), |row| row.get(0))?
        .collect()
}

fn read(record: Vec<u8>, link: &[u8]) -> Row {
    Row {
        record,
        link: digest(link),
    }
}

/// A link of another length is no link; zeros follow from nothing.
fn digest(bytes: &[u8]) -> Digest {
    Digest::from_bytes(bytes.try_into().unwrap_or_default())
}

fn failure(path: &Path, action: &'static str, source: rusqlite::Error) -> FileError {
    let path = path.to_owned();
    match Trouble::of(&source) {
        Trouble::Busy => FileError::Busy {
            path,
            waited_ms: BUSY_TIMEOUT_MS,
        },
        Trouble::Damaged => FileError::Damaged { path, source },
        Trouble::Unusable => FileError::Unusable {
            path,
            action,
            source,
        },
    }
}
