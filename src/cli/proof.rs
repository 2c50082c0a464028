//! Proofs by induction, as findings.

use std::time::Duration;

use countersign_invariants::induction::{Proof, Verdict};

use super::finding::{Finding, Proved, Standing};
use super::status::Status;
use super::words::{counted, seconds};

/// What a proof about `invariant` came to, or what stands in its way.
pub(crate) fn finding(invariant: &'static str, proof: Proof, verbose: bool) -> (Finding, Duration) {
    let elapsed = proof.elapsed();
    let obligations = proof.obligations.len();
    let (status, standing, words, remarks) = match proof.verdict() {
        Verdict::Proved => {
            let cost = format!(
                "{}, {}",
                counted(obligations as u64, "obligation"),
                seconds(elapsed)
            );
            (
                Status::Proved,
                Standing::Expected,
                cost,
                unneeded(&proof, verbose),
            )
        }
        Verdict::InductionFails {
            action,
            claim,
            countermodel,
        } => {
            let place = action.map_or_else(
                || "in the first state".to_owned(),
                |action| format!("after '{action}'"),
            );
            let words = format!(
                "induction, at '{claim}' {place}; not shown reachable, so not yet an attack"
            );
            let model = countermodel.lines().filter(|_| verbose);
            let remarks = model.map(str::to_owned).collect();
            (Status::Fails, Standing::Undecided, words, remarks)
        }
        Verdict::Unknown { reason } => {
            let words = format!("the solver gave up: {reason}");
            (Status::Unknown, Standing::Undecided, words, Vec::new())
        }
    };
    let finding = Finding {
        invariant: Some(invariant),
        proof: Some(Proved {
            obligations,
            elapsed_ms: elapsed.as_millis(),
            unneeded: proof.unneeded,
        }),
        remarks,
        ..Finding::new(status, standing, invariant, words)
    };
    (finding, elapsed)
}

fn unneeded(proof: &Proof, verbose: bool) -> Vec<String> {
    if !verbose || proof.unneeded.is_empty() {
        return Vec::new();
    }
    vec![format!("no answer needed {}", proof.unneeded.join(", "))]
}

#[cfg(test)]
mod tests {
    use countersign_invariants::Budget;
    use countersign_model::audit::{Audit, promise as audit};
    use countersign_model::rulebook::{Row as _, Ruleset, Weakening};
    use countersign_model::session::{Session, promise as session};

    use super::*;
    use crate::cli::examinable::Examinable;

    fn asked<S: Examinable>(holds: S::Promise, weakening: &str, broken: S::Promise) {
        let proved = |rules, promise: S::Promise| {
            let proof = S::prove(rules, promise, Budget::default());
            finding(promise.name(), proof, false).0
        };
        let found = proved(Ruleset::HARDENED, holds);
        assert_eq!(found.status, Status::Proved);
        assert_eq!(found.standing, Standing::Expected);
        let row = Weakening::<S>::of_name(weakening).expect("a row");
        let found = proved(row.rules(), broken);
        assert_eq!(found.status, Status::Fails);
        assert_eq!(found.standing, Standing::Undecided);
    }

    #[test]
    fn what_holds_is_proved_and_what_a_weakening_breaks_is_not() {
        let (once, live) = (session::InvariantId::Once, session::InvariantId::Live);
        asked::<Session>(once, "highest-only", live);
        let (kept, live) = (audit::InvariantId::Kept, audit::InvariantId::Live);
        asked::<Audit>(kept, "whole-log-only", live);
    }
}
