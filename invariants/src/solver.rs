//! Asking Z3: one question, one budget, one answer.
//!
//! The only place of this package that looks at a clock, to say how long an answer took.

use std::time::{Duration, Instant};

use z3::ast::{Ast as _, Bool};
use z3::{Config, Model, Params, SatResult, Solver};

use crate::symbolic::Formula;

/// How much one question may cost. Whoever runs out of it learns nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Budget {
    /// Milliseconds for each question.
    pub time_ms: u32,
    /// Z3's own unit of work for each question, the same on every machine; unbounded if absent.
    pub work: Option<u32>,
}

impl Default for Budget {
    /// Ten seconds for each question, whatever its work.
    fn default() -> Self {
        Self {
            time_ms: 10_000,
            work: None,
        }
    }
}

/// What Z3 made of a question.
pub(crate) enum Answer {
    /// Nothing satisfies it; these of the named formulas were needed to see that.
    Unsat(Vec<String>),
    /// This satisfies it.
    Sat(Model),
    /// No answer, and why.
    Unknown(String),
}

/// A question being put together.
pub(crate) struct Question {
    solver: Solver,
}

impl Question {
    /// A question that nothing has been said about.
    pub(crate) fn new(budget: Budget) -> Self {
        let solver = Solver::new();
        let mut parameters = Params::new();
        parameters.set_u32("timeout", budget.time_ms.max(1));
        if let Some(work) = budget.work {
            parameters.set_u32("rlimit", work.max(1));
        }
        parameters.set_bool("core.minimize", true);
        solver.set_params(&parameters);
        Self { solver }
    }

    /// Demands `formula`.
    pub(crate) fn demand(&self, formula: &Formula) {
        self.solver.assert(&formula.0);
    }

    /// Demands `formula`, and learns by `name` whether it was needed.
    pub(crate) fn demand_named(&self, name: &str, formula: &Formula) {
        self.solver
            .assert_and_track(formula.0.clone(), &Bool::new_const(name));
    }

    /// Whether the question can be satisfied together with `formula`, which is then forgotten, and how
    /// long the answer took.
    pub(crate) fn ask_with(&self, formula: &Formula) -> (Answer, Duration) {
        self.solver.push();
        self.demand(formula);
        let answered = self.ask();
        self.solver.pop(1);
        answered
    }

    /// Whether the question can be satisfied, and how long the answer took.
    pub(crate) fn ask(&self) -> (Answer, Duration) {
        let begun = Instant::now();
        let result = self.solver.check();
        let elapsed = begun.elapsed();
        let answer = match result {
            SatResult::Unsat => {
                let core = self.solver.get_unsat_core();
                Answer::Unsat(core.iter().map(|name| name.decl().name()).collect())
            }
            SatResult::Sat => match self.solver.get_model() {
                Some(model) => Answer::Sat(model),
                None => Answer::Unknown("satisfiable, but without a model".to_owned()),
            },
            SatResult::Unknown => Answer::Unknown(self.reason()),
        };
        (answer, elapsed)
    }

    fn reason(&self) -> String {
        self.solver
            .get_reason_unknown()
            .unwrap_or_else(|| "no reason given".to_owned())
    }

    /// The question as SMT-LIB 2.
    pub(crate) fn text(&self) -> String {
        self.solver.to_smt2()
    }
}

/// Runs `work` in a Z3 context of its own, so that its result depends on nothing that ran before.
pub(crate) fn isolated<R: Send + Sync>(work: impl FnOnce() -> R + Send + Sync) -> R {
    z3::with_z3_config(&Config::new(), work)
}
