//! Mechanisms: what surrounds the guard table, each the right way by default.
//!
//! The flawed ways are not here; they implement the same trait in the private module `flawed`.

use countersign_model::bus::Bus;
use countersign_model::bus::guard::{Stage, Use};
use countersign_model::bus::policy::Decision;
use countersign_model::rulebook::Ruleset;

use super::{Held, Limits, Shown};
use crate::envelope::{Digest, Envelope};
use crate::identity::{Registry, SpiffeId};

/// How an orchestrator does what the guard table leaves to it.
pub(crate) trait Mechanisms {
    /// The rules that it enforces.
    fn rules(&self) -> Ruleset<Bus> {
        Ruleset::HARDENED
    }

    /// Whether the sender that a message names is charged for it, of whom so much was charged before:
    /// if it was accepted.
    fn is_charged(&self, accepted: bool, _charged: u64, _limits: &Limits) -> bool {
        accepted
    }

    /// Whether an agent is listed as active: its id, byte for byte.
    fn is_active(&self, registry: &Registry, id: &SpiffeId) -> bool {
        registry.is_active(id)
    }

    /// How many deliveries a message to so many recipients amounts to.
    fn cost(&self, recipients: usize) -> u64 {
        u64::try_from(recipients).unwrap_or(u64::MAX)
    }

    /// Of the recipients, those that the policy is asked about: all.
    fn decided<'a>(&self, recipients: &'a [SpiffeId]) -> &'a [SpiffeId] {
        recipients
    }

    /// Whether an answer was asked for, of which the rules say so much: who asked grants it.
    fn is_expected(&self, asked: bool, _own: Decision<bool>) -> bool {
        asked
    }

    /// Until when a request may be answered that its sender wants answered by `wanted_ms`.
    fn answer_by_ms(&self, wanted_ms: u64, now_ms: u64, limits: &Limits) -> u64 {
        wanted_ms.clamp(now_ms, now_ms.saturating_add(limits.request_ms_max))
    }

    /// Whether requests end at their deadline.
    fn ends_requests(&self) -> bool {
        true
    }

    /// Whether a sender is told that its message was refused or rejected.
    fn tells_denials(&self) -> bool {
        true
    }

    /// The envelope that an approval is recorded for, which is noted with `entry` of the queue: the one
    /// that the operator was shown.
    fn approved(&self, shown: &Shown, _entry: &Held, _queue: &[Held]) -> Digest {
        shown.digest
    }

    /// The stages at which a message is judged again before it is released.
    fn released_at(&self) -> &'static [Stage] {
        Use::Releasing.asks()
    }

    /// Whether a message that admission passed when it was submitted still counts as admitted.
    fn is_still_admitted(&self, _envelope: &Envelope, _now_ms: u64) -> bool {
        true
    }
}

/// The mechanisms as they should be.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Hardened;

impl Mechanisms for Hardened {}
