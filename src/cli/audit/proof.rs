//! Proofs about the audit trail, as findings.

use std::time::Duration;

use countersign_invariants::Budget;
use countersign_invariants::audit::prove;
use countersign_model::audit::Audit;
use countersign_model::audit::promise::InvariantId;
use countersign_model::rulebook::{Row as _, Ruleset};

use crate::cli::finding::Finding;
use crate::cli::proof;

/// What a proof is good for.
pub(crate) const BOUND: &str = "by induction, for any number of records, checkpoints and agents, and runs of any \
                                length; a link stands for the records that it was computed over";

/// Proves `invariant` under `rules`, or says what stands in the way.
pub(crate) fn finding(
    rules: Ruleset<Audit>,
    invariant: InvariantId,
    budget: Budget,
    verbose: bool,
) -> (Finding, Duration) {
    proof::finding(invariant.name(), prove(rules, invariant, budget), verbose)
}

#[cfg(test)]
mod tests {
    use countersign_model::rulebook::Weakening;

    use super::*;
    use crate::cli::finding::Standing;
    use crate::cli::status::Status;

    #[test]
    fn what_holds_is_proved_and_what_a_weakening_breaks_is_not() {
        let budget = Budget::default();
        let (found, _) = finding(Ruleset::HARDENED, InvariantId::Kept, budget, false);
        assert_eq!(found.status, Status::Proved, "{BOUND}");
        assert_eq!(found.standing, Standing::Expected);
        let row = Weakening::<Audit>::of_name("whole-log-only").expect("a row");
        let (found, _) = finding(row.rules(), InvariantId::Live, budget, false);
        assert_eq!(found.status, Status::Fails);
        assert_eq!(found.standing, Standing::Undecided);
    }
}
