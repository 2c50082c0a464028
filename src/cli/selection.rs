//! Which rules and which scope a question is about, from the words on the command line.

use countersign_model::admission::guard::GuardId;
use countersign_model::admission::invariant::InvariantId;
use countersign_model::admission::scope::Scope;
use countersign_model::admission::weakening::{Change, Profile, Ruleset, Weakening};

use super::args::{RuleOptions, ScopeOptions};
use super::misuse::Misuse;

/// The rules that a question is about.
#[derive(Clone, Debug)]
pub(crate) struct Selection {
    /// The weakenings; none for hardened rules.
    pub(crate) weakenings: Vec<&'static Weakening>,
    /// The profile that names them together, where one does.
    pub(crate) profile: Option<&'static Profile>,
}

impl Selection {
    pub(crate) fn of(options: &RuleOptions) -> Result<Self, Misuse> {
        if let Some(name) = &options.profile {
            let profile = Profile::of_name(name).ok_or_else(|| {
                let known = Profile::TABLE.iter().map(|profile| profile.name);
                Misuse::unknown("profile", name, known, "countersign rules --profiles")
            })?;
            let weakenings = profile.weakenings.iter();
            return Ok(Self {
                weakenings: weakenings
                    .filter_map(|name| Weakening::of_name(name))
                    .collect(),
                profile: Some(profile),
            });
        }
        let mut weakenings = Vec::new();
        for name in &options.without {
            weakenings.push(without(name)?);
        }
        for name in &options.with {
            weakenings.push(with(name)?);
        }
        let mut seen = std::collections::BTreeSet::new();
        weakenings.retain(|weakening| seen.insert(weakening.name));
        Ok(Self {
            weakenings,
            profile: None,
        })
    }

    /// The rules.
    pub(crate) fn rules(&self) -> Ruleset {
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

    /// The scope in which a search sees what the weakenings break.
    pub(crate) fn widened(&self, base: Scope) -> Scope {
        let weakenings = self.weakenings.iter();
        weakenings.fold(base, |scope, weakening| weakening.scope(scope))
    }
}

/// The weakening that switches the guard off.
fn without(name: &str) -> Result<&'static Weakening, Misuse> {
    let guard = GuardId::ALL.iter().find(|guard| guard.name() == name);
    let row = guard.and_then(|guard| {
        let off = |row: &&Weakening| row.change == Change::Without(*guard);
        Weakening::TABLE.iter().find(off)
    });
    row.ok_or_else(|| {
        let known = GuardId::ALL.iter().map(|guard| guard.name());
        Misuse::unknown("guard", name, known, "countersign rules --guards")
    })
}

/// The weakening with this name.
pub(crate) fn with(name: &str) -> Result<&'static Weakening, Misuse> {
    Weakening::of_name(name).ok_or_else(|| {
        let known = Weakening::TABLE.iter().map(|row| row.name);
        Misuse::unknown("weakening", name, known, "countersign rules --weakenings")
    })
}

/// The invariant with this name.
pub(crate) fn invariants(names: &[String]) -> Result<Vec<InvariantId>, Misuse> {
    if names.is_empty() {
        return Ok(InvariantId::ALL.to_vec());
    }
    let found = names.iter().map(|name| {
        InvariantId::of_name(name).ok_or_else(|| {
            let known = InvariantId::ALL.iter().map(|id| id.name());
            Misuse::unknown("invariant", name, known, "countersign rules --invariants")
        })
    });
    found.collect()
}

/// The scope, if a search can hold it.
pub(crate) fn scope(options: &ScopeOptions) -> Result<Scope, Misuse> {
    options.scope().checked().map_err(|error| {
        let help = format!("give --{} {} to {}", error.bound, error.least, error.most);
        Misuse::new(error, help)
    })
}
