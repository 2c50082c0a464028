//! The exchange: sealing and opening, judged by the guard table, stage after stage.

use countersign_model::rulebook;
use countersign_model::session::facts::{End, Facts};
use countersign_model::session::guard::{Rejection, Stage, Use};
use countersign_model::session::step::slid;
use zeroize::Zeroizing;

use super::facts::{is_entitled, unknown};
use super::keys::{Keys, Receiving, Sending};
use super::mechanism::Mechanisms;
use super::record::{Arrived, Cover, Head};
use super::schedule::{Direction, Exporter, Traffic};
use super::window::Window;
use super::{Establishment, Limits, Opened, PLAINTEXT_BYTES_MAX, Real, Record, Refusal, SealError};
use crate::envelope::SessionId;
use crate::handshake::Role;
use crate::identity::{KeyId, Registry, SpiffeId};

/// One end of a session.
pub(crate) struct Exchange<M> {
    pub(super) id: SessionId,
    pub(super) peer: SpiffeId,
    pub(super) established_at_ms: u64,
    pub(super) limits: Limits,
    pub(crate) mechanisms: M,
    peer_key_id: KeyId,
    role: Role,
    /// The latest reading of the clock, in milliseconds.
    latest_ms: u64,
    /// What the session is; nothing once it is closed.
    pub(crate) keys: Option<Keys>,
}

/// A record that every guard let pass, and that is not marked yet: its end does nothing else until
/// it is. Dropped, it has changed nothing.
pub(crate) struct Checked<'end, T> {
    receiving: &'end mut Receiving,
    content: T,
    head: Head,
    /// The keys of its epoch, where that is another than the end's.
    other: Option<Traffic>,
    /// Where the window will end.
    top: u64,
}

impl<T> Checked<'_, T> {
    /// Marks the record, and moves on to its epoch.
    pub(crate) fn mark(self) -> Opened<T> {
        let receiving = self.receiving;
        if let Some(traffic) = self.other
            && receiving.traffic.epoch() < traffic.epoch()
        {
            receiving.traffic = traffic;
        }
        let expected = receiving.window.top();
        receiving.window.mark(self.head.sequence, self.top);
        Opened::new(self.content, self.head.sequence, expected, self.head.epoch)
    }
}

impl<M: Mechanisms> Exchange<M> {
    pub(crate) fn new(establishment: Establishment, limits: Limits, mechanisms: M) -> Self {
        let Establishment {
            peer,
            peer_key_id,
            role,
            secret,
            session_id,
            established_at_ms,
        } = establishment;
        let traffic = |direction| mechanisms.first(&secret, &session_id, direction);
        let keys = Keys {
            sending: Sending {
                traffic: traffic(Direction::outward(role)),
                next: 0,
                since_ms: established_at_ms,
                count: 0,
            },
            receiving: Receiving {
                traffic: traffic(Direction::inward(role)),
                window: Window::new(limits.width),
            },
            exporter: Exporter::of(&secret, &session_id),
        };
        Self {
            id: session_id,
            peer,
            established_at_ms,
            limits,
            mechanisms,
            peer_key_id,
            role,
            latest_ms: established_at_ms,
            keys: Some(keys),
        }
    }

    /// Wipes the keys.
    pub(super) fn close(&mut self) {
        self.keys = None;
    }

    /// Loses the connection, and all that does not outlive that.
    pub(crate) fn reconnect(&mut self, now_ms: u64) {
        let keys = self.keys.take();
        self.keys = keys.and_then(|keys| self.mechanisms.reconnected(keys, now_ms));
    }

    pub(super) fn export(&self, label: &str, context: &[u8]) -> Option<Zeroizing<[u8; 32]>> {
        let keys = self.keys.as_ref()?;
        Some(keys.exporter.export(label, context))
    }

    /// Seals `plaintext` as the next record, in a new epoch where the last is over.
    pub(crate) fn seal(
        &mut self,
        cover: &Cover,
        plaintext: &[u8],
        registry: &Registry,
        now_ms: u64,
    ) -> Result<Record, SealError> {
        let now_ms = self.tick(now_ms);
        let facts = self.session_facts(cover.names_session, registry, now_ms);
        let end = self.end(now_ms);
        let asked = |stage| Use::Sealing.asks().contains(&stage);
        let rules = self.mechanisms.rules();
        rulebook::judge(rules, asked, &facts, &end).map_err(SealError::Refused)?;
        if plaintext.len() > PLAINTEXT_BYTES_MAX {
            let bytes = plaintext.len();
            return Err(SealError::TooLong { bytes });
        }
        let Some(Keys { sending, .. }) = &mut self.keys else {
            return Err(SealError::Refused(Rejection::UnknownSession));
        };
        // INVARIANT: no number is ever used twice.
        let next = sending.next.checked_add(1).ok_or(SealError::Exhausted)?;
        if self.mechanisms.is_due(sending, &self.limits, now_ms) {
            // The key that is left behind is wiped; what it sealed stays sealed.
            sending.traffic = sending.traffic.next();
            (sending.since_ms, sending.count) = (now_ms, 0);
        }
        let head = Head {
            session: self.id,
            epoch: sending.traffic.epoch(),
            sequence: sending.next,
        };
        sending.next = next;
        sending.count += 1;
        let direction = Direction::outward(self.role);
        let additional = self.mechanisms.additional_data(&head, direction, cover);
        let prefix = self.mechanisms.prefix(head.sequence);
        let (number, _) = self.mechanisms.nonce(head.sequence, &prefix);
        let mut record = Record::begin(&head, &prefix, plaintext);
        let text = record.text_mut(prefix.len());
        let tag = sending.traffic.seal(number, &additional, text);
        let tag = tag.ok_or(SealError::TooLong {
            bytes: plaintext.len(),
        })?;
        Ok(record.end(tag))
    }

    /// Judges a record stage after stage: checks, opens, then marks (RFC 4303 section 3.4.3).
    pub(crate) fn open<T>(
        &mut self,
        cover: &Cover,
        bytes: &[u8],
        registry: &Registry,
        now_ms: u64,
        read: impl FnOnce(&[u8]) -> Option<T>,
    ) -> Result<Opened<T>, Refusal> {
        let checked = self.check(cover, bytes, registry, now_ms, read)?;
        Ok(checked.mark())
    }

    /// Judges whether something of this session may be acted upon that is no record of it.
    pub(super) fn check_alive(
        &mut self,
        named: bool,
        registry: &Registry,
        now_ms: u64,
    ) -> Result<(), Refusal> {
        let now_ms = self.tick(now_ms);
        let facts = self.session_facts(named, registry, now_ms);
        let asked = |stage| stage == Stage::Session;
        rulebook::judge(self.mechanisms.rules(), asked, &facts, &self.end(now_ms))?;
        Ok(())
    }

    /// Judges a record stage after stage and opens it, but marks nothing.
    pub(super) fn check<T>(
        &mut self,
        cover: &Cover,
        bytes: &[u8],
        registry: &Registry,
        now_ms: u64,
        read: impl FnOnce(&[u8]) -> Option<T>,
    ) -> Result<Checked<'_, T>, Refusal> {
        let now_ms = self.tick(now_ms);
        let arrived = Arrived::read(bytes);
        let names_me = |arrived: &Arrived<'_>| arrived.head.session == self.id;
        let named = cover.names_session && arrived.as_ref().is_some_and(names_me);
        let mut facts = self.session_facts(named, registry, now_ms);
        let end = self.end(now_ms);
        let rules = self.mechanisms.rules();
        let judge = |stage: Stage, facts: &Facts<Real>| {
            rulebook::judge(rules, |asked| asked == stage, facts, &end)
        };
        judge(Stage::Session, &facts)?;
        // INVARIANT: the guard `session-known` held, so there are both.
        let (Some(arrived), Some(keys)) = (arrived, &mut self.keys) else {
            return Err(Rejection::UnknownSession.into());
        };
        let (head, receiving) = (arrived.head, &mut keys.receiving);

        facts.epoch = head.epoch;
        facts.sequence = head.sequence;
        facts.sequence_seen = self.mechanisms.remembers(receiving, head.sequence);
        judge(Stage::Header, &facts)?;

        // The epoch moves once the record has opened, not before.
        let other = self.mechanisms.traffic(receiving, head.epoch);
        self.mechanisms.before_opening(receiving, &head);
        let traffic = other.as_ref().unwrap_or(&receiving.traffic);
        let direction = Direction::inward(self.role);
        let additional = self.mechanisms.additional_data(&head, direction, cover);
        let (number, sealed) = self.mechanisms.nonce(head.sequence, arrived.text);
        let mut text = Zeroizing::new(sealed.to_vec());
        facts.opens = traffic.open(number, &additional, &mut text, arrived.tag);
        judge(Stage::Seal, &facts)?;

        let content = read(&text);
        facts.schema_valid = content.is_some();
        judge(Stage::Payload, &facts)?;
        // INVARIANT: the guard `plaintext-schema` held, so there is one.
        let content = content.ok_or(Rejection::PayloadMismatch)?;
        let top = slid::<Real>(rules, &receiving.window.top(), &head.sequence);
        Ok(Checked {
            receiving,
            content,
            head,
            other,
            top,
        })
    }

    /// The clock, which never runs backwards.
    fn tick(&mut self, now_ms: u64) -> u64 {
        self.latest_ms = self.latest_ms.max(now_ms);
        self.latest_ms
    }

    /// The facts about the session itself; of a record nothing is known yet.
    fn session_facts(&self, named: bool, registry: &Registry, now_ms: u64) -> Facts<Real> {
        Facts {
            session_known: named && self.keys.is_some(),
            established_at: self.established_at_ms,
            peer_entitled: is_entitled(registry, &self.peer, &self.peer_key_id, now_ms),
            ..unknown()
        }
    }

    /// This end as the guards see it.
    fn end(&self, now_ms: u64) -> End<Real> {
        let receiving = self.keys.as_ref().map(|keys| &keys.receiving);
        End {
            now: now_ms,
            epoch: receiving.map_or(0, |it| it.traffic.epoch()),
            top: receiving.map_or(0, |it| it.window.top()),
            limits: self.limits.for_guards(),
        }
    }
}
