//! The three chapters about each system: what was explored, what was proved, what was weakened.

use std::convert::Infallible;
use std::num::NonZeroUsize;
use std::path::Path;

use countersign_model::rulebook::{Row as _, Ruleset};
use countersign_replay::writer;

use super::chapter::{Answer, Chapter};
use crate::cli::effort::{Effort, Solving};
use crate::cli::examinable::{Examinable, width};
use crate::cli::exploration::{Question, explore};
use crate::cli::pool::Job;
use crate::cli::selection::Selection;
use crate::cli::{attack, proof, weakened};

/// Every promise, by one search.
pub(super) fn explored<S: Examinable>(
    scope: S::Scope,
    threads: NonZeroUsize,
    effort: &Effort,
) -> Chapter<'_> {
    let question = move || {
        let rules = Ruleset::HARDENED;
        let (question, all) = (Question { rules, scope }, S::Promise::all());
        let explored = explore::<S>(&question, all, threads, &effort.cutoff);
        let told = |promise, story: &S::Story| {
            let hardened = Selection::<S>::default();
            Ok::<_, Infallible>(weakened::told(&hardened, promise, story, &scope).0)
        };
        let Ok(findings) = explored.findings(told);
        Answer {
            findings,
            totals: explored.totals().to_vec(),
            ..Answer::default()
        }
    };
    let [name, ..] = S::SECTIONS;
    Chapter {
        name,
        bound: S::bound(&scope),
        width: width::<S>(),
        questions: vec![Box::new(question)],
    }
}

/// Every promise, for any number.
pub(super) fn proved<'a, S: Examinable>(solving: Solving, verbose: bool) -> Chapter<'a> {
    let questions = S::Promise::all().iter().map(|promise| -> Job<'a, Answer> {
        Box::new(move || {
            let proof = S::prove(Ruleset::HARDENED, *promise, solving.budget);
            Answer::proved(proof::finding(promise.name(), proof, verbose))
        })
    });
    let [_, name, _] = S::SECTIONS;
    Chapter {
        name,
        bound: S::PROOF.to_owned(),
        width: width::<S>(),
        questions: questions.collect(),
    }
}

/// Every weakening, broken: each in `base`, of which `within` says what is to be said.
pub(super) fn weakened<'a, S: Examinable>(
    base: S::Scope,
    within: &str,
    effort: &'a Effort,
    solving: Solving,
) -> Chapter<'a> {
    let questions = S::WEAKENINGS.iter().map(|weakening| -> Job<'a, Answer> {
        Box::new(move || {
            let attack = attack::on_weakening::<S>(weakening, base, &effort.cutoff, solving);
            let trace = attack.trace.as_ref().map(|trace| {
                let name = format!("{}.json", weakening.name);
                let path = Path::new("counterexamples").join(S::FOLDER).join(name);
                (path, writer::write(trace))
            });
            Answer {
                trace,
                ..Answer::one(attack.finding)
            }
        })
    });
    let names = S::WEAKENINGS.iter().map(|row| row.name.len());
    let [.., name] = S::SECTIONS;
    Chapter {
        name,
        bound: format!(
            "one at a time{within}; the shortest run is as long in the explorer as in the prover, and \
             is performed on real code"
        ),
        width: names.max().unwrap_or(0),
        questions: questions.collect(),
    }
}
