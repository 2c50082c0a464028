//! The endpoint: bytes and a clock reading in, a verdict out.

use countersign_model::admission::facts::{Facts, Receiver};
use countersign_model::admission::guard::{Rejection, Stage};
use countersign_model::rulebook;

use super::facts::{Fields, establish_envelope, establish_occupancy, establish_sender, unknown};
use super::{Admitted, Hardened, Limits, Mechanisms, Refusal, Verdict};
use crate::domain::Real;
use crate::envelope::{Envelope, Header};
use crate::identity::{Registry, SpiffeId};
use crate::json::Value;
use crate::store::{Claim, ReplayStore, StoreError};

/// The receiving end of one agent. Always hardened.
///
/// It opens no socket and reads no clock: whoever runs it hands over what arrived and what time it
/// is. Its replay store makes it one of several replicas, or lets it survive a restart.
pub struct Endpoint<S> {
    receiving: Receiving<S, Hardened>,
}

impl<S: ReplayStore> Endpoint<S> {
    /// The endpoint of `me`, which trusts `registry` for who others are.
    ///
    /// # Errors
    /// [`StoreError`] where the store's clock mark cannot be read.
    pub fn new(
        me: SpiffeId,
        registry: Registry,
        limits: Limits,
        store: S,
    ) -> Result<Self, StoreError> {
        Receiving::new(me, registry, limits, store, Hardened).map(|receiving| Self { receiving })
    }

    /// Decides on one delivery at `wall_ms`, the host's clock in milliseconds since the Unix epoch.
    ///
    /// Checking the nonce and remembering it are one atomic step of the store. A refused message
    /// has changed nothing.
    ///
    /// # Errors
    /// [`StoreError`] where the store fails; the message is then neither admitted nor refused.
    pub fn receive(&mut self, bytes: &[u8], wall_ms: u64) -> Result<Verdict, StoreError> {
        Ok(match self.receiving.receive(bytes, wall_ms)? {
            Ok(Opened {
                envelope: Some(envelope),
                ..
            }) => Verdict::Admitted(Box::new(Admitted::new(envelope))),
            // INVARIANT: the guard `schema-valid` held, so there is an envelope.
            Ok(Opened { envelope: None, .. }) => Verdict::Refused(Rejection::SchemaMismatch.into()),
            Err(refusal) => Verdict::Refused(refusal),
        })
    }

    /// Notes the time, durably where the store is durable. Call it every now and then, so that not
    /// even a restart with a clock set back revives what was stale.
    ///
    /// # Errors
    /// [`StoreError`] where the store fails.
    pub fn tick(&mut self, wall_ms: u64) -> Result<u64, StoreError> {
        self.receiving.tick(wall_ms)
    }

    /// Forgets the entries whose time has passed; returns how many.
    ///
    /// # Errors
    /// [`StoreError`] where the store fails.
    pub fn sweep(&mut self, wall_ms: u64) -> Result<u64, StoreError> {
        let now_ms = self.receiving.tick(wall_ms)?;
        self.receiving.store.sweep(now_ms)
    }

    /// The latest reading of the clock, in milliseconds since the Unix epoch.
    pub fn now_ms(&self) -> u64 {
        self.receiving.latest_ms
    }

    /// The registry.
    pub fn registry(&self) -> &Registry {
        &self.receiving.registry
    }

    /// The replay store, for whoever maintains it.
    pub fn store_mut(&mut self) -> &mut S {
        &mut self.receiving.store
    }

    /// The registry, to rotate and revoke keys and retire agents.
    pub fn registry_mut(&mut self) -> &mut Registry {
        &mut self.receiving.registry
    }
}

/// An endpoint with mechanisms that may be flawed.
pub(crate) struct Receiving<S, M> {
    pub(crate) me: SpiffeId,
    pub(crate) registry: Registry,
    pub(crate) limits: Limits,
    pub(crate) store: S,
    pub(crate) mechanisms: M,
    /// The latest reading of the clock, in milliseconds.
    pub(crate) latest_ms: u64,
}

/// A text that the registry's word stands behind; nothing is authenticated yet.
pub(crate) struct Opened<'text> {
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
            me,
            registry,
            limits,
            store,
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
    pub(super) fn receive<'text>(
        &mut self,
        bytes: &'text [u8],
        wall_ms: u64,
    ) -> Result<Result<Opened<'text>, Refusal>, StoreError> {
        let me = self.receiver(wall_ms);
        let mut facts = unknown(&self.me);
        let opened = match self.open(bytes, &mut facts, &me) {
            Ok(opened) => opened,
            Err(refusal) => return Ok(Err(refusal)),
        };
        if let Err(rejection) = self.authenticate(&opened, &mut facts, &me) {
            return Ok(Err(rejection.into()));
        }
        let inserted = self.insert(&opened, &mut facts, me)?;
        Ok(inserted.map(|()| opened).map_err(Refusal::from))
    }

    /// The receiver as the guards see it, at this reading of the clock.
    pub(crate) fn receiver(&mut self, wall_ms: u64) -> Receiver<Real> {
        self.latest_ms = self.mechanisms.now_ms(self.latest_ms, wall_ms);
        Receiver {
            me: self.me.clone(),
            now: self.latest_ms,
            limits: self.limits.for_guards(),
        }
    }

    /// Reads text, envelope and registry: everything that needs no key and changes nothing.
    pub(crate) fn open<'text>(
        &self,
        bytes: &'text [u8],
        facts: &mut Facts<Real>,
        me: &Receiver<Real>,
    ) -> Result<Opened<'text>, Refusal> {
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
        // A text that could not be read at all cannot be judged further, whatever the rules.
        let value = reading.value.ok_or_else(|| at(Rejection::Malformed))?;

        let (fields, detail) = establish_envelope(facts, reading.checked.as_ref(), &value);
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
        Ok(Opened {
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
        opened: &Opened<'_>,
        facts: &mut Facts<Real>,
        me: &Receiver<Real>,
    ) -> Result<(), Rejection> {
        let key = self
            .mechanisms
            .verifying_key(&self.registry, &opened.header);
        let object = opened.value.as_object();
        facts.signature_valid = key.zip(object).is_some_and(|(key, object)| {
            let kind = opened.header.kind;
            let input = self.mechanisms.verifying_input(kind, opened.text, object);
            key.verifies(&input, &opened.signature)
        });
        self.judge(Stage::Signature, facts, me)?;
        self.judge(Stage::Purpose, facts, me)
    }

    /// Checks the nonce and remembers it, in one atomic step of the store.
    ///
    /// Every stage is judged once more at the store's own mark: another replica may have swept at a
    /// later reading than ours while this message was being verified.
    pub(crate) fn insert(
        &mut self,
        opened: &Opened<'_>,
        facts: &mut Facts<Real>,
        mut me: Receiver<Real>,
    ) -> Result<Result<(), Rejection>, StoreError> {
        let rules = self.mechanisms.rules();
        let mechanisms = &self.mechanisms;
        let claim = Claim {
            sender: opened.header.from.as_str(),
            nonce: *opened.header.nonce.as_bytes(),
            now_ms: me.now,
            rate_period_ms: self.limits.rate_period_ms,
        };
        let mut judged = Err(Rejection::Replayed);
        self.store.admit(&claim, &mut |occupancy| {
            me.now = mechanisms.now_ms(occupancy.mark_ms, me.now);
            establish_occupancy(facts, occupancy);
            judged = rulebook::judge(rules, |_| true, facts, &me);
            judged
                .is_ok()
                .then(|| mechanisms.keep_until_ms(facts, &me, opened.timed))
        })?;
        Ok(judged)
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
