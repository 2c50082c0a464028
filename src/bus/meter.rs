//! How many deliveries each agent caused of late.
//!
//! It counts authenticated senders only: whoever asks it names an agent whose signature held. It
//! counts and never decides.

use std::collections::{BTreeMap, VecDeque};

use crate::identity::SpiffeId;

/// The deliveries charged to each agent, by when.
#[derive(Clone, Debug, Default)]
pub struct Meter {
    charges: BTreeMap<SpiffeId, VecDeque<(u64, u64)>>,
}

impl Meter {
    /// How many deliveries were charged to `agent` in the sliding period that ends at `now_ms`:
    /// those at `now_ms - period_ms + 1` or later.
    pub fn charged(&self, agent: &SpiffeId, now_ms: u64, period_ms: u64) -> u64 {
        let from_ms = now_ms.saturating_add(1).saturating_sub(period_ms);
        let Some(charges) = self.charges.get(agent) else {
            return 0;
        };
        let recent = charges.iter().rev();
        let recent = recent.take_while(|(at_ms, _)| *at_ms >= from_ms);
        recent.map(|(_, cost)| cost).sum()
    }

    /// Charges `cost` deliveries at `now_ms` to `agent`, and forgets those older than the period.
    pub fn charge(&mut self, agent: &SpiffeId, cost: u64, now_ms: u64, period_ms: u64) {
        let from_ms = now_ms.saturating_add(1).saturating_sub(period_ms);
        let charges = self.charges.entry(agent.clone()).or_default();
        while charges.front().is_some_and(|(at_ms, _)| *at_ms < from_ms) {
            charges.pop_front();
        }
        charges.push_back((now_ms, cost));
    }

    /// Forgets whoever caused nothing in the period that ends at `now_ms`.
    pub fn sweep(&mut self, now_ms: u64, period_ms: u64) {
        let from_ms = now_ms.saturating_add(1).saturating_sub(period_ms);
        self.charges
            .retain(|_, charges| charges.back().is_some_and(|(at_ms, _)| *at_ms >= from_ms));
    }
}

#[cfg(test)]
mod tests {
    use super::Meter;
    use crate::identity::SpiffeId;

    fn agent(name: &str) -> SpiffeId {
        SpiffeId::parse_agent(&format!("spiffe://example.org/{name}")).unwrap()
    }

    #[test]
    fn a_charge_counts_for_exactly_one_period_and_for_one_agent() {
        let (alice, bob) = (agent("alice"), agent("bob"));
        let mut meter = Meter::default();
        meter.charge(&alice, 3, 1_000, 100);
        meter.charge(&alice, 1, 1_050, 100);
        for (now_ms, expected) in [(1_050, 4), (1_099, 4), (1_100, 1), (1_149, 1), (1_150, 0)] {
            assert_eq!(meter.charged(&alice, now_ms, 100), expected, "{now_ms}");
        }
        assert_eq!(meter.charged(&bob, 1_050, 100), 0);
        meter.sweep(1_150, 100);
        assert!(meter.charges.is_empty());
    }
}
