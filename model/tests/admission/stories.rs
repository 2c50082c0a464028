//! Stories: a run of the search, told again in the replay's domain, ends as it did.

use std::num::NonZeroUsize;

use countersign_model::admission::Admission;
use countersign_model::admission::attacker::Move;
use countersign_model::admission::invariant::{Invariant, InvariantId};
use countersign_model::admission::scope::Scope;
use countersign_model::admission::state::State;
use countersign_model::admission::step::Delivery;
use countersign_model::admission::story::Story;
use countersign_model::admission::system::Reception;
use countersign_model::admission::world::Setting;
use countersign_model::domain::Universe;
use countersign_model::explorer::{Cutoff, Ending, System as _, explore};
use countersign_model::rulebook::{Book as _, Ruleset};
use proptest::prelude::*;

use crate::walk::moves;

/// Tells `path` again, and compares every step with the search's own.
fn retell(admission: &Reception, scope: &Scope, path: &[(State, Option<Move>)]) {
    let story = Story::of_path(admission, scope, path);
    let told = path
        .iter()
        .filter_map(|(state, next)| next.map(|next| (state, next)));
    assert_eq!(story.actions.len(), told.clone().count());
    let mut world = story.first();
    for ((state, next), action) in told.zip(&story.actions) {
        let searched = admission.step(&state.world, &next);
        let replayed = world.step(admission.rules(), &story.setting, action);
        assert_eq!(replayed.enabled, searched.enabled, "{action:?}");
        for (one, other) in searched.deliveries.iter().zip(&replayed.deliveries) {
            let told = one
                .as_ref()
                .map(|event| verdict(admission.setting(), event));
            let retold = other.as_ref().map(|event| verdict(&story.setting, event));
            assert_eq!(retold, told, "{action:?}");
        }
        assert_eq!(replayed.after.now, u64::from(searched.after.now));
        world = replayed.after;
    }
}

/// What a delivery came to, and which invariants it violated.
fn verdict<U: Universe<Bool = bool>>(
    setting: &Setting<U>,
    event: &Delivery<U>,
) -> (bool, bool, bool, Vec<InvariantId>) {
    let rows = Invariant::<U>::TABLE.iter();
    let violated = rows
        .filter(|row| row.violated(setting, event))
        .map(|row| row.id);
    (
        event.admitted,
        event.changed,
        event.remembered,
        violated.collect(),
    )
}

#[test]
fn the_story_of_every_counterexample_ends_as_the_search_did() {
    for weakening in Admission::WEAKENINGS {
        let scope = weakening.scope(Scope::default());
        let rules = Ruleset::HARDENED.dangerously_with(weakening);
        let admission = Reception::new(rules, scope, &[weakening.breaks]);
        let report = explore(&admission, NonZeroUsize::MIN, &Cutoff::default());
        let Ending::Broken(path) = report.ending else {
            panic!("{}: {:?}", weakening.name, report.ending);
        };
        retell(&admission, &scope, &path);
    }
}

/// The run that takes, in each state, the move that a number chooses.
fn run(admission: &Reception, choices: &[prop::sample::Index]) -> Vec<(State, Option<Move>)> {
    let mut path = Vec::new();
    let mut state = admission.first().swap_remove(0);
    for choice in choices {
        let next = *choice.get(&moves(admission, &state));
        path.push((state, Some(next)));
        // A refused message is part of the story, and leaves the state as it is.
        let outcome = admission.take(&state, &next);
        state = outcome.and_then(|outcome| outcome.state).unwrap_or(state);
    }
    path.push((state, None));
    path
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn the_story_of_any_run_ends_as_the_run_did(
        weakening in prop::sample::select(Admission::WEAKENINGS.iter().collect::<Vec<_>>()),
        choices in prop::collection::vec(any::<prop::sample::Index>(), 1..16),
    ) {
        // The search's clock yields four nonces, the replay's one for each instant.
        let clock = if weakening.name == "nonce-from-clock" { 3 } else { 6 };
        let scope = weakening.scope(Scope { clock, faults: 3, ..Scope::default() });
        let rules = Ruleset::HARDENED.dangerously_with(weakening);
        let admission = Reception::new(rules, scope, InvariantId::ALL);
        retell(&admission, &scope, &run(&admission, &choices));
    }
}
