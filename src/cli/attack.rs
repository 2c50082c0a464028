//! An attack: found by both engines, told as a trace, performed on real code.

use std::num::NonZeroUsize;

use countersign_invariants::Search;
use countersign_model::explorer::Cutoff;
use countersign_model::rulebook::{Row as _, Weakening};
use countersign_replay::Trace;
use countersign_replay::system::System;
use countersign_replay::tell_error::TellError;

use super::effort::Solving;
use super::examinable::{Examinable, Shortest, width};
use super::exploration::{Question, explore, limit_words};
use super::finding::{Finding, Standing, Steps};
use super::performing::perform;
use super::status::Status;
use super::words::counted;

/// The counterexample to a weakening, and what is known of it.
pub(crate) struct Attack<S: System> {
    /// What is known.
    pub(crate) finding: Finding,
    /// The shortest run, with the bytes and the transcript of the weakened code.
    pub(crate) trace: Option<Trace<S>>,
}

/// Breaks the rules with one weakening: by search, by solver, and on real code.
pub(crate) fn on_weakening<S: Examinable>(
    weakening: &'static Weakening<S>,
    base: S::Scope,
    cutoff: &Cutoff,
    solving: Solving,
) -> Attack<S> {
    let rules = weakening.rules();
    let scope = match S::settled(S::widened(base, weakening), cutoff) {
        Ok(scope) => scope,
        Err(limit) => return Attack::none(weakening, limit_words(limit)),
    };
    let question = Question { rules, scope };
    let explored = explore::<S>(&question, &[weakening.breaks], NonZeroUsize::MIN, cutoff);
    let Some((_, story)) = explored.broken.first() else {
        let why = explored.cut.map_or("the scope was exhausted", limit_words);
        return Attack::none(weakening, why);
    };
    let solved = S::solved(rules, &scope, weakening.breaks, solving);
    match told::<S>(weakening, story, &scope) {
        Ok(trace) => {
            let confirmed = |story: &S::Story| confirmed::<S>(weakening, story, &scope);
            let (prover, doubt) = compared(solved, trace.steps.len(), confirmed);
            performed(weakening, &trace, prover, doubt)
        }
        Err(error) => Attack::untold(weakening, &error),
    }
}

impl<S: Examinable> Attack<S> {
    fn none(weakening: &Weakening<S>, why: &str) -> Self {
        let words = format!("'{}' was not broken: {why}", weakening.breaks.name());
        Self {
            finding: Finding::new(Status::Unknown, Standing::Undecided, weakening.name, words),
            trace: None,
        }
    }

    fn untold(weakening: &Weakening<S>, error: &TellError) -> Self {
        let words = format!("the model does not repeat what the explorer found: {error}");
        Self {
            finding: Finding::new(Status::Diverges, Standing::Violation, weakening.name, words),
            trace: None,
        }
    }
}

/// The story as a trace, as the model performs it.
fn told<S: Examinable>(
    weakening: &Weakening<S>,
    story: &S::Story,
    scope: &S::Scope,
) -> Result<Trace<S>, TellError> {
    S::told(
        story,
        scope,
        &[weakening.name],
        weakening.breaks,
        weakening.lesson,
    )
}

/// The length of the prover's shortest run, and what speaks against it.
fn compared<T>(
    solved: Search<Shortest<T>>,
    explorer: usize,
    confirmed: impl FnOnce(&T) -> Result<(), String>,
) -> (Option<usize>, Option<String>) {
    match solved {
        Search::Found(Shortest { steps, .. }) if steps != explorer => {
            let doubt = format!("explorer {explorer} steps, prover {steps}");
            (Some(steps), Some(doubt))
        }
        Search::Found(Shortest { steps, story }) => {
            let doubt = story.and_then(|story| confirmed(&story).err());
            let doubt = doubt.map(|doubt| format!("the prover's shortest run: {doubt}"));
            (Some(steps), doubt)
        }
        Search::NoneUpTo(steps) => {
            let doubt = format!("the prover's shortest run: none of up to {steps} steps");
            (None, Some(doubt))
        }
        Search::Unknown { at, reason } => {
            let doubt = format!("the prover's shortest run: unknown at {at}: {reason}");
            (None, Some(doubt))
        }
    }
}

fn performed<S: Examinable>(
    weakening: &Weakening<S>,
    trace: &Trace<S>,
    prover: Option<usize>,
    doubt: Option<String>,
) -> Attack<S> {
    let (weakened, recorded) = perform("weakened code", trace, S::code);
    let (hardened, _) = perform("hardened code", trace, S::hardened);
    let real = weakened.status == Status::Confirmed;
    let foiled = matches!(hardened.status, Status::Refused | Status::Admitted);
    let (status, standing) = match (&doubt, real && foiled) {
        (None, true) => (Status::Broken, Standing::Expected),
        (Some(_), true) if prover.is_none() => (Status::Broken, Standing::Undecided),
        _ => (Status::Diverges, Standing::Violation),
    };
    let (explorer, invariant) = (trace.steps.len(), weakening.breaks.name());
    let words = format!(
        "{invariant:<width$}  {:<7}  {} {}  {}",
        counted(explorer as u64, "step"),
        weakened.status.word(),
        weakened.words,
        hardened.words,
        width = width::<S>(),
    );
    let secrets = S::secrets(&weakening.needs);
    let needs = (!secrets.is_empty()).then(|| lost(&secrets));
    let finding = Finding {
        invariant: Some(invariant),
        flaws: weakening.flaws,
        lesson: Some(weakening.lesson.to_owned()),
        steps: Some(Steps {
            explorer: Some(explorer),
            prover,
        }),
        replays: vec![weakened, hardened],
        remarks: needs.into_iter().chain(doubt).collect(),
        ..Finding::new(status, standing, weakening.name, words)
    };
    Attack {
        finding,
        trace: recorded,
    }
}

/// What must be lost before a weakening breaks anything.
pub(crate) fn lost(needs: &[&str]) -> String {
    format!("needs a lost secret: {}", needs.join(", "))
}

/// Whether the prover's own run happens on weakened code too.
fn confirmed<S: Examinable>(
    weakening: &Weakening<S>,
    story: &S::Story,
    scope: &S::Scope,
) -> Result<(), String> {
    let trace = told::<S>(weakening, story, scope).map_err(|error| error.to_string())?;
    let (replayed, _) = perform("weakened code", &trace, S::code);
    match replayed.status {
        Status::Confirmed => Ok(()),
        _ => Err(format!(
            "not confirmed on weakened code: {}",
            replayed.words
        )),
    }
}

#[cfg(test)]
mod tests {
    use countersign_invariants::Budget;
    use countersign_model::audit::{Audit, scope as audit};
    use countersign_model::bus::{Bus, scope as bus};
    use countersign_model::session::{Session, scope as session};

    use super::*;

    /// What is said of the attack on each weakening.
    fn attacked<S: Examinable>(scope: S::Scope) -> String {
        let solving = Solving {
            budget: Budget::default(),
            steps_max: 8,
        };
        let lines: Vec<String> = S::WEAKENINGS
            .iter()
            .map(|row| {
                let attack = on_weakening::<S>(row, scope, &Cutoff::default(), solving);
                let finding = attack.finding;
                assert_eq!(finding.status, Status::Broken, "{finding:#?}");
                assert_eq!(finding.standing, Standing::Expected, "{finding:#?}");
                assert!(attack.trace.is_some_and(|trace| trace.transcript.is_some()));
                format!("{:<26} {}", row.name, finding.words)
            })
            .collect();
        lines.join("\n")
    }

    #[test]
    fn every_weakening_is_broken_as_both_engines_and_the_real_code_agree() {
        let session = attacked::<Session>(session::Scope::default());
        insta::assert_snapshot!("every_attack_on_a_session", session);
        let audit = attacked::<Audit>(audit::Scope::default());
        insta::assert_snapshot!("every_attack_on_the_audit_trail", audit);
        let bus = attacked::<Bus>(bus::Scope::default());
        insta::assert_snapshot!("every_attack_on_the_bus", bus);
    }
}
