//! The outbox: what passed, for each recipient under its number, until that one acknowledges it.

use rusqlite::{OptionalExtension, Row};

use super::column::{integer, natural, read_with};
use crate::audit::{Leave, Salt};
use crate::envelope::{Envelope, Sequence, Timestamp};
use crate::identity::SpiffeId;
use crate::store::database::Database;

/// The deliveries of a bus. They are on the disk only, so that no backlog costs memory.
pub(super) struct Outbox {
    database: Database,
}

/// An envelope in one mailbox.
#[derive(Debug)]
pub struct Letter {
    /// Its place among all deliveries to that recipient.
    pub sequence: Sequence,
    /// The canonical text of the envelope.
    pub envelope: Vec<u8>,
    /// The salt of its record. It is kept, because a bus with another key draws others.
    pub salt: Salt,
    /// When it passed, in milliseconds since the Unix epoch.
    pub passed_at: Timestamp,
}

/// Where one recipient's deliveries stand.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Standing {
    /// The number of the last delivery; 0 where there is none.
    pub sent: u64,
    /// The number up to which all were acknowledged.
    pub acknowledged: u64,
}

impl Outbox {
    pub(super) fn new(database: Database) -> Self {
        Self { database }
    }

    /// Puts an envelope into the mailbox of each recipient. This is the effect of a message: it takes
    /// the leave that its record gave.
    pub(super) fn put(
        &self,
        leave: &Leave,
        envelope: &Envelope,
        salt: &Salt,
        recipients: &[SpiffeId],
        passed_at: Timestamp,
    ) -> rusqlite::Result<()> {
        let connection = self.database.connection();
        connection
            .prepare_cached(
                "INSERT INTO letter (number, envelope, salt, passed_at_ms, recipients)
                 VALUES (?1, ?2, ?3, ?4, ?5)",
            )?
            .execute((
                integer(leave.number()),
                envelope.canonical_bytes(),
                salt.dangerously_expose(),
                integer(passed_at.as_ms()),
                integer(recipients.len() as u64),
            ))?;
        for recipient in recipients {
            let sequence: i64 = connection
                .prepare_cached(
                    "INSERT INTO mailbox (recipient, sent, acknowledged) VALUES (?1, 1, 0)
                     ON CONFLICT (recipient) DO UPDATE SET sent = sent + 1 RETURNING sent",
                )?
                .query_one((recipient.as_str(),), |row| row.get(0))?;
            connection
                .prepare_cached(
                    "INSERT INTO outbox (recipient, sequence, letter) VALUES (?1, ?2, ?3)",
                )?
                .execute((recipient.as_str(), sequence, integer(leave.number())))?;
        }
        Ok(())
    }

    /// Where the deliveries of a recipient stand.
    pub(super) fn standing(&self, recipient: &SpiffeId) -> rusqlite::Result<Standing> {
        let found = self
            .database
            .connection()
            .prepare_cached("SELECT sent, acknowledged FROM mailbox WHERE recipient = ?1")?
            .query_one((recipient.as_str(),), |row| {
                Ok(Standing {
                    sent: natural(row, 0)?,
                    acknowledged: natural(row, 1)?,
                })
            })
            .optional()?;
        Ok(found.unwrap_or_default())
    }

    /// A recipient has everything up to this number: it is not kept any longer.
    pub(super) fn acknowledge(&self, recipient: &SpiffeId, upto: u64) -> rusqlite::Result<()> {
        if self.standing(recipient)?.acknowledged >= upto {
            return Ok(());
        }
        let connection = self.database.connection();
        connection
            .prepare_cached("DELETE FROM outbox WHERE recipient = ?1 AND sequence <= ?2")?
            .execute((recipient.as_str(), integer(upto)))?;
        connection
            .prepare_cached("UPDATE mailbox SET acknowledged = ?2 WHERE recipient = ?1")?
            .execute((recipient.as_str(), integer(upto)))?;
        Ok(())
    }

    /// The deliveries to a recipient after this number, in order, at most so many and so many bytes,
    /// but one in any case.
    pub(super) fn after(
        &self,
        recipient: &SpiffeId,
        after: u64,
        limit: usize,
        bytes_max: usize,
    ) -> rusqlite::Result<Vec<Letter>> {
        let mut statement = self.database.connection().prepare_cached(
            "SELECT sequence, envelope, salt, passed_at_ms
             FROM outbox JOIN letter ON letter.number = outbox.letter
             WHERE recipient = ?1 AND sequence > ?2 ORDER BY sequence LIMIT ?3",
        )?;
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        let mut rows = statement.query((recipient.as_str(), integer(after), limit))?;
        let (mut letters, mut bytes) = (Vec::new(), 0_usize);
        while let Some(row) = rows.next()? {
            let letter = letter(row)?;
            bytes = bytes.saturating_add(letter.envelope.len());
            if bytes > bytes_max && !letters.is_empty() {
                break;
            }
            letters.push(letter);
        }
        Ok(letters)
    }
}

fn letter(row: &Row<'_>) -> rusqlite::Result<Letter> {
    Ok(Letter {
        sequence: read_with(row, 0, |found: i64| {
            Sequence::from_number(found.unsigned_abs())
        })?,
        envelope: row.get(1)?,
        salt: row.get(2).map(Salt::from_bytes)?,
        passed_at: read_with(row, 3, |found: i64| {
            Timestamp::from_ms(found.unsigned_abs())
        })?,
    })
}
