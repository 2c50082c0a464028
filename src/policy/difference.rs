//! What a change of the rules changes: every message that fares otherwise.

use super::{Outcome, Policy, every_type};

/// Every message that fares otherwise under new rules.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Difference {
    /// By sender, recipient and type.
    pub changes: Vec<Change>,
}

/// A message that fares otherwise.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Change {
    /// Who sends it.
    pub from: u32,
    /// Who is to receive it.
    pub to: u32,
    /// The place of its type.
    pub place: u8,
    /// What became of it.
    pub before: Outcome,
    /// What becomes of it.
    pub after: Outcome,
}

impl Change {
    /// Whether more is possible than before: a denial fell, or an approval is no longer needed.
    pub fn widens(&self) -> bool {
        self.before < self.after
    }
}

impl Difference {
    /// Compares two policies over the agents `0..agents` and, numbered `agents` and up, those that
    /// neither names.
    pub fn of(old: &Policy, new: &Policy, agents: u32) -> Self {
        let mut changes = Vec::new();
        for from in 0..=agents {
            for to in 0..=agents {
                if from == to && from < agents {
                    continue;
                }
                // Of agents that nobody names one may write to another.
                let to = if from == to { agents + 1 } else { to };
                if old.decide(from, to) == new.decide(from, to) {
                    continue;
                }
                let (before, after) = (old.passage(from, to), new.passage(from, to));
                let fares = every_type().places().map(|place| Change {
                    from,
                    to,
                    place,
                    before: Outcome::of(&before, place),
                    after: Outcome::of(&after, place),
                });
                changes.extend(fares.filter(|change| change.before != change.after));
            }
        }
        Self { changes }
    }

    /// Whether anything is possible that was not.
    pub fn widens(&self) -> bool {
        self.changes.iter().any(Change::widens)
    }
}
