//! The bus, as it is asked about.

use countersign_invariants::bus::{export, prove, search};
use countersign_invariants::induction::Proof;
use countersign_invariants::smtlib::SmtLib;
use countersign_invariants::{Budget, Search};
use countersign_model::bus::Bus;
use countersign_model::bus::attacker::Move;
use countersign_model::bus::promise::InvariantId;
use countersign_model::bus::scope::Scope;
use countersign_model::bus::story::Story;
use countersign_model::bus::system::{Office, State};
use countersign_model::rulebook::{Ruleset, Weakening};
use countersign_replay::Trace;
use countersign_replay::bus::teller;
use countersign_replay::tell_error::TellError;

use super::{Examinable, Shortest};
use crate::cli::effort::Solving;
use crate::cli::performing::SEED;

impl Examinable for Bus {
    type Promise = InvariantId;
    type Scope = Scope;
    type Searched = Office;
    type Story = Story;

    const SECTIONS: [&'static str; 3] = ["explored-bus", "proved-bus", "weakened-bus"];
    const FOLDER: &'static str = "bus";
    const PROOF: &'static str = "by induction, for any number of agents, rules and messages, any limits, and runs of any \
                                 length";

    fn widened(scope: Scope, weakening: &'static Weakening<Self>) -> Scope {
        weakening.scope(scope)
    }

    fn bound(scope: &Scope) -> String {
        format!("every run of {scope}")
    }

    fn searched(rules: Ruleset<Self>, scope: &Scope, watched: &[InvariantId]) -> Office {
        Office::new(rules, *scope, watched)
    }

    fn violated(searched: &Office, _: &Scope, state: &State, next: &Move) -> Vec<InvariantId> {
        let before = Office::before(&state.world, next);
        let step = searched.step(&state.world, next);
        searched.violations(&before, &step).collect()
    }

    fn story(
        searched: &Office,
        _: Ruleset<Self>,
        scope: &Scope,
        path: &[(State, Option<Move>)],
    ) -> Story {
        Story::of_path(searched, scope, path)
    }

    fn told(
        story: &Story,
        _: &Scope,
        weakenings: &[&str],
        promise: InvariantId,
        lesson: &str,
    ) -> Result<Trace<Self>, TellError> {
        teller::tell(story, weakenings, Some(promise), lesson, SEED)
    }

    fn prove(rules: Ruleset<Self>, promise: InvariantId, budget: Budget) -> Proof {
        prove(rules, promise, budget)
    }

    fn export(rules: Ruleset<Self>, promise: InvariantId) -> Vec<SmtLib> {
        export(rules, promise)
    }

    fn solved(
        rules: Ruleset<Self>,
        scope: &Scope,
        promise: InvariantId,
        solving: Solving,
    ) -> Search<Shortest<Story>> {
        let found = search(rules, scope, promise, solving.steps_max, solving.budget);
        found.told(|run| Shortest {
            steps: run.len(),
            story: None,
        })
    }
}
