//! The session, as it is asked about.

use countersign_invariants::induction::Proof;
use countersign_invariants::session::{export, prove, search};
use countersign_invariants::smtlib::SmtLib;
use countersign_invariants::{Budget, Search};
use countersign_model::rulebook::{Ruleset, Weakening};
use countersign_model::session::Session;
use countersign_model::session::attacker::Move;
use countersign_model::session::promise::InvariantId;
use countersign_model::session::scope::Scope;
use countersign_model::session::story::Story;
use countersign_model::session::system::{Exchange, State};
use countersign_replay::Trace;
use countersign_replay::session::teller;
use countersign_replay::tell_error::TellError;

use super::{Examinable, Shortest};
use crate::cli::effort::Solving;
use crate::cli::performing::SEED;

impl Examinable for Session {
    type Promise = InvariantId;
    type Scope = Scope;
    type Searched = Exchange;
    type Story = Story;

    const SECTIONS: [&'static str; 3] = ["explored-session", "proved-session", "weakened-session"];
    const FOLDER: &'static str = "session";
    const VACUOUS: &'static str = "no reachable record satisfies its premise";
    const PROOF: &'static str = "by induction, for any number of sessions, peers, records and epochs, under \
                                 any limits, and runs of any length";

    fn widened(scope: Scope, weakening: &'static Weakening<Self>) -> Scope {
        weakening.scope(scope)
    }

    fn bound(scope: &Scope) -> String {
        format!("every run of {scope}")
    }

    fn searched(rules: Ruleset<Self>, scope: &Scope, watched: &[InvariantId]) -> Exchange {
        Exchange::new(rules, *scope, watched)
    }

    fn violated(searched: &Exchange, _: &Scope, state: &State, next: &Move) -> Vec<InvariantId> {
        let step = searched.step(&state.world, next);
        searched.violations(step.event.as_ref()).collect()
    }

    fn story(
        searched: &Exchange,
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
        found.told(|story| Shortest {
            steps: story.actions.len(),
            story: Some(*story),
        })
    }
}
