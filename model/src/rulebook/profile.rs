//! Named sets of weakenings.

use std::marker::PhantomData;

use super::{Book, Ruleset, Weakening};

/// A named set of weakenings.
#[derive(Debug)]
pub struct Profile<B> {
    /// The stable name.
    pub name: &'static str,
    /// What it stands for.
    pub summary: &'static str,
    /// Its weakenings, by name.
    pub weakenings: &'static [&'static str],
    book: PhantomData<fn() -> B>,
}

impl<B> Profile<B> {
    /// The profile of these weakenings.
    pub(crate) const fn new(
        name: &'static str,
        summary: &'static str,
        weakenings: &'static [&'static str],
    ) -> Self {
        Self {
            name,
            summary,
            weakenings,
            book: PhantomData,
        }
    }
}

impl<B: Book> Profile<B> {
    /// The profile with this name.
    pub fn of_name(name: &str) -> Option<&'static Self> {
        B::PROFILES.iter().find(|profile| profile.name == name)
    }

    /// The rows that it names.
    pub fn rows(&self) -> impl Iterator<Item = &'static Weakening<B>> {
        let rows = self.weakenings.iter();
        rows.filter_map(|name| Weakening::of_name(name))
    }

    /// The rules that it stands for.
    pub fn rules(&self) -> Ruleset<B> {
        self.rows()
            .fold(Ruleset::HARDENED, Ruleset::dangerously_with)
    }
}
