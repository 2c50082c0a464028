//! The exchange: sealing and opening, judged by the guard table, stage after stage.

use countersign_model::rulebook::{self, Ruleset};
use countersign_model::session::Session as Rules;
use countersign_model::session::facts::{End, Facts};
use countersign_model::session::guard::{Rejection, Stage, Use};
use countersign_model::session::step::{is_due, slid};
use zeroize::Zeroizing;

use super::facts::{is_entitled, unknown};
use super::record::{Arrived, Head, additional_data};
use super::schedule::{Exporter, Role, Traffic};
use super::window::Window;
use super::{Establishment, Limits, Opened, PLAINTEXT_BYTES_MAX, Real, Record, Refusal, SealError};
use crate::envelope::{Digest, SessionId};
use crate::identity::{KeyId, Registry, SpiffeId};

/// The rules: every guard enforced, every mechanism sound.
const RULES: Ruleset<Rules> = Ruleset::HARDENED;

/// What ties a record to whatever it travels with.
pub(super) struct Cover {
    /// It names this session and its peer.
    pub(super) names_session: bool,
    /// Its digest.
    pub(super) digest: Digest,
}

impl Cover {
    /// Something that names no session of its own.
    pub(super) fn of_digest(digest: &Digest) -> Self {
        Self {
            names_session: true,
            digest: *digest,
        }
    }
}

/// One end of a session.
pub(super) struct Exchange {
    pub(super) id: SessionId,
    pub(super) peer: SpiffeId,
    pub(super) established_at_ms: u64,
    pub(super) limits: Limits,
    peer_key_id: KeyId,
    role: Role,
    /// The latest reading of the clock, in milliseconds.
    latest_ms: u64,
    /// What the session is; nothing once it is closed.
    pub(super) keys: Option<Keys>,
}

/// The keys of a session, and how far they were used.
pub(super) struct Keys {
    pub(super) sending: Sending,
    pub(super) receiving: Receiving,
    exporter: Exporter,
}

/// What this end seals with.
pub(super) struct Sending {
    pub(super) traffic: Traffic,
    /// The next number.
    pub(super) next: u64,
    /// Since when the epoch has lasted, in milliseconds.
    pub(super) since_ms: u64,
    /// Records sealed in the epoch.
    pub(super) count: u64,
}

/// What this end opens with.
pub(super) struct Receiving {
    pub(super) traffic: Traffic,
    pub(super) window: Window,
}

impl Exchange {
    pub(super) fn new(establishment: Establishment, limits: Limits) -> Self {
        let Establishment {
            peer,
            peer_key_id,
            role,
            secret,
            session_id,
            established_at_ms,
        } = establishment;
        let traffic = |direction| Traffic::first(&secret, &session_id, direction);
        let keys = Keys {
            sending: Sending {
                traffic: traffic(role.outward()),
                next: 0,
                since_ms: established_at_ms,
                count: 0,
            },
            receiving: Receiving {
                traffic: traffic(role.inward()),
                window: Window::new(limits.width),
            },
            exporter: Exporter::of(&secret, &session_id),
        };
        Self {
            id: session_id,
            peer,
            established_at_ms,
            limits,
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

    pub(super) fn export(&self, label: &str, context: &[u8]) -> Option<Zeroizing<[u8; 32]>> {
        let keys = self.keys.as_ref()?;
        Some(keys.exporter.export(label, context))
    }

    /// Seals `plaintext` as the next record, in a new epoch where the last is over.
    pub(super) fn seal(
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
        rulebook::judge(RULES, asked, &facts, &end).map_err(SealError::Refused)?;
        if plaintext.len() > PLAINTEXT_BYTES_MAX {
            let bytes = plaintext.len();
            return Err(SealError::TooLong { bytes });
        }
        let Some(Keys { sending, .. }) = &mut self.keys else {
            return Err(SealError::Refused(Rejection::UnknownSession));
        };
        // INVARIANT: no number is ever used twice.
        let next = sending.next.checked_add(1).ok_or(SealError::Exhausted)?;
        let shares = (&self.limits.share, &self.limits.period_ms);
        if is_due::<Real>(&sending.since_ms, &sending.count, &now_ms, shares) {
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
        let additional = additional_data(&head, self.role.outward(), &cover.digest);
        let mut record = Record::begin(&head, plaintext);
        let tag = sending
            .traffic
            .seal(head.sequence, &additional, record.text_mut());
        let tag = tag.ok_or(SealError::TooLong {
            bytes: plaintext.len(),
        })?;
        Ok(record.end(tag))
    }

    /// Judges a record stage after stage: checks, opens, then marks (RFC 4303 section 3.4.3).
    pub(super) fn open<T>(
        &mut self,
        cover: &Cover,
        bytes: &[u8],
        registry: &Registry,
        now_ms: u64,
        read: impl FnOnce(&[u8]) -> Option<T>,
    ) -> Result<Opened<T>, Refusal> {
        let now_ms = self.tick(now_ms);
        let arrived = Arrived::read(bytes);
        let names_me = |arrived: &Arrived<'_>| arrived.head.session == self.id;
        let named = cover.names_session && arrived.as_ref().is_some_and(names_me);
        let mut facts = self.session_facts(named, registry, now_ms);
        let end = self.end(now_ms);
        judge(Stage::Session, &facts, &end)?;
        // INVARIANT: the guard `session-known` held, so there are both.
        let (Some(arrived), Some(keys)) = (arrived, &mut self.keys) else {
            return Err(Rejection::UnknownSession.into());
        };
        let (head, receiving) = (arrived.head, &mut keys.receiving);

        facts.epoch = head.epoch;
        facts.sequence = head.sequence;
        facts.sequence_seen = receiving.window.remembers(head.sequence);
        judge(Stage::Header, &facts, &end)?;

        // The epoch moves once the record has opened, not before.
        let ahead = later(&receiving.traffic, head.epoch);
        let traffic = ahead.as_ref().unwrap_or(&receiving.traffic);
        let additional = additional_data(&head, self.role.inward(), &cover.digest);
        let mut text = Zeroizing::new(arrived.text.to_vec());
        facts.opens = traffic.open(head.sequence, &additional, &mut text, arrived.tag);
        judge(Stage::Seal, &facts, &end)?;

        let content = read(&text);
        facts.schema_valid = content.is_some();
        judge(Stage::Payload, &facts, &end)?;
        // INVARIANT: the guard `plaintext-schema` held, so there is one.
        let content = content.ok_or(Rejection::PayloadMismatch)?;

        if let Some(traffic) = ahead {
            receiving.traffic = traffic;
        }
        let expected = receiving.window.top();
        let top = slid::<Real>(RULES, &expected, &head.sequence);
        receiving.window.mark(head.sequence, top);
        Ok(Opened::new(content, head.sequence, expected, head.epoch))
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

/// The keys of a later epoch; nothing where `epoch` is not later.
fn later(traffic: &Traffic, epoch: u64) -> Option<Traffic> {
    let mut ahead: Option<Traffic> = None;
    for _ in traffic.epoch()..epoch {
        ahead = Some(ahead.as_ref().unwrap_or(traffic).next());
    }
    ahead
}

fn judge(stage: Stage, facts: &Facts<Real>, end: &End<Real>) -> Result<(), Rejection> {
    rulebook::judge(RULES, |asked| asked == stage, facts, end)
}
