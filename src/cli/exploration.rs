//! The search, asked about several promises at once.
//!
//! One search watches all of them. Breadth first, the first that breaks does so in as few steps as
//! it can; it is noted, and the search begins anew without it, until what is left holds or is cut.

use std::num::NonZeroUsize;
use std::time::Duration;

use countersign_model::explorer::{self, Cutoff, Ending, Limit};
use countersign_model::rulebook::{Row as _, Ruleset};

use super::ambient::Stopwatch;
use super::examinable::Examinable;
use super::finding::{Finding, Searched, Standing};
use super::status::Status;
use super::words::{counted, grouped, seconds};

/// What is searched.
pub(crate) struct Question<S: Examinable> {
    /// The rules.
    pub(crate) rules: Ruleset<S>,
    /// How much the search covers.
    pub(crate) scope: S::Scope,
}

/// What became of each promise.
pub(crate) struct Exploration<S: Examinable> {
    scope: S::Scope,
    /// The broken ones, each with a shortest run.
    pub(crate) broken: Vec<(S::Promise, S::Story)>,
    /// The others, each with whether its premise was ever satisfied.
    unbroken: Vec<(S::Promise, bool)>,
    /// The limit that cut the last search short.
    pub(crate) cut: Option<Limit>,
    /// How large the last search was.
    size: Searched,
}

/// Searches for violations of `promises`.
pub(crate) fn explore<S: Examinable>(
    question: &Question<S>,
    promises: &[S::Promise],
    threads: NonZeroUsize,
    cutoff: &Cutoff,
) -> Exploration<S> {
    let watch = Stopwatch::start();
    let threads = if S::PARALLEL {
        threads
    } else {
        NonZeroUsize::MIN
    };
    let Question { rules, scope } = *question;
    let mut watched = promises.to_vec();
    let mut broken = Vec::new();
    loop {
        let searched = S::searched(rules, &scope, &watched);
        let report = explorer::explore(&searched, threads, cutoff);
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
                let mut moves = path.iter().rev();
                let last = moves.find_map(|(state, next)| Some((state, next.as_ref()?)));
                let violated = last.map_or_else(Vec::new, |(state, next)| {
                    S::violated(&searched, &scope, state, next)
                });
                let found: Vec<_> = watched
                    .iter()
                    .copied()
                    .filter(|id| violated.contains(id))
                    .collect();
                let story = S::story(&searched, rules, &scope, path);
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
        let unbroken = watched.iter().enumerate().map(|(place, id)| {
            let marks = S::marks(&scope, place, *id);
            (*id, report.reached & marks == marks)
        });
        return Exploration {
            scope,
            broken,
            unbroken: unbroken.collect(),
            cut,
            size,
        };
    }
}

impl<S: Examinable> Exploration<S> {
    /// What is known of each promise that was asked about, in the order of the table; of the broken ones
    /// what `told` says.
    pub(crate) fn findings<E>(
        &self,
        mut told: impl FnMut(S::Promise, &S::Story) -> Result<Finding, E>,
    ) -> Result<Vec<Finding>, E> {
        let mut findings = Vec::new();
        for promise in S::Promise::all() {
            if let Some((_, story)) = self.broken.iter().find(|(id, _)| id == promise) {
                findings.push(told(*promise, story)?);
            }
            if let Some((_, reached)) = self.unbroken.iter().find(|(id, _)| id == promise) {
                findings.push(self.unbroken(*promise, *reached));
            }
        }
        Ok(findings)
    }

    /// What is known of a promise that was not broken.
    fn unbroken(&self, promise: S::Promise, reached: bool) -> Finding {
        let (status, standing, words) = match (self.cut, reached) {
            _ if S::marks(&self.scope, 0, promise) == 0 => {
                let words = "not asked: it falls with what is lost, whatever the rules".to_owned();
                (Status::Vacuous, Standing::Undecided, words)
            }
            (Some(limit), _) => {
                let limit = limit_words(limit);
                let words = format!("no violation in {}, {limit}", states(&self.size));
                (Status::Bounded, Standing::Undecided, words)
            }
            (None, false) => (Status::Vacuous, Standing::Undecided, S::VACUOUS.to_owned()),
            (None, true) => (
                Status::Holds,
                Standing::Expected,
                S::promised(promise, &self.scope),
            ),
        };
        Finding {
            invariant: Some(promise.name()),
            search: Some(self.size),
            ..Finding::new(status, standing, promise.name(), words)
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
        let elapsed = Duration::from_millis(u64::try_from(elapsed_ms).unwrap_or(u64::MAX));
        [
            format!(
                "{}, {} {}, {}",
                states(&self.size),
                grouped(transitions),
                S::TRANSITIONS,
                seconds(elapsed)
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

#[cfg(test)]
mod tests {
    use countersign_model::audit::{Audit, scope as audit};
    use countersign_model::rulebook::Weakening;
    use countersign_model::session::{Session, scope as session};

    use super::*;
    use crate::cli::selection::Selection;
    use crate::cli::weakened;

    const SESSIONS: session::Scope = session::Scope {
        sessions: 1,
        records: 2,
        numbers: 2,
        clock: 4,
        faults: 1,
        lifetime: 2,
        width: 2,
        ahead: 1,
        share: 1,
        period: 2,
    };
    const TRAIL: audit::Scope = audit::Scope {
        messages: 1,
        checkpoints: 1,
        faults: 1,
    };

    fn kept<S: Examinable>(scope: S::Scope) {
        let (rules, all) = (Ruleset::HARDENED, S::Promise::all());
        let question = Question { rules, scope };
        let explored = explore::<S>(&question, all, NonZeroUsize::MIN, &Cutoff::default());
        let [totals, _] = explored.totals();
        assert!(totals.contains(" states, "), "{totals}");
        let told = |promise, story: &S::Story| {
            let hardened = Selection::<S>::default();
            Ok::<_, ()>(weakened::told(&hardened, promise, story, &scope).0)
        };
        let found = explored.findings(told).expect("findings");
        assert_eq!(found.len(), all.len());
        for finding in found {
            let told = (finding.status, finding.standing);
            assert_eq!(told, (Status::Holds, Standing::Expected), "{finding:?}");
        }
    }

    #[test]
    fn hardened_rules_keep_every_invariant_and_none_is_vacuous() {
        kept::<Session>(SESSIONS);
        kept::<Audit>(TRAIL);
    }

    fn broken<S: Examinable>(name: &str, scope: S::Scope, steps: usize) {
        let row = Weakening::<S>::of_name(name).expect("a row");
        let rules = row.rules();
        let question = Question { rules, scope };
        let all = S::Promise::all();
        let explored = explore::<S>(&question, all, NonZeroUsize::MIN, &Cutoff::default());
        let [(promise, story)] = explored.broken.as_slice() else {
            panic!("{name} breaks one invariant");
        };
        assert!(*promise == row.breaks, "{promise:?}");
        let told = S::told(story, &scope, &[name], *promise, row.lesson);
        assert_eq!(told.expect("a trace").steps.len(), steps);
    }

    #[test]
    fn a_weakening_breaks_what_its_row_says_with_a_run_to_read() {
        broken::<Session>("without-sequence-unseen", SESSIONS, 3);
        broken::<Audit>("without-checkpoint-reached", TRAIL, 4);
    }
}
