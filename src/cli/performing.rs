//! Performing traces on real code, whatever their system.

use countersign::lab::{AuditLab, BusLab, HandshakeLab, Lab, SessionLab};
use countersign_model::admission::Admission;
use countersign_model::audit::Audit;
use countersign_model::bus::Bus;
use countersign_model::handshake::Handshake;
use countersign_model::rulebook::Refusal;
use countersign_model::session::Session;
use countersign_replay::divergence::Divergence;
use countersign_replay::form::Code as _;
use countersign_replay::handshake::reference;
use countersign_replay::outcome::Departure;
use countersign_replay::system::System;
use countersign_replay::tell_error::TellError;
use countersign_replay::trace::Seed;
use countersign_replay::{Outcome, Reference, Report, Target, Trace, Verdict, replay};
use countersign_replay::{audit, bus, session};

use super::finding::Replayed;
use super::status::Status;

/// Where the random values of every trace made here come from.
pub(crate) const SEED: Seed = Seed([7; 16]);

/// A system that there is real code of.
pub(crate) trait Performable: System {
    /// The laboratory of its real code.
    type Lab: Target<Self>;
    /// The model, as a target.
    type Reference: Target<Self>;

    /// Real code under the rules that a trace names.
    fn code() -> Self::Lab;
    /// Real code as users run it.
    fn hardened() -> Self::Lab;
    /// The model under the rules that a trace names.
    fn model() -> Self::Reference;
}

impl Performable for Admission {
    type Lab = Lab;
    type Reference = Reference;

    fn code() -> Lab {
        Lab::new()
    }
    fn hardened() -> Lab {
        Lab::hardened()
    }
    fn model() -> Reference {
        Reference::as_told()
    }
}

impl Performable for Handshake {
    type Lab = HandshakeLab;
    type Reference = reference::Reference;

    fn code() -> HandshakeLab {
        HandshakeLab::new()
    }
    fn hardened() -> HandshakeLab {
        HandshakeLab::hardened()
    }
    fn model() -> reference::Reference {
        reference::Reference::as_told()
    }
}

impl Performable for Session {
    type Lab = SessionLab;
    type Reference = session::reference::Reference;

    fn code() -> SessionLab {
        SessionLab::new()
    }
    fn hardened() -> SessionLab {
        SessionLab::hardened()
    }
    fn model() -> session::reference::Reference {
        session::reference::Reference::as_told()
    }
}

impl Performable for Audit {
    type Lab = AuditLab;
    type Reference = audit::reference::Reference;

    fn code() -> AuditLab {
        AuditLab::new()
    }
    fn hardened() -> AuditLab {
        AuditLab::hardened()
    }
    fn model() -> audit::reference::Reference {
        audit::reference::Reference::as_told()
    }
}

impl Performable for Bus {
    type Lab = BusLab;
    type Reference = bus::reference::Reference;

    fn code() -> BusLab {
        BusLab::new()
    }
    fn hardened() -> BusLab {
        BusLab::hardened()
    }
    fn model() -> bus::reference::Reference {
        bus::reference::Reference::as_told()
    }
}

/// The same trace as the real code performs it, with its bytes.
pub(crate) fn recorded<S: Performable>(trace: Trace<S>) -> Result<Trace<S>, String> {
    let report = replay(&trace, S::code).map_err(|error| error.to_string())?;
    match &report.outcome {
        Outcome::Matches => Ok(trace.recording(&report)),
        other => Err(format!("model and code disagree: {other:?}")),
    }
}

/// Performs a counterexample, and says what became of it; where it was confirmed, with its bytes.
pub(crate) fn perform<S: Performable, T: Target<S>>(
    on: &'static str,
    trace: &Trace<S>,
    fresh: impl FnMut() -> T,
) -> (Replayed, Option<Trace<S>>) {
    let report = match replay(trace, fresh) {
        Ok(report) => report,
        Err(error) => {
            let replayed = Replayed {
                on,
                status: Status::Unknown,
                words: format!("{on} could not perform it: {error}"),
                step: None,
                rejection: None,
            };
            return (replayed, None);
        }
    };
    let replayed = told(on, trace, &report);
    let recorded = (replayed.status == Status::Confirmed).then(|| trace.clone().recording(&report));
    (replayed, recorded)
}

/// Performs a counterexample on hardened code. Where that goes another way than any refusal, all it can do
/// right is what hardened rules say.
pub(crate) fn withstand<S: Performable>(trace: &Trace<S>) -> (Replayed, Option<Trace<S>>) {
    const ON: &str = "hardened code";
    if let Ok(report) = replay(trace, S::hardened)
        && let Outcome::Diverges(Divergence { step, .. }) | Outcome::CodeOnly { step, .. } =
            report.outcome
        && as_hardened_rules_say(trace).is_some()
    {
        let replayed = Replayed {
            on: ON,
            status: Status::Admitted,
            words: format!(
                "{ON} does at step {step} what hardened rules say, which breaks nothing"
            ),
            step: Some(step),
            rejection: None,
        };
        return (replayed, None);
    }
    perform(ON, trace, S::hardened)
}

fn told<S: Performable>(on: &'static str, trace: &Trace<S>, report: &Report<S>) -> Replayed {
    let replayed = |status, words: String, step, rejection: Option<S::Rejection>| Replayed {
        on,
        status,
        words,
        step: Some(step),
        rejection: rejection.map(Refusal::code),
    };
    match &report.outcome {
        Outcome::Confirmed { step, .. } => {
            replayed(Status::Confirmed, format!("on {on}"), *step, None)
        }
        Outcome::ModelOnly { step, departure } => match departure {
            Departure::Refused(rejection) => {
                let words = format!("{on} refuses step {step}: {}", rejection.code());
                replayed(Status::Refused, words, *step, Some(*rejection))
            }
            Departure::RefusedOtherwise(rejection) => {
                let (code, guard) = (rejection.code(), rejection.guard());
                let words = format!(
                    "{on} refuses step {step}: {code}; but that '{guard}' holds is not what the trace \
                     takes away"
                );
                replayed(Status::Diverges, words, *step, Some(*rejection))
            }
            Departure::Admitted { instead_of } => {
                let code = instead_of.code();
                let words = match junk(report, *step) {
                    Some((junk, rejection)) => format!(
                        "{on} refuses step {junk} too ({}), but remembers nothing of it and \
                         accepts step {step}, no '{code}'",
                        rejection.code()
                    ),
                    None => format!("{on} accepts step {step}, which breaks nothing: no '{code}'"),
                };
                replayed(Status::Admitted, words, *step, None)
            }
            Departure::Attributed { to, instead_of } => {
                let words = format!("{on} attributes step {step} to {to}, not {instead_of}");
                replayed(Status::Admitted, words, *step, None)
            }
            Departure::Withheld(withheld) => {
                let words = format!("{on} takes step {step}, but {}", withheld.join(", "));
                replayed(Status::Admitted, words, *step, None)
            }
            Departure::Impossible(why) => {
                let (words, rejection) = match foiled(trace) {
                    Some((step, rejection)) => {
                        let code = rejection.code();
                        (format!("{on} refuses step {step}: {code}"), Some(rejection))
                    }
                    None => (format!("with {on} step {step} cannot happen: {why}"), None),
                };
                replayed(Status::Refused, words, *step, rejection)
            }
        },
        Outcome::Matches => {
            let words = format!("{on} does the same, and no invariant breaks");
            replayed(Status::Diverges, words, trace.steps.len(), None)
        }
        Outcome::CodeOnly { step, expected, .. } => {
            let words = format!("{on} admits step {step}, expected '{}'", expected.code());
            replayed(Status::Diverges, words, *step, None)
        }
        Outcome::Diverges(divergence) => {
            let lines = divergence.to_string();
            let words = format!(
                "{on}: {}",
                lines.lines().map(str::trim).collect::<Vec<_>>().join(" ")
            );
            replayed(Status::Diverges, words, divergence.step, None)
        }
    }
}

/// The last step before this one at which something was refused, and why.
fn junk<S: System>(report: &Report<S>, before: usize) -> Option<(usize, S::Rejection)> {
    let earlier = (1..before).zip(&report.observations);
    let verdicts = earlier.flat_map(|(step, seen)| seen.verdicts.iter().map(move |it| (step, it)));
    let refused = verdicts.filter_map(|(step, verdict)| match verdict {
        // What waits was accepted, and is no junk.
        Verdict::Refused(rejection) => (!rejection.defers()).then_some((step, *rejection)),
        Verdict::Admitted => None,
    });
    refused.last()
}

/// The step and the rejection at which the attack fails once what hardened code does not do at all
/// is left out: the model says so, and the code agrees.
fn foiled<S: Performable>(trace: &Trace<S>) -> Option<(usize, S::Rejection)> {
    let (numbers, report) = as_hardened_rules_say(trace)?;
    let seen = numbers.into_iter().zip(&report.observations);
    seen.rev()
        .find_map(|(number, seen)| match seen.verdicts.last() {
            Some(Verdict::Refused(rejection)) => Some((number, *rejection)),
            Some(Verdict::Admitted) | None => None,
        })
}

/// What hardened code does at those steps, by number, that can happen under hardened rules; none where it is
/// not what these say.
fn as_hardened_rules_say<S: Performable>(trace: &Trace<S>) -> Option<(Vec<usize>, Report<S>)> {
    let mut numbers: Vec<usize> = (1..=trace.steps.len()).collect();
    let mut hardened = trace.clone();
    hardened.weakenings.clear();
    let told = loop {
        match hardened.clone().foretell(None) {
            Ok(told) => break told,
            Err(TellError::Step { step, .. }) if step > 0 => {
                hardened.steps.remove(step - 1);
                numbers.remove(step - 1);
            }
            Err(_) => return None,
        }
    };
    let report = replay(&told, S::hardened).ok()?;
    (report.outcome == Outcome::Matches).then_some((numbers, report))
}
