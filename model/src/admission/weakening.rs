//! The weakenings: every known way to get admission wrong, each a named row.
//!
//! A weakening switches guards off, or puts a flawed mechanism in the place of the right one. The
//! checker must break the named invariant by itself; the replay confirms it on real code. A
//! [`Ruleset`] is hardened unless it says, dangerously, otherwise.

mod mechanism;
mod profile;
mod table;

pub use mechanism::Mechanism;
pub use profile::Profile;

use super::guard::GuardId;
use super::promise::InvariantId;
use super::scope::Scope;

/// What a weakening changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Change {
    /// A guard is not enforced.
    Without(GuardId),
    /// A mechanism is flawed; the guards listed cannot be enforced with it.
    With(Mechanism, &'static [GuardId]),
}

/// A row of the weakening table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Weakening {
    /// The stable name.
    pub name: &'static str,
    /// What it changes.
    pub change: Change,
    /// The invariant that it breaks.
    pub breaks: InvariantId,
    /// How many messages and nonces a search needs to see it.
    pub messages: u8,
    /// The rate at which a search can see it.
    pub rate: u8,
    /// The entries of the catalogue of flaws (`docs/flaws.md`) that it stands for.
    pub flaws: &'static [u8],
    /// Where it was seen, or what it amounts to.
    pub lesson: &'static str,
}

impl Weakening {
    /// The table: every guard off, then every flawed mechanism.
    pub const TABLE: &[Self] = table::ROWS;

    /// The scope in which a search sees it: `base`, with as much as it needs.
    #[must_use]
    pub fn scope(&self, base: Scope) -> Scope {
        Scope {
            messages: base.messages.max(self.messages),
            nonces: base.nonces.max(self.messages),
            rate: base.rate.min(self.rate),
            ..base
        }
    }

    /// The weakening with this name.
    pub fn of_name(name: &str) -> Option<&'static Self> {
        Self::TABLE.iter().find(|weakening| weakening.name == name)
    }
}

/// Which guards are enforced and which mechanisms are flawed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Ruleset {
    unenforced: u32,
    flawed: u32,
}

impl Ruleset {
    /// Every guard enforced, every mechanism sound.
    pub const HARDENED: Self = Self {
        unenforced: 0,
        flawed: 0,
    };

    /// These rules with one more weakening.
    #[must_use]
    pub const fn dangerously_with(mut self, weakening: &Weakening) -> Self {
        match weakening.change {
            Change::Without(guard) => self.unenforced |= 1 << guard as u32,
            Change::With(mechanism, guards) => {
                self.flawed |= 1 << mechanism as u32;
                let mut at = 0;
                while at < guards.len() {
                    #[expect(clippy::indexing_slicing, reason = "const loops index")]
                    {
                        self.unenforced |= 1 << guards[at] as u32;
                    }
                    at += 1;
                }
            }
        }
        self
    }

    /// Whether the guard is enforced.
    #[inline]
    pub const fn enforces(self, guard: GuardId) -> bool {
        self.unenforced & (1 << guard as u32) == 0
    }

    /// Whether the mechanism is flawed.
    #[inline]
    pub const fn has(self, mechanism: Mechanism) -> bool {
        self.flawed & (1 << mechanism as u32) != 0
    }
}

#[cfg(test)]
mod tests;
