//! The chapters about one deployment: what its rules are like, and the bus under them.

use std::path::Path;

use countersign::deployment::Deployment;
use countersign::policy::Trios;
use countersign_invariants::Budget;
use countersign_model::bus::Bus;
use countersign_model::bus::policies::Policy;
use countersign_model::bus::promise::InvariantId;
use countersign_model::bus::scope::Scope;
use countersign_model::rulebook::Row as _;

use super::chapter::{Answer, Chapter};
use super::questions;
use crate::cli::effort::{Effort, Solving};
use crate::cli::finding::{Finding, Standing};
use crate::cli::misuse::Misuse;
use crate::cli::policy::review;
use crate::cli::pool::Job;
use crate::cli::status::Status;
use crate::cli::words::{counted, grouped};

/// Policies that one search begins with at most.
const POLICIES_MAX: usize = 256;

/// A deployment, as the model is instantiated with it.
pub(super) struct Instance {
    deployment: Deployment,
    trios: Trios,
    /// The promises that it gives no occasion to keep, as its owner says.
    idle: Vec<InvariantId>,
}

impl Instance {
    pub(super) fn read(path: &Path, idle: &[String]) -> Result<Self, Misuse> {
        let deployment = crate::cli::deployment::read(path)?;
        let idle = idle.iter().map(|name| {
            let all = || InvariantId::ALL.iter().copied();
            all().find(|id| id.name() == name).ok_or_else(|| {
                let known = all().map(InvariantId::name);
                Misuse::unknown(
                    "invariant",
                    name,
                    known,
                    "countersign rules bus --invariants",
                )
            })
        });
        let policy = deployment.policy();
        let trios = Trios::of(policy.rules(), deployment.agents(), POLICIES_MAX);
        Ok(Self {
            idle: idle.collect::<Result<_, _>>()?,
            trios,
            deployment,
        })
    }

    /// How much a search of the bus under its rules covers.
    pub(super) fn scope(&self) -> Scope {
        Scope {
            policies: Policy::kept(self.trios.rules.iter().cloned()),
            ..Scope::default()
        }
    }

    /// Everything that is asked about it.
    pub(super) fn chapters<'a>(
        &'a self,
        scope: Scope,
        effort: &'a Effort,
        solving: Solving,
        verbose: bool,
    ) -> Vec<Chapter<'a>> {
        vec![
            self.rules(solving.budget),
            self.explored(scope, effort),
            questions::proved::<Bus>(solving, verbose),
        ]
    }

    /// What is remarkable about the rules, and how many of their meetings are searched.
    fn rules(&self, budget: Budget) -> Chapter<'_> {
        let job = move || {
            let remarked = review::of(&self.deployment, budget);
            let mut findings: Vec<Finding> = remarked
                .iter()
                .map(|it| it.finding(&self.deployment))
                .collect();
            findings.push(self.coverage());
            Answer {
                findings,
                ..Answer::default()
            }
        };
        let job: Job<'_, Answer> = Box::new(job);
        Chapter {
            name: "deployment",
            bound: format!(
                "{}, {}; what is not listed is denied",
                counted(self.deployment.policy().rules().len() as u64, "rule"),
                counted(self.deployment.agents().into(), "agent"),
            ),
            width: self.deployment.file().len(),
            questions: vec![job],
        }
    }

    /// How much of the file the search begins with.
    fn coverage(&self) -> Finding {
        let Trios {
            rules,
            casts,
            casts_in_all,
        } = &self.trios;
        let policies = match rules.len() {
            1 => "1 small policy".to_owned(),
            more => format!("{more} small policies"),
        };
        let casts_in_all = grouped(*casts_in_all);
        let (status, standing, words) = if *casts == self.trios.casts_in_all {
            let words = format!(
                "{policies}: all that it says of any three agents, in {casts_in_all} casts"
            );
            (Status::Holds, Standing::Expected, words)
        } else {
            let words = format!(
                "{policies}: what it says in {} of {casts_in_all} casts of three agents; the others were not searched",
                grouped(*casts)
            );
            (Status::Bounded, Standing::Undecided, words)
        };
        Finding::new(status, standing, self.deployment.file(), words)
    }

    /// Every promise of the bus, by one search. One that the rules give no occasion to keep says nothing,
    /// unless their owner knows.
    fn explored<'a>(&'a self, scope: Scope, effort: &'a Effort) -> Chapter<'a> {
        let chapter = questions::explored::<Bus>(scope, effort.searching(), effort);
        let questions = chapter.questions.into_iter().map(|job| -> Job<'a, Answer> {
            Box::new(move || {
                let answer = job();
                let findings = answer.findings.into_iter().map(|it| self.acknowledged(it));
                Answer {
                    findings: findings.collect(),
                    ..answer
                }
            })
        });
        Chapter {
            questions: questions.collect(),
            ..chapter
        }
    }

    fn acknowledged(&self, finding: Finding) -> Finding {
        let Some(invariant) = finding.invariant else {
            return finding;
        };
        let known = self.idle.iter().any(|id| id.name() == invariant);
        match (finding.status, known) {
            (Status::Vacuous, true) => Finding {
                standing: Standing::Expected,
                words: "these rules give no occasion to keep it, as you say".to_owned(),
                ..finding
            },
            (Status::Vacuous, false) => Finding {
                words: "these rules give no occasion to keep it".to_owned(),
                remarks: vec![format!("if that is meant, say so: --vacuous {invariant}")],
                ..finding
            },
            (Status::Holds, true) => Finding {
                standing: Standing::Undecided,
                remarks: vec![format!(
                    "these rules do give occasion: leave out --vacuous {invariant}"
                )],
                ..finding
            },
            _ => finding,
        }
    }
}
