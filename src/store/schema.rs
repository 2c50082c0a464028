//! The file format of the durable replay store: recognising it, creating it, and never touching any
//! other program's file. Queries belong to [`sqlite`](super::sqlite).

use rusqlite::{Connection, Transaction, TransactionBehavior};

/// Marks the file as a replay store of Countersign: the ASCII bytes of `CSrs`.
pub(super) const APPLICATION_ID: i64 = 0x4353_7273;

/// The version of the tables below; any change to them raises it.
pub(super) const FORMAT: i64 = 1;

/// `share` counts the entries of each sender, because counting rows would cost more the more are
/// held. Triggers keep it, so that no statement, present or future, can forget to.
const TABLES: &str = "
    CREATE TABLE entry (
        sender         TEXT    NOT NULL,
        nonce          BLOB    NOT NULL CHECK (length(nonce) = 16),
        keep_until_ms  INTEGER NOT NULL CHECK (keep_until_ms >= 0),
        admitted_at_ms INTEGER NOT NULL CHECK (admitted_at_ms >= 0),
        PRIMARY KEY (sender, nonce)
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX entry_by_admission ON entry (sender, admitted_at_ms);
    CREATE INDEX entry_by_expiry ON entry (keep_until_ms);

    CREATE TABLE share (
        sender TEXT    NOT NULL PRIMARY KEY,
        held   INTEGER NOT NULL CHECK (held >= 0)
    ) STRICT, WITHOUT ROWID;
    CREATE TRIGGER entry_enters AFTER INSERT ON entry BEGIN
        INSERT INTO share (sender, held) VALUES (NEW.sender, 1)
            ON CONFLICT (sender) DO UPDATE SET held = held + 1;
    END;
    CREATE TRIGGER entry_leaves AFTER DELETE ON entry BEGIN
        UPDATE share SET held = held - 1 WHERE sender = OLD.sender;
        DELETE FROM share WHERE sender = OLD.sender AND held = 0;
    END;

    CREATE TABLE clock (
        id      INTEGER NOT NULL PRIMARY KEY CHECK (id = 0),
        mark_ms INTEGER NOT NULL CHECK (mark_ms >= 0)
    ) STRICT;
    INSERT INTO clock (id, mark_ms) VALUES (0, 0);
";

/// What a database turns out to be.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// A replay store of this format.
    Current,
    /// No table, no mark: a new file.
    Empty,
    /// A replay store of another format.
    Format(i64),
    /// Another program's database.
    Foreign(String),
}

/// Tells what the database is, by its header and the number of its tables. Writes nothing.
pub(super) fn recognise(connection: &mut Connection) -> rusqlite::Result<Kind> {
    // One snapshot: read one by one, the marks could straddle another process's creation.
    kind(&connection.transaction_with_behavior(TransactionBehavior::Deferred)?)
}

/// Creates the tables in an empty database, if it still is; tells what it is then.
pub(super) fn create(connection: &mut Connection) -> rusqlite::Result<Kind> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    if kind(&transaction)? == Kind::Empty {
        transaction.execute_batch(TABLES)?;
        transaction.pragma_update(None, "application_id", APPLICATION_ID)?;
        transaction.pragma_update(None, "user_version", FORMAT)?;
    }
    let created = kind(&transaction)?;
    transaction.commit()?;
    Ok(created)
}

fn kind(transaction: &Transaction<'_>) -> rusqlite::Result<Kind> {
    let application_id = pragma(transaction, "application_id")?;
    let format = pragma(transaction, "user_version")?;
    let objects: i64 =
        transaction.query_one("SELECT count(*) FROM sqlite_schema", (), |row| row.get(0))?;
    Ok(match (application_id, format, objects) {
        (APPLICATION_ID, FORMAT, _) => Kind::Current,
        (APPLICATION_ID, other, _) => Kind::Format(other),
        (0, 0, 0) => Kind::Empty,
        (0, _, _) => Kind::Foreign(format!("no application id and {objects} schema objects")),
        (other, _, _) => Kind::Foreign(format!("application id {other}, not {APPLICATION_ID}")),
    })
}

fn pragma(transaction: &Transaction<'_>, name: &str) -> rusqlite::Result<i64> {
    transaction.pragma_query_value(None, name, |row| row.get(0))
}
