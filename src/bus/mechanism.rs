//! Mechanisms: what surrounds the guard table, each the right way by default.
//!
//! The flawed ways are not here; they implement the same trait in the private module `flawed`.

use countersign_model::bus::Bus;
use countersign_model::bus::guard::{Stage, Use};
use countersign_model::rulebook::Ruleset;

use super::{Held, Limits, Meter, Shown};
use crate::envelope::{Digest, Envelope, Kind};
use crate::identity::SpiffeId;

/// How an orchestrator does what the guard table leaves to it.
pub(crate) trait Mechanisms {
    /// The rules that it enforces.
    fn rules(&self) -> Ruleset<Bus> {
        Ruleset::HARDENED
    }

    /// What happens before anybody knows whether the envelope is admitted: nothing.
    fn before_admission(&self, _meter: &mut Meter, _envelope: &Envelope, _now_ms: u64) {}

    /// Whether two ids name one agent: byte for byte.
    fn is_same(&self, one: &SpiffeId, other: &SpiffeId) -> bool {
        one == other
    }

    /// How many deliveries a message to so many recipients amounts to.
    fn cost(&self, recipients: usize) -> u64 {
        u64::try_from(recipients).unwrap_or(u64::MAX)
    }

    /// Of the recipients, those that the policy is asked about: all.
    fn decided<'a>(&self, recipients: &'a [SpiffeId]) -> &'a [SpiffeId] {
        recipients
    }

    /// Whether a message of this kind is an answer, which stands for a rule.
    fn is_answer(&self, kind: Kind) -> bool {
        super::is_answer(kind)
    }

    /// Until when a request may be answered that its sender wants answered by `wanted_ms`.
    fn answer_by_ms(&self, wanted_ms: u64, now_ms: u64, limits: &Limits) -> u64 {
        wanted_ms.min(now_ms.saturating_add(limits.request_ms_max))
    }

    /// Whether requests end at their deadline.
    fn ends_requests(&self) -> bool {
        true
    }

    /// The entry of the queue that an operator's word is for: the one in the place it saw.
    fn selected<'a>(&self, queue: &'a [Held], shown: &Shown) -> Option<&'a Held> {
        queue.get(shown.place)
    }

    /// The envelope that the approval is recorded for: the one that the operator was shown.
    fn approved(&self, shown: &Shown, _entry: &Held) -> Digest {
        shown.digest
    }

    /// The stages at which a message is judged again before it is released.
    fn released_at(&self) -> &'static [Stage] {
        Use::Releasing.asks()
    }
}

/// The mechanisms as they should be.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Hardened;

impl Mechanisms for Hardened {}
