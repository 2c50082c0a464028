//! Admission, as far as the bus knows of it: an envelope is signed by whom it names, fresh, and new.
//!
//! It remembers what the orchestrator accepted. What was refused, admission remembers as well, which can
//! only keep it from coming again: that is told where admission itself is.

use std::collections::BTreeSet;

use countersign_model::bus::weakening::Mechanism;

use crate::envelope::{Envelope, Nonce};
use crate::flawed::FlawedDesk;
use crate::identity::{PeerVerifyingKey, SpiffeId};

/// What was accepted, by sender and nonce.
pub(super) struct Gate {
    mechanisms: FlawedDesk,
    seen: BTreeSet<(SpiffeId, Nonce)>,
}

impl Gate {
    pub(super) fn new(mechanisms: FlawedDesk) -> Self {
        Self {
            mechanisms,
            seen: BTreeSet::new(),
        }
    }

    /// Whether an envelope passes that its named sender would have signed with `key`, and that the rules
    /// hold for an approval or not.
    pub(super) fn admits(
        &self,
        envelope: &Envelope,
        key: &PeerVerifyingKey,
        held: bool,
        now_ms: u64,
    ) -> bool {
        let header = envelope.header();
        let fresh = self.mechanisms.is_fresh(envelope, now_ms);
        let early = now_ms < header.issued_at.as_ms();
        // Whoever lets a message be old because a human is slow still forgets its nonce as any other.
        let exempt = held && !early && self.mechanisms.has(Mechanism::HeldIsExempt);
        let seen = self.seen.contains(&(header.from.clone(), header.nonce));
        key.verifies(&envelope.signing_input(), envelope.signature())
            && now_ms <= header.expires_at.as_ms()
            && (fresh || exempt)
            && !(fresh && seen)
    }

    /// Remembers an envelope that was accepted.
    pub(super) fn remember(&mut self, envelope: &Envelope) {
        let header = envelope.header();
        self.seen.insert((header.from.clone(), header.nonce));
    }
}
