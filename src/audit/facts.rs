//! The only door between the log and the rules: facts, unknown until they are established.

use countersign_model::audit::facts;

use crate::domain::Real;
use crate::identity::SpiffeId;

/// The log as guards ask about it.
pub(crate) type Log = facts::Log<Real>;

/// Facts of which nothing is known: every guard refuses them.
pub(crate) fn unknown() -> facts::Facts<Real> {
    facts::Facts {
        head_kept: false,
        recorded: false,
        reader: nobody("reader"),
        subject: nobody("subject"),
        reader_is_auditor: false,
        links_follow: false,
        checkpoint_signed: false,
        checkpoint_count: u64::MAX,
        checkpoint_matches: false,
        memory_matches: false,
    }
}

/// An id that is no agent's: it has no path.
#[expect(clippy::expect_used, reason = "two constants, which the tests read")]
fn nobody(name: &str) -> SpiffeId {
    SpiffeId::parse(&format!("spiffe://no-{name}")).expect("a trust domain")
}

#[cfg(test)]
mod tests {
    use countersign_model::audit::Audit;
    use countersign_model::audit::guard::{Rejection, Stage, Use};
    use countersign_model::rulebook::{self, Ruleset};

    use super::{Log, unknown};

    #[test]
    fn what_is_unknown_is_refused_by_every_guard() {
        let facts = unknown();
        let stages = Use::ALL.iter().flat_map(|usage| usage.asks());
        let judged = stages.map(|stage| {
            let asked = |it: Stage| it == *stage;
            rulebook::judge(Ruleset::<Audit>::HARDENED, asked, &facts, &Log { count: 0 })
        });
        assert!(
            judged
                .into_iter()
                .all(|it: Result<(), Rejection>| it.is_err())
        );
    }
}
