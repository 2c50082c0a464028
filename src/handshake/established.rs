//! What a handshake comes to.

use std::fmt;

use super::party::Role;
use super::schedule::SessionSecret;
use crate::envelope::{List, Name, SessionId, Version};
use crate::identity::{KeyId, SpiffeId};

/// What hearing a flight came to.
#[derive(Debug)]
pub struct Reply {
    /// The flight to say next, if it is this side's turn.
    pub flight: Option<Vec<u8>>,
    /// The session, once this side is done.
    pub established: Option<Established>,
}

/// Proof that every guard held: a session with an authenticated peer.
///
/// Only an [`Initiator`](super::Initiator) or a [`Responder`](super::Responder) makes one.
pub struct Established {
    pub(super) role: Role,
    pub(super) peer: SpiffeId,
    pub(super) peer_key_id: KeyId,
    pub(super) version: Version,
    pub(super) suite: Name,
    pub(super) capabilities: List<Name, 0, 64>,
    pub(super) peer_capabilities: List<Name, 0, 64>,
    pub(super) secret: SessionSecret,
    pub(super) session_id: SessionId,
    pub(super) done_at_ms: u64,
}

impl Established {
    /// The side of the handshake that this one was on.
    pub fn role(&self) -> Role {
        self.role
    }

    /// The authenticated peer.
    pub fn peer(&self) -> &SpiffeId {
        &self.peer
    }

    /// The key that it proved its name with.
    pub fn peer_key_id(&self) -> &KeyId {
        &self.peer_key_id
    }

    /// The version that both sides speak from here on.
    pub fn version(&self) -> Version {
        self.version
    }

    /// The cipher suite.
    pub fn suite(&self) -> &Name {
        &self.suite
    }

    /// The capabilities that this side offered.
    pub fn capabilities(&self) -> &List<Name, 0, 64> {
        &self.capabilities
    }

    /// The capabilities that the peer offered.
    pub fn peer_capabilities(&self) -> &List<Name, 0, 64> {
        &self.peer_capabilities
    }

    /// The name of the session.
    pub fn session_id(&self) -> SessionId {
        self.session_id
    }

    /// When this side was done, in milliseconds since the Unix epoch.
    pub fn established_at_ms(&self) -> u64 {
        self.done_at_ms
    }

    /// The secret that the session's keys are derived from.
    pub fn secret(&self) -> &SessionSecret {
        &self.secret
    }

    /// The same, once nothing else is of interest.
    pub fn into_secret(self) -> SessionSecret {
        self.secret
    }
}

impl fmt::Debug for Established {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Established")
            .field("role", &self.role)
            .field("peer", &self.peer)
            .field("peer_key_id", &self.peer_key_id)
            .field("version", &self.version)
            .field("suite", &self.suite)
            .field("capabilities", &self.capabilities)
            .field("peer_capabilities", &self.peer_capabilities)
            .field("session_id", &self.session_id)
            .field("established_at_ms", &self.done_at_ms)
            .finish_non_exhaustive()
    }
}
