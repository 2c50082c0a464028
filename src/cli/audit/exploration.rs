//! The search of the audit trail, asked about several invariants at once.
//!
//! One search watches all of them. Breadth first, the first that breaks does so in as few steps as
//! it can; it is noted, and the search begins anew without it, until what is left holds or is cut.

use std::num::NonZeroUsize;
use std::time::Duration;

use countersign_model::audit::Audit;
use countersign_model::audit::attacker::Move;
use countersign_model::audit::invariant::InvariantId;
use countersign_model::audit::scope::Scope;
use countersign_model::audit::story::Story;
use countersign_model::audit::system::{State, Trail};
use countersign_model::explorer::{self, Cutoff, Ending, Limit};
use countersign_model::rulebook::{Book as _, Change, Row as _, Ruleset, Weakening};
use countersign_replay::audit::teller;
use countersign_replay::sequence;

use crate::cli::ambient::Stopwatch;
use crate::cli::exploration::limit_words;
use crate::cli::finding::{Finding, Searched, Standing, Steps};
use crate::cli::performing::SEED;
use crate::cli::status::Status;
use crate::cli::words::{counted, grouped, seconds};

/// What is searched.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Question {
    /// The rules.
    pub(crate) rules: Ruleset<Audit>,
    /// How much the search covers.
    pub(crate) scope: Scope,
}

/// What became of each invariant.
pub(crate) struct Exploration {
    question: Question,
    /// The broken ones, each with a shortest run.
    pub(crate) broken: Vec<(InvariantId, Story)>,
    /// The others, each with whether its premise was ever satisfied.
    unbroken: Vec<(InvariantId, bool)>,
    /// The limit that cut the last search short.
    pub(crate) cut: Option<Limit>,
    size: Searched,
}

/// Searches for violations of `invariants`.
pub(crate) fn explore(
    question: Question,
    invariants: &[InvariantId],
    threads: NonZeroUsize,
    cutoff: &Cutoff,
) -> Exploration {
    let watch = Stopwatch::start();
    let Question { rules, scope } = question;
    let mut watched = invariants.to_vec();
    let mut broken = Vec::new();
    loop {
        let trail = Trail::new(rules, scope, &watched);
        let report = explorer::explore(&trail, threads, cutoff);
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
                let found = violated(&trail, &watched, path);
                let story = Story::of_path(&trail, &scope, path);
                watched.retain(|id| !found.contains(id));
                broken.extend(found.into_iter().map(|id| (id, story.clone())));
                if watched.is_empty() {
                    None
                } else {
                    continue;
                }
            }
            Ending::Cut(limit) => Some(*limit),
            // There is always a first state; were there none, nothing would be reached below.
            Ending::Exhausted | Ending::Empty => None,
        };
        let reached = |bit: usize| report.reached & (1 << bit) != 0;
        let unbroken = watched.iter().enumerate();
        return Exploration {
            question,
            broken,
            unbroken: unbroken.map(|(bit, id)| (*id, reached(bit))).collect(),
            cut,
            size,
        };
    }
}

/// The watched invariants that the last step of `path` violates.
fn violated(
    trail: &Trail,
    watched: &[InvariantId],
    path: &[(State, Option<Move>)],
) -> Vec<InvariantId> {
    let mut moves = path.iter().rev();
    let last = moves.find_map(|(state, next)| next.as_ref().map(|next| (state, next)));
    let Some((state, next)) = last else {
        return Vec::new();
    };
    let step = trail.step(&state.world, next);
    let violations = trail.violations(step.event.as_ref());
    violations.filter(|id| watched.contains(id)).collect()
}

impl Question {
    /// What bounds the search.
    pub(crate) fn bound(self) -> String {
        format!("every run of {}", self.scope)
    }

    /// The weakenings that the rules have, by name.
    fn weakenings(self) -> Vec<&'static str> {
        let has = |row: &&Weakening<Audit>| match row.change {
            Change::Without(guard) => !self.rules.enforces(guard),
            Change::With(mechanism, _) => self.rules.has(mechanism),
        };
        let rows = Audit::WEAKENINGS.iter().filter(has);
        rows.map(|row| row.name).collect()
    }
}

impl Exploration {
    /// What is known of each invariant that was asked about, in the order of the table.
    pub(crate) fn findings(&self) -> Vec<Finding> {
        let all = InvariantId::ALL.iter();
        all.filter_map(|id| self.answer(*id)).collect()
    }

    /// What is known of `invariant`; none where it was not asked about.
    pub(crate) fn answer(&self, invariant: InvariantId) -> Option<Finding> {
        if let Some((_, story)) = self.broken.iter().find(|(id, _)| *id == invariant) {
            return Some(self.broken(invariant, story));
        }
        let found = self.unbroken.iter().find(|(id, _)| *id == invariant);
        found.map(|(_, reached)| self.unbroken(invariant, *reached))
    }

    /// How an invariant is broken.
    fn broken(&self, invariant: InvariantId, story: &Story) -> Finding {
        let steps = story.actions.len();
        let names = self.question.weakenings();
        let lesson = invariant.promise();
        let told = teller::tell(story, &names, Some(invariant), lesson, SEED);
        let told = told.map(|trace| sequence::sequence(&trace));
        let lines = told.unwrap_or_default();
        Finding {
            invariant: Some(invariant.name()),
            steps: Some(Steps {
                explorer: Some(steps),
                prover: None,
            }),
            attack: lines.lines().map(str::to_owned).collect(),
            ..Finding::new(
                Status::Broken,
                Standing::Violation,
                invariant.name(),
                format!("in {}", counted(steps as u64, "step")),
            )
        }
    }

    /// What is known of an invariant that was not broken.
    fn unbroken(&self, invariant: InvariantId, reached: bool) -> Finding {
        let (status, standing, words) = match (self.cut, reached) {
            (Some(limit), _) => {
                let states = counted(self.size.states, "state");
                let words = format!("no violation in {states}, {}", limit_words(limit));
                (Status::Bounded, Standing::Undecided, words)
            }
            (None, false) => {
                let words = "nothing reachable satisfies its premise".to_owned();
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
    pub(crate) fn totals(&self) -> String {
        let elapsed_ms = u64::try_from(self.size.elapsed_ms).unwrap_or(u64::MAX);
        format!(
            "{}, {} transitions, {}",
            counted(self.size.states, "state"),
            grouped(self.size.transitions),
            seconds(Duration::from_millis(elapsed_ms))
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SMALL: Scope = Scope {
        messages: 1,
        checkpoints: 1,
        faults: 1,
    };

    fn explored(rules: Ruleset<Audit>) -> Exploration {
        let question = Question {
            rules,
            scope: SMALL,
        };
        let one = NonZeroUsize::MIN;
        explore(question, InvariantId::ALL, one, &Cutoff::default())
    }

    #[test]
    fn hardened_rules_keep_every_invariant_and_none_is_vacuous() {
        let explored = explored(Ruleset::HARDENED);
        let bound = explored.question.bound();
        assert!(
            bound.starts_with("every run of 1 messages, 1 checkpoints"),
            "{bound}"
        );
        let totals = explored.totals();
        assert!(totals.contains(" states, "), "{totals}");
        let found = explored.findings();
        assert_eq!(found.len(), InvariantId::ALL.len());
        for finding in found {
            let all = (finding.status, finding.standing);
            assert_eq!(all, (Status::Holds, Standing::Expected), "{finding:?}");
        }
    }

    #[test]
    fn a_weakening_breaks_what_its_row_says_with_a_run_to_read() {
        let row = Weakening::<Audit>::of_name("without-checkpoint-reached").expect("a row");
        let broken = explored(row.rules()).findings();
        let mut broken = broken.iter().filter(|it| it.status == Status::Broken);
        let finding = broken.next().expect("a violation");
        assert_eq!(finding.subject, row.breaks.name());
        assert_eq!(finding.words, "in 4 steps");
        assert_eq!(finding.attack.len(), 4, "{:?}", finding.attack);
        assert!(broken.next().is_none());
    }
}
