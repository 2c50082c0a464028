//! The sessions that an endpoint holds, by name.
//!
//! Never here: a rule about sessions. What this knows becomes facts; the guard tables decide.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use thiserror::Error;

use crate::envelope::{Header, SessionId};
use crate::identity::Registry;
use crate::session::Session;

/// A session of this name is held already. Two handshakes that come to the same session drew the
/// same random numbers, so the later one is not to be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("session {session} is held already: make a new handshake, with fresh random numbers")]
pub struct SessionHeld {
    /// Its name.
    pub session: SessionId,
}

/// What an endpoint holds.
#[derive(Default)]
pub(crate) struct Sessions {
    held: BTreeMap<SessionId, Session>,
}

impl Sessions {
    /// Holds a session from now on.
    pub(super) fn hold(&mut self, session: Session) -> Result<(), SessionHeld> {
        match self.held.entry(*session.id()) {
            Entry::Vacant(place) => {
                place.insert(session);
                Ok(())
            }
            // INVARIANT: a session is never begun a second time, or its window would forget.
            Entry::Occupied(place) => Err(SessionHeld {
                session: *place.key(),
            }),
        }
    }

    /// Drops a session, which wipes its keys; returns whether it was held.
    pub(super) fn close(&mut self, id: &SessionId) -> bool {
        self.held.remove(id).is_some()
    }

    /// Drops those that are past their lifetime.
    pub(super) fn sweep(&mut self, registry: &Registry, now_ms: u64) {
        self.held
            .retain(|_, session| !session.is_over(registry, now_ms));
    }

    /// The session of this name.
    pub(super) fn session(&self, id: &SessionId) -> Option<&Session> {
        self.held.get(id)
    }

    /// The session that a header names.
    pub(super) fn named_by(&mut self, header: &Header) -> Option<&mut Session> {
        self.held.get_mut(header.session.as_ref()?)
    }

    /// Whether a header names no session, or one that is held with its very sender.
    pub(super) fn know(&self, header: &Header) -> bool {
        header.session.as_ref().is_none_or(|id| {
            let with = self.held.get(id).map(Session::peer);
            with == Some(&header.from)
        })
    }
}
