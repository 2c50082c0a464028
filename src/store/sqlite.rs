//! The durable replay store: one `SQLite` file, shared by the replicas on one host.
//!
//! Write-ahead log with `synchronous = FULL`: an answer is given after the disk has it, so neither
//! `kill -9` nor a power cut forgets an admitted message. A refusal writes nothing. The files
//! beside it that end in `-wal` and `-shm` belong to it. Whoever can write to its folder can have
//! messages accepted twice: keep it to the agent's own user. No rule about a message is in the SQL.

use std::path::{Path, absolute};

use rusqlite::{Connection, OptionalExtension, Row};

use super::{
    Claim, Entry, Occupancy, ReplayStore, StoreError,
    database::{self, BUSY_TIMEOUT_MS, Database, Obstacle, Trouble},
    in_range,
    schema::FORMAT,
};

/// A replay store in a file. Each thread and process opens its own.
#[derive(Debug)]
pub struct SqliteStore {
    database: Database,
}

impl SqliteStore {
    /// Opens the store at `path`, and creates it when there is no file or an empty one.
    ///
    /// # Errors
    /// [`StoreError::Foreign`] or [`StoreError::Format`], with the file untouched, when it is not a
    /// store of this format; [`StoreError::Unshareable`] where the file system cannot lock or map
    /// memory.
    pub fn open(path: impl AsRef<Path>) -> Result<Self, StoreError> {
        let path = path.as_ref();
        // An absolute path also takes away the meaning of "", ":memory:" and "file:", none of which
        // would last.
        let path = absolute(path).map_err(|source| StoreError::Path {
            path: path.to_owned(),
            source,
        })?;
        let connection = database::open(&path, &FORMAT).map_err(|obstacle| match obstacle {
            Obstacle::Foreign(found) => StoreError::Foreign {
                path: path.clone(),
                found,
            },
            Obstacle::Version(found) => StoreError::Format {
                path: path.clone(),
                found,
                known: FORMAT.version,
            },
            Obstacle::Journal(found) => StoreError::Unshareable {
                path: path.clone(),
                found,
            },
            Obstacle::Sqlite(source) => failure(&path, "be opened", Fault::Sqlite(source)),
        })?;
        Ok(Self {
            database: Database::new(connection, path),
        })
    }

    /// The store in a file that has its tables beside others, and is open.
    pub(crate) fn on(database: Database) -> Self {
        Self { database }
    }

    /// The file, as an absolute path.
    pub fn path(&self) -> &Path {
        self.database.path()
    }

    /// Runs `work` as one atomic step.
    fn write<T>(
        &mut self,
        action: &'static str,
        work: impl FnOnce(&Connection) -> Result<T, Fault>,
    ) -> Result<T, StoreError> {
        // An error or a panic of `work` takes everything back.
        let written = self.database.atomically(work);
        written.map_err(|fault| failure(self.path(), action, fault))
    }
}

impl ReplayStore for SqliteStore {
    fn admit(
        &mut self,
        claim: &Claim<'_>,
        decide: &mut dyn FnMut(&Occupancy) -> Option<u64>,
    ) -> Result<(), StoreError> {
        let admitted_at_ms = column(in_range(claim.now_ms)?);
        self.write("record a message", |transaction| {
            let Some(keep_until_ms) = decide(&occupancy(transaction, claim)?) else {
                return Ok(());
            };
            let keep_until_ms = column(in_range(keep_until_ms)?);
            transaction
                .prepare_cached(
                    "INSERT INTO entry (sender, nonce, keep_until_ms, admitted_at_ms)
                     VALUES (?1, ?2, ?3, ?4)
                     ON CONFLICT (sender, nonce) DO UPDATE SET
                         keep_until_ms = max(keep_until_ms, excluded.keep_until_ms),
                         admitted_at_ms = max(admitted_at_ms, excluded.admitted_at_ms)",
                )?
                .execute((claim.sender, &claim.nonce, keep_until_ms, admitted_at_ms))?;
            Ok(())
        })
    }

    fn sweep(&mut self, now_ms: u64) -> Result<u64, StoreError> {
        in_range(now_ms)?;
        self.write("forget messages", |transaction| {
            raise_mark(transaction, now_ms)?;
            let forgotten = transaction
                .prepare_cached("DELETE FROM entry WHERE keep_until_ms < ?1")?
                .execute((column(now_ms),))?;
            Ok(forgotten as u64)
        })
    }

    fn forget(&mut self, sender: &str, nonce: [u8; 16], now_ms: u64) -> Result<bool, StoreError> {
        in_range(now_ms)?;
        self.write("forget a message", |transaction| {
            raise_mark(transaction, now_ms)?;
            let forgotten = transaction
                .prepare_cached(
                    "DELETE FROM entry WHERE sender = ?1 AND nonce = ?2 AND keep_until_ms < ?3",
                )?
                .execute((sender, &nonce, column(now_ms)))?;
            Ok(forgotten > 0)
        })
    }

    fn advance(&mut self, wall_ms: u64) -> Result<u64, StoreError> {
        in_range(wall_ms)?;
        // A mark only rises, so one that is high enough needs no lock.
        let mark_ms = mark(self.database.connection())
            .map_err(|source| failure(self.path(), "read its clock", Fault::Sqlite(source)))?;
        if mark_ms >= wall_ms {
            return Ok(mark_ms);
        }
        self.write("keep its clock", |transaction| {
            Ok(raise_mark(transaction, wall_ms)?)
        })
    }

    fn entries(&self) -> Result<Vec<Entry>, StoreError> {
        listing(self.database.connection())
            .map_err(|source| failure(self.path(), "be listed", Fault::Sqlite(source)))
    }
}

/// What can go wrong inside a transaction.
enum Fault {
    Sqlite(rusqlite::Error),
    Store(StoreError),
}

impl From<rusqlite::Error> for Fault {
    fn from(source: rusqlite::Error) -> Self {
        Self::Sqlite(source)
    }
}

impl From<StoreError> for Fault {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

fn failure(path: &Path, action: &'static str, fault: Fault) -> StoreError {
    let source = match fault {
        Fault::Store(error) => return error,
        Fault::Sqlite(source) => source,
    };
    let path = path.to_owned();
    match Trouble::of(&source) {
        Trouble::Busy => StoreError::Busy {
            path,
            waited_ms: BUSY_TIMEOUT_MS,
        },
        Trouble::Damaged => StoreError::Damaged { path, source },
        Trouble::Unusable => StoreError::Unusable {
            path,
            action,
            source,
        },
    }
}

fn occupancy(connection: &Connection, claim: &Claim<'_>) -> rusqlite::Result<Occupancy> {
    let held: Option<i64> = connection
        .prepare_cached("SELECT held FROM share WHERE sender = ?1")?
        .query_one((claim.sender,), |row| row.get(0))
        .optional()?;
    let seen = connection
        .prepare_cached("SELECT 1 FROM entry WHERE sender = ?1 AND nonce = ?2")?
        .exists((claim.sender, &claim.nonce))?;
    let recent = connection
        .prepare_cached("SELECT count(*) FROM entry WHERE sender = ?1 AND admitted_at_ms >= ?2")?
        .query_one((claim.sender, column(claim.recent_from_ms())), |row| {
            natural(row, 0)
        })?;
    Ok(Occupancy {
        seen,
        held: held.unwrap_or(0).unsigned_abs(),
        recent,
        mark_ms: mark(connection)?,
    })
}

fn mark(connection: &Connection) -> rusqlite::Result<u64> {
    connection
        .prepare_cached("SELECT mark_ms FROM clock WHERE id = 0")?
        .query_one((), |row| natural(row, 0))
}

/// Returns the mark, raised to `time_ms`; writes nothing when it is that high already.
fn raise_mark(transaction: &Connection, time_ms: u64) -> rusqlite::Result<u64> {
    let mark_ms = mark(transaction)?;
    if mark_ms < time_ms {
        transaction
            .prepare_cached("UPDATE clock SET mark_ms = ?1 WHERE id = 0")?
            .execute((column(time_ms),))?;
    }
    Ok(mark_ms.max(time_ms))
}

fn listing(connection: &Connection) -> rusqlite::Result<Vec<Entry>> {
    connection
        .prepare_cached(
            "SELECT sender, nonce, keep_until_ms, admitted_at_ms FROM entry ORDER BY sender, nonce",
        )?
        .query_map((), |row| {
            Ok(Entry {
                sender: row.get(0)?,
                nonce: row.get(1)?,
                keep_until_ms: natural(row, 2)?,
                admitted_at_ms: natural(row, 3)?,
            })
        })?
        .collect()
}

/// A time as `SQLite` stores it. Callers have checked the range; beyond it, the latest time stands.
fn column(time_ms: u64) -> i64 {
    i64::try_from(time_ms).unwrap_or(i64::MAX)
}

/// A column that is never negative.
fn natural(row: &Row<'_>, index: usize) -> rusqlite::Result<u64> {
    let value: i64 = row.get(index)?;
    u64::try_from(value).map_err(|_| rusqlite::Error::IntegralValueOutOfRange(index, value))
}

#[cfg(test)]
mod tests;
