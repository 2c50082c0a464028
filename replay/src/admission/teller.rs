//! Tells a story of admission as a trace: gives its individuals their names, and foretells what must
//! be seen.

use std::collections::BTreeMap;

use countersign_model::admission::Admission;
use countersign_model::admission::invariant::{Invariant, InvariantId};
use countersign_model::admission::story::Story;
use countersign_model::domain::Ledger;
use countersign_model::rulebook::Row as _;

use super::action::Action;
use super::naming::Naming;
use super::projection::State;
use super::reference::Run;
use super::roll::Setting;
use crate::form::Form as _;
use crate::rulebook;
use crate::tell_error::TellError;
use crate::teller::{START_MS, TICK_MS};
use crate::trace::{Clock, Expect, FORMAT, Seed, Step, Trace, Violation};
use crate::verdict::Verdict;

impl Trace {
    /// Tells `story` as a trace: what happens, and what the model says must be seen.
    ///
    /// # Errors
    /// [`TellError`] if the story does not run under these weakenings, or does not violate
    /// `invariant`.
    pub fn tell(
        story: &Story,
        weakenings: &[&str],
        invariant: Option<InvariantId>,
        lesson: &str,
        seed: Seed,
    ) -> Result<Self, TellError> {
        let names = Naming::of(story);
        let limits = &story.setting.limits;
        let mut trace = Self {
            format: FORMAT.to_owned(),
            system: Admission::NAME.to_owned(),
            rulebook: rulebook::digest::<Admission>(),
            lesson: lesson.to_owned(),
            weakenings: weakenings.iter().map(|name| (*name).to_owned()).collect(),
            setting: Setting {
                me: names.principal(story.setting.me)?.to_owned(),
                window: limits.window,
                skew: limits.skew,
                share: limits.share,
                rate: limits.rate,
                overlap: story.setting.overlap,
                capacity: story.setting.capacity,
            },
            clock: Clock {
                start_ms: START_MS,
                tick_ms: TICK_MS,
                start: story.start,
            },
            seed,
            cast: names.roll(story)?,
            steps: Vec::new(),
            violates: None,
            transcript: None,
        };
        let mut introduced = BTreeMap::new();
        for next in &story.actions {
            let action = names.action(story, next, &mut introduced)?;
            trace.steps.push(Step {
                action,
                expect: Expect::default(),
                bytes: Vec::new(),
            });
        }
        trace.foretell(invariant)
    }
}

/// See [`Trace::foretell`].
pub(super) fn foretell(
    mut trace: Trace,
    invariant: Option<InvariantId>,
) -> Result<Trace, TellError> {
    let rules = rulebook::rules(&trace.weakenings)?;
    let failed = |step| move |error| TellError::Step { step, error };
    let mut run = Run::new(&trace, rules).map_err(failed(0))?;
    trace.violates = None;
    trace.transcript = None;
    for (number, step) in (1..).zip(&mut trace.steps) {
        let judged = run.take(&step.action).map_err(failed(number))?;
        if let Some(id) = invariant {
            let invariant = Invariant::<Ledger>::of(id);
            let mut events = judged.iter().map(|one| &one.delivery);
            if trace.violates.is_none()
                && events.any(|event| invariant.violated(&run.setting, event))
            {
                trace.violates = Some(Violation::of(id, number));
            }
        }
        let verdicts = judged.iter().map(|one| one.verdict).collect();
        let state: State = run.cast.projection(&run.world).state(run.cast.records());
        step.expect = summarised(&step.action, verdicts, state);
        step.bytes.clear();
    }
    match invariant {
        Some(id) if trace.violates.is_none() => Err(TellError::Holds(id.name())),
        _ => Ok(trace),
    }
}

/// What `action` must lead to: equal verdicts on an injection's `times` are written once.
fn summarised(action: &Action, mut verdicts: Vec<Verdict>, state: State) -> Expect {
    let many = matches!(action, Action::Inject { times, .. } if *times > 1);
    if many && verdicts.windows(2).all(|pair| pair.first() == pair.last()) {
        verdicts.truncate(1);
    }
    Expect { verdicts, state }
}
