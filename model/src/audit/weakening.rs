//! The weakenings of the audit trail: every guard off, then every flawed mechanism.

use self::Mechanism as M;
use super::Audit;
use super::guard::GuardId as G;
use super::promise::InvariantId as I;
use super::scope::Scope;
use crate::rulebook::{Change, Weakening, mechanisms};

mechanisms! {
    /// A message has its effect first and is written down afterwards.
    EffectBeforeRecord, "effect-before-record";
    /// The writer says that it has written what the disk does not have yet.
    AcknowledgesEarly, "acknowledges-early";
    /// What the policy denies is answered without a record.
    SkipsDenials, "skips-denials";
    /// A link is the hash of its own record, not of the link before it.
    Unchained, "unchained";
    /// A link is over the fields of a record run together, without their lengths.
    FieldsRunTogether, "fields-run-together";
    /// After a crash the writer begins a new chain.
    ChainRestarts, "chain-restarts";
    /// A payload is hashed without a salt.
    UnsaltedHash, "unsalted-hash";
    /// The salt of a hash stands in the record, beside it.
    SaltInRecord, "salt-in-record";
    /// A checkpoint is compared with the whole log, not with as much of it as it covers.
    WholeLogOnly, "whole-log-only";
    /// The verifier remembers how many records it saw, and no link.
    CountsOnly, "counts-only";
}

/// What a search needs in order to see a weakening.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Need {
    /// Messages to be recorded.
    pub messages: u8,
}

/// The table.
#[rustfmt::skip]
pub(super) const ROWS: &[Weakening<Audit>] = &[
    //      guard off                breaks            flaws     lesson
    without(G::HeadKept,             I::Intact,        &[52],    "the writer signs whatever it finds"),
    without(G::RecordDurable,        I::Complete,      &[52],    "an effect of which the log knows nothing"),
    without(G::ReaderEntitled,       I::Confidential,  &[53],    "anybody reads whom an agent talks to"),
    without(G::LinksFollow,          I::Intact,        &[52],    "a record is altered in its place"),
    without(G::CheckpointSigned,     I::Intact,        &[52],    "whoever writes to the file computes every link anew"),
    without(G::CheckpointReached,    I::Intact,        &[52],    "the end of the log is cut off"),
    without(G::CheckpointMatches,    I::Intact,        &[52],    "a checkpoint that nobody compares with the log"),
    without(G::MemoryMatches,        I::Kept,          &[52],    "an older copy is as good as the log"),
    //   mechanism                   breaks            flaws     lesson
    with(M::EffectBeforeRecord,      I::Complete,      &[52],    "a crash comes between the act and its record").dropping(&[G::RecordDurable]),
    with(M::AcknowledgesEarly,       I::Complete,      &[52],    "a crash takes a record back whose effect remains"),
    with(M::SkipsDenials,            I::Complete,      &[52],    "whoever probes the policy leaves no trace"),
    with(M::Unchained,               I::Intact,        &[52],    "a checkpoint vouches for one record"),
    with(M::FieldsRunTogether,       I::Intact,        &[52],    "one hash, two readings"),
    with(M::ChainRestarts,           I::Live,          &[52],    "after a crash the log no longer verifies").dropping(&[G::HeadKept]),
    with(M::UnsaltedHash,            I::Hidden,        &[53],    "whoever can guess a payload can tell that it was sent"),
    with(M::SaltInRecord,            I::Hidden,        &[53],    "a salt that everybody reads is no secret"),
    with(M::WholeLogOnly,            I::Live,          &[],      "every new record makes the log look forged"),
    with(M::CountsOnly,              I::Kept,          &[52],    "another log of the same length is as good"),
];

const fn row(name: &'static str, change: Change<Audit>, breaks: I) -> Weakening<Audit> {
    Weakening {
        name,
        change,
        breaks,
        needs: Need { messages: 2 },
        flaws: &[],
        lesson: "",
    }
}

const fn without(
    guard: G,
    breaks: I,
    flaws: &'static [u8],
    lesson: &'static str,
) -> Weakening<Audit> {
    Weakening {
        flaws,
        lesson,
        ..row(guard.weakening_name(), Change::Without(guard), breaks)
    }
}

const fn with(
    mechanism: Mechanism,
    breaks: I,
    flaws: &'static [u8],
    lesson: &'static str,
) -> Weakening<Audit> {
    let change = Change::With(mechanism, &[]);
    Weakening {
        flaws,
        lesson,
        ..row(mechanism.weakening_name(), change, breaks)
    }
}

impl Weakening<Audit> {
    const fn dropping(mut self, guards: &'static [G]) -> Self {
        if let Change::With(mechanism, _) = self.change {
            self.change = Change::With(mechanism, guards);
        }
        self
    }

    /// The scope in which a search sees it: `base`, with as much as it needs.
    #[must_use]
    pub fn scope(&self, base: Scope) -> Scope {
        Scope {
            messages: base.messages.max(self.needs.messages),
            ..base
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{G, I, M};
    use crate::audit::Audit;
    use crate::rulebook::{Book as _, Change, Row as _, Ruleset, Weakening};

    #[test]
    fn every_guard_and_every_mechanism_has_its_row_in_order() {
        let guards = G::ALL.iter().map(|guard| guard.weakening_name());
        let mechanisms = M::ALL.iter().map(|mechanism| mechanism.weakening_name());
        let expected: Vec<&str> = guards.chain(mechanisms).collect();
        let names: Vec<&str> = Audit::WEAKENINGS.iter().map(|row| row.name).collect();
        assert_eq!(names, expected);
    }

    #[test]
    fn a_guard_off_breaks_what_the_guard_protects() {
        for (row, guard) in Audit::WEAKENINGS
            .iter()
            .zip(super::super::guard::table::<crate::domain::Concrete>())
        {
            assert_eq!(row.breaks, guard.protects, "{}", row.name);
        }
    }

    #[test]
    fn every_invariant_is_broken_by_some_weakening() {
        for id in I::ALL {
            assert!(
                Audit::WEAKENINGS.iter().any(|row| row.breaks == *id),
                "{}",
                id.name()
            );
        }
    }

    #[test]
    fn a_weakening_changes_what_it_says_and_nothing_else() {
        for row in Audit::WEAKENINGS {
            assert_eq!(
                Weakening::<Audit>::of_name(row.name).map(|row| row.name),
                Some(row.name)
            );
            let rules: Ruleset<Audit> = row.rules();
            let (off, flawed) = match row.change {
                Change::Without(guard) => (vec![guard], None),
                Change::With(mechanism, guards) => (guards.to_vec(), Some(mechanism)),
            };
            for guard in G::ALL {
                assert_eq!(rules.enforces(*guard), !off.contains(guard), "{}", row.name);
            }
            for mechanism in M::ALL {
                assert_eq!(
                    rules.has(*mechanism),
                    flawed == Some(*mechanism),
                    "{}",
                    row.name
                );
            }
        }
    }
}
