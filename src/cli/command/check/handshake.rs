//! The chapters about the handshake.

use std::num::NonZeroUsize;
use std::path::Path;

use countersign_invariants::handshake::prove;
use countersign_model::dolev_yao::reveal::Reveals;
use countersign_model::handshake::Handshake;
use countersign_model::handshake::promise::InvariantId;
use countersign_model::rulebook::{Book as _, Row as _, Ruleset};
use countersign_replay::writer;

use super::chapter::{Answer, Chapter};
use crate::cli::effort::{Effort, Solving};
use crate::cli::handshake::attack;
use crate::cli::handshake::exploration::{Question, explore};
use crate::cli::pool::Job;
use crate::cli::proof;

/// Runs at once in the search of the hardened rules.
const RUNS: usize = 3;
/// Columns of a promise's name.
const NAME: usize = 10;
/// Columns of a weakening's name.
const WEAKENING: usize = 31;

const HARDENED: Question = Question {
    rules: Ruleset::HARDENED,
    runs: RUNS,
    reveals: Reveals::NONE,
};

/// Every promise, by one search.
pub(super) fn explored(effort: &Effort) -> Chapter<'_> {
    let question = || {
        let explored = explore(HARDENED, NonZeroUsize::MIN, &effort.cutoff);
        let all = InvariantId::ALL.iter();
        Answer {
            findings: all
                .map(|invariant| explored.answer(*invariant, &effort.cutoff))
                .collect(),
            totals: vec![explored.totals()],
            ..Answer::default()
        }
    };
    Chapter {
        name: "explored-handshake",
        bound: HARDENED.bound(),
        width: NAME,
        questions: vec![Box::new(question)],
    }
}

/// Every promise, for any number.
pub(super) fn proved<'a>(solving: Solving, verbose: bool) -> Chapter<'a> {
    let questions = InvariantId::ALL.iter().map(|invariant| -> Job<'a, Answer> {
        Box::new(move || {
            let proof = prove(Ruleset::HARDENED, *invariant, solving.budget);
            Answer::proved(proof::finding(invariant.name(), proof, verbose))
        })
    });
    Chapter {
        name: "proved-handshake",
        bound: "by induction, for any number of runs, principals and sessions; the attacker's knowledge as \
                a formula, held to the search's for two runs"
            .to_owned(),
        width: NAME,
        questions: questions.collect(),
    }
}

/// Every weakening, broken.
pub(super) fn weakened(effort: &Effort, solving: Solving) -> Chapter<'_> {
    let questions = Handshake::WEAKENINGS
        .iter()
        .map(|weakening| -> Job<'_, Answer> {
            Box::new(move || {
                let attack = attack::on_weakening(weakening, &effort.cutoff, solving);
                let trace = attack.trace.as_ref().map(|trace| {
                    let name = format!("{}.json", weakening.name);
                    let path = Path::new("counterexamples/handshake").join(name);
                    (path, writer::write(trace))
                });
                Answer {
                    trace,
                    ..Answer::one(attack.finding)
                }
            })
        });
    Chapter {
        name: "weakened-handshake",
        bound: format!(
            "one at a time, {} runs at once; the shortest run is as long in the explorer as in the \
             prover, and is performed on real code",
            attack::RUNS
        ),
        width: WEAKENING,
        questions: questions.collect(),
    }
}
