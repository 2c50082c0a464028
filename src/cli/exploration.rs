//! The search, asked about several invariants at once.
//!
//! One search watches all of them. Breadth first, the first that breaks does so in as few steps as
//! it can; it is noted, and the search begins anew without it, until what is left holds or is cut.

use std::num::NonZeroUsize;
use std::time::Duration;

use countersign_model::admission::Admission;
use countersign_model::admission::attacker::Move;
use countersign_model::admission::invariant::InvariantId;
use countersign_model::admission::scope::Scope;
use countersign_model::admission::story::Story;
use countersign_model::admission::system::{Reception, State};
use countersign_model::explorer::{self, Cutoff, Ending, Limit};
use countersign_model::rulebook::{Row as _, Ruleset};

use super::ambient::Stopwatch;
use super::finding::{Finding, Searched, Standing};
use super::status::Status;
use super::words::{counted, grouped, seconds};

/// What became of each invariant.
pub(crate) struct Exploration {
    /// The broken ones, each with a shortest run.
    pub(crate) broken: Vec<(InvariantId, Story)>,
    /// The others, each with whether its premise was ever satisfied.
    pub(crate) unbroken: Vec<(InvariantId, bool)>,
    /// The limit that cut the last search short.
    pub(crate) cut: Option<Limit>,
    /// How large the last search was.
    pub(crate) size: Searched,
}

/// Searches for violations of `invariants`.
pub(crate) fn explore(
    rules: Ruleset<Admission>,
    scope: Scope,
    invariants: &[InvariantId],
    threads: NonZeroUsize,
    cutoff: &Cutoff,
) -> Exploration {
    let watch = Stopwatch::start();
    let mut watched = invariants.to_vec();
    let mut broken = Vec::new();
    loop {
        let admission = Reception::new(rules, scope, &watched);
        let report = explorer::explore(&admission, threads, cutoff);
        let size = Searched {
            states: report.distinct,
            transitions: report.attempted,
            generated: report.generated,
            depth: (threads == NonZeroUsize::MIN).then_some(report.depth),
            omission_probability: report.omission_probability(),
            elapsed_ms: watch.elapsed().as_millis(),
        };
        let cut = match &report.ending {
            Ending::Broken(path) => {
                let found = violated(&admission, &watched, path);
                let story = Story::of_path(&admission, &scope, path);
                watched.retain(|id| !found.contains(id));
                broken.extend(found.into_iter().map(|id| (id, story.clone())));
                if watched.is_empty() {
                    None
                } else {
                    continue;
                }
            }
            Ending::Cut(limit) => Some(*limit),
            // Admission always has a first state; were there none, nothing would be reached below.
            Ending::Exhausted | Ending::Empty => None,
        };
        let reached = |bit: usize| report.reached & (1 << bit) != 0;
        let unbroken = watched
            .iter()
            .enumerate()
            .map(|(bit, id)| (*id, reached(bit)));
        return Exploration {
            broken,
            unbroken: unbroken.collect(),
            cut,
            size,
        };
    }
}

/// The watched invariants that the last step of `path` violates.
fn violated(
    admission: &Reception,
    watched: &[InvariantId],
    path: &[(State, Option<Move>)],
) -> Vec<InvariantId> {
    let mut moves = path.iter().rev();
    let last = moves.find_map(|(state, next)| next.as_ref().map(|next| (state, next)));
    let Some((state, next)) = last else {
        return Vec::new();
    };
    let step = admission.step(&state.world, next);
    let violations = admission.violations(&step.deliveries);
    violations.filter(|id| watched.contains(id)).collect()
}

impl Exploration {
    /// What is known of an invariant that was not broken.
    pub(crate) fn finding(&self, invariant: InvariantId, reached: bool) -> Finding {
        let (status, standing, words) = match (self.cut, reached) {
            (Some(limit), _) => {
                let limit = limit_words(limit);
                let words = format!("no violation in {}, {limit}", states(&self.size));
                (Status::Bounded, Standing::Undecided, words)
            }
            (None, false) => {
                let words = "no reachable delivery satisfies its premise".to_owned();
                (Status::Vacuous, Standing::Undecided, words)
            }
            (None, true) => (
                Status::Holds,
                Standing::Expected,
                invariant.promise().to_owned(),
            ),
        };
        Finding {
            invariant: Some(invariant.name()),
            search: Some(self.size),
            ..Finding::new(status, standing, invariant.name(), words)
        }
    }

    /// How large the search was, in words.
    pub(crate) fn totals(&self) -> [String; 2] {
        let Searched {
            transitions,
            elapsed_ms,
            omission_probability,
            ..
        } = self.size;
        let elapsed = seconds(Duration::from_millis(
            u64::try_from(elapsed_ms).unwrap_or(u64::MAX),
        ));
        [
            format!(
                "{}, {} transitions, {elapsed}",
                states(&self.size),
                grouped(transitions)
            ),
            format!(
                "two states share a 64-bit fingerprint, and one is left out, with a probability of \
                 at most {omission_probability:.0e}"
            ),
        ]
    }
}

fn states(size: &Searched) -> String {
    let states = counted(size.states, "state");
    match size.depth {
        Some(depth) => format!("{states}, {} deep", counted(depth, "step")),
        None => states,
    }
}

pub(crate) const fn limit_words(limit: Limit) -> &'static str {
    match limit {
        Limit::States => "cut by --max-states",
        Limit::Depth => "cut by --max-depth",
        Limit::Stopped => "cut by --time-limit",
    }
}
