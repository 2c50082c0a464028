//! A step in words: who does what to whom. Every picture of a trace is drawn from these.

use crate::system::System;
use crate::trace::{Step, Trace};

/// A step as one line, without its number and its verdict.
pub(crate) fn line<S: System>(trace: &Trace<S>, names: &S::Names, step: &Step<S>) -> String {
    let event = S::event(trace, names, step);
    format!("{}  {}  {}", event.parties(), event.verb, event.detail)
        .trim_end()
        .to_owned()
}

/// The verdicts that a step expects, in words; equal ones once.
pub(crate) fn verdicts<S: System>(step: &Step<S>) -> String {
    let words: Vec<&str> = step.expect.verdicts.iter().map(|one| one.word()).collect();
    match words.split_first() {
        Some((first, rest)) if rest.iter().all(|word| word == first) => match rest.len() {
            0 => (*first).to_owned(),
            more => format!("{first} x{}", more + 1),
        },
        _ => words.join(", "),
    }
}

/// The remark on the step with this number, counted from 1, if it is the one that violates.
pub(crate) fn remark_on<S: System>(trace: &Trace<S>, number: usize) -> Option<String> {
    let violation = trace.violates.as_ref()?;
    let invariant = violation.told()?;
    let step = trace.steps.get(number.checked_sub(1)?)?;
    (violation.step == number).then(|| S::remark(trace, step, invariant))
}
