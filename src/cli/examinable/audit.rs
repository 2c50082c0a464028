//! The audit trail, as it is asked about.

use countersign_invariants::audit::{export, prove, search};
use countersign_invariants::induction::Proof;
use countersign_invariants::smtlib::SmtLib;
use countersign_invariants::{Budget, Search};
use countersign_model::audit::Audit;
use countersign_model::audit::attacker::Move;
use countersign_model::audit::promise::InvariantId;
use countersign_model::audit::scope::Scope;
use countersign_model::audit::story::Story;
use countersign_model::audit::system::{State, Trail};
use countersign_model::rulebook::{Ruleset, Weakening};
use countersign_replay::Trace;
use countersign_replay::audit::teller;
use countersign_replay::tell_error::TellError;

use super::{Examinable, Shortest};
use crate::cli::effort::Solving;
use crate::cli::performing::SEED;

impl Examinable for Audit {
    type Promise = InvariantId;
    type Scope = Scope;
    type Searched = Trail;
    type Story = Story;

    const SECTIONS: [&'static str; 3] = ["explored-audit", "proved-audit", "weakened-audit"];
    const FOLDER: &'static str = "audit";
    const PROOF: &'static str = "by induction, for any number of records, checkpoints and agents, and runs of any \
                                 length; a link stands for the records that it was computed over";

    fn widened(scope: Scope, weakening: &'static Weakening<Self>) -> Scope {
        weakening.scope(scope)
    }

    fn bound(scope: &Scope) -> String {
        format!("every run of {scope}")
    }

    fn searched(rules: Ruleset<Self>, scope: &Scope, watched: &[InvariantId]) -> Trail {
        Trail::new(rules, *scope, watched)
    }

    fn violated(searched: &Trail, _: &Scope, state: &State, next: &Move) -> Vec<InvariantId> {
        let step = searched.step(&state.world, next);
        searched.violations(step.event.as_ref()).collect()
    }

    fn story(
        searched: &Trail,
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
        _: &Scope,
        promise: InvariantId,
        solving: Solving,
    ) -> Search<Shortest<Story>> {
        let found = search(rules, promise, solving.steps_max, solving.budget);
        found.told(|run| Shortest {
            steps: run.len(),
            story: None,
        })
    }
}
