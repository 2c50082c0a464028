//! One end of a handshake in a replay: what users run, or a weakened one.

use std::sync::Arc;

use countersign_model::handshake::Handshake;
use countersign_model::handshake::guard::Flight;
use countersign_model::rulebook::Ruleset;

use crate::flawed::handshake::FlawedHandshake;
use crate::handshake::initiator::Initiating;
use crate::handshake::responder::Responding;
use crate::handshake::{Established, Fresh, Initiator, Party, Refusal, Reply, Responder};
use crate::identity::{Registry, SpiffeId};

/// An end.
pub(super) enum End {
    /// The real initiator.
    Initiator(Initiator),
    /// The real responder.
    Responder(Responder),
    /// An initiator under weakened rules.
    WeakInitiator(Initiating<FlawedHandshake>),
    /// A responder under weakened rules.
    WeakResponder(Responding<FlawedHandshake>),
}

impl End {
    /// Begins: an initiator where there is a peer to reach, with its hello.
    pub(super) fn begin(
        party: Arc<Party>,
        peer: Option<SpiffeId>,
        fresh: Fresh,
        rules: Ruleset<Handshake>,
    ) -> (Self, Option<Vec<u8>>) {
        let hardened = rules == Ruleset::HARDENED;
        let mechanisms = FlawedHandshake::new(rules);
        match (peer, hardened) {
            (Some(peer), true) => {
                let (end, hello) = Initiator::begin(party, peer, fresh);
                (Self::Initiator(end), Some(hello))
            }
            (Some(peer), false) => {
                let (end, hello) = Initiating::begin(party, peer, fresh, mechanisms);
                (Self::WeakInitiator(end), Some(hello))
            }
            (None, true) => (Self::Responder(Responder::begin(party, fresh)), None),
            (None, false) => {
                let end = Responding::begin(party, fresh, mechanisms);
                (Self::WeakResponder(end), None)
            }
        }
    }

    pub(super) fn hear(
        &mut self,
        bytes: &[u8],
        registry: &Registry,
        now_ms: u64,
    ) -> Result<Reply, Refusal> {
        match self {
            Self::Initiator(end) => end.hear(bytes, registry, now_ms),
            Self::Responder(end) => end.hear(bytes, registry, now_ms),
            Self::WeakInitiator(end) => end.hear(bytes, registry, now_ms),
            Self::WeakResponder(end) => end.hear(bytes, registry, now_ms),
        }
    }

    /// The flight that it waits for; none where it is done.
    pub(super) fn awaits(&self) -> Option<Flight> {
        match self {
            Self::Initiator(end) => end.awaits(),
            Self::Responder(end) => end.awaits(),
            Self::WeakInitiator(end) => end.awaits(),
            Self::WeakResponder(end) => end.awaits(),
        }
    }

    /// The session that an initiator has and the responder has yet to confirm.
    pub(super) fn unconfirmed(&self) -> Option<&Established> {
        match self {
            Self::Initiator(end) => end.unconfirmed(),
            Self::WeakInitiator(end) => end.unconfirmed(),
            Self::Responder(_) | Self::WeakResponder(_) => None,
        }
    }
}
