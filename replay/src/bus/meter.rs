//! What agents are charged with in a period that slides: the model's period is one instant, and a trace's
//! as long as its setting says.

use std::collections::VecDeque;

use countersign_model::bus::world::World;
use countersign_model::domain::{Ledger, Table as _};

/// The charges of the last period, by when.
#[derive(Clone)]
pub(super) struct Meter {
    period: u64,
    charges: VecDeque<Charges>,
}

/// What one step charged to an agent: by the orchestrator's book, and by the truth.
#[derive(Clone)]
struct Charges {
    at: u64,
    agent: u32,
    charged: u64,
    caused: u64,
}

impl Meter {
    /// A meter of this period, in ticks.
    pub(super) fn new(period: u64) -> Self {
        Self {
            period,
            charges: VecDeque::new(),
        }
    }

    /// Notes what a step charged; and, where it let time pass, leaves in `after` what is still within
    /// the period.
    pub(super) fn follow(&mut self, before: &World<Ledger>, after: &mut World<Ledger>) {
        if after.now == before.now {
            for agent in 0..after.rights.agents {
                let (old, new) = (before.agents.at(&agent), after.agents.at(&agent));
                let charged = new.charged.saturating_sub(old.charged);
                let caused = new.caused.saturating_sub(old.caused);
                if charged + caused > 0 {
                    self.charges.push_back(Charges {
                        at: after.now,
                        agent,
                        charged,
                        caused,
                    });
                }
            }
            return;
        }
        let over = |it: &Charges| it.at.saturating_add(self.period) <= after.now;
        while self.charges.front().is_some_and(over) {
            self.charges.pop_front();
        }
        for it in &self.charges {
            let mut record = after.agents.at(&it.agent);
            record.charged += it.charged;
            record.caused += it.caused;
            after.agents.set(&it.agent, record);
        }
    }
}
