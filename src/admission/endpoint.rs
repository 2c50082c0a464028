//! The endpoint: bytes and a clock reading in, a verdict out.

use countersign_model::session::guard::Rejection;

use super::{Authentic, Hardened, Limits, Receiving, SessionHeld, Verdict};
use crate::envelope::{Draft, Header, Payload, SessionId};
use crate::handshake::Established;
use crate::identity::{Registry, SpiffeId};
use crate::session::{self, SealError, Session};
use crate::store::{ReplayStore, StoreError};

/// The receiving end of one agent. Always hardened.
///
/// It opens no socket and reads no clock: whoever runs it hands over what arrived and what time it
/// is. Its replay store makes it one of several replicas, or lets it survive a restart.
pub struct Endpoint<S> {
    pub(super) receiving: Receiving<S, Hardened>,
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
    /// Checking the nonce, opening what is sealed and remembering the nonce are one atomic step of the
    /// store; the record is marked once that succeeded. A refused message has changed nothing.
    ///
    /// # Errors
    /// [`StoreError`] where the store fails; the message is then neither admitted nor refused.
    pub fn receive(&mut self, bytes: &[u8], wall_ms: u64) -> Result<Verdict, StoreError> {
        self.receiving.receive(bytes, wall_ms)
    }

    /// Decides on what a [`Gate`](super::Gate) has examined, as [`receive`](Self::receive) does on bytes.
    ///
    /// # Errors
    /// [`StoreError`] where the store fails; the message is then neither admitted nor refused.
    pub fn admit(&mut self, authentic: Authentic, wall_ms: u64) -> Result<Verdict, StoreError> {
        self.receiving.open(authentic, wall_ms)
    }

    /// Holds the session that a handshake of this agent established, until it is closed or past its
    /// lifetime. Sessions are in memory only: after a restart, or after [`close`](Self::close), there
    /// is no way to another but a new handshake.
    ///
    /// # Errors
    /// [`SessionHeld`] where a session of this name is held.
    pub fn establish(
        &mut self,
        established: Established,
        limits: session::Limits,
    ) -> Result<SessionId, SessionHeld> {
        let id = established.session_id();
        let session = Session::new(established, limits);
        self.receiving.sessions.hold(session).map(|()| id)
    }

    /// Makes an envelope of the session that `header` names, still to be signed, whose payload only
    /// the peer can read. A refusal changes nothing.
    ///
    /// # Errors
    /// As [`Session::draft`]: [`SealError::Refused`] too where no such session is held.
    pub fn seal(
        &mut self,
        header: Header,
        payload: &Payload,
        wall_ms: u64,
    ) -> Result<Draft, SealError> {
        let now_ms = self.receiving.receiver(wall_ms).now;
        let receiving = &mut self.receiving;
        let session = receiving.sessions.named_by(&header);
        let session = session.ok_or(SealError::Refused(Rejection::UnknownSession))?;
        session.draft(header, payload, &receiving.registry, now_ms)
    }

    /// Ends a session and wipes its keys, as when its connection is lost; returns whether it was held.
    pub fn close(&mut self, id: &SessionId) -> bool {
        self.receiving.sessions.close(id)
    }

    /// The session of this name, if it is held.
    pub fn session(&self, id: &SessionId) -> Option<&Session> {
        self.receiving.sessions.session(id)
    }

    /// Notes the time, durably where the store is durable. Call it every now and then, so that not
    /// even a restart with a clock set back revives what was stale.
    ///
    /// # Errors
    /// [`StoreError`] where the store fails.
    pub fn tick(&mut self, wall_ms: u64) -> Result<u64, StoreError> {
        self.receiving.tick(wall_ms)
    }

    /// Forgets the entries whose time has passed, and the sessions past their lifetime; returns how
    /// many entries.
    ///
    /// # Errors
    /// [`StoreError`] where the store fails.
    pub fn sweep(&mut self, wall_ms: u64) -> Result<u64, StoreError> {
        let receiving = &mut self.receiving;
        let now_ms = receiving.tick(wall_ms)?;
        receiving.sessions.sweep(&receiving.registry, now_ms);
        receiving.store.sweep(now_ms)
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
