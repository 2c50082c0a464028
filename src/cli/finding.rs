//! Findings: what was asked, and what is known now.
//!
//! Text, JSON, `JUnit` and SARIF are four ways to print the same findings.

use serde::Serialize;

use super::status::Status;

/// How an answer compares with what was to be expected.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Standing {
    /// As it should be.
    Expected,
    /// A violation or a divergence.
    Violation,
    /// Unknown, cut short or vacuous.
    Undecided,
}

/// One answer. Fields that say nothing are left out of the JSON.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Finding {
    /// What is known.
    pub(crate) status: Status,
    /// How that compares with what was to be expected.
    pub(crate) standing: Standing,
    /// What it is about: an invariant, a weakening, a file.
    pub(crate) subject: String,
    /// The rest of the sentence.
    pub(crate) words: String,
    /// The invariant in question.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) invariant: Option<&'static str>,
    /// Rows of the catalogue of flaws.
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    pub(crate) flaws: &'static [u8],
    /// What the attack teaches.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) lesson: Option<String>,
    /// The length of the shortest run, as each engine found it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) steps: Option<Steps>,
    /// The attack, a line for each step.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) attack: Vec<String>,
    /// What became of it on real code.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) replays: Vec<Replayed>,
    /// How large the search was.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) search: Option<Searched>,
    /// What the proof consists of.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) proof: Option<Proved>,
    /// The file of the trace.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) trace: Option<String>,
    /// Further lines.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) remarks: Vec<String>,
}

/// Lengths of shortest runs, in steps.
#[derive(Clone, Copy, Debug, Serialize)]
pub(crate) struct Steps {
    /// By exhaustive search.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) explorer: Option<usize>,
    /// By the solver.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) prover: Option<usize>,
}

/// What became of a trace on real code.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Replayed {
    /// On which code.
    pub(crate) on: &'static str,
    /// What is known.
    pub(crate) status: Status,
    /// In words.
    pub(crate) words: String,
    /// The step that decided, counted from 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) step: Option<usize>,
    /// The rejection there.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) rejection: Option<&'static str>,
}

/// How large a search was.
#[derive(Clone, Copy, Debug, Serialize)]
pub(crate) struct Searched {
    /// Distinct states.
    pub(crate) states: u64,
    /// Transitions taken, refusals included.
    pub(crate) transitions: u64,
    /// States generated, repeats included.
    pub(crate) generated: u64,
    /// Steps to the furthest state; unknown where several threads searched, since then no path need be
    /// a shortest one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) depth: Option<u64>,
    /// The chance that two states were taken for one.
    pub(crate) omission_probability: f64,
    /// How long it took, in milliseconds.
    pub(crate) elapsed_ms: u128,
}

/// What a proof consists of.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Proved {
    /// How many questions the solver answered.
    pub(crate) obligations: usize,
    /// How long the solver took, in milliseconds.
    pub(crate) elapsed_ms: u128,
    /// Assumptions and lemmas that no answer needed.
    pub(crate) unneeded: Vec<&'static str>,
}

impl Finding {
    /// A finding that says no more than one line.
    pub(crate) fn new(
        status: Status,
        standing: Standing,
        subject: impl Into<String>,
        words: impl Into<String>,
    ) -> Self {
        Self {
            status,
            standing,
            subject: subject.into(),
            words: words.into(),
            invariant: None,
            flaws: &[],
            lesson: None,
            steps: None,
            attack: Vec::new(),
            replays: Vec::new(),
            search: None,
            proof: None,
            trace: None,
            remarks: Vec::new(),
        }
    }
}
