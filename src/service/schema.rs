//! The file of a bus: nonces, log, queue, open requests and outbox in one, so that one transaction
//! writes them all. Queries belong to whoever keeps the tables.

use crate::audit;
use crate::store::{self, database::Format};

/// The format of a bus's file: marked with the ASCII bytes of `CSbs`.
pub(crate) const FORMAT: Format = Format {
    application_id: 0x4353_6273,
    version: 2,
    tables: &[store::schema::TABLES, audit::TABLES, TABLES],
};

/// A letter is an envelope that passed, under the number of its record in the log; it leaves when no
/// mailbox waits for it any more. A trigger sees to that, so that no statement can forget to.
const TABLES: &str = "
    CREATE TABLE letter (
        number       INTEGER NOT NULL PRIMARY KEY,
        envelope     BLOB    NOT NULL,
        salt         BLOB    NOT NULL CHECK (length(salt) = 32),
        passed_at_ms INTEGER NOT NULL,
        recipients   INTEGER NOT NULL CHECK (recipients > 0)
    ) STRICT;

    CREATE TABLE outbox (
        recipient TEXT    NOT NULL,
        sequence  INTEGER NOT NULL CHECK (sequence > 0),
        letter    INTEGER NOT NULL,
        PRIMARY KEY (recipient, sequence)
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE mailbox (
        recipient    TEXT    NOT NULL PRIMARY KEY,
        sent         INTEGER NOT NULL,
        acknowledged INTEGER NOT NULL CHECK (acknowledged <= sent)
    ) STRICT, WITHOUT ROWID;

    CREATE TRIGGER delivery_leaves AFTER DELETE ON outbox BEGIN
        DELETE FROM letter WHERE number = OLD.letter AND recipients = 1;
        UPDATE letter SET recipients = recipients - 1 WHERE number = OLD.letter;
    END;

    CREATE TABLE held (
        digest            BLOB    NOT NULL PRIMARY KEY CHECK (length(digest) = 32),
        number            INTEGER NOT NULL UNIQUE,
        envelope          BLOB    NOT NULL,
        submitted_at_ms   INTEGER NOT NULL,
        held_until_ms     INTEGER NOT NULL,
        shown             BLOB CHECK (length(shown) = 32),
        approved_under    INTEGER,
        approved_until_ms INTEGER,
        used              INTEGER NOT NULL CHECK (used IN (0, 1))
    ) STRICT;

    CREATE TABLE request (
        digest       BLOB    NOT NULL PRIMARY KEY CHECK (length(digest) = 32),
        asker        TEXT    NOT NULL,
        asked        TEXT    NOT NULL,
        kind         TEXT    NOT NULL,
        correlation  BLOB    NOT NULL CHECK (length(correlation) = 16),
        answer_by_ms INTEGER NOT NULL,
        ended        INTEGER NOT NULL CHECK (ended IN (0, 1))
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX request_by_end ON request (ended, answer_by_ms);

    CREATE TABLE principal (
        correlation BLOB    NOT NULL CHECK (length(correlation) = 16),
        agent       TEXT    NOT NULL,
        principal   TEXT    NOT NULL,
        until_ms    INTEGER NOT NULL,
        PRIMARY KEY (correlation, agent, principal)
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX principal_by_end ON principal (until_ms);

    CREATE TABLE charge (
        at_ms      INTEGER NOT NULL,
        sender     TEXT    NOT NULL,
        deliveries INTEGER NOT NULL CHECK (deliveries > 0),
        PRIMARY KEY (at_ms, sender)
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE policy (
        id      INTEGER NOT NULL PRIMARY KEY CHECK (id = 0),
        version INTEGER NOT NULL,
        digest  BLOB    NOT NULL CHECK (length(digest) = 32)
    ) STRICT;
";
