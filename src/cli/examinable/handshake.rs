//! The handshake, as it is asked about: so many runs at once, and secrets that are lost.

use std::num::NonZeroUsize;

use countersign_invariants::handshake::{export, prove, search};
use countersign_invariants::induction::Proof;
use countersign_invariants::smtlib::SmtLib;
use countersign_invariants::{Budget, Search};
use countersign_model::dolev_yao::reveal::{Reveal, Reveals};
use countersign_model::dolev_yao::system::{Attacked, Delivery, State};
use countersign_model::explorer::{self, Cutoff, Ending, Limit, System as _};
use countersign_model::handshake::Handshake;
use countersign_model::handshake::attack::{attacked, mark, promised};
use countersign_model::handshake::promise::{InvariantId, Point};
use countersign_model::handshake::story::Story;
use countersign_model::rulebook::{Ruleset, Weakening};
use countersign_replay::Trace;
use countersign_replay::handshake::promised::Promised;
use countersign_replay::handshake::teller;
use countersign_replay::tell_error::TellError;

use super::{Examinable, Shortest};
use crate::cli::effort::Solving;
use crate::cli::performing::SEED;
use crate::cli::words::counted;

/// Runs at once in the search of the hardened rules.
pub(crate) const RUNS: usize = 3;
/// Runs at once in the search for an attack on a weakening.
pub(crate) const RUNS_ATTACKED: usize = 2;

/// How much a search covers.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Casts {
    /// How many runs there are at once.
    pub(crate) runs: usize,
    /// The secrets that the attacker is given.
    pub(crate) reveals: Reveals,
    /// The marks of all that falls with those secrets, whatever the rules, and is not asked about.
    pub(crate) fallen: u64,
}

impl Casts {
    /// So many runs at once, and nothing lost.
    pub(crate) const fn of(runs: usize) -> Self {
        Self {
            runs,
            reveals: Reveals::NONE,
            fallen: 0,
        }
    }

    /// What is asked about a promise.
    fn asked(&self, promise: InvariantId) -> u64 {
        promised(promise) & !self.fallen
    }
}

impl Examinable for Handshake {
    type Promise = InvariantId;
    type Scope = Casts;
    type Searched = Attacked;
    type Story = Story;

    const SECTIONS: [&'static str; 3] = [
        "explored-handshake",
        "proved-handshake",
        "weakened-handshake",
    ];
    const FOLDER: &'static str = "handshake";
    const PARALLEL: bool = false;
    const TRANSITIONS: &'static str = "deliveries";
    const VACUOUS: &'static str = "no run comes where it is promised";
    const PROOF: &'static str = "by induction, for any number of runs, principals and sessions; the attacker's \
                                 knowledge as a formula, held to the search's for two runs";

    fn promised(promise: InvariantId, scope: &Casts) -> String {
        format!("{:<34}  {}", points(promise, scope), promise.promise())
    }

    fn widened(scope: Casts, weakening: &'static Weakening<Self>) -> Casts {
        let all = scope.reveals.iter().chain(weakening.needs.iter());
        Casts {
            reveals: all.collect(),
            ..scope
        }
    }

    fn settled(scope: Casts, cutoff: &Cutoff) -> Result<Casts, Limit> {
        if scope.reveals == Reveals::NONE {
            return Ok(scope);
        }
        let system = attacked(Ruleset::HARDENED, scope.runs, scope.reveals, 0);
        let report = explorer::explore(&system, NonZeroUsize::MIN, cutoff);
        match report.ending {
            Ending::Cut(limit) => Err(limit),
            // Nothing is watched, and there is always somebody to take part.
            Ending::Exhausted | Ending::Broken(_) | Ending::Empty => Ok(Casts {
                fallen: report.violated,
                ..scope
            }),
        }
    }

    fn bound(scope: &Casts) -> String {
        let casts = attacked(Ruleset::HARDENED, scope.runs, scope.reveals, 0).scenarios();
        let lost: Vec<&str> = scope.reveals.iter().map(Reveal::name).collect();
        let lost = if lost.is_empty() {
            "nothing lost".to_owned()
        } else {
            format!("lost: {}", lost.join(", "))
        };
        format!(
            "handshake, every one of {} of alice, bob and the attacker, {} at once, {lost}",
            counted(casts as u64, "cast"),
            counted(scope.runs as u64, "run"),
        )
    }

    fn searched(rules: Ruleset<Self>, scope: &Casts, watched: &[InvariantId]) -> Attacked {
        let marks = watched.iter().fold(0, |all, id| all | scope.asked(*id));
        attacked(rules, scope.runs, scope.reveals, marks)
    }

    fn marks(scope: &Casts, _: usize, promise: InvariantId) -> u64 {
        scope.asked(promise)
    }

    fn violated(
        searched: &Attacked,
        scope: &Casts,
        state: &State,
        next: &Delivery,
    ) -> Vec<InvariantId> {
        let violated = searched.take(state, next).map_or(0, |it| it.violated);
        let broken = |id: &&InvariantId| scope.asked(**id) & violated != 0;
        InvariantId::ALL.iter().filter(broken).copied().collect()
    }

    fn story(
        searched: &Attacked,
        rules: Ruleset<Self>,
        _: &Casts,
        path: &[(State, Option<Delivery>)],
    ) -> Story {
        Story::of_path(searched, rules, path)
    }

    fn told(
        story: &Story,
        scope: &Casts,
        weakenings: &[&str],
        promise: InvariantId,
        lesson: &str,
    ) -> Result<Trace<Self>, TellError> {
        let watched = Promised::of_marks(scope.asked(promise));
        teller::tell(story, weakenings, &watched, lesson, SEED)
    }

    fn prove(rules: Ruleset<Self>, promise: InvariantId, budget: Budget) -> Proof {
        prove(rules, promise, budget)
    }

    fn export(rules: Ruleset<Self>, promise: InvariantId) -> Vec<SmtLib> {
        export(rules, promise)
    }

    fn solved(
        rules: Ruleset<Self>,
        scope: &Casts,
        promise: InvariantId,
        solving: Solving,
    ) -> Search<Shortest<Story>> {
        let (steps_max, budget) = (solving.steps_max, solving.budget);
        let found = search(rules, scope.reveals, promise, steps_max, budget);
        found.told(|story| Shortest {
            steps: story.deliveries.len(),
            story: Some(*story),
        })
    }
}

/// Where a promise is asked about, in words.
fn points(promise: InvariantId, scope: &Casts) -> String {
    let asked = |point: &&Point| scope.asked(promise) & mark(**point, promise) != 0;
    let points: Vec<&Point> = promise.points().iter().filter(asked).collect();
    if points.len() == Point::ALL.len() {
        return "from the answer on".to_owned();
    }
    let names: Vec<&str> = points.iter().map(|point| point.name()).collect();
    format!("when {}", names.join(" and "))
}
