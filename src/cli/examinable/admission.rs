//! Envelope admission, as it is asked about.

use countersign_invariants::admission::{export, prove, search};
use countersign_invariants::induction::Proof;
use countersign_invariants::smtlib::SmtLib;
use countersign_invariants::{Budget, Search};
use countersign_model::admission::Admission;
use countersign_model::admission::attacker::Move;
use countersign_model::admission::invariant::InvariantId;
use countersign_model::admission::scope::Scope;
use countersign_model::admission::state::State;
use countersign_model::admission::story::Story;
use countersign_model::admission::system::Reception;
use countersign_model::rulebook::{Ruleset, Weakening};
use countersign_replay::Trace;
use countersign_replay::admission::action::Action;
use countersign_replay::tell_error::TellError;

use super::{Examinable, Shortest};
use crate::cli::effort::Solving;
use crate::cli::performing::SEED;

impl Examinable for Admission {
    type Promise = InvariantId;
    type Scope = Scope;
    type Searched = Reception;
    type Story = Story;

    const SECTIONS: [&'static str; 3] = ["explored", "proved", "weakened"];
    const FOLDER: &'static str = "";
    const VACUOUS: &'static str = "no reachable delivery satisfies its premise";
    const PROOF: &'static str = "by induction, for any number of agents, messages, nonces and keys, \
                                 and runs of any length";

    fn widened(scope: Scope, weakening: &'static Weakening<Self>) -> Scope {
        weakening.scope(scope)
    }

    fn bound(scope: &Scope) -> String {
        format!("every run of {scope}")
    }

    fn searched(rules: Ruleset<Self>, scope: &Scope, watched: &[InvariantId]) -> Reception {
        Reception::new(rules, *scope, watched)
    }

    fn violated(searched: &Reception, _: &Scope, state: &State, next: &Move) -> Vec<InvariantId> {
        let step = searched.step(&state.world, next);
        searched.violations(&step.deliveries).collect()
    }

    fn story(
        searched: &Reception,
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
    ) -> Result<Trace, TellError> {
        let trace = Trace::tell(story, weakenings, Some(promise), lesson, SEED)?;
        Ok(plainest(trace, promise))
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

/// The same attack without copies that it does not need.
fn plainest(trace: Trace, promise: InvariantId) -> Trace {
    let mut plainest = trace;
    for at in 0..plainest.steps.len() {
        let mut plainer = plainest.clone();
        if let Some(step) = plainer.steps.get_mut(at)
            && let Action::Inject { copies, .. } | Action::Deliver { copies, .. } = &mut step.action
            && *copies > 1
        {
            *copies = 1;
            if let Ok(plainer) = plainer.foretell(Some(promise)) {
                plainest = plainer;
            }
        }
    }
    plainest
}
