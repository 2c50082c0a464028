//! A known way to get a system wrong, as a row of a table.

use super::{Book, Ruleset};

/// What a weakening changes.
#[derive(Debug)]
pub enum Change<B: Book> {
    /// A guard is not enforced.
    Without(B::Guard),
    /// A mechanism is flawed; the guards listed cannot be enforced with it.
    With(B::Mechanism, &'static [B::Guard]),
}

/// A row of the weakening table.
#[derive(Debug)]
pub struct Weakening<B: Book> {
    /// The stable name.
    pub name: &'static str,
    /// What it changes.
    pub change: Change<B>,
    /// The invariant that it breaks.
    pub breaks: B::Invariant,
    /// What a search needs in order to see it.
    pub needs: B::Need,
    /// The entries of the catalogue of flaws (`docs/flaws.md`) that it stands for.
    pub flaws: &'static [u8],
    /// Where it was seen, or what it amounts to.
    pub lesson: &'static str,
}

impl<B: Book> Weakening<B> {
    /// The weakening with this name.
    pub fn of_name(name: &str) -> Option<&'static Self> {
        B::WEAKENINGS
            .iter()
            .find(|weakening| weakening.name == name)
    }

    /// The same, with a mechanism beside which these guards cannot be enforced.
    pub(crate) const fn dropping(mut self, guards: &'static [B::Guard]) -> Self {
        if let Change::With(mechanism, _) = self.change {
            self.change = Change::With(mechanism, guards);
        }
        self
    }

    /// The hardened rules with this weakening alone.
    pub fn rules(&self) -> Ruleset<B> {
        Ruleset::HARDENED.dangerously_with(self)
    }
}

// Written out, because deriving would ask the same of the book.
impl<B: Book> Clone for Change<B> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<B: Book> Copy for Change<B> {}

/// Declares how the book `$book` writes the rows of its table: `without` a guard, `with` a flawed
/// mechanism. Most need `$need`.
macro_rules! rows {
    ($book:ty, needing $need:expr) => {
        const fn without(
            guard: <$book as $crate::rulebook::Book>::Guard,
            breaks: <$book as $crate::rulebook::Book>::Invariant,
            flaws: &'static [u8],
            lesson: &'static str,
        ) -> $crate::rulebook::Weakening<$book> {
            $crate::rulebook::Weakening {
                name: guard.weakening_name(),
                change: $crate::rulebook::Change::Without(guard),
                breaks,
                needs: $need,
                flaws,
                lesson,
            }
        }

        const fn with(
            mechanism: <$book as $crate::rulebook::Book>::Mechanism,
            breaks: <$book as $crate::rulebook::Book>::Invariant,
            flaws: &'static [u8],
            lesson: &'static str,
        ) -> $crate::rulebook::Weakening<$book> {
            $crate::rulebook::Weakening {
                name: mechanism.weakening_name(),
                change: $crate::rulebook::Change::With(mechanism, &[]),
                breaks,
                needs: $need,
                flaws,
                lesson,
            }
        }
    };
}
pub(crate) use rows;
