//! The stages of a delivery, judged one after the other.
//!
//! No fact is established before its stage is reached, and nothing is changed before every guard of
//! every stage held: those of admission, then those of the session that the envelope names.

use countersign_model::admission::facts::{Facts, Receiver};
use countersign_model::admission::guard::{Rejection, Stage};
use countersign_model::rulebook;
use countersign_model::session::guard;

use super::facts::{Fields, establish_envelope, establish_sender, unknown};
use super::judging::Judging;
use super::sessions::Sessions;
use super::verdict::Content;
use super::{Admitted, Limits, Mechanisms, Refusal, Verdict};
use crate::domain::Real;
use crate::envelope::{BODY_BYTES_MAX, Body, Envelope, Header, Opaque, Payload};
use crate::identity::{Registry, SpiffeId};
use crate::json::Value;
use crate::session::{self, Checked, Session};
use crate::store::{ReplayStore, StoreError};

/// An endpoint with mechanisms that may be flawed.
pub(crate) struct Receiving<S, M> {
    pub(crate) me: SpiffeId,
    pub(crate) registry: Registry,
    pub(crate) limits: Limits,
    pub(crate) store: S,
    pub(super) sessions: Sessions,
    pub(crate) mechanisms: M,
    /// The latest reading of the clock, in milliseconds.
    pub(crate) latest_ms: u64,
}

/// An envelope whose signature held, and which was fresh and for this receiver when it was examined.
/// Nothing was remembered of it yet, so it may come again.
#[derive(Debug)]
pub struct Authentic {
    facts: Facts<Real>,
    header: Header,
    envelope: Option<Envelope>,
    timed: bool,
}

impl Authentic {
    /// The authenticated sender.
    pub fn sender(&self) -> &SpiffeId {
        &self.header.from
    }

    /// What the envelope says before its body.
    pub fn header(&self) -> &Header {
        &self.header
    }
}

/// A text that the registry's word stands behind; nothing is authenticated yet.
pub(crate) struct Received<'text> {
    /// The text as it arrived.
    text: &'text [u8],
    pub(crate) header: Header,
    /// The envelope; there is one unless its schema is not enforced.
    pub(crate) envelope: Option<Envelope>,
    /// The value that would be acted upon.
    pub(crate) value: Value,
    signature: [u8; 64],
    pub(crate) timed: bool,
}

impl<S: ReplayStore, M: Mechanisms> Receiving<S, M> {
    pub(crate) fn new(
        me: SpiffeId,
        registry: Registry,
        limits: Limits,
        mut store: S,
        mechanisms: M,
    ) -> Result<Self, StoreError> {
        let latest_ms = store.advance(0)?;
        Ok(Self {
            store,
            me,
            registry,
            limits,
            sessions: Sessions::default(),
            mechanisms,
            latest_ms,
        })
    }

    pub(crate) fn tick(&mut self, wall_ms: u64) -> Result<u64, StoreError> {
        let marked_ms = self.store.advance(wall_ms)?;
        self.latest_ms = self
            .mechanisms
            .now_ms(self.latest_ms.max(marked_ms), wall_ms);
        Ok(self.latest_ms)
    }

    /// Judges stage after stage; establishes no fact before its stage is reached.
    pub(super) fn receive(&mut self, bytes: &[u8], wall_ms: u64) -> Result<Verdict, StoreError> {
        self.receiver(wall_ms);
        match self.examine(bytes, wall_ms) {
            Ok(authentic) => self.open(authentic, wall_ms),
            Err(refusal) => Ok(Verdict::Refused(refusal)),
        }
    }
    /// Asks the session what an authentic envelope carries, and remembers it if all guards hold.
    ///
    /// The session is asked within the step of the store, so that neither of the two remembers what the
    /// other refuses, and marks the record after it, so that a store that fails has lost nothing.
    pub(super) fn open(
        &mut self,
        authentic: Authentic,
        wall_ms: u64,
    ) -> Result<Verdict, StoreError> {
        let (facts, me) = self.establish_again(&authentic, wall_ms);
        let Some(envelope) = authentic.envelope else {
            // INVARIANT: the guard `schema-valid` held, so there is one.
            return Ok(refused(Rejection::SchemaMismatch));
        };
        let (header, body, signature) = envelope.into_parts();
        let (sessions, registry) = (&mut self.sessions, &self.registry);
        let mut judging = Judging {
            mechanisms: &self.mechanisms,
            rate_period_ms: self.limits.rate_period_ms,
            timed: authentic.timed,
            facts,
            me,
        };
        let judged = judging.remember(&mut self.store, &header, |now_ms| {
            let passed = Passed::of(sessions.named_by(&header), &header, body, registry, now_ms);
            passed.map_err(Verdict::RefusedInSession)
        })?;
        let content = match judged {
            Ok(passed) => passed.mark(),
            Err(verdict) => return Ok(verdict),
        };
        let admitted = Admitted::new(header, content, signature);
        Ok(Verdict::Admitted(Box::new(admitted)))
    }

    /// Remembers an authentic envelope if all guards hold, and leaves what it carries to its recipient.
    pub(super) fn pass(
        &mut self,
        authentic: Authentic,
        wall_ms: u64,
    ) -> Result<Result<Envelope, Refusal>, StoreError> {
        let (facts, me) = self.establish_again(&authentic, wall_ms);
        let Some(envelope) = authentic.envelope else {
            // INVARIANT: the guard `schema-valid` held, so there is one.
            return Ok(Err(Rejection::SchemaMismatch.into()));
        };
        let mut judging = Judging {
            mechanisms: &self.mechanisms,
            rate_period_ms: self.limits.rate_period_ms,
            timed: authentic.timed,
            facts,
            me,
        };
        let judged = judging.remember(&mut self.store, envelope.header(), |_| Ok(()))?;
        Ok(judged.map(|()| envelope))
    }

    /// The facts about an authentic envelope, with what this receiver says now of its sender and
    /// recipient: another may have examined it, and a while ago.
    fn establish_again(
        &mut self,
        authentic: &Authentic,
        wall_ms: u64,
    ) -> (Facts<Real>, Receiver<Real>) {
        let me = self.receiver(wall_ms);
        let mut facts = authentic.facts.clone();
        establish_sender(&mut facts, &self.registry, &authentic.header);
        self.establish_purpose(&mut facts, &authentic.header);
        (facts, me)
    }
}

impl<S, M: Mechanisms> Receiving<S, M> {
    /// Asks all that needs no store: the bytes, the registry, the signature, and what it is for.
    pub(super) fn examine(&self, bytes: &[u8], wall_ms: u64) -> Result<Authentic, Refusal> {
        let me = self.receiver_at(wall_ms);
        let mut facts = unknown(&self.me);
        let received = self.read(bytes, &mut facts, &me)?;
        self.authenticate(&received, &mut facts, &me)?;
        Ok(Authentic {
            facts,
            header: received.header,
            envelope: received.envelope,
            timed: received.timed,
        })
    }

    /// The receiver as the guards see it, at this reading of the clock.
    pub(crate) fn receiver(&mut self, wall_ms: u64) -> Receiver<Real> {
        self.latest_ms = self.mechanisms.now_ms(self.latest_ms, wall_ms);
        self.receiver_at(wall_ms)
    }

    fn receiver_at(&self, wall_ms: u64) -> Receiver<Real> {
        Receiver {
            me: self.me.clone(),
            now: self.mechanisms.now_ms(self.latest_ms, wall_ms),
            limits: self.limits.for_guards(),
        }
    }

    /// Reads text, envelope and registry: everything that needs no key and changes nothing.
    pub(crate) fn read<'text>(
        &self,
        bytes: &'text [u8],
        facts: &mut Facts<Real>,
        me: &Receiver<Real>,
    ) -> Result<Received<'text>, Refusal> {
        facts.size_bounded = bytes.len() <= self.limits.envelope_bytes_max;
        self.judge(Stage::Bytes, facts, me)?;

        let reading = self.mechanisms.read(bytes, &self.limits.for_reader());
        facts.well_formed = reading.well_formed;
        facts.canonical = reading.canonical;
        let at = |rejection| Refusal {
            rejection,
            detail: reading.detail.clone(),
        };
        self.judge(Stage::Text, facts, me).map_err(at)?;
        // A text that could not be received at all cannot be judged further, whatever the rules.
        let value = reading.value.ok_or_else(|| at(Rejection::Malformed))?;

        let (fields, detail) = establish_envelope(facts, reading.checked.as_ref(), &value);
        if let Some(Fields { header, .. }) = &fields {
            self.establish_purpose(facts, header);
        }
        self.mechanisms.distort(facts, me.now, reading.timed);
        let at = |rejection| Refusal {
            rejection,
            detail: detail.clone(),
        };
        self.judge(Stage::Envelope, facts, me).map_err(at)?;
        let Fields {
            header,
            signature,
            envelope,
        } = fields.ok_or_else(|| at(Rejection::SchemaMismatch))?;

        establish_sender(facts, &self.registry, &header);
        self.judge(Stage::Sender, facts, me)?;
        Ok(Received {
            text: bytes,
            header,
            envelope,
            value,
            signature,
            timed: reading.timed,
        })
    }

    /// Verifies the signature, then asks what the authenticated envelope is for.
    pub(crate) fn authenticate(
        &self,
        received: &Received<'_>,
        facts: &mut Facts<Real>,
        me: &Receiver<Real>,
    ) -> Result<(), Rejection> {
        let key = self
            .mechanisms
            .verifying_key(&self.registry, &received.header);
        let object = received.value.as_object();
        facts.signature_valid = key.zip(object).is_some_and(|(key, object)| {
            let kind = received.header.kind;
            let input = self.mechanisms.verifying_input(kind, received.text, object);
            key.verifies(&input, &received.signature)
        });
        self.judge(Stage::Signature, facts, me)?;
        self.judge(Stage::Purpose, facts, me)
    }

    /// Establishes whom the envelope is for, and whether its session is known.
    fn establish_purpose(&self, facts: &mut Facts<Real>, header: &Header) {
        let mechanisms = &self.mechanisms;
        facts.recipient = mechanisms.recipient(header, &self.me, &self.registry);
        facts.session_known = mechanisms.is_session_known(header, &self.sessions);
    }

    fn judge(
        &self,
        stage: Stage,
        facts: &Facts<Real>,
        me: &Receiver<Real>,
    ) -> Result<(), Rejection> {
        rulebook::judge(self.mechanisms.rules(), |asked| asked == stage, facts, me)
    }
}

impl<M: Mechanisms> Receiving<(), M> {
    /// A receiver that examines and remembers nothing.
    pub(super) fn without_store(
        me: SpiffeId,
        registry: Registry,
        limits: Limits,
        mechanisms: M,
    ) -> Self {
        Self {
            store: (),
            me,
            registry,
            limits,
            sessions: Sessions::default(),
            mechanisms,
            latest_ms: 0,
        }
    }
}

/// What may be acted upon once the store has it.
enum Passed<'session> {
    Clear(Payload),
    Sealed(Opaque<BODY_BYTES_MAX>, Checked<'session, Payload>),
}

impl<'session> Passed<'session> {
    /// Asks the session that the header names, if it names one: to open what is sealed, or whether
    /// it may be used at all.
    fn of(
        session: Option<&'session mut Session>,
        header: &Header,
        body: Body,
        registry: &Registry,
        now_ms: u64,
    ) -> Result<Self, session::Refusal> {
        match (session, body) {
            (Some(session), Body::Sealed(record)) => session
                .check(header, &record.to_bytes(), registry, now_ms)
                .map(|checked| Self::Sealed(record, checked)),
            (Some(session), Body::Payload(payload)) => session
                .check_alive(header, registry, now_ms)
                .map(|()| Self::Clear(payload)),
            (None, Body::Payload(payload)) if header.session.is_none() => Ok(Self::Clear(payload)),
            // INVARIANT: the guard `schema-valid` held, so what is sealed names its session, and so
            // did `session-known`.
            (None, _) => Err(guard::Rejection::UnknownSession.into()),
        }
    }

    fn mark(self) -> Content {
        match self {
            Self::Clear(payload) => Content::Clear(payload),
            Self::Sealed(record, checked) => Content::Sealed(record, checked.mark()),
        }
    }
}

fn refused(rejection: Rejection) -> Verdict {
    Verdict::Refused(rejection.into())
}
