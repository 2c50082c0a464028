//! The messages of a trace for real, and the records that an attacker makes of them.

use std::collections::BTreeMap;

use countersign_model::audit::Audit as Rules;
use countersign_replay::audit::cast::{FORGED, MISREAD};
use countersign_replay::target::TargetError;
use countersign_replay::trace::Trace;

use crate::audit::{Draft, Entry, Policy, Salt};
use crate::envelope::{Digest, Header, Kind, MessageId, Nonce, SessionId, Timestamp, Version};
use crate::identity::{SigningKey, SpiffeId};
use crate::lab::clock::Ticks;
use crate::lab::failed;
use crate::lab::stream::Stream;

/// What every message says: anybody could guess it.
const PAYLOAD: &[u8] = b"{\"text\":\"yes\"}";

/// A message, with what the bus knows of it.
pub(super) struct Message {
    at: Timestamp,
    header: Header,
    salt: Salt,
    pub(super) from: String,
    pub(super) to: String,
    pub(super) policy: Policy,
}

/// Every message of a trace.
pub(super) struct Messages {
    by_name: BTreeMap<String, Message>,
    ids: BTreeMap<String, SpiffeId>,
    forged: Vec<u8>,
}

impl Messages {
    pub(super) fn of(trace: &Trace<Rules>, stream: &Stream) -> Result<Self, TargetError> {
        let ticks = Ticks::new(trace.clock);
        let mut ids = BTreeMap::new();
        for name in &trace.cast.agents {
            let id = SpiffeId::parse_agent(&format!("spiffe://example.org/agent/{name}"));
            ids.insert(name.clone(), id.map_err(failed)?);
        }
        let id = |name: &str| ids.get(name).cloned().ok_or_else(|| failed(name));
        let mut by_name = BTreeMap::new();
        for (number, told) in (0..).zip(&trace.cast.messages) {
            let instant = |tick| {
                Timestamp::from_ms(ticks.instant_ms(tick)).ok_or_else(|| failed("a late clock"))
            };
            let draw = |purpose| stream.draw_16(&told.name, purpose, 0);
            let at = instant(trace.clock.start.saturating_add(number))?;
            let header = Header {
                version: Version::CURRENT,
                kind: Kind::Ask,
                id: MessageId::from_bytes(draw("message id")),
                nonce: Nonce::from_bytes(draw("nonce")),
                from: id(&told.from)?,
                to: id(&told.to)?,
                issued_at: at,
                expires_at: at,
                key_id: SigningKey::from_seed(stream.draw(&told.from, "signing key", 0)).key_id(),
                correlation_id: Some(MessageId::from_bytes(draw("conversation"))),
                in_reply_to: None,
                session: None,
                capability: None,
            };
            let message = Message {
                at,
                header,
                salt: Salt::from_bytes(stream.draw(&told.name, "salt", 0)),
                from: told.from.clone(),
                to: told.to.clone(),
                policy: if told.denied {
                    Policy::Denied
                } else {
                    Policy::Allowed
                },
            };
            by_name.insert(told.name.clone(), message);
        }
        let forged = forged(&by_name, stream);
        Ok(Self {
            by_name,
            ids,
            forged: forged.ok_or_else(|| failed("no message"))?,
        })
    }

    pub(super) fn message(&self, name: &str) -> Result<&Message, TargetError> {
        let message = self.by_name.get(name);
        message.ok_or_else(|| failed(format!("no message is called {name}")))
    }

    pub(super) fn id(&self, agent: &str) -> Result<&SpiffeId, TargetError> {
        let id = self.ids.get(agent);
        id.ok_or_else(|| failed(format!("nobody is called {agent}")))
    }

    /// The record that the attacker makes up.
    pub(super) fn forged(&self) -> &[u8] {
        &self.forged
    }

    /// The message that a record was made of.
    pub(super) fn origin(record: &str) -> Option<&str> {
        let misread = record.strip_suffix(MISREAD);
        misread.or((record != FORGED).then_some(record))
    }
}

/// A record of a message that nobody sent.
fn forged(messages: &BTreeMap<String, Message>, stream: &Stream) -> Option<Vec<u8>> {
    let message = messages.values().next()?;
    let mut entry = message
        .draft()
        .entry(Digest::from_bytes(stream.draw(FORGED, "payload", 0)));
    entry.id = MessageId::from_bytes(stream.draw_16(FORGED, "message id", 0));
    Some(entry.to_bytes())
}

impl Message {
    pub(super) fn draft(&self) -> Draft<'_> {
        Draft {
            at: self.at,
            header: &self.header,
            payload: PAYLOAD,
            salt: &self.salt,
            policy: self.policy,
            approval: None,
        }
    }

    pub(super) fn id(&self) -> &MessageId {
        &self.header.id
    }

    /// The record with its conversation where its session should be: the same fields, run together.
    pub(super) fn misread(record: &Entry) -> Entry {
        let moved = record
            .correlation_id
            .map(|id| SessionId::from_bytes(*id.as_bytes()));
        Entry {
            correlation_id: None,
            session: moved,
            ..record.clone()
        }
    }

    /// Whether somebody who has this record, and perhaps its salt, sees a guess at the payload confirmed.
    pub(super) fn confirms(&self, record: &Entry, is_party: bool, read: Option<&str>) -> bool {
        let salted = |salt: &Salt| salt.hash(PAYLOAD) == record.payload;
        let read = read.and_then(|digits| Digest::parse(digits).ok());
        Digest::of(PAYLOAD) == record.payload
            || read.is_some_and(|salt| salted(&Salt::from_bytes(*salt.as_bytes())))
            || (is_party && salted(&self.salt))
    }
}
