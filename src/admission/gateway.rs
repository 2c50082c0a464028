//! The gateway: admission by whoever stands for others, as an orchestrator does.
//!
//! It admits what is for any agent on record, by the same rows of the same table, and leaves what is
//! sealed to its recipient: of a body that it cannot open it checks everything else. A [`Gate`] is the
//! part that needs no store, for whoever wants to know who is asking before it lets anybody queue.

use super::{Authentic, Limits, Receiving, Refusal, Standing};
use crate::envelope::{Digest, Envelope, Header};
use crate::identity::{Registry, SpiffeId};
use crate::store::{ReplayStore, StoreError};

/// Says who sent an envelope, and remembers nothing. Always hardened.
pub struct Gate {
    receiving: Receiving<(), Standing>,
}

/// The receiving end of one that stands for every agent on record. Always hardened.
pub struct Gateway<S> {
    receiving: Receiving<S, Standing>,
}

/// Proof that every guard of admission held: an envelope that may be ruled on, once.
///
/// Only a [`Gateway`] makes one. A sealed body was not opened.
#[derive(Clone, Debug, PartialEq)]
pub struct Passing {
    envelope: Envelope,
}

impl Gate {
    /// The gate of `me`, which trusts `registry` for who others are and stands for all of them.
    pub fn new(me: SpiffeId, registry: Registry, limits: Limits) -> Self {
        Self {
            receiving: Receiving::without_store(me, registry, limits, Standing),
        }
    }

    /// Judges what can be judged without a store, at `wall_ms`: text, sender, key, signature, freshness.
    ///
    /// # Errors
    /// [`Refusal`] names the first guard that failed.
    pub fn examine(&self, bytes: &[u8], wall_ms: u64) -> Result<Authentic, Refusal> {
        self.receiving.examine(bytes, wall_ms)
    }
}

impl<S: ReplayStore> Gateway<S> {
    /// The gateway of `me`, which trusts `registry` for who others are and stands for all of them.
    ///
    /// # Errors
    /// [`StoreError`] where the store's clock mark cannot be read.
    pub fn new(
        me: SpiffeId,
        registry: Registry,
        limits: Limits,
        store: S,
    ) -> Result<Self, StoreError> {
        Receiving::new(me, registry, limits, store, Standing).map(|receiving| Self { receiving })
    }

    /// Decides on what a gate has examined, at `wall_ms`: every guard is asked once more, and the nonce
    /// is checked and remembered in one atomic step of the store.
    ///
    /// # Errors
    /// [`StoreError`] where the store fails; the message is then neither admitted nor refused.
    pub fn admit(
        &mut self,
        authentic: Authentic,
        wall_ms: u64,
    ) -> Result<Result<Passing, Refusal>, StoreError> {
        let judged = self.receiving.pass(authentic, wall_ms)?;
        Ok(judged.map(|envelope| Passing { envelope }))
    }

    /// Decides on one delivery at `wall_ms`, as an [`Endpoint`](super::Endpoint) does.
    ///
    /// # Errors
    /// As [`admit`](Self::admit).
    pub fn receive(
        &mut self,
        bytes: &[u8],
        wall_ms: u64,
    ) -> Result<Result<Passing, Refusal>, StoreError> {
        match self.receiving.examine(bytes, wall_ms) {
            Ok(authentic) => self.admit(authentic, wall_ms),
            Err(refusal) => Ok(Err(refusal)),
        }
    }

    /// Notes the time, durably where the store is durable.
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
}

impl Passing {
    /// The authenticated sender.
    pub fn sender(&self) -> &SpiffeId {
        &self.header().from
    }

    /// What the envelope says before its body.
    pub fn header(&self) -> &Header {
        self.envelope.header()
    }

    /// The envelope as it was received.
    pub fn envelope(&self) -> &Envelope {
        &self.envelope
    }

    /// The SHA-256 of the whole envelope, by which an answer names it.
    pub fn digest(&self) -> Digest {
        self.envelope.digest()
    }
}
