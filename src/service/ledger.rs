//! What an orchestrator remembers, on the disk: the queue, what was released, requests, on whose behalf
//! deputies speak, how much each agent sent of late, and the version of the policy.

use rusqlite::{OptionalExtension, Row};

use super::column::{integer, natural, read_digest, read_with};
use crate::audit::Leave;
use crate::bus::{Approval, Conversation, Held, MEMORY_MS, Orchestrator, Policy, Request, Ruling};
use crate::envelope::{Digest, Envelope, Kind, MessageId};
use crate::identity::SpiffeId;
use crate::json;
use crate::store::database::Database;

/// The durable memory of an orchestrator.
pub(super) struct Ledger {
    database: Database,
}

impl Ledger {
    pub(super) fn new(database: Database) -> Self {
        Self { database }
    }

    /// Keeps a message that waits for an approval, in the order of the records.
    pub(super) fn hold(&self, leave: &Leave, held: &Held) -> rusqlite::Result<()> {
        self.database
            .connection()
            .prepare_cached(
                "INSERT INTO held (digest, number, envelope, submitted_at_ms, held_until_ms, used)
                 VALUES (?1, ?2, ?3, ?4, ?5, 0)",
            )?
            .execute((
                held.digest.as_bytes(),
                integer(leave.number()),
                held.envelope.canonical_bytes(),
                integer(held.submitted_at_ms),
                integer(held.held_until_ms),
            ))?;
        Ok(())
    }

    /// Keeps what an operator's word made of a message.
    pub(super) fn approve(&self, held: &Held) -> rusqlite::Result<()> {
        let approval = held.approval.as_ref();
        self.database
            .connection()
            .prepare_cached(
                "UPDATE held SET shown = ?2, approved_under = ?3, approved_until_ms = ?4, used = ?5
                 WHERE digest = ?1",
            )?
            .execute((
                held.digest.as_bytes(),
                approval.map(|approval| *approval.shown.as_bytes()),
                approval.map(|approval| integer(approval.policy)),
                approval.map(|approval| integer(approval.until_ms)),
                approval.is_some_and(|approval| approval.used),
            ))?;
        Ok(())
    }

    /// A message waits no longer. Gives its envelope, if it did.
    pub(super) fn take(&self, digest: &Digest) -> rusqlite::Result<Option<Envelope>> {
        self.database
            .connection()
            .prepare_cached("DELETE FROM held WHERE digest = ?1 AND used = 0 RETURNING envelope")?
            .query_one((digest.as_bytes(),), |row| {
                read_with(row, 0, |text: Vec<u8>| envelope(&text))
            })
            .optional()
    }

    /// Keeps a request, or what became of it.
    pub(super) fn keep(&self, digest: &Digest, request: &Request) -> rusqlite::Result<()> {
        self.database
            .connection()
            .prepare_cached(
                "INSERT INTO request (digest, asker, asked, kind, correlation, answer_by_ms, ended)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
                 ON CONFLICT (digest) DO UPDATE SET ended = excluded.ended",
            )?
            .execute((
                digest.as_bytes(),
                request.asker.as_str(),
                request.asked.as_str(),
                request.kind.as_str(),
                request.correlation.as_bytes(),
                integer(request.answer_by_ms),
                request.ended,
            ))?;
        Ok(())
    }

    /// Keeps on whose behalf an agent speaks in a conversation.
    pub(super) fn keep_principals(
        &self,
        conversation: &Conversation,
        correlation: &MessageId,
        agent: &SpiffeId,
    ) -> rusqlite::Result<()> {
        let until_ms = integer(conversation.told_until_ms(correlation));
        for principal in conversation.principals(correlation, agent) {
            self.database
                .connection()
                .prepare_cached(
                    "INSERT INTO principal (correlation, agent, principal, until_ms)
                     VALUES (?1, ?2, ?3, ?4)
                     ON CONFLICT DO UPDATE SET until_ms = max(until_ms, excluded.until_ms)",
                )?
                .execute((
                    correlation.as_bytes(),
                    agent.as_str(),
                    principal.as_str(),
                    until_ms,
                ))?;
        }
        Ok(())
    }

    /// Keeps what the sender of a message is charged for it.
    pub(super) fn charge(&self, ruling: &Ruling) -> rusqlite::Result<()> {
        if ruling.charged == 0 {
            return Ok(());
        }
        self.database
            .connection()
            .prepare_cached(
                "INSERT INTO charge (at_ms, sender, deliveries) VALUES (?1, ?2, ?3)
                 ON CONFLICT DO UPDATE SET deliveries = deliveries + excluded.deliveries",
            )?
            .execute((
                integer(ruling.at_ms),
                ruling.from.as_str(),
                integer(ruling.charged),
            ))?;
        Ok(())
    }

    /// Forgets a request that was withdrawn: nobody can answer it.
    pub(super) fn withdraw(&self, digest: &Digest) -> rusqlite::Result<()> {
        self.database
            .connection()
            .prepare_cached("DELETE FROM request WHERE digest = ?1")?
            .execute((digest.as_bytes(),))?;
        Ok(())
    }

    /// Removes what an orchestrator that is brought back would forget at once, and tell nobody of.
    pub(super) fn sweep(&self, now_ms: u64, rate_period_ms: u64) -> rusqlite::Result<()> {
        let connection = self.database.connection();
        let long_ago_ms = now_ms.saturating_sub(MEMORY_MS);
        connection
            .prepare_cached("DELETE FROM request WHERE ended = 1 AND answer_by_ms < ?1")?
            .execute((integer(long_ago_ms),))?;
        connection
            .prepare_cached("DELETE FROM principal WHERE until_ms < ?1")?
            .execute((integer(now_ms),))?;
        connection
            .prepare_cached("DELETE FROM held WHERE used = 1 AND held_until_ms < ?1")?
            .execute((integer(long_ago_ms),))?;
        connection
            .prepare_cached("DELETE FROM charge WHERE at_ms < ?1")?
            .execute((integer(now_ms.saturating_sub(rate_period_ms)),))?;
        Ok(())
    }

    /// The version of the policy that has this digest: the next one, if it is another than before.
    pub(super) fn version(&self, digest: &Digest) -> rusqlite::Result<u64> {
        self.database
            .connection()
            .prepare_cached(
                "INSERT INTO policy (id, version, digest) VALUES (0, 1, ?1)
                 ON CONFLICT (id) DO UPDATE SET
                     version = version + (digest <> excluded.digest), digest = excluded.digest
                 RETURNING version",
            )?
            .query_one((digest.as_bytes(),), |row| natural(row, 0))
    }

    /// Whether nothing waits and nothing is remembered.
    pub(super) fn is_empty(&self) -> rusqlite::Result<bool> {
        self.database.connection().query_one(
            "SELECT NOT (EXISTS (SELECT 1 FROM held) OR EXISTS (SELECT 1 FROM request)
                 OR EXISTS (SELECT 1 FROM principal) OR EXISTS (SELECT 1 FROM charge))",
            (),
            |row| row.get(0),
        )
    }

    /// Gives an orchestrator back what waits, messages for an approval and requests for an answer, and how
    /// much each agent sent of late. The rest it is given where a message is about it.
    pub(super) fn restore<P: Policy>(
        &self,
        orchestrator: &mut Orchestrator<P>,
    ) -> rusqlite::Result<()> {
        let connection = self.database.connection();
        let mut statement = connection.prepare(
            "SELECT digest, envelope, submitted_at_ms, held_until_ms, shown, approved_under,
                 approved_until_ms, used FROM held WHERE used = 0 ORDER BY number",
        )?;
        let mut rows = statement.query(())?;
        while let Some(row) = rows.next()? {
            orchestrator.restore_held(held(row)?);
        }
        let mut statement = connection.prepare(
            "SELECT digest, asker, asked, kind, correlation, answer_by_ms, ended FROM request
             WHERE ended = 0",
        )?;
        let mut rows = statement.query(())?;
        while let Some(row) = rows.next()? {
            orchestrator.restore_request(read_digest(row, 0)?, request(row)?);
        }
        let mut statement =
            connection.prepare("SELECT sender, deliveries, at_ms FROM charge ORDER BY at_ms")?;
        let mut rows = statement.query(())?;
        while let Some(row) = rows.next()? {
            let sender = read_with(row, 0, |text: String| agent(&text))?;
            orchestrator.restore_charge(&sender, natural(row, 1)?, natural(row, 2)?);
        }
        Ok(())
    }

    /// Gives an orchestrator back what it may have forgotten and a message is about: on whose behalf agents
    /// speak in its conversation, and the request that it answers.
    pub(super) fn recall<P: Policy>(
        &self,
        orchestrator: &mut Orchestrator<P>,
        envelope: &Envelope,
    ) -> rusqlite::Result<()> {
        let connection = self.database.connection();
        let header = envelope.header();
        let correlation = header.correlation_id.unwrap_or(header.id);
        let mut statement = connection.prepare_cached(
            "SELECT agent, principal, until_ms FROM principal WHERE correlation = ?1",
        )?;
        let mut rows = statement.query((correlation.as_bytes(),))?;
        while let Some(row) = rows.next()? {
            let deputy = read_with(row, 0, |text: String| agent(&text))?;
            let principal = read_with(row, 1, |text: String| agent(&text))?;
            orchestrator.restore_principal(correlation, deputy, principal, natural(row, 2)?);
        }
        if let Some(digest) = header.in_reply_to
            && orchestrator.conversation().request(&digest).is_none()
        {
            let found = connection
                .prepare_cached(
                    "SELECT digest, asker, asked, kind, correlation, answer_by_ms, ended
                     FROM request WHERE digest = ?1",
                )?
                .query_one((digest.as_bytes(),), request)
                .optional()?;
            if let Some(request) = found {
                orchestrator.restore_request(digest, request);
            }
        }
        Ok(())
    }
}

/// An envelope from its canonical text.
pub(super) fn envelope(text: &[u8]) -> Option<Envelope> {
    let value = json::read_canonical(text, &json::Limits::default()).ok()?;
    Envelope::from_value(&value).ok()
}

fn held(row: &Row<'_>) -> rusqlite::Result<Held> {
    let shown: Option<[u8; 32]> = row.get(4)?;
    let approval = match shown {
        Some(shown) => Some(Approval {
            shown: Digest::from_bytes(shown),
            policy: natural(row, 5)?,
            until_ms: natural(row, 6)?,
            used: row.get(7)?,
        }),
        None => None,
    };
    Ok(Held {
        digest: read_digest(row, 0)?,
        envelope: read_with(row, 1, |text: Vec<u8>| envelope(&text))?,
        submitted_at_ms: natural(row, 2)?,
        held_until_ms: natural(row, 3)?,
        approval,
    })
}

fn agent(text: &str) -> Option<SpiffeId> {
    SpiffeId::parse_agent(text).ok()
}

fn request(row: &Row<'_>) -> rusqlite::Result<Request> {
    Ok(Request {
        asker: read_with(row, 1, |text: String| agent(&text))?,
        asked: read_with(row, 2, |text: String| agent(&text))?,
        kind: read_with(row, 3, |text: String| Kind::parse(&text).ok())?,
        correlation: MessageId::from_bytes(row.get(4)?),
        answer_by_ms: natural(row, 5)?,
        ended: row.get(6)?,
    })
}
