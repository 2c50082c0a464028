//! Nothing is proved of nothing: what the proofs take for granted leaves each invariant an occasion.

use countersign_model::handshake::crowd::lemma::LemmaId;
use countersign_model::handshake::promise::{InvariantId, Point};
use countersign_model::rulebook::{Row as _, Ruleset};

use super::Unbounded;
use crate::solver::{Answer, Budget, Question, isolated};
use crate::system::{Inductive as _, System as _};

/// The actions after which the premise of `invariant` can be true, every assumption and lemma given.
fn occasions(invariant: InvariantId) -> Vec<&'static str> {
    let system = Unbounded::new(Ruleset::HARDENED, invariant);
    let before = system.any();
    let mut occasions = Vec::new();
    for step in system.steps(&before, "") {
        let question = Question::new(Budget::default());
        for assumption in system.assumptions() {
            question.demand(&assumption.formula);
        }
        for lemma in LemmaId::ALL {
            question.demand(&system.lemma(*lemma, &before));
        }
        question.demand(&step.enabled);
        question.demand(&step.premise);
        if matches!(question.ask().0, Answer::Sat(_)) {
            occasions.push(step.action);
        }
    }
    occasions
}

#[test]
fn each_invariant_has_an_occasion_at_each_point_where_it_is_promised() {
    for invariant in InvariantId::ALL {
        let occasions = isolated(|| occasions(*invariant));
        for point in invariant.points() {
            let action = match point {
                Point::Answered => "answer",
                Point::Finished => "finish",
                Point::Confirmed => "confirm",
            };
            assert!(
                occasions.contains(&action),
                "{} after {action}: {occasions:?}",
                invariant.name()
            );
        }
    }
}
