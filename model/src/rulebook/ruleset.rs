//! Which guards are enforced and which mechanisms are flawed.

use std::fmt;
use std::hash::{Hash, Hasher};
use std::marker::PhantomData;

use super::{Book, Change, Row as _, Weakening};

/// The rules as one receiver keeps them. Hardened unless it says, dangerously, otherwise.
pub struct Ruleset<B> {
    unenforced: u64,
    flawed: u64,
    book: PhantomData<fn() -> B>,
}

impl<B> Ruleset<B> {
    /// Every guard enforced, every mechanism sound.
    pub const HARDENED: Self = Self {
        unenforced: 0,
        flawed: 0,
        book: PhantomData,
    };
}

impl<B: Book> Ruleset<B> {
    /// These rules with one more weakening.
    #[must_use]
    pub fn dangerously_with(mut self, weakening: &Weakening<B>) -> Self {
        let unenforced = match weakening.change {
            Change::Without(guard) => 1 << guard.place(),
            Change::With(mechanism, guards) => {
                self.flawed |= 1 << mechanism.place();
                guards
                    .iter()
                    .fold(0, |guards, guard| guards | 1 << guard.place())
            }
        };
        self.unenforced |= unenforced;
        self
    }

    /// Whether the guard is enforced.
    #[inline]
    pub fn enforces(self, guard: B::Guard) -> bool {
        self.unenforced & (1 << guard.place()) == 0
    }

    /// Whether the mechanism is flawed.
    #[inline]
    pub fn has(self, mechanism: B::Mechanism) -> bool {
        self.flawed & (1 << mechanism.place()) != 0
    }

    /// The guards that are not enforced and the mechanisms that are flawed, by the names of the
    /// weakenings that say so.
    pub fn described(self) -> String {
        let weakened = |change: &Change<B>| match change {
            Change::Without(guard) => !self.enforces(*guard),
            Change::With(mechanism, _) => self.has(*mechanism),
        };
        let rows = B::WEAKENINGS.iter().filter(|row| weakened(&row.change));
        let names: Vec<&str> = rows.map(|row| row.name).collect();
        if names.is_empty() {
            "hardened".to_owned()
        } else {
            names.join(", ")
        }
    }
}

// Written out, because deriving would ask the same of the book.
impl<B> Clone for Ruleset<B> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<B> Copy for Ruleset<B> {}

impl<B> PartialEq for Ruleset<B> {
    fn eq(&self, other: &Self) -> bool {
        (self.unenforced, self.flawed) == (other.unenforced, other.flawed)
    }
}

impl<B> Eq for Ruleset<B> {}

impl<B> Hash for Ruleset<B> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        (self.unenforced, self.flawed).hash(state);
    }
}

impl<B> fmt::Debug for Ruleset<B> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Ruleset")
            .field("unenforced", &format_args!("{:#b}", self.unenforced))
            .field("flawed", &format_args!("{:#b}", self.flawed))
            .finish()
    }
}
