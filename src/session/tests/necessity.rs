//! Every weakening's shortest attack works on real code with that weakness, and not on hardened code.

use std::num::NonZeroUsize;

use countersign_model::explorer::{Cutoff, Ending, explore};
use countersign_model::rulebook::{Book as _, Weakening};
use countersign_model::session as model;
use countersign_model::session::attacker::Move;
use countersign_model::session::invariant::InvariantId;
use countersign_model::session::scope::Scope;
use countersign_model::session::system::{Exchange, State};
use countersign_model::session::weakening::Mechanism;

use super::conformance::expected;
use super::fixture::{secret, session_id};
use super::stage::{Performed, Stage};
use crate::flawed::FlawedEnd;
use crate::session::mechanism::{Hardened, Mechanisms};

type Path = Vec<(State, Move)>;

fn attack(weakening: &Weakening<model::Session>, scope: Scope) -> (Exchange, Path) {
    let exchange = Exchange::new(weakening.rules(), scope, &[weakening.breaks]);
    let report = explore(&exchange, NonZeroUsize::MIN, &Cutoff::default());
    let Ending::Broken(path) = report.ending else {
        panic!("{}: {:?}", weakening.name, report.ending);
    };
    let steps = path.into_iter();
    let steps = steps.filter_map(|(state, next)| next.map(|next| (state, next)));
    (exchange, steps.collect())
}

/// What comes of each step, and whether two records share key and nonce in the end.
fn performed<M: Mechanisms>(mut stage: Stage<M>, path: &Path) -> (Vec<Performed>, bool) {
    let each = path
        .iter()
        .map(|(state, next)| stage.perform(&state.world, next));
    let found = each.collect();
    (found, stage.repeated() > 0)
}

#[test]
fn every_attack_works_on_weakened_code_and_fails_on_hardened_code() {
    for weakening in model::Session::WEAKENINGS {
        let scope = weakening.scope(Scope::default());
        let (exchange, path) = attack(weakening, scope);
        let told: Vec<Performed> = path
            .iter()
            .map(|(state, next)| expected(&exchange, &state.world, next).map_err(Some))
            .collect();
        let flawed = |number, role| {
            // Sessions 0 and 2 are of one pair of principals.
            let of_pair = weakening.rules().has(Mechanism::OneKeyForAllSessions);
            let secret = secret(if of_pair { number % 2 } else { number });
            let width = scope.width.into();
            FlawedEnd::new(weakening.rules(), secret, session_id(number), role, width)
        };
        let repeats = weakening.breaks == InvariantId::Unique;
        let found = performed(Stage::new(&scope, flawed), &path);
        assert_eq!(found.0, told, "{}", weakening.name);
        assert!(!repeats || found.1, "{}", weakening.name);
        let hardened = performed(Stage::new(&scope, |_, _| Hardened), &path);
        assert_ne!(
            (&hardened.0, repeats && hardened.1),
            (&told, repeats),
            "{}",
            weakening.name
        );
    }
}
