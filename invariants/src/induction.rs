//! Proof by induction, for any number of individuals and any number of steps.
//!
//! The property is shown of every step from any state in which the lemmas hold. The lemmas that this
//! needed are shown of the first state and of every state after a step, and so on with the lemmas
//! that *this* needed, until no new one turns up. *Unsat* means shown; *sat* means that induction
//! fails, which is not yet an attack: nobody has shown that the state before the step is reachable.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::time::Duration;

use countersign_model::domain::Truth as _;
use z3::Model;
use z3::ast::Dynamic;

use crate::solver::{Answer, Budget, Question};
use crate::symbolic::Formula;
use crate::system::{Hypothesis, Inductive};

/// What became of an obligation, or of a whole proof.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It holds, for any number of individuals.
    Proved,
    /// A step breaks it from some state that satisfies the lemmas; whether a run reaches that state,
    /// induction does not say.
    InductionFails {
        /// The action that breaks it; none where it is the first state.
        action: Option<&'static str>,
        /// What breaks: the property or a lemma.
        claim: &'static str,
        /// The parameters and constants of the state and the step.
        countermodel: String,
    },
    /// The solver gave no answer.
    Unknown {
        /// Why.
        reason: String,
    },
}

/// One question that a proof consists of.
#[derive(Clone, Debug)]
pub struct Obligation {
    /// What is shown: the property or a lemma.
    pub claim: &'static str,
    /// The action after which it is shown; none for the first state.
    pub action: Option<&'static str>,
    /// The answer.
    pub verdict: Verdict,
    /// The assumptions and lemmas that the proof needed.
    pub needed: Vec<&'static str>,
    /// How long the solver took.
    pub elapsed: Duration,
}

/// A proof, or the attempt.
#[derive(Clone, Debug)]
pub struct Proof {
    /// The property.
    pub property: &'static str,
    /// Every question asked, in order.
    pub obligations: Vec<Obligation>,
    /// The assumptions and lemmas that no question needed.
    pub unneeded: Vec<&'static str>,
}

impl Proof {
    /// The verdict on the whole: proved only if every obligation is.
    pub fn verdict(&self) -> Verdict {
        let unproved = |obligation: &&Obligation| obligation.verdict != Verdict::Proved;
        let fails = |verdict: &&Verdict| matches!(verdict, Verdict::InductionFails { .. });
        let verdicts = || {
            self.obligations
                .iter()
                .filter(unproved)
                .map(|it| &it.verdict)
        };
        let worst = verdicts().find(fails).or_else(|| verdicts().next());
        match worst {
            Some(verdict) => verdict.clone(),
            None if self.obligations.is_empty() => Verdict::Unknown {
                reason: "nothing was asked".to_owned(),
            },
            None => Verdict::Proved,
        }
    }

    /// How long the solver took for all of it.
    pub fn elapsed(&self) -> Duration {
        self.obligations.iter().map(|it| it.elapsed).sum()
    }
}

/// What is to be shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Claim<L> {
    Property,
    Lemma(L),
}

/// A question of a proof before it is asked; satisfied by what refutes the claim.
pub(crate) struct Pending {
    /// The property or lemma.
    pub(crate) claim: &'static str,
    /// The action after which it is to be shown; none for the first state.
    pub(crate) action: Option<&'static str>,
    /// What may be used.
    pub(crate) hypotheses: Vec<Hypothesis>,
    /// A step that leads to the contrary.
    pub(crate) refuted: Formula,
}

/// Proves the property of `system`, or says which obligation stands in the way.
pub(crate) fn prove<S: Inductive>(system: &S, budget: Budget) -> Proof {
    let mut proof = Proof {
        property: system.property(),
        obligations: Vec::new(),
        unneeded: Vec::new(),
    };
    let mut needed: BTreeSet<&'static str> = BTreeSet::new();
    let mut claimed = BTreeSet::new();
    let mut claims = vec![Claim::Property];
    while let Some(claim) = claims.pop() {
        for pending in pending(system, claim) {
            let obligation = answered(&pending, budget);
            needed.extend(&obligation.needed);
            let fails = matches!(obligation.verdict, Verdict::InductionFails { .. });
            proof.obligations.push(obligation);
            if fails {
                return proof;
            }
        }
        for lemma in S::LEMMAS {
            if needed.contains(S::name(*lemma)) && claimed.insert(*lemma) {
                claims.push(Claim::Lemma(*lemma));
            }
        }
    }
    let assumed = system.assumptions().into_iter().map(|it| it.name);
    let all = assumed.chain(S::LEMMAS.iter().map(|lemma| S::name(*lemma)));
    proof.unneeded = all.filter(|name| !needed.contains(name)).collect();
    proof
}

/// The questions about the property.
pub(crate) fn of_property<S: Inductive>(system: &S) -> Vec<Pending> {
    pending(system, Claim::Property)
}

/// The questions about every lemma, needed or not.
pub(crate) fn of_lemmas<S: Inductive>(system: &S) -> Vec<Pending> {
    let lemmas = S::LEMMAS.iter().map(|lemma| Claim::Lemma(*lemma));
    lemmas.flat_map(|claim| pending(system, claim)).collect()
}

/// The questions about `claim`: the first state, then each action that could break it.
fn pending<S: Inductive>(system: &S, claim: Claim<S::Lemma>) -> Vec<Pending> {
    let mut all = Vec::new();
    let name = match claim {
        Claim::Property => system.property(),
        Claim::Lemma(lemma) => {
            all.push(Pending {
                claim: S::name(lemma),
                action: None,
                hypotheses: system.assumptions(),
                refuted: system.instance(lemma, &system.first()).not(),
            });
            S::name(lemma)
        }
    };
    let before = system.any();
    for step in system.steps(&before, "") {
        let broken = match claim {
            Claim::Property => step.violated,
            Claim::Lemma(lemma) => system.instance(lemma, &step.after).not(),
        };
        let refuted = step.enabled.and(&broken);
        if refuted == Formula::constant(false) {
            // The property is about deliveries and the action makes none.
            continue;
        }
        let lemmas = S::LEMMAS.iter().map(|lemma| Hypothesis {
            name: S::name(*lemma),
            formula: system.lemma(*lemma, &before),
        });
        all.push(Pending {
            claim: name,
            action: Some(step.action),
            hypotheses: system.assumptions().into_iter().chain(lemmas).collect(),
            refuted,
        });
    }
    all
}

fn answered(pending: &Pending, budget: Budget) -> Obligation {
    let question = Question::new(budget);
    for Hypothesis { name, formula } in &pending.hypotheses {
        question.demand_named(name, formula);
    }
    question.demand(&pending.refuted);
    let (answer, elapsed) = question.ask();
    let mut needed = Vec::new();
    let verdict = match answer {
        Answer::Unsat(core) => {
            let names = pending.hypotheses.iter().map(|hypothesis| hypothesis.name);
            needed.extend(names.filter(|name| core.iter().any(|it| it == name)));
            Verdict::Proved
        }
        Answer::Sat(model) => Verdict::InductionFails {
            action: pending.action,
            claim: pending.claim,
            countermodel: constants(&model),
        },
        Answer::Unknown(reason) => Verdict::Unknown { reason },
    };
    Obligation {
        claim: pending.claim,
        action: pending.action,
        verdict,
        needed,
        elapsed,
    }
}

/// The constants of `model`, one to a line, in the order of their names.
fn constants(model: &Model) -> String {
    let mut lines: Vec<String> = Vec::new();
    for constant in model.iter().filter(|it| it.arity() == 0) {
        if let Some(value) = model.eval::<Dynamic>(&constant.apply(&[]), true) {
            lines.push(format!("{} = {value}", constant.name()));
        }
    }
    lines.sort();
    let mut text = String::new();
    for line in lines {
        let _ = writeln!(text, "{line}");
    }
    text
}
