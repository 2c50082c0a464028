//! Ground truth beside a replay: who really sealed what, and which keys were really lost.
//!
//! Invariants are about ground truth, and a replay asks them of what was *observed*: verdicts, windows
//! and repetitions come from the target, never from the model's own answer.

use std::collections::BTreeSet;

use countersign_model::domain::Ledger;
use countersign_model::session::Session as Rules;
use countersign_model::session::guard::{Stage, table};
use countersign_model::session::invariant::{Invariant, InvariantId};
use countersign_model::session::step::Event;

use super::Rejection;
use super::reference::Run;
use super::standing::{Receiving, State};
use crate::system::{self, Testimony};
use crate::target::{Observation, TargetError};
use crate::trace::{Step, Trace};
use crate::verdict::Verdict;

/// An omniscient observer of one replay.
pub struct Witness {
    run: Run,
    before: State,
    accepted: BTreeSet<String>,
}

impl system::Witness<Rules> for Witness {
    fn new(trace: &Trace<Rules>, before: State) -> Result<Self, TargetError> {
        Ok(Self {
            run: Run::of(trace)?,
            before,
            accepted: BTreeSet::new(),
        })
    }

    fn attend(
        &mut self,
        step: &Step<Rules>,
        seen: &Observation<Rules>,
    ) -> Result<Testimony<InvariantId>, TargetError> {
        let judged = self.run.take(&step.action)?;
        let (expected, found) = (usize::from(step.action.is_judged()), seen.verdicts.len());
        let (sessions, shown) = (self.before.sessions.len(), seen.state.sessions.len());
        if (expected, sessions) != (found, shown) {
            return Err(TargetError::Failed(format!(
                "it gave {found} verdicts and showed {shown} of {sessions} sessions"
            )));
        }
        let before = std::mem::replace(&mut self.before, seen.state.clone());
        let mut violates = BTreeSet::new();
        if let Some(mut event) = judged.event {
            let record = judged.record.unwrap_or_default();
            self.observe(&mut event, &record, &before, seen);
            violates.extend(
                InvariantId::ALL
                    .iter()
                    .copied()
                    .filter(|id| Invariant::<Ledger>::of(*id).violated(&self.run.setting, &event)),
            );
        }
        Ok(Testimony {
            acting: Vec::new(),
            violates,
        })
    }
}

impl Witness {
    /// Replaces in an event all that could be observed by what was.
    fn observe(
        &mut self,
        event: &mut Event<Ledger>,
        record: &str,
        before: &State,
        seen: &Observation<Rules>,
    ) {
        let verdict = seen.verdicts.first().copied();
        let accepted = verdict.is_some_and(Verdict::admits);
        match event {
            Event::Opening(it) => {
                // Sessions are numbered as the cast lists them.
                let place = it.presented.session as usize;
                let window = |state: &State| -> Option<Receiving> {
                    state.sessions.get(place)?.receiving.clone()
                };
                let (earlier, later) = (window(before), window(&seen.state));
                let reach = |window: &Option<Receiving>| {
                    window.as_ref().map(|it| (it.top, it.seen.clone()))
                };
                let epoch = |window: &Option<Receiving>| window.as_ref().map(|it| it.epoch);
                it.now = seen.state.now;
                it.accepted = accepted;
                it.tried = verdict.is_some_and(is_tried);
                it.marked = reach(&earlier) != reach(&later);
                it.followed = epoch(&earlier) != epoch(&later);
                it.accepted_before = self.accepted.contains(record);
                if let Some(epoch) = epoch(&earlier) {
                    it.session.receiving.epoch = epoch;
                }
                if accepted {
                    self.accepted.insert(record.to_owned());
                }
            }
            Event::Sealing(it) => {
                it.now = seen.state.now;
                it.sealed = accepted;
                it.repeated = seen.state.repeated.iter().any(|name| name == record);
            }
            Event::Reading(_) => {}
        }
    }
}

/// Whether a record that met with this verdict was opened, or tried to be.
fn is_tried(verdict: Verdict<Rejection>) -> bool {
    match verdict {
        Verdict::Admitted => true,
        Verdict::Refused(rejection) => table::<Ledger>()
            .iter()
            .any(|guard| guard.rejects == rejection && guard.stage >= Stage::Seal),
    }
}
