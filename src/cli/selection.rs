//! Which rules and which scope a question is about, from the words on the command line.

use std::collections::BTreeSet;

use countersign_model::admission::Admission;
use countersign_model::admission::scope::Scope;
use countersign_model::rulebook::{Book, Profile, Row as _, Ruleset, Weakening};
use countersign_replay::system::System;

use super::args::{RuleOptions, ScopeOptions};
use super::misuse::Misuse;

/// The rules that a question is about.
#[derive(Clone, Debug)]
pub(crate) struct Selection<B: Book> {
    /// The weakenings; none for hardened rules.
    pub(crate) weakenings: Vec<&'static Weakening<B>>,
    /// The profile that names them together, where one does.
    pub(crate) profile: Option<&'static Profile<B>>,
}

impl<B: Book + System> Selection<B> {
    /// Guards switched off and weakenings applied, each by name, and each once.
    pub(crate) fn named(off: &[String], applied: &[String]) -> Result<Self, Misuse> {
        let off = off.iter().map(|name| without(name));
        let applied = applied.iter().map(|name| with(name));
        let mut weakenings = off.chain(applied).collect::<Result<Vec<_>, _>>()?;
        let mut seen = BTreeSet::new();
        weakenings.retain(|weakening| seen.insert(weakening.name));
        Ok(Self {
            weakenings,
            profile: None,
        })
    }

    /// All weakenings of a profile.
    fn profiled(name: &str) -> Result<Self, Misuse> {
        let profile = Profile::<B>::of_name(name).ok_or_else(|| {
            let known = B::PROFILES.iter().map(|profile| profile.name);
            Misuse::unknown("profile", name, known, &listing::<B>("profiles"))
        })?;
        Ok(Self {
            weakenings: profile.rows().collect(),
            profile: Some(profile),
        })
    }

    /// The rules.
    pub(crate) fn rules(&self) -> Ruleset<B> {
        let weakenings = self.weakenings.iter().copied();
        weakenings.fold(Ruleset::HARDENED, Ruleset::dangerously_with)
    }

    /// The weakenings by name.
    pub(crate) fn names(&self) -> Vec<&'static str> {
        self.weakenings
            .iter()
            .map(|weakening| weakening.name)
            .collect()
    }

    /// The rules in words.
    pub(crate) fn described(&self) -> String {
        match (self.profile, self.weakenings.as_slice()) {
            (_, []) => "hardened".to_owned(),
            (Some(profile), _) => profile.name.to_owned(),
            (None, _) => self.names().join(" + "),
        }
    }
}

impl Selection<Admission> {
    pub(crate) fn of(options: &RuleOptions) -> Result<Self, Misuse> {
        match &options.profile {
            Some(name) => Self::profiled(name),
            None => Self::named(&options.without, &options.with),
        }
    }

    /// The scope in which a search sees what the weakenings break.
    pub(crate) fn widened(&self, base: Scope) -> Scope {
        let weakenings = self.weakenings.iter();
        weakenings.fold(base, |scope, weakening| weakening.scope(scope))
    }
}

/// The weakening that switches the guard off.
fn without<B: Book + System>(name: &str) -> Result<&'static Weakening<B>, Misuse> {
    let guard = B::Guard::all().iter().find(|guard| guard.name() == name);
    let row = guard.and_then(|guard| Weakening::of_name(&format!("without-{}", guard.name())));
    row.ok_or_else(|| {
        let known = B::Guard::all().iter().map(|guard| guard.name());
        Misuse::unknown("guard", name, known, &listing::<B>("guards"))
    })
}

/// The weakening with this name.
fn with<B: Book + System>(name: &str) -> Result<&'static Weakening<B>, Misuse> {
    Weakening::of_name(name).ok_or_else(|| {
        let known = B::WEAKENINGS.iter().map(|row| row.name);
        Misuse::unknown("weakening", name, known, &listing::<B>("weakenings"))
    })
}

/// The invariants with these names; all of them where none is named.
pub(crate) fn invariants<B: Book + System>(
    names: &[String],
) -> Result<Vec<<B as Book>::Invariant>, Misuse> {
    let all = <B as Book>::Invariant::all();
    if names.is_empty() {
        return Ok(all.to_vec());
    }
    let found = names.iter().map(|name| {
        let found = all.iter().copied().find(|id| id.name() == name);
        found.ok_or_else(|| {
            let known = all.iter().map(|id| id.name());
            Misuse::unknown("invariant", name, known, &listing::<B>("invariants"))
        })
    });
    found.collect()
}

/// The command that lists a part of the rule book. It speaks of admission where no system is named.
fn listing<S: System>(part: &str) -> String {
    if S::NAME == Admission::NAME {
        return format!("countersign rules --{part}");
    }
    format!("countersign rules {} --{part}", S::NAME)
}

/// The scope, if a search can hold it.
pub(crate) fn scope(options: &ScopeOptions) -> Result<Scope, Misuse> {
    options.scope().checked().map_err(|error| {
        let help = format!("give --{} {} to {}", error.bound, error.least, error.most);
        Misuse::new(error, help)
    })
}
