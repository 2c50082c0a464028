//! Ground truth beside a replay: who really composed what, and what was really admitted before.
//!
//! Invariants are about ground truth, and a replay asks them of what was *observed*. The witness
//! knows what nobody can see from outside (authors, stolen keys, earlier admissions) and takes
//! everything else from the observation, never from the model's own verdict.

use std::collections::{BTreeMap, BTreeSet};

use countersign_model::admission::Admission;
use countersign_model::admission::guard::{Stage, table};
use countersign_model::admission::invariant::{Invariant, InvariantId};
use countersign_model::admission::step::Delivery;
use countersign_model::admission::world::World;
use countersign_model::domain::{Ledger, Table as _};

use super::cast::{ANYONE, nonce_name};
use super::projection::Projection;
use super::reference::{Judged, Run};
use crate::rulebook::rules;
use crate::system::{self, Testimony};
use crate::target::{Observation, TargetError};
use crate::trace::{Step, Trace, Until};
use crate::verdict::Verdict;

/// An omniscient observer of one replay.
pub struct Witness {
    run: Run,
    before: Projection,
    admitted: BTreeSet<u32>,
    /// Admissions observed, by sender: the latest period, and how many in it.
    admissions: BTreeMap<u32, (u64, u64)>,
}

impl system::Witness<Admission> for Witness {
    fn new(trace: &Trace, before: Projection) -> Result<Self, TargetError> {
        Ok(Self {
            run: Run::new(trace, rules(&trace.weakenings)?)?,
            before,
            admitted: BTreeSet::new(),
            admissions: BTreeMap::new(),
        })
    }

    fn attend(
        &mut self,
        step: &Step,
        seen: &Observation,
    ) -> Result<Testimony<InvariantId>, TargetError> {
        let truth = self.run.world.clone();
        let judged = self.run.take(&step.action)?;
        let (expected, verdicts, acting) = (judged.len(), seen.verdicts.len(), seen.acting.len());
        if verdicts != expected || acting != expected {
            return Err(TargetError::Failed(format!(
                "it gave {verdicts} verdicts and {acting} attributions for {expected} deliveries"
            )));
        }
        let mut testimony = Testimony {
            acting: Vec::new(),
            violates: BTreeSet::new(),
        };
        let before = std::mem::replace(&mut self.before, seen.state.clone());
        let memory = Memory::of(&before, &seen.state);
        for (judged, (verdict, acting)) in judged.iter().zip(seen.verdicts.iter().zip(&seen.acting))
        {
            let model_acting = self.run.cast.principal_name(judged.delivery.acting);
            testimony.acting.push(model_acting.to_owned());
            let event = self.observed(&truth, judged, *verdict, acting.as_deref(), &memory)?;
            for id in InvariantId::ALL {
                if Invariant::<Ledger>::of(*id).violated(&self.run.setting, &event) {
                    testimony.violates.insert(*id);
                }
            }
        }
        Ok(testimony)
    }
}

impl Witness {
    /// The delivery as ground truth and the observation together record it.
    fn observed(
        &mut self,
        truth: &World<Ledger>,
        judged: &Judged,
        verdict: Verdict,
        acting: Option<&str>,
        memory: &Memory<'_>,
    ) -> Result<Delivery<Ledger>, TargetError> {
        let mut event = judged.delivery.clone();
        let from = event.message.from;
        let name = self.run.cast.principal_name(from).to_owned();
        event.now = memory.after.now;
        event.admitted = verdict.admits();
        event.parsed = parses(verdict);
        event.admitted_before = self.admitted.contains(&judged.message);
        if let Some(acting) = acting {
            event.acting = self.run.cast.principal(acting)?;
            event.attributed = truth.agents.at(&event.acting);
        }
        let kept = memory.kept(&name, &nonce_name(event.presented.nonce), event.admitted);
        event.remembered = kept.is_some();
        event.keep_until = kept.map_or(event.keep_until, |until| until.0);
        event.changed = event.admitted || memory.changed;
        let (period, count) = self.admissions.get(&from).copied().unwrap_or_default();
        (event.sender.period, event.sender.admitted) = (period, count);
        event.sender.held = memory.before.held(&name);
        if event.admitted {
            let sooner = if period == event.now { count } else { 0 };
            self.admissions.insert(from, (event.now, sooner + 1));
            self.admitted.insert(judged.message);
        }
        let (period, count) = self.admissions.get(&from).copied().unwrap_or_default();
        (event.sender_after.period, event.sender_after.admitted) = (period, count);
        event.sender_after.held = memory.after.held(&name);
        Ok(event)
    }
}

/// What the replay store held before and after a step.
struct Memory<'a> {
    before: &'a Projection,
    after: &'a Projection,
    earlier: BTreeMap<(&'a str, &'a str), Until>,
    later: BTreeMap<(&'a str, &'a str), Until>,
    changed: bool,
}

impl<'a> Memory<'a> {
    fn of(before: &'a Projection, after: &'a Projection) -> Self {
        Self {
            before,
            after,
            earlier: by_place(before),
            later: by_place(after),
            changed: before.state(&BTreeMap::new()) != after.state(&BTreeMap::new()),
        }
    }

    /// Until when a delivery is remembered, if it is: an entry that was there before and did not
    /// change is another delivery's, unless this one was admitted.
    fn kept(&self, sender: &str, nonce: &str, admitted: bool) -> Option<Until> {
        [sender, ANYONE].into_iter().find_map(|holder| {
            let entry = self.later.get(&(holder, nonce))?;
            let new = self.earlier.get(&(holder, nonce)) != Some(entry);
            (admitted || new).then_some(*entry)
        })
    }
}

fn by_place(projection: &Projection) -> BTreeMap<(&str, &str), Until> {
    let entries = projection.store.iter();
    entries
        .map(|entry| {
            (
                (entry.sender.as_str(), entry.nonce.as_str()),
                entry.keep_until,
            )
        })
        .collect()
}

/// Whether a text that met with this verdict was parsed: all but those refused for their length.
fn parses(verdict: Verdict) -> bool {
    match verdict {
        Verdict::Admitted => true,
        Verdict::Refused(rejection) => table::<Ledger>()
            .iter()
            .any(|guard| guard.rejects == rejection && guard.stage > Stage::Bytes),
    }
}
