//! Ground truth beside a replay: what was really written, and what the disk really has.
//!
//! Invariants are about ground truth, and a replay asks them of what was *observed*: verdicts, losses and
//! confirmed guesses come from the target, never from the model's own answer.

use std::collections::BTreeSet;

use countersign_model::audit::Audit as Rules;
use countersign_model::audit::invariant::{Invariant, InvariantId};
use countersign_model::audit::step::Event;
use countersign_model::domain::Ledger;

use super::action::Action;
use super::reference::{Run, guessed};
use super::standing::State;
use crate::system::{self, Testimony};
use crate::target::{Observation, TargetError};
use crate::trace::{Step, Trace};
use crate::verdict::Verdict;

/// An omniscient observer of one replay.
pub struct Witness {
    run: Run,
}

impl system::Witness<Rules> for Witness {
    fn new(trace: &Trace<Rules>, _before: State) -> Result<Self, TargetError> {
        Ok(Self {
            run: Run::of(trace)?,
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
        let mut violates = BTreeSet::new();
        if let Some(mut event) = judged.event {
            observe(&mut event, &step.action, seen);
            let all = InvariantId::ALL.iter().copied();
            violates.extend(all.filter(|id| Invariant::<Ledger>::of(*id).violated(&event)));
        }
        Ok(Testimony {
            acting: Vec::new(),
            violates,
        })
    }
}

/// Replaces in an event all that could be observed by what was.
fn observe(event: &mut Event<Ledger>, action: &Action, seen: &Observation<Rules>) {
    let verdict = seen.verdicts.first().copied();
    let done = verdict.is_some_and(Verdict::admits);
    match event {
        Event::Writing(it) => it.written = done,
        Event::Acting(acted) => *acted = done,
        Event::Verifying(it) => it.accepted = done,
        Event::Telling(it) => it.told = done,
        Event::Restarting(it) => {
            it.acted = !seen.state.acted.is_empty();
            it.lost = !seen.state.lost.is_empty();
        }
        Event::Guessing(it) => {
            if let Action::Guess { guesser, message } = action {
                it.confirmed = seen.state.confirmed.contains(&guessed(guesser, message));
            }
        }
    }
}
