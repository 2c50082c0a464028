//! The search of the handshake, asked about several promises at once.
//!
//! One search to the end tells of all of them which are kept. For each that is not, another stops at
//! a shortest run that breaks it.

use std::num::NonZeroUsize;

use countersign_model::dolev_yao::reveal::{Reveal, Reveals};
use countersign_model::explorer::{self, Cutoff, Ending, Limit};
use countersign_model::handshake::Handshake;
use countersign_model::handshake::attack::{attacked, promised};
use countersign_model::handshake::promise::{InvariantId, Point};
use countersign_model::handshake::story::Story;
use countersign_model::rulebook::{Book as _, Change, Row as _, Ruleset, Weakening};
use countersign_replay::handshake::promised::Promised;
use countersign_replay::handshake::teller;
use countersign_replay::sequence;

use crate::cli::ambient::Stopwatch;
use crate::cli::effort::Effort;
use crate::cli::exploration::limit_words;
use crate::cli::finding::{Finding, Searched, Standing, Steps};
use crate::cli::performing::SEED;
use crate::cli::progress::Progress;
use crate::cli::reporter::Reporter;
use crate::cli::status::Status;
use crate::cli::words::{counted, grouped, seconds};

/// Columns of a promise's name.
const NAME: usize = 10;

/// What is searched.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Question {
    /// The rules.
    pub(crate) rules: Ruleset<Handshake>,
    /// How many runs there are at once.
    pub(crate) runs: usize,
    /// The secrets that the attacker is given.
    pub(crate) reveals: Reveals,
}

impl Question {
    /// Whether the rules have this weakening.
    fn has(self, weakening: &Weakening<Handshake>) -> bool {
        match weakening.change {
            Change::Without(guard) => !self.rules.enforces(guard),
            Change::With(mechanism, _) => self.rules.has(mechanism),
        }
    }

    /// What bounds the search.
    pub(crate) fn bound(self) -> String {
        let casts = attacked(self.rules, self.runs, self.reveals, 0).scenarios();
        let given: Vec<&str> = self.reveals.iter().map(Reveal::name).collect();
        let given = if given.is_empty() {
            "nothing lost".to_owned()
        } else {
            format!("lost: {}", given.join(", "))
        };
        format!(
            "handshake, every one of {} of alice, bob and the attacker, {} at once, {given}",
            counted(casts as u64, "cast"),
            counted(self.runs as u64, "run"),
        )
    }
}

/// What became of the promises.
pub(crate) struct Exploration {
    question: Question,
    reached: u64,
    violated: u64,
    cut: Option<Limit>,
    size: Searched,
}

/// Searches every run.
pub(crate) fn explore(question: Question, threads: NonZeroUsize, cutoff: &Cutoff) -> Exploration {
    let watch = Stopwatch::start();
    let Question {
        rules,
        runs,
        reveals,
    } = question;
    let system = attacked(rules, runs, reveals, 0);
    let report = explorer::explore(&system, threads, cutoff);
    let cut = match report.ending {
        Ending::Cut(limit) => Some(limit),
        // Nothing is watched, and there is always somebody to take part.
        Ending::Exhausted | Ending::Broken(_) | Ending::Empty => None,
    };
    Exploration {
        question,
        reached: report.reached,
        violated: report.violated,
        cut,
        size: Searched {
            states: report.distinct,
            transitions: report.attempted,
            generated: report.generated,
            depth: (threads == NonZeroUsize::MIN).then_some(report.depth),
            omission_probability: report.omission_probability(),
            elapsed_ms: watch.elapsed().as_millis(),
        },
    }
}

/// Explores, and reports what became of each promise.
pub(crate) fn report(
    report: &mut Reporter,
    question: Question,
    invariants: &[InvariantId],
    effort: &Effort,
) {
    let progress = Progress::new(1);
    let exploration = explore(question, NonZeroUsize::MIN, &effort.cutoff);
    drop(progress);
    report.open("explored-handshake", question.bound(), NAME);
    for invariant in invariants {
        report.add(exploration.answer(*invariant, &effort.cutoff));
    }
    report.total(exploration.totals());
}

impl Exploration {
    /// What is known of `invariant`, where it is promised.
    pub(crate) fn answer(&self, invariant: InvariantId, cutoff: &Cutoff) -> Finding {
        if self.violated & promised(invariant) != 0 {
            self.broken(invariant, cutoff)
        } else {
            self.unbroken(invariant)
        }
    }

    /// A shortest run that breaks `invariant` where it is promised, within the time that `cutoff` leaves.
    /// The search that told of it kept to the other limits: this one, which stops there, does too.
    fn attack(&self, invariant: InvariantId, cutoff: &Cutoff) -> Option<Story> {
        let Question {
            rules,
            runs,
            reveals,
        } = self.question;
        let system = attacked(rules, runs, reveals, promised(invariant));
        let cutoff = Cutoff {
            stop: cutoff.stop.clone(),
            ..Cutoff::default()
        };
        match explorer::explore(&system, NonZeroUsize::MIN, &cutoff).ending {
            Ending::Broken(path) => Some(Story::of_path(&system, rules, &path)),
            Ending::Exhausted | Ending::Cut(_) | Ending::Empty => None,
        }
    }

    /// How a promise is broken.
    fn broken(&self, invariant: InvariantId, cutoff: &Cutoff) -> Finding {
        let attack = self.attack(invariant, cutoff);
        let steps = attack.as_ref().map(|story| story.deliveries.len());
        let told = attack
            .as_ref()
            .and_then(|story| self.told(story, invariant));
        let words = match steps {
            Some(steps) => format!("in {}", counted(steps as u64, "step")),
            None => "the search for a shortest run was cut short".to_owned(),
        };
        Finding {
            invariant: Some(invariant.name()),
            steps: Some(Steps {
                explorer: steps,
                prover: None,
            }),
            attack: told.map_or_else(Vec::new, |it| it.lines().map(str::to_owned).collect()),
            ..Finding::new(Status::Broken, Standing::Violation, invariant.name(), words)
        }
    }

    /// A run as lines.
    fn told(&self, story: &Story, invariant: InvariantId) -> Option<String> {
        let watched: Vec<Promised> = Promised::of_marks(promised(invariant));
        let weakenings: Vec<&str> = Handshake::WEAKENINGS
            .iter()
            .filter(|row| self.question.has(row))
            .map(|row| row.name)
            .collect();
        let trace = teller::tell(story, &weakenings, &watched, invariant.promise(), SEED);
        trace.ok().map(|trace| sequence::sequence(&trace))
    }

    /// What is known of a promise that was not broken.
    fn unbroken(&self, invariant: InvariantId) -> Finding {
        let promised = promised(invariant);
        let (status, standing, words) = match self.cut {
            Some(limit) => {
                let states = counted(self.size.states, "state");
                let words = format!("no violation in {states}, {}", limit_words(limit));
                (Status::Bounded, Standing::Undecided, words)
            }
            None if self.reached & promised != promised => {
                let words = "no run comes where it is promised".to_owned();
                (Status::Vacuous, Standing::Undecided, words)
            }
            None => (
                Status::Holds,
                Standing::Expected,
                format!("{:<34}  {}", points(invariant), invariant.promise()),
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
            "{}, {} deliveries, {}",
            counted(self.size.states, "state"),
            grouped(self.size.transitions),
            seconds(std::time::Duration::from_millis(elapsed_ms))
        )
    }
}

/// Where it is promised, in words.
fn points(invariant: InvariantId) -> String {
    let points = invariant.points();
    if points.len() == Point::ALL.len() {
        return "from the answer on".to_owned();
    }
    let names: Vec<&str> = points.iter().map(|point| point.name()).collect();
    format!("when {}", names.join(" and "))
}
