//! Bounded search from the first state: the shortest run that violates the property.
//!
//! Runs of one step, of two, of three: each is one question, and each step may be any action with
//! any parameters. *Sat* is a run; *unsat* means that no run of this length ends in a violation.
//! A search that stops says how far it came, never more.

use countersign_model::domain::Truth as _;
use z3::Model;
use z3::ast::Bool;

use crate::solver::{Answer, Budget, Question};
use crate::symbolic::{Formula, Term as _};
use crate::system::Bounded;

/// What a run must end in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Ending {
    /// A step that violates the property.
    Violation,
    /// A step that satisfies the property's premise.
    Premise,
}

/// What a search came to.
pub(crate) enum Found {
    /// A run: the actions, by their places, and the values of all their parameters.
    Run(Vec<usize>, Box<Model>),
    /// No run of up to so many steps.
    NoneUpTo(usize),
    /// No answer for runs of so many steps, and why.
    Unknown(usize, String),
}

/// Searches for the shortest run of `system` that ends so, up to `steps_max` steps.
pub(crate) fn search<S: Bounded>(
    system: &S,
    ending: Ending,
    steps_max: usize,
    budget: Budget,
) -> Found {
    let question = Question::new(budget);
    for assumption in system.assumptions() {
        question.demand(&assumption.formula);
    }
    let mut state = system.first();
    for step in 0..steps_max {
        let at = format!("@{step}");
        let chosen: Vec<Formula> = S::ACTIONS
            .iter()
            .map(|action| Formula::named(&format!("{action}{at}")))
            .collect();
        question.demand(&system.parameters(&at));
        question.demand(&exactly_one(&chosen));
        let mut after: Option<S::State> = None;
        let mut ends = Formula::constant(false);
        for (place, chosen) in chosen.iter().enumerate() {
            let Some(taken) = system.take(&state, place, &at) else {
                continue;
            };
            question.demand(&chosen.implies(&taken.enabled));
            let good = match ending {
                Ending::Violation => taken.violated,
                Ending::Premise => taken.premise,
            };
            ends = ends.or(&chosen.and(&good));
            after = Some(match after {
                Some(others) => S::choose(chosen, &taken.after, &others),
                None => taken.after,
            });
        }
        match question.ask_with(&ends).0 {
            Answer::Sat(model) => {
                return Found::Run(actions::<S>(&model, step + 1), Box::new(model));
            }
            Answer::Unsat(_) => question.demand(&ends.not()),
            Answer::Unknown(reason) => return Found::Unknown(step + 1, reason),
        }
        let Some(after) = after else { break };
        state = after;
    }
    Found::NoneUpTo(steps_max)
}

fn exactly_one(chosen: &[Formula]) -> Formula {
    let each: Vec<(&Bool, i32)> = chosen.iter().map(|it| (&it.0, 1)).collect();
    Formula(Bool::pb_eq(&each, 1))
}

/// The actions that `model` chose, by their places.
fn actions<S: Bounded>(model: &Model, steps: usize) -> Vec<usize> {
    let chosen = |step: usize| {
        S::ACTIONS.iter().position(|action| {
            let chosen = Formula::named(&format!("{action}@{step}"));
            model.eval(&chosen.0, true).and_then(|it| it.as_bool()) == Some(true)
        })
    };
    (0..steps).filter_map(chosen).collect()
}
