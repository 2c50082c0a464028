//! The chapters about envelope admission.

use std::path::Path;

use countersign_invariants::admission::prove;
use countersign_model::admission::Admission;
use countersign_model::admission::invariant::InvariantId;
use countersign_model::admission::scope::Scope;
use countersign_model::rulebook::{Book as _, Row as _, Ruleset};
use countersign_replay::writer;

use super::chapter::{Answer, Chapter};
use crate::cli::effort::{Effort, Solving};
use crate::cli::pool::Job;
use crate::cli::{attack, exploration, proof};

/// Columns of an invariant's name.
const NAME: usize = 9;
/// Columns of a weakening's name.
const WEAKENING: usize = 29;

/// Every invariant, by one search.
pub(super) fn explored(scope: Scope, effort: &Effort) -> Chapter<'_> {
    let question = move || {
        let (rules, all) = (Ruleset::HARDENED, InvariantId::ALL);
        let threads = effort.searching();
        let explored = exploration::explore(rules, scope, all, threads, &effort.cutoff);
        let unbroken = explored.unbroken.iter();
        Answer {
            findings: unbroken
                .map(|(invariant, reached)| explored.finding(*invariant, *reached))
                .collect(),
            totals: explored.totals().to_vec(),
            ..Answer::default()
        }
    };
    Chapter {
        name: "explored",
        bound: format!("every run of {scope}"),
        width: NAME,
        questions: vec![Box::new(question)],
    }
}

/// Every invariant, for any number.
pub(super) fn proved<'a>(solving: Solving, verbose: bool) -> Chapter<'a> {
    let questions = InvariantId::ALL.iter().map(|invariant| -> Job<'a, Answer> {
        Box::new(move || {
            let proof = prove(Ruleset::HARDENED, *invariant, solving.budget);
            Answer::proved(proof::finding(invariant.name(), proof, verbose))
        })
    });
    Chapter {
        name: "proved",
        bound: proof::BOUND.to_owned(),
        width: NAME,
        questions: questions.collect(),
    }
}

/// Every weakening, broken.
pub(super) fn weakened(scope: Scope, effort: &Effort, solving: Solving) -> Chapter<'_> {
    let questions = Admission::WEAKENINGS
        .iter()
        .map(|weakening| -> Job<'_, Answer> {
            Box::new(move || {
                let attack = attack::on_weakening(weakening, scope, &effort.cutoff, solving);
                let trace = attack.trace.as_ref().map(|trace| {
                    let name = format!("{}.json", trace.weakenings.join("+"));
                    (
                        Path::new("counterexamples").join(name),
                        writer::write(trace),
                    )
                });
                Answer {
                    trace,
                    ..Answer::one(attack.finding)
                }
            })
        });
    Chapter {
        name: "weakened",
        bound:
            "one at a time; the shortest run is as long in the explorer as in the prover, and is \
                performed on real code"
                .to_owned(),
        width: WEAKENING,
        questions: questions.collect(),
    }
}
