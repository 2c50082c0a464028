//! The session, as it is asked about.

use countersign_invariants::Budget;
use countersign_invariants::induction::Proof;
use countersign_invariants::session::{Search, export, prove, search};
use countersign_invariants::smtlib::SmtLib;
use countersign_model::rulebook::{Book, Row as _, Ruleset, Weakening};
use countersign_model::session::Session;
use countersign_model::session::guard::GuardId;
use countersign_model::session::promise::InvariantId;
use countersign_model::session::scope::Scope;
use countersign_model::session::story::Story;
use countersign_model::session::system::Exchange;
use countersign_replay::Trace;
use countersign_replay::session::teller;
use countersign_replay::teller::TellError;

use super::{Entry, Examinable, Path, Solved};
use crate::cli::effort::Solving;
use crate::cli::performing::SEED;

impl Examinable for Session {
    type Rules = Ruleset<Self>;
    type Weakening = Weakening<Self>;
    type Promise = InvariantId;
    type Scope = Scope;
    type Searched = Exchange;
    type Story = Story;

    const HARDENED: Ruleset<Self> = Ruleset::HARDENED;
    const WEAKENINGS: &'static [Weakening<Self>] = <Self as Book>::WEAKENINGS;
    const PROMISES: &'static [InvariantId] = InvariantId::ALL;
    const SECTIONS: [&'static str; 3] = ["explored-session", "proved-session", "weakened-session"];
    const FOLDER: &'static str = "session";
    const PARALLEL: bool = true;
    const TRANSITIONS: &'static str = "transitions";
    const VACUOUS: &'static str = "no reachable record satisfies its premise";
    const PROOF: &'static str = "by induction, for any number of sessions, peers, records and epochs, under \
                                 any limits, and runs of any length";

    fn guards() -> Vec<&'static str> {
        GuardId::ALL.iter().map(|guard| guard.name()).collect()
    }

    fn entry(weakening: &'static Weakening<Self>) -> Entry<InvariantId> {
        Entry::of(weakening)
    }

    fn weakened(rules: Ruleset<Self>, weakening: &'static Weakening<Self>) -> Ruleset<Self> {
        rules.dangerously_with(weakening)
    }

    fn name(promise: InvariantId) -> &'static str {
        promise.name()
    }

    fn sentence(promise: InvariantId) -> &'static str {
        promise.promise()
    }

    fn widened(scope: Scope, weakening: &'static Weakening<Self>) -> Scope {
        weakening.scope(scope)
    }

    fn bound(scope: &Scope) -> String {
        format!("every run of {scope}")
    }

    fn searched(rules: Ruleset<Self>, scope: &Scope, watched: &[InvariantId]) -> Exchange {
        Exchange::new(rules, *scope, watched)
    }

    fn marks(_: &Scope, place: usize, _: InvariantId) -> u64 {
        1 << place
    }

    fn violated(
        searched: &Exchange,
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
        let violations = searched.violations(step.event.as_ref());
        violations.filter(|id| watched.contains(id)).collect()
    }

    fn story(searched: &Exchange, _: Ruleset<Self>, scope: &Scope, path: &Path<Self>) -> Story {
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
    ) -> Solved<Story> {
        match search(rules, scope, promise, solving.steps_max, solving.budget) {
            Search::Found(run) => Solved::Found {
                steps: run.len(),
                story: None,
            },
            Search::NoneUpTo(steps) => Solved::NoneUpTo(steps),
            Search::Unknown { at, reason } => Solved::Unknown { at, reason },
        }
    }
}
