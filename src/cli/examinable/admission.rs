//! Envelope admission, as it is asked about.

use countersign_invariants::Budget;
use countersign_invariants::admission::{Search, export, prove, search};
use countersign_invariants::induction::Proof;
use countersign_invariants::smtlib::SmtLib;
use countersign_model::admission::guard::GuardId;
use countersign_model::admission::invariant::InvariantId;
use countersign_model::admission::scope::Scope;
use countersign_model::admission::story::Story;
use countersign_model::admission::system;
use countersign_model::admission::weakening::{Change, Ruleset, Weakening};
use countersign_replay::Trace;
use countersign_replay::action::Action;
use countersign_replay::admission::Admission;
use countersign_replay::teller::TellError;

use super::{Entry, Examinable, Path, Solved};
use crate::cli::effort::Solving;
use crate::cli::performing::SEED;

impl Examinable for Admission {
    type Rules = Ruleset;
    type Weakening = Weakening;
    type Promise = InvariantId;
    type Scope = Scope;
    type Searched = system::Admission;
    type Story = Story;

    const HARDENED: Ruleset = Ruleset::HARDENED;
    const WEAKENINGS: &'static [Weakening] = Weakening::TABLE;
    const PROMISES: &'static [InvariantId] = InvariantId::ALL;
    const SECTIONS: [&'static str; 3] = ["explored", "proved", "weakened"];
    const FOLDER: &'static str = "";
    const PARALLEL: bool = true;
    const TRANSITIONS: &'static str = "transitions";
    const VACUOUS: &'static str = "no reachable delivery satisfies its premise";
    const PROOF: &'static str = "by induction, for any number of agents, messages, nonces and keys, \
                                 and runs of any length";

    fn guards() -> Vec<&'static str> {
        GuardId::ALL.iter().map(|guard| guard.name()).collect()
    }

    fn entry(weakening: &'static Weakening) -> Entry<InvariantId> {
        Entry {
            name: weakening.name,
            guard: match weakening.change {
                Change::Without(guard) => Some(guard.name()),
                Change::With(..) => None,
            },
            breaks: weakening.breaks,
            needs: Vec::new(),
            flaws: weakening.flaws,
            lesson: weakening.lesson,
        }
    }

    fn weakened(rules: Ruleset, weakening: &'static Weakening) -> Ruleset {
        rules.dangerously_with(weakening)
    }

    fn name(promise: InvariantId) -> &'static str {
        promise.name()
    }

    fn sentence(promise: InvariantId) -> &'static str {
        promise.promise()
    }

    fn widened(scope: Scope, weakening: &'static Weakening) -> Scope {
        weakening.scope(scope)
    }

    fn bound(scope: &Scope) -> String {
        format!("every run of {scope}")
    }

    fn searched(rules: Ruleset, scope: &Scope, watched: &[InvariantId]) -> system::Admission {
        system::Admission::new(rules, *scope, watched)
    }

    fn marks(_: &Scope, place: usize, _: InvariantId) -> u64 {
        1 << place
    }

    fn violated(
        searched: &system::Admission,
        _: &Scope,
        watched: &[InvariantId],
        path: &Path<Self>,
    ) -> Vec<InvariantId> {
        let mut moves = path.iter().rev();
        let last = moves.find_map(|(state, next)| next.as_ref().map(|next| (state, next)));
        let Some((state, next)) = last else {
            return Vec::new();
        };
        let step = searched.step(&state.world, next);
        let violations = searched.violations(&step.deliveries);
        violations.filter(|id| watched.contains(id)).collect()
    }

    fn story(searched: &system::Admission, _: Ruleset, scope: &Scope, path: &Path<Self>) -> Story {
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

    fn prove(rules: Ruleset, promise: InvariantId, budget: Budget) -> Proof {
        prove(rules, promise, budget)
    }

    fn export(rules: Ruleset, promise: InvariantId) -> Vec<SmtLib> {
        export(rules, promise)
    }

    fn solved(
        rules: Ruleset,
        scope: &Scope,
        promise: InvariantId,
        solving: Solving,
    ) -> Solved<Story> {
        match search(rules, scope, promise, solving.steps_max, solving.budget) {
            Search::Found(story) => Solved::Found {
                steps: story.actions.len(),
                story: Some(*story),
            },
            Search::NoneUpTo(steps) => Solved::NoneUpTo(steps),
            Search::Unknown { at, reason } => Solved::Unknown { at, reason },
        }
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
