//! An attack on the audit trail: found by both engines, told as a trace, performed on real code.

use std::num::NonZeroUsize;

use countersign_invariants::audit::{Search, search};
use countersign_model::audit::Audit;
use countersign_model::audit::scope::Scope;
use countersign_model::explorer::Cutoff;
use countersign_model::rulebook::{Row as _, Weakening};
use countersign_replay::Trace;
use countersign_replay::audit::teller::tell;

use super::exploration::{Question, explore};
use crate::cli::effort::Solving;
use crate::cli::exploration::limit_words;
use crate::cli::finding::{Finding, Standing, Steps};
use crate::cli::performing::{Performable as _, SEED, perform};
use crate::cli::status::Status;
use crate::cli::words::counted;

/// The counterexample to a weakening, and what is known of it.
pub(crate) struct Attack {
    /// What is known.
    pub(crate) finding: Finding,
    /// The shortest run, with the bytes and the transcript of the weakened code.
    pub(crate) trace: Option<Trace<Audit>>,
}

/// Breaks the rules with one weakening: by search, by solver, and on real code.
pub(crate) fn on_weakening(
    weakening: &'static Weakening<Audit>,
    base: Scope,
    cutoff: &Cutoff,
    solving: Solving,
) -> Attack {
    let (rules, scope) = (weakening.rules(), weakening.scope(base));
    let invariant = weakening.breaks;
    let one = NonZeroUsize::MIN;
    let explored = explore(Question { rules, scope }, &[invariant], one, cutoff);
    let Some((_, story)) = explored.broken.first() else {
        let why = explored.cut.map_or("the scope was exhausted", limit_words);
        let words = format!("'{}' was not broken: {why}", invariant.name());
        return Attack::untold(weakening, Status::Unknown, Standing::Undecided, words);
    };
    let names = [weakening.name];
    let trace = match tell(story, &names, Some(invariant), weakening.lesson, SEED) {
        Ok(trace) => trace,
        Err(error) => {
            let words = format!("the model does not repeat what the explorer found: {error}");
            return Attack::untold(weakening, Status::Diverges, Standing::Violation, words);
        }
    };
    let (steps_max, budget) = (solving.steps_max, solving.budget);
    let solved = search(rules, invariant, steps_max, budget);
    Attack::performed(weakening, &trace, &solved)
}

impl Attack {
    fn untold(
        weakening: &'static Weakening<Audit>,
        status: Status,
        standing: Standing,
        words: String,
    ) -> Self {
        Self {
            finding: Finding::new(status, standing, weakening.name, words),
            trace: None,
        }
    }

    fn performed(
        weakening: &'static Weakening<Audit>,
        trace: &Trace<Audit>,
        solved: &Search,
    ) -> Self {
        let explorer = trace.steps.len();
        let (prover, doubt) = match solved {
            Search::Found(run) if run.len() == explorer => (Some(explorer), None),
            Search::Found(run) => {
                let prover = run.len();
                let doubt = format!("explorer {explorer} steps, prover {prover}");
                (Some(prover), Some(doubt))
            }
            Search::NoneUpTo(steps) => (None, Some(format!("prover: none of up to {steps} steps"))),
            Search::Unknown { at, reason } => {
                let doubt = format!("prover: unknown at {at} steps: {reason}");
                (None, Some(doubt))
            }
        };
        let (weakened, recorded) = perform("weakened code", trace, Audit::code);
        let (hardened, _) = perform("hardened code", trace, Audit::hardened);
        let real = weakened.status == Status::Confirmed;
        let foiled = matches!(hardened.status, Status::Refused | Status::Admitted);
        let (status, standing) = match (&doubt, real && foiled) {
            (None, true) => (Status::Broken, Standing::Expected),
            (Some(_), true) if prover.is_none() => (Status::Broken, Standing::Undecided),
            _ => (Status::Diverges, Standing::Violation),
        };
        let words = format!(
            "{:<12}  {:<7}  {} {}  {}",
            weakening.breaks.name(),
            counted(explorer as u64, "step"),
            weakened.status.word(),
            weakened.words,
            hardened.words
        );
        let finding = Finding {
            invariant: Some(weakening.breaks.name()),
            flaws: weakening.flaws,
            lesson: Some(weakening.lesson.to_owned()),
            steps: Some(Steps {
                explorer: Some(explorer),
                prover,
            }),
            replays: vec![weakened, hardened],
            remarks: doubt.into_iter().collect(),
            ..Finding::new(status, standing, weakening.name, words)
        };
        Self {
            finding,
            trace: recorded,
        }
    }
}

#[cfg(test)]
mod tests {
    use countersign_invariants::Budget;
    use countersign_model::rulebook::Book as _;

    use super::*;

    #[test]
    fn every_weakening_is_broken_as_both_engines_and_the_real_code_agree() {
        let solving = Solving {
            budget: Budget::default(),
            steps_max: 8,
        };
        let lines: Vec<String> = Audit::WEAKENINGS
            .iter()
            .map(|row| {
                let attack = on_weakening(row, Scope::default(), &Cutoff::default(), solving);
                let finding = attack.finding;
                assert_eq!(finding.status, Status::Broken, "{finding:#?}");
                assert_eq!(finding.standing, Standing::Expected, "{finding:#?}");
                assert!(attack.trace.is_some_and(|trace| trace.transcript.is_some()));
                format!("{:<26} {}", row.name, finding.words)
            })
            .collect();
        insta::assert_snapshot!("every_attack_on_the_audit_trail", lines.join("\n"));
    }
}
