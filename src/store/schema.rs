//! The file format of the durable replay store. Queries belong to [`sqlite`](super::sqlite).

use super::database::Format;

/// Marks the file as a replay store of Countersign: the ASCII bytes of `CSrs`.
pub(super) const APPLICATION_ID: i64 = 0x4353_7273;

/// The version of the tables below; any change to them raises it.
pub(super) const VERSION: i64 = 1;

/// The format of a replay store.
pub(super) const FORMAT: Format = Format {
    application_id: APPLICATION_ID,
    version: VERSION,
    tables: &[TABLES],
};

/// `share` counts the entries of each sender, because counting rows would cost more the more are
/// held. Triggers keep it, so that no statement, present or future, can forget to.
pub(crate) const TABLES: &str = "
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
