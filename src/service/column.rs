//! Values as columns hold them. A column that holds anything else is a damaged file, not a value.

use rusqlite::Row;
use rusqlite::types::{FromSql, Type};

use crate::envelope::Digest;

/// A number as `SQLite` stores it; beyond its range, the greatest stands.
pub(super) fn integer(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

/// A column that is never negative.
pub(super) fn natural(row: &Row<'_>, index: usize) -> rusqlite::Result<u64> {
    read_with(row, index, |found: i64| u64::try_from(found).ok())
}

/// A column of 32 bytes.
pub(super) fn read_digest(row: &Row<'_>, index: usize) -> rusqlite::Result<Digest> {
    row.get(index).map(Digest::from_bytes)
}

/// A column that `read` understands.
pub(super) fn read_with<F: FromSql, T>(
    row: &Row<'_>,
    index: usize,
    read: impl FnOnce(F) -> Option<T>,
) -> rusqlite::Result<T> {
    read(row.get(index)?).ok_or_else(|| {
        rusqlite::Error::InvalidColumnType(index, "what the bus writes".into(), Type::Null)
    })
}
