//! The chapters about the audit trail.

use std::num::NonZeroUsize;
use std::path::Path;

use countersign_model::audit::Audit;
use countersign_model::audit::promise::InvariantId;
use countersign_model::audit::scope::Scope;
use countersign_model::rulebook::{Book as _, Ruleset};
use countersign_replay::writer;

use super::chapter::{Answer, Chapter};
use crate::cli::audit::exploration::{Question, explore};
use crate::cli::audit::{attack, proof};
use crate::cli::effort::{Effort, Solving};
use crate::cli::pool::Job;

/// Columns of an invariant's name.
const NAME: usize = 12;
/// Columns of a weakening's name.
const WEAKENING: usize = 26;

/// Every invariant, by one search.
pub(super) fn explored(effort: &Effort) -> Chapter<'_> {
    let hardened = Question {
        rules: Ruleset::HARDENED,
        scope: Scope::default(),
    };
    let question = move || {
        let one = NonZeroUsize::MIN;
        let explored = explore(hardened, InvariantId::ALL, one, &effort.cutoff);
        Answer {
            findings: explored.findings(),
            totals: vec![explored.totals()],
            ..Answer::default()
        }
    };
    Chapter {
        name: "explored-audit",
        bound: hardened.bound(),
        width: NAME,
        questions: vec![Box::new(question)],
    }
}

/// Every invariant, for any number.
pub(super) fn proved<'a>(solving: Solving, verbose: bool) -> Chapter<'a> {
    let questions = InvariantId::ALL.iter().map(|invariant| -> Job<'a, Answer> {
        Box::new(move || {
            let (rules, budget) = (Ruleset::HARDENED, solving.budget);
            Answer::proved(proof::finding(rules, *invariant, budget, verbose))
        })
    });
    Chapter {
        name: "proved-audit",
        bound: proof::BOUND.to_owned(),
        width: NAME,
        questions: questions.collect(),
    }
}

/// Every weakening, broken.
pub(super) fn weakened(effort: &Effort, solving: Solving) -> Chapter<'_> {
    let questions = Audit::WEAKENINGS
        .iter()
        .map(|weakening| -> Job<'_, Answer> {
            Box::new(move || {
                let base = Scope::default();
                let attack = attack::on_weakening(weakening, base, &effort.cutoff, solving);
                let trace = attack.trace.as_ref().map(|trace| {
                    let name = format!("{}.json", weakening.name);
                    let path = Path::new("counterexamples/audit").join(name);
                    (path, writer::write(trace))
                });
                Answer {
                    trace,
                    ..Answer::one(attack.finding)
                }
            })
        });
    Chapter {
        name: "weakened-audit",
        bound:
            "one at a time; the shortest run is as long in the explorer as in the prover, and is \
                performed on real code"
                .to_owned(),
        width: WEAKENING,
        questions: questions.collect(),
    }
}
