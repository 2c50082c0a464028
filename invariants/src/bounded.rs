//! Bounded search from the first state: the shortest run that violates the property.
//!
//! Runs of one step, of two, of three: each is one question, and each step may be any action with
//! any parameters. *Sat* is a run; *unsat* means that no run of this length ends in a violation.
//! A search that stops says how far it came, never more.

use countersign_model::domain::Truth as _;
use z3::Model;
use z3::ast::Bool;

use crate::search::Search;
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

/// Searches for the shortest run of `system` that ends so, up to `steps_max` steps: the names of its
/// actions, and the values of all their parameters.
pub(crate) fn search<S: Bounded>(
    system: &S,
    ending: Ending,
    steps_max: usize,
    budget: Budget,
) -> Search<(Vec<&'static str>, Box<Model>)> {
    let question = Question::new(budget);
    for assumption in system.assumptions() {
        question.demand(&assumption.formula);
    }
    let mut state = system.first();
    for step in 0..steps_max {
        let at = end(step);
        question.demand(&system.parameters(&at));
        let steps = system.steps(&state, &at);
        let names: Vec<&str> = steps.iter().map(|step| step.action).collect();
        let choices: Vec<Formula> = names.iter().map(|action| chosen(action, &at)).collect();
        question.demand(&exactly_one(&choices));
        let mut ends = Formula::constant(false);
        for (step, chosen) in steps.into_iter().zip(&choices) {
            question.demand(&chosen.implies(&step.enabled));
            let good = match ending {
                Ending::Violation => step.violated,
                Ending::Premise => step.premise,
            };
            ends = ends.or(&chosen.and(&good));
            // Where none is chosen nothing changes; but one is.
            state = S::choose(chosen, &step.after, &state);
        }
        match question.ask_with(&ends).0 {
            Answer::Sat(model) => {
                question.demand(&ends);
                let model = plainest(system, &question, step + 1, model);
                let actions = (0..=step).filter_map(|step| taken(&model, &names, step));
                return Search::Found((actions.collect(), Box::new(model)));
            }
            Answer::Unsat(_) => question.demand(&ends.not()),
            Answer::Unknown(reason) => {
                let at = step + 1;
                return Search::Unknown { at, reason };
            }
        }
    }
    Search::NoneUpTo(steps_max)
}

/// Of the runs that satisfy `question`, one that does without whatever a reader would wonder about.
fn plainest<S: Bounded>(system: &S, question: &Question, steps: usize, model: Model) -> Model {
    let mut plainest = model;
    for wish in (0..steps).flat_map(|step| system.wishes(&end(step))) {
        if truth(&plainest, &wish) {
            question.demand(&wish);
        } else if let Answer::Sat(plainer) = question.ask_with(&wish).0 {
            question.demand(&wish);
            plainest = plainer;
        }
    }
    plainest
}

/// The end of the names of the parameters of a step.
pub(crate) fn end(step: usize) -> String {
    format!("@{step}")
}

/// Whether the step `at` takes `action`.
pub(crate) fn chosen(action: &str, at: &str) -> Formula {
    Formula::named(&format!("{action}{at}"))
}

fn exactly_one(choices: &[Formula]) -> Formula {
    let each: Vec<(&Bool, i32)> = choices.iter().map(|it| (&it.0, 1)).collect();
    Formula(Bool::pb_eq(&each, 1))
}

/// The action that `model` takes in `step`.
fn taken(model: &Model, names: &[&'static str], step: usize) -> Option<&'static str> {
    let is_taken = |name: &&&str| truth(model, &chosen(name, &end(step)));
    names.iter().find(is_taken).copied()
}

fn truth(model: &Model, formula: &Formula) -> bool {
    let value = model.eval(&formula.0, true);
    value.and_then(|value| value.as_bool()).unwrap_or_default()
}
