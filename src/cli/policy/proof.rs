//! What Z3 said about an answer, in words.

use countersign::deployment::Deployment;
use countersign::policy::{answered, every_type};
use countersign_invariants::Budget;
use countersign_invariants::policy::{Certificate, Deployed, Verdict};
use countersign_model::bus::tiering::Rule;
use serde_json::{Value, json};

use crate::cli::words::{counted, seconds};

/// How much one question to the solver may cost.
pub(super) fn budget(time_ms: u32) -> Budget {
    Budget {
        time_ms,
        ..Budget::default()
    }
}

/// The rules as the solver is asked about them.
pub(super) fn deployed(rules: &[Rule<u32>], agents: u32) -> Deployed<'_> {
    Deployed {
        rules,
        agents,
        types: every_type(),
        answered: answered(),
    }
}

/// The rules of one deployment.
pub(super) fn rules_of(deployment: &Deployment) -> Deployed<'_> {
    deployed(deployment.policy().rules(), deployment.agents())
}

/// Whether Z3 agrees.
pub(super) fn holds(certificate: &Certificate) -> bool {
    certificate.verdict == Verdict::Proved
}

/// What was shown by how many questions, or why it was not.
pub(super) fn words(what: &str, certificate: &Certificate) -> String {
    let cost = format!(
        "{}, {}",
        counted(certificate.questions as u64, "question"),
        seconds(certificate.elapsed)
    );
    match &certificate.verdict {
        Verdict::Proved => format!("{what} by Z3: {cost}"),
        Verdict::Refuted { .. } => {
            format!("the search and Z3 disagree, which is a mistake of this program: {cost}")
        }
        Verdict::Unknown { reason } => {
            format!("not {what} by Z3 ({reason}; allow more with --solver-timeout): {cost}")
        }
    }
}

/// The same for machines.
pub(super) fn value(certificate: &Certificate) -> Value {
    let verdict = match &certificate.verdict {
        Verdict::Proved => "proved",
        Verdict::Refuted { .. } => "refuted",
        Verdict::Unknown { .. } => "unknown",
    };
    json!({
        "verdict": verdict,
        "questions": certificate.questions,
        "elapsed_ms": certificate.elapsed.as_millis(),
    })
}
