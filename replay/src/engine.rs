//! The engine: runs a trace on a target, step by step, and says in what way the two agree.
//!
//! After **every** step it compares verdicts, attribution, state and recorded bytes with what the
//! trace expects. It runs everything twice, on two fresh targets, and compares the bytes.

use std::collections::BTreeSet;

use countersign_model::rulebook::Refusal as _;

use crate::divergence::{Difference, Divergence};
use crate::form::Code;
use crate::outcome::{Departure, Outcome, ReplayError, Report};
use crate::recorded;
use crate::system::{System, Testimony, Witness as _};
use crate::target::{Observation, Target, TargetError};
use crate::tell_error::TellError;
use crate::trace::{Step, Trace};
use crate::transcript::Transcript;
use crate::verdict::Verdict;

/// Replays `trace` twice, each time on a fresh target.
pub fn replay<S: System, T: Target<S>>(
    trace: &Trace<S>,
    mut fresh: impl FnMut() -> T,
) -> Result<Report<S>, ReplayError> {
    let first = Pass::of(trace, &mut fresh())?;
    let second = Pass::of(trace, &mut fresh())?;
    let differing = first.observations.iter().zip(&second.observations);
    let differs = differing.into_iter().position(|(one, other)| one != other);
    let lengths = first.observations.len().min(second.observations.len());
    let unequal = first.observations.len() != second.observations.len();
    let unrepeated = differs.or(unequal.then_some(lengths));
    let mut outcome = match unrepeated {
        Some(at) => diverges(at + 1, trace, Difference::Unrepeatable),
        None => first.outcome(trace),
    };
    if let (Outcome::Confirmed { .. } | Outcome::Matches, Some(expected), Some(observed)) =
        (&outcome, &trace.transcript, &first.transcript)
        && expected != observed
    {
        let difference = Difference::Transcript {
            expected: expected.clone(),
            observed: observed.clone(),
        };
        outcome = diverges(trace.steps.len(), trace, difference);
    }
    Ok(Report {
        outcome,
        observations: first.observations,
        transcript: first.transcript,
    })
}

fn diverges<S: System>(step: usize, trace: &Trace<S>, difference: Difference<S>) -> Outcome<S> {
    Outcome::Diverges(Divergence::new(step, trace, difference))
}

/// One pass over a trace.
struct Pass<S: System> {
    observations: Vec<Observation<S>>,
    testimonies: Vec<Testimony<S::Invariant>>,
    transcript: Option<String>,
    /// The first difference in a verdict, which ends the pass.
    departed: Option<(usize, Departed<S::Rejection>)>,
    /// The first difference in what can be seen.
    differed: Option<(usize, Difference<S>)>,
    /// The first difference in the bytes.
    misspelt: Option<(usize, Difference<S>)>,
}

enum Departed<R> {
    Verdict(usize, Verdict<R>, Verdict<R>),
    Impossible(String),
}

impl<S: System> Pass<S> {
    fn of(trace: &Trace<S>, target: &mut impl Target<S>) -> Result<Self, ReplayError> {
        target.begin(trace).map_err(ReplayError::Begin)?;
        let before = target.look().map_err(ReplayError::Begin)?;
        let mut witness = S::Witness::new(trace, before).map_err(ReplayError::Begin)?;
        let names = S::names(trace);
        let mut transcript = target.speaks_bytes().then(|| Transcript::of(trace));
        let mut pass = Self {
            observations: Vec::new(),
            testimonies: Vec::new(),
            transcript: None,
            departed: None,
            differed: None,
            misspelt: None,
        };
        for (number, step) in (1..).zip(&trace.steps) {
            let failed = |error| ReplayError::Step {
                step: number,
                error,
            };
            let seen = match target.take(step) {
                Ok(seen) => seen,
                Err(TargetError::Impossible(why)) => {
                    pass.departed = Some((number, Departed::Impossible(why)));
                    break;
                }
                Err(error) => return Err(failed(error)),
            };
            let testimony = witness.attend(step, &seen).map_err(failed)?;
            if let Some(transcript) = &mut transcript {
                transcript.record(&seen, &names);
            }
            pass.compare(
                number,
                step,
                &seen,
                &testimony,
                &names,
                target.speaks_bytes(),
            );
            pass.observations.push(seen);
            pass.testimonies.push(testimony);
            if pass.departed.is_some() {
                break;
            }
        }
        pass.transcript = transcript.map(Transcript::finish);
        Ok(pass)
    }

    fn compare(
        &mut self,
        number: usize,
        step: &Step<S>,
        seen: &Observation<S>,
        testimony: &Testimony<S::Invariant>,
        names: &S::Names,
        bytes: bool,
    ) {
        let expected = step.expect.verdict_of_each(seen.verdicts.len());
        let verdicts = expected.zip(&seen.verdicts).enumerate();
        for (delivery, (expected, observed)) in verdicts {
            if expected != *observed {
                let departed = Departed::Verdict(delivery, expected, *observed);
                self.departed = Some((number, departed));
                return;
            }
        }
        if bytes && self.misspelt.is_none() {
            let difference = recorded::difference(&step.bytes, &seen.bytes);
            self.misspelt = difference.map(|difference| (number, difference));
        }
        if self.differed.is_none() {
            let state = S::state(&seen.state, names);
            let fields = S::differences(&step.expect.state, &state);
            let difference = if fields.is_empty() {
                acting_difference(seen, testimony)
            } else {
                Some(Difference::State(fields))
            };
            self.differed = difference.map(|difference| (number, difference));
        }
    }

    /// The first difference of any kind but in a verdict.
    fn first_difference(&self) -> Option<&(usize, Difference<S>)> {
        let all = self.differed.iter().chain(&self.misspelt);
        all.min_by_key(|(step, _)| *step)
    }

    fn outcome(&self, trace: &Trace<S>) -> Outcome<S> {
        let told = trace
            .violates
            .as_ref()
            .and_then(|violation| Some((violation.step, violation.told()?)));
        match (&self.departed, told) {
            (Some((step, departed)), Some((last, invariant))) if *step <= last => {
                self.evasion(trace, *step, departed, invariant, *step == last)
            }
            (Some((step, departed)), _) => self.departure(trace, *step, departed),
            (None, Some((last, invariant))) => self.claim(trace, last, invariant),
            (None, None) => self.agreement(trace),
        }
    }

    /// The target went another way before the violation told was complete.
    fn evasion(
        &self,
        trace: &Trace<S>,
        step: usize,
        departed: &Departed<S::Rejection>,
        invariant: S::Invariant,
        last: bool,
    ) -> Outcome<S> {
        let departure = match departed {
            Departed::Impossible(why) => Departure::Impossible(why.clone()),
            Departed::Verdict(delivery, Verdict::Admitted, Verdict::Refused(rejection)) => {
                refusal(trace, step, *delivery, *rejection)
            }
            Departed::Verdict(
                delivery,
                Verdict::Refused(expected),
                Verdict::Refused(rejection),
            ) if expected.defers() => refusal(trace, step, *delivery, *rejection),
            Departed::Verdict(_, Verdict::Refused(rejection), observed)
                if accepts(*observed) && last && self.violated(step).is_empty() =>
            {
                Departure::Admitted {
                    instead_of: *rejection,
                }
            }
            Departed::Verdict(
                delivery,
                Verdict::Refused(expected),
                Verdict::Refused(rejection),
            ) if last && rejection < expected && !self.violated(step).contains(&invariant) => {
                refusal(trace, step, *delivery, *rejection)
            }
            Departed::Verdict(..) => return self.departure(trace, step, departed),
        };
        Outcome::ModelOnly { step, departure }
    }

    /// The target went another way where no violation was told, or not the way out of it.
    fn departure(
        &self,
        trace: &Trace<S>,
        step: usize,
        departed: &Departed<S::Rejection>,
    ) -> Outcome<S> {
        match departed {
            Departed::Impossible(why) => diverges(step, trace, Difference::Impossible(why.clone())),
            Departed::Verdict(_, Verdict::Refused(expected), Verdict::Admitted) => {
                Outcome::CodeOnly {
                    step,
                    expected: *expected,
                    violates: self.violated(step),
                }
            }
            Departed::Verdict(delivery, expected, observed) => {
                let difference = Difference::Verdict {
                    delivery: *delivery,
                    expected: *expected,
                    observed: *observed,
                };
                diverges(step, trace, difference)
            }
        }
    }

    /// All verdicts are as told; is the violation real?
    fn claim(&self, trace: &Trace<S>, last: usize, invariant: S::Invariant) -> Outcome<S> {
        let violated = self.violated(last).contains(&invariant);
        // Under other rules, other bytes are no surprise: what was gained by them counts first.
        let departure = match &self.differed {
            Some((
                step,
                Difference::Acting {
                    expected, observed, ..
                },
            )) => {
                let departure = Departure::Attributed {
                    to: observed.clone(),
                    instead_of: expected.clone(),
                };
                Some((*step, departure))
            }
            Some((_, Difference::State(fields)))
                if fields.iter().all(|one| S::is_gain(one.field)) =>
            {
                let withheld = fields.iter().map(S::withheld).collect();
                Some((last, Departure::Withheld(withheld)))
            }
            Some(_) | None => None,
        };
        match (departure.filter(|_| !violated), self.first_difference()) {
            (Some((step, departure)), _) => Outcome::ModelOnly { step, departure },
            (None, Some((step, difference))) => diverges(*step, trace, difference.clone()),
            (None, None) if violated => Outcome::Confirmed {
                invariant,
                step: last,
            },
            (None, None) => diverges(last, trace, Difference::Holds(invariant)),
        }
    }

    /// All verdicts are as told, and no violation was.
    fn agreement(&self, trace: &Trace<S>) -> Outcome<S> {
        let violated = (1..)
            .zip(&self.testimonies)
            .find_map(|(step, testimony)| Some((step, *testimony.violates.first()?)));
        match (self.first_difference(), violated) {
            (Some((step, difference)), _) => diverges(*step, trace, difference.clone()),
            (None, Some((step, invariant))) => {
                diverges(step, trace, Difference::Violates(invariant))
            }
            (None, None) => Outcome::Matches,
        }
    }

    fn violated(&self, step: usize) -> BTreeSet<S::Invariant> {
        let testimony = step.checked_sub(1).and_then(|at| self.testimonies.get(at));
        testimony.map_or_else(BTreeSet::new, |testimony| testimony.violates.clone())
    }
}

/// Whether what met with this verdict was accepted, be it that it waits.
fn accepts<R: Code>(verdict: Verdict<R>) -> bool {
    match verdict {
        Verdict::Admitted => true,
        Verdict::Refused(rejection) => rejection.defers(),
    }
}

/// How a target evades a violation that refuses a delivery of `step`: does that concern what the trace
/// is about?
fn refusal<S: System>(
    trace: &Trace<S>,
    step: usize,
    delivery: usize,
    rejection: S::Rejection,
) -> Departure<S::Rejection> {
    let leaves_out = |rejection: &S::Rejection, name: &String| name == rejection.left_out_by();
    let all = S::Rejection::all();
    let only_guards = trace
        .weakenings
        .iter()
        .all(|name| all.iter().any(|rejection| leaves_out(rejection, name)));
    let left_out = trace
        .weakenings
        .iter()
        .any(|name| leaves_out(&rejection, name));
    if left_out || (!only_guards && is_foretold(trace, step, delivery, rejection)) {
        Departure::Refused(rejection)
    } else {
        Departure::RefusedOtherwise(rejection)
    }
}

/// Whether the model under hardened rules refuses this delivery of `step` just so, or never takes the
/// step at all.
fn is_foretold<S: System>(
    trace: &Trace<S>,
    step: usize,
    delivery: usize,
    rejection: S::Rejection,
) -> bool {
    let mut hardened = trace.clone();
    hardened.weakenings.clear();
    hardened.steps.truncate(step);
    match S::foretell(hardened, None) {
        Ok(told) => told.steps.last().is_some_and(|last| {
            let mut verdicts = last.expect.verdict_of_each(delivery + 1);
            verdicts.nth(delivery) == Some(Verdict::Refused(rejection))
        }),
        Err(TellError::Step { step: never, .. }) => never == step,
        Err(_) => false,
    }
}

/// The first admitted delivery that the target attributes to somebody else than the model does.
fn acting_difference<S: System>(
    seen: &Observation<S>,
    testimony: &Testimony<S::Invariant>,
) -> Option<Difference<S>> {
    let pairs = testimony.acting.iter().zip(&seen.acting);
    pairs
        .enumerate()
        .find_map(|(delivery, (expected, observed))| {
            let observed = observed.as_ref()?;
            (observed != expected).then(|| Difference::Acting {
                delivery,
                expected: expected.clone(),
                observed: observed.clone(),
            })
        })
}
