//! Ground truth beside a replay: who really signed what, who really wanted it, what a human really saw.
//!
//! Invariants are about ground truth, and a replay asks them of what was *observed*: verdicts, and who
//! waits for an answer, come from the target, never from the model's own answer.

use std::collections::BTreeSet;

use countersign_model::bus::Bus as Rules;
use countersign_model::bus::guard::Rejection;
use countersign_model::bus::invariant::{Invariant, InvariantId, Transition};
use countersign_model::bus::step::Event;
use countersign_model::bus::world::World;
use countersign_model::domain::{Ledger, Table as _};

use super::reference::Run;
use super::standing::State;
use crate::system::{self, Testimony};
use crate::target::{Observation, TargetError};
use crate::trace::{Step, Trace};
use crate::verdict::Verdict;

/// An omniscient observer of one replay.
pub struct Witness {
    run: Run,
    before: State,
}

impl system::Witness<Rules> for Witness {
    fn new(trace: &Trace<Rules>, before: State) -> Result<Self, TargetError> {
        Ok(Self {
            run: Run::of(trace)?,
            before,
        })
    }

    fn attend(
        &mut self,
        step: &Step<Rules>,
        seen: &Observation<Rules>,
    ) -> Result<Testimony<InvariantId>, TargetError> {
        let judged = self.run.take(&step.action)?;
        let (expected, found) = (usize::from(step.action.is_judged()), seen.verdicts.len());
        if expected != found {
            let reason = format!("it gave {found} verdicts, expected {expected}");
            return Err(TargetError::Failed(reason));
        }
        let shown = std::mem::replace(&mut self.before, seen.state.clone());
        let mut violates = BTreeSet::new();
        if let Some(mut event) = judged.event {
            observe(&mut event, seen.verdicts.first().copied());
            let (mut before, mut after) = (judged.before, self.run.world.clone());
            self.waits(&mut before, &shown)?;
            self.waits(&mut after, &seen.state)?;
            let transition = Transition {
                setting: &self.run.setting,
                before: &before,
                event: &event,
                after: &after,
            };
            let all = InvariantId::ALL.iter().copied();
            violates.extend(all.filter(|id| Invariant::<Ledger>::of(*id).violated(&transition)));
        }
        Ok(Testimony {
            acting: Vec::new(),
            violates,
        })
    }
}

impl Witness {
    /// Replaces in a world who waits for an answer by who was seen to wait.
    fn waits(&self, world: &mut World<Ledger>, seen: &State) -> Result<(), TargetError> {
        world.fates.change_all(|fate| {
            let mut fate = fate.clone();
            fate.request.waiting = false;
            fate
        });
        for message in &seen.waiting {
            let place = self.run.place(message)?;
            let mut fate = world.fates.at(&place);
            fate.request.waiting = true;
            world.fates.set(&place, fate);
        }
        Ok(())
    }
}

/// Replaces in an event all that could be observed by what was.
fn observe(event: &mut Event<Ledger>, verdict: Option<Verdict<Rejection>>) {
    let passed = verdict.is_some_and(Verdict::admits);
    match event {
        Event::Judged {
            released,
            delivered,
            queued,
            ..
        } => {
            *delivered = passed;
            let awaits = verdict == Some(Verdict::Refused(Rejection::AwaitingApproval));
            *queued = awaits && !*released;
        }
        Event::Received { acted, .. } => *acted = passed,
        Event::Passed => {}
    }
}
