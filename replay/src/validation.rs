//! Whether a run that was recorded is a behaviour of the model, and where it is not, what would be.
//!
//! Each step is taken by the model, after the steps before it as they were recorded. The first one that the
//! model does not take, or takes with another verdict or to another state, is told with the nearest step
//! that the model allows there.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::divergence::{Difference, Divergence};
use crate::outcome::ReplayError;
use crate::system::System;
use crate::target::{Observation, Target, TargetError};
use crate::telling::{line, verdicts};
use crate::trace::{Expect, Step, Trace};

/// Steps that are tried in place of one that the model does not take.
const TRIED_MAX: usize = 64;

/// Where a recorded run stops being a behaviour of the model.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Deviation<S: System> {
    /// The first step that is none of the model's: as recorded, and as the model has it.
    pub divergence: Divergence<S>,
    /// What the model allows there instead, the nearest there is: the same action with what comes of it, or
    /// one that has a name in another place, or one that was recorded elsewhere.
    pub nearest: Option<Step<S>>,
}

impl<S: System> Deviation<S> {
    /// The nearest step that the model allows, in words, with its verdict.
    pub fn nearest_line(&self, trace: &Trace<S>) -> Option<String> {
        let step = self.nearest.as_ref()?;
        let words = format!(
            "{}  {}",
            line(trace, &S::names(trace), step),
            verdicts(step)
        );
        Some(words.trim_end().to_owned())
    }
}

/// Takes the steps of `trace` on fresh `model`s, which follow hardened rules.
///
/// # Errors
/// [`ReplayError`] if the model fails; nothing is known of the run then.
pub fn validate<S: System, T: Target<S>>(
    trace: &Trace<S>,
    mut model: impl FnMut() -> T,
) -> Result<Option<Deviation<S>>, ReplayError> {
    let names = S::names(trace);
    let mut fresh = model();
    let target = begun(trace, &mut fresh)?;
    for (at, step) in trace.steps.iter().enumerate() {
        let difference = match target.take(step) {
            Ok(seen) => difference(step, &seen, &names),
            Err(TargetError::Impossible(why)) => Some(Difference::Impossible(why)),
            // Of a name that comes up later, or never.
            Err(TargetError::Name(error)) => Some(Difference::Impossible(error.to_string())),
            Err(error) => {
                return Err(ReplayError::Step {
                    step: at + 1,
                    error,
                });
            }
        };
        if let Some(difference) = difference {
            return Ok(Some(Deviation {
                divergence: Divergence::new(at + 1, trace, difference),
                nearest: nearest(trace, at, &names, &mut model),
            }));
        }
    }
    Ok(None)
}

fn begun<'t, S: System, T: Target<S>>(
    trace: &Trace<S>,
    target: &'t mut T,
) -> Result<&'t mut T, ReplayError> {
    target.begin(trace).map_err(ReplayError::Begin)?;
    Ok(target)
}

/// In what a step that was recorded differs from what the model saw of it.
fn difference<S: System>(
    step: &Step<S>,
    seen: &Observation<S>,
    names: &S::Names,
) -> Option<Difference<S>> {
    let expected = step.expect.verdict_of_each(seen.verdicts.len());
    let mut verdicts = expected.zip(&seen.verdicts).enumerate();
    let other = verdicts.find(|(_, (expected, observed))| expected != *observed);
    if let Some((delivery, (expected, observed))) = other {
        return Some(Difference::Verdict {
            delivery,
            expected,
            observed: *observed,
        });
    }
    let fields = S::differences(&step.expect.state, &S::state(&seen.state, names));
    (!fields.is_empty()).then_some(Difference::State(fields))
}

/// The step nearest to the one at `at` that the model allows there: that one itself, with what comes of it;
/// else the one that comes nearest to what was recorded.
fn nearest<S: System, T: Target<S>>(
    trace: &Trace<S>,
    at: usize,
    names: &S::Names,
    model: &mut impl FnMut() -> T,
) -> Option<Step<S>> {
    let recorded = trace.steps.get(at)?;
    if let Some(step) = allowed(trace, at, &recorded.action, names, model) {
        return Some(step);
    }
    let tried = others(trace, recorded).into_iter().take(TRIED_MAX);
    let allowed = tried.filter_map(|action| allowed(trace, at, &action, names, model));
    allowed.min_by_key(|step| {
        let apart = S::differences(&recorded.expect.state, &step.expect.state).len();
        (step.expect.verdicts != recorded.expect.verdicts, apart)
    })
}

/// The step by which the model takes `action` after the first `at` steps of `trace`, if it does.
fn allowed<S: System, T: Target<S>>(
    trace: &Trace<S>,
    at: usize,
    action: &S::Action,
    names: &S::Names,
    model: &mut impl FnMut() -> T,
) -> Option<Step<S>> {
    let mut target = model();
    let target = begun(trace, &mut target).ok()?;
    for step in trace.steps.iter().take(at) {
        target.take(step).ok()?;
    }
    let mut step = Step {
        action: action.clone(),
        expect: Expect::default(),
        bytes: Vec::new(),
    };
    let seen = target.take(&step).ok()?;
    step.expect = Expect {
        state: S::state(&seen.state, names),
        verdicts: seen.verdicts,
    };
    Some(step)
}

/// Actions that could have been meant: the recorded one with another name in one place, then those that were
/// recorded later.
fn others<S: System>(trace: &Trace<S>, recorded: &Step<S>) -> Vec<S::Action> {
    let told = |action: &S::Action| serde_json::to_value(action).unwrap_or(Value::Null);
    let mut names = BTreeSet::new();
    for step in &trace.steps {
        gather(&told(&step.action), &mut names);
    }
    let action = told(&recorded.action);
    let renamed = names.iter().flat_map(|name| {
        (0..strings(&action)).map(move |place| {
            let (mut other, mut left) = (told(&recorded.action), place);
            rename(&mut other, &mut left, name);
            other
        })
    });
    let mut all: Vec<S::Action> = Vec::new();
    let read = renamed.filter_map(|other| serde_json::from_value(other).ok());
    for action in read.chain(trace.steps.iter().map(|step| step.action.clone())) {
        if action != recorded.action && !all.contains(&action) {
            all.push(action);
        }
    }
    all
}

/// The texts in a value.
fn gather(value: &Value, names: &mut BTreeSet<String>) {
    match value {
        Value::String(text) => {
            names.insert(text.clone());
        }
        Value::Array(items) => items.iter().for_each(|item| gather(item, names)),
        Value::Object(members) => members.values().for_each(|item| gather(item, names)),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

/// How many texts there are in a value.
fn strings(value: &Value) -> usize {
    match value {
        Value::String(_) => 1,
        Value::Array(items) => items.iter().map(strings).sum(),
        Value::Object(members) => members.values().map(strings).sum(),
        Value::Null | Value::Bool(_) | Value::Number(_) => 0,
    }
}

/// Puts `name` in place of the text before which there are `left` others.
fn rename(value: &mut Value, left: &mut usize, name: &str) {
    match value {
        Value::String(text) => {
            if *left == 0 {
                name.clone_into(text);
            }
            *left = left.wrapping_sub(1);
        }
        Value::Array(items) => items.iter_mut().for_each(|item| rename(item, left, name)),
        Value::Object(members) => {
            for item in members.values_mut() {
                rename(item, left, name);
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}
