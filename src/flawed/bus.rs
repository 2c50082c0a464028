//! The flawed mechanisms of the bus, each the way it is got wrong in the field.
//!
//! How rules are read wrongly is the model's own text, which the real policy asks as well
//! ([`Tiers::decide`](countersign_model::bus::policy::Tiers::decide)).

use countersign_model::bus::Bus as Rules;
use countersign_model::bus::guard::{Stage, Use};
use countersign_model::bus::policy::Decision;
use countersign_model::bus::weakening::Mechanism;
use countersign_model::rulebook::Ruleset;

use crate::bus::{Held, Limits, Mechanisms, Shown};
use crate::envelope::{Digest, Envelope};
use crate::identity::{Registry, SpiffeId};

/// What is judged again by who forgets that rights can be withdrawn while a message waits.
const UNCHECKED: &[Stage] = &[Stage::Approval];
/// What is judged again by who takes a human's time for the network's.
const ALL_AGAIN: &[Stage] = &[
    Stage::Arrival,
    Stage::Standing,
    Stage::Policy,
    Stage::Approval,
];

/// An orchestrator's mechanisms with the flaws that a rule set names.
#[derive(Clone, Copy, Debug)]
pub(crate) struct FlawedDesk {
    rules: Ruleset<Rules>,
    /// How old a message may be when it is submitted, in milliseconds.
    window_ms: u64,
}

impl FlawedDesk {
    pub(crate) fn new(rules: Ruleset<Rules>, window_ms: u64) -> Self {
        Self { rules, window_ms }
    }

    pub(crate) fn has(self, mechanism: Mechanism) -> bool {
        self.rules.has(mechanism)
    }

    /// Whether a message is fresh.
    pub(crate) fn is_fresh(self, envelope: &Envelope, now_ms: u64) -> bool {
        let issued_at_ms = envelope.header().issued_at.as_ms();
        issued_at_ms <= now_ms && now_ms <= issued_at_ms.saturating_add(self.window_ms)
    }
}

/// Whether two ids are alike but for upper and lower case.
fn folded(one: &SpiffeId, other: &SpiffeId) -> bool {
    one.as_str().eq_ignore_ascii_case(other.as_str())
}

impl Mechanisms for FlawedDesk {
    fn rules(&self) -> Ruleset<Rules> {
        self.rules
    }

    fn is_charged(&self, accepted: bool, charged: u64, limits: &Limits) -> bool {
        // Whoever is over its share is charged no further: that would change nothing.
        let anyway = self.has(Mechanism::ChargesClaimedSender) && charged <= limits.rate;
        accepted || anyway
    }

    fn is_active(&self, registry: &Registry, id: &SpiffeId) -> bool {
        if self.has(Mechanism::SpellingCompared) {
            let mut agents = registry.agents();
            return agents.any(|agent| folded(&agent.id, id) && registry.is_active(&agent.id));
        }
        registry.is_active(id)
    }

    fn cost(&self, recipients: usize) -> u64 {
        if self.has(Mechanism::BroadcastCostsOne) {
            return 1;
        }
        u64::try_from(recipients).unwrap_or(u64::MAX)
    }

    fn decided<'a>(&self, recipients: &'a [SpiffeId]) -> &'a [SpiffeId] {
        if self.has(Mechanism::BroadcastUnchecked) {
            return recipients.get(..1).unwrap_or(recipients);
        }
        recipients
    }

    fn is_expected(&self, asked: bool, own: Decision<bool>) -> bool {
        let ruled = own.granted && !own.denied;
        asked && (ruled || !self.has(Mechanism::RepliesNeedRule))
    }

    fn answer_by_ms(&self, wanted_ms: u64, now_ms: u64, limits: &Limits) -> u64 {
        let longest_ms = now_ms.saturating_add(limits.request_ms_max);
        if self.has(Mechanism::SenderSetsDeadline) {
            return wanted_ms.max(now_ms);
        }
        wanted_ms.clamp(now_ms, longest_ms)
    }

    fn ends_requests(&self) -> bool {
        !self.has(Mechanism::NeverEnds)
    }

    fn tells_denials(&self) -> bool {
        !self.has(Mechanism::DenialIsSilent)
    }

    fn approved(&self, shown: &Shown, entry: &Held, queue: &[Held]) -> Digest {
        let same_id = entry.envelope.header().id == shown.id;
        let moved_up = queue.iter().all(|held| held.digest != shown.digest);
        if (self.has(Mechanism::BindsIdAlone) && same_id)
            || (self.has(Mechanism::BindsPlace) && moved_up)
        {
            return entry.digest;
        }
        shown.digest
    }

    fn released_at(&self) -> &'static [Stage] {
        if self.has(Mechanism::ReleasesUnchecked) {
            return UNCHECKED;
        }
        if self.has(Mechanism::HeldGrowsStale) {
            return ALL_AGAIN;
        }
        Use::Releasing.asks()
    }

    fn is_still_admitted(&self, envelope: &Envelope, now_ms: u64) -> bool {
        self.is_fresh(envelope, now_ms)
    }
}
