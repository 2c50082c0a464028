//! The chapters of a check: questions of one kind about one system, answered together.

use std::path::PathBuf;
use std::time::Duration;

use crate::cli::finding::Finding;
use crate::cli::pool::Job;
use crate::cli::reporter::Reporter;
use crate::cli::words::{counted, seconds};

/// Questions of one kind, with what bounds the answers.
pub(super) struct Chapter<'a> {
    /// The stable name.
    pub(super) name: &'static str,
    /// What the answers mean, and within which bounds.
    pub(super) bound: String,
    /// Columns of a subject.
    pub(super) width: usize,
    /// The questions.
    pub(super) questions: Vec<Job<'a, Answer>>,
}

/// What a question came to.
#[derive(Default)]
pub(super) struct Answer {
    pub(super) findings: Vec<Finding>,
    /// What is true of all of them together.
    pub(super) totals: Vec<String>,
    /// What the solver did for it.
    pub(super) solved: Option<(usize, Duration)>,
    /// A counterexample, as it is written into the folder of traces.
    pub(super) trace: Option<(PathBuf, String)>,
}

impl Answer {
    /// One finding.
    pub(super) fn one(finding: Finding) -> Self {
        Self {
            findings: vec![finding],
            ..Self::default()
        }
    }

    /// What a proof came to.
    pub(super) fn proved((finding, elapsed): (Finding, Duration)) -> Self {
        let obligations = finding.proof.as_ref().map_or(0, |proof| proof.obligations);
        Self {
            solved: Some((obligations, elapsed)),
            ..Self::one(finding)
        }
    }
}

/// A chapter that is being printed.
pub(super) struct Open {
    name: &'static str,
    bound: String,
    width: usize,
    left: usize,
    begun: bool,
    obligations: usize,
    elapsed: Duration,
}

impl Open {
    pub(super) fn new(chapter: &Chapter<'_>) -> Self {
        Self {
            name: chapter.name,
            bound: chapter.bound.clone(),
            width: chapter.width,
            left: chapter.questions.len(),
            begun: false,
            obligations: 0,
            elapsed: Duration::ZERO,
        }
    }

    /// Whether every question has been answered.
    pub(super) fn is_over(&self) -> bool {
        self.left == 0
    }

    /// Prints the next answer.
    pub(super) fn take(&mut self, answer: Answer, report: &mut Reporter) {
        if !self.begun {
            report.open(self.name, self.bound.clone(), self.width);
            self.begun = true;
        }
        for finding in answer.findings {
            report.add(finding);
        }
        for total in answer.totals {
            report.total(total);
        }
        if let Some((obligations, elapsed)) = answer.solved {
            self.obligations += obligations;
            self.elapsed += elapsed;
        }
        self.left = self.left.saturating_sub(1);
        if self.is_over() && self.obligations > 0 {
            let obligations = counted(self.obligations as u64, "obligation");
            let elapsed = seconds(self.elapsed);
            report.total(format!("{obligations}, {elapsed} of solver time"));
        }
    }
}
