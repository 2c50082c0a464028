//! Which rules and which promises a question is about, from the words on the command line.

use countersign_model::admission::Admission;
use countersign_model::audit::Audit;
use countersign_model::bus::Bus;
use countersign_model::handshake::Handshake;
use countersign_model::rulebook::{Book as _, Change, Profile, Row as _, Ruleset, Weakening};
use countersign_model::session::Session;

use super::args::{RuleOptions, WeakeningOptions};
use super::examinable::Examinable;
use super::misuse::Misuse;

/// The rules of one system that a question is about.
pub(crate) struct Selection<S: Examinable> {
    /// The weakenings; none for hardened rules.
    weakenings: Vec<&'static Weakening<S>>,
    /// The profile that names them together, where one does.
    pub(crate) profile: Option<&'static Profile<S>>,
}

impl<S: Examinable> Default for Selection<S> {
    fn default() -> Self {
        Self {
            weakenings: Vec::new(),
            profile: None,
        }
    }
}

impl<S: Examinable> Selection<S> {
    /// The hardened rules with these weakenings.
    pub(crate) fn of(options: &WeakeningOptions) -> Result<Self, Misuse> {
        let mut selection = Self::default();
        for name in &options.without {
            if !selection.switch_off(name) {
                return Err(unknown_guard(name, &[Tables::of::<S>()]));
            }
        }
        for name in &options.with {
            if !selection.apply(name) {
                return Err(unknown_weakening(name, &[Tables::of::<S>()]));
            }
        }
        Ok(selection)
    }

    /// Adds the weakening that switches this guard off, if there is such a guard.
    fn switch_off(&mut self, guard: &str) -> bool {
        let off =
            |row: &&Weakening<S>| matches!(row.change, Change::Without(id) if id.name() == guard);
        self.add(S::WEAKENINGS.iter().find(off))
    }

    /// Adds the weakening with this name, if there is one.
    fn apply(&mut self, name: &str) -> bool {
        self.add(Weakening::of_name(name))
    }

    fn add(&mut self, found: Option<&'static Weakening<S>>) -> bool {
        if let Some(weakening) = found
            && !self.names().contains(&weakening.name)
        {
            self.weakenings.push(weakening);
        }
        found.is_some()
    }

    /// Whether nothing is weakened.
    pub(crate) fn is_hardened(&self) -> bool {
        self.weakenings.is_empty()
    }

    /// The rules.
    pub(crate) fn rules(&self) -> Ruleset<S> {
        let weakenings = self.weakenings.iter().copied();
        weakenings.fold(Ruleset::HARDENED, Ruleset::dangerously_with)
    }

    /// The weakenings by name.
    pub(crate) fn names(&self) -> Vec<&'static str> {
        let weakenings = self.weakenings.iter();
        weakenings.map(|row| row.name).collect()
    }

    /// The secrets that must be lost before a search sees what the weakenings break.
    pub(crate) fn needs(&self) -> Vec<&'static str> {
        let weakenings = self.weakenings.iter();
        weakenings.flat_map(|row| S::secrets(&row.needs)).collect()
    }

    /// What the weakenings teach; nothing where there is none.
    pub(crate) fn lesson(&self) -> Option<String> {
        if let Some(profile) = self.profile {
            return Some(profile.summary.to_owned());
        }
        let lessons = self.weakenings.iter().map(|row| row.lesson);
        let lessons: Vec<&str> = lessons.collect();
        (!lessons.is_empty()).then(|| lessons.join("; "))
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
    pub(crate) fn widened(&self, base: S::Scope) -> S::Scope {
        let weakenings = self.weakenings.iter().copied();
        weakenings.fold(base, S::widened)
    }
}

impl Selection<Admission> {
    /// The same, or a profile.
    pub(crate) fn of_all(options: &RuleOptions) -> Result<Self, Misuse> {
        let Some(name) = &options.profile else {
            return Self::of(&options.weakenings);
        };
        let profile = Profile::of_name(name).ok_or_else(|| {
            let known = Admission::PROFILES.iter().map(|profile| profile.name);
            Misuse::unknown("profile", name, known, "countersign rules --profiles")
        })?;
        Ok(Self {
            weakenings: profile.rows().collect(),
            profile: Some(profile),
        })
    }
}

/// The rules of every system that a question is about.
#[derive(Default)]
pub(crate) struct Selections {
    pub(crate) admission: Selection<Admission>,
    pub(crate) handshake: Selection<Handshake>,
    pub(crate) session: Selection<Session>,
    pub(crate) audit: Selection<Audit>,
    pub(crate) bus: Selection<Bus>,
}

impl Selections {
    /// Each name weakens every system that knows it.
    pub(crate) fn of(options: &RuleOptions) -> Result<Self, Misuse> {
        let mut all = Self::default();
        if options.profile.is_some() {
            all.admission = Selection::of_all(options)?;
            return Ok(all);
        }
        for name in &options.weakenings.without {
            let known = [
                all.admission.switch_off(name),
                all.handshake.switch_off(name),
                all.session.switch_off(name),
                all.audit.switch_off(name),
                all.bus.switch_off(name),
            ];
            if !known.contains(&true) {
                return Err(unknown_guard(name, &Tables::all()));
            }
        }
        for name in &options.weakenings.with {
            let known = [
                all.admission.apply(name),
                all.handshake.apply(name),
                all.session.apply(name),
                all.audit.apply(name),
                all.bus.apply(name),
            ];
            if !known.contains(&true) {
                return Err(unknown_weakening(name, &Tables::all()));
            }
        }
        Ok(all)
    }

    /// Whether nothing is weakened.
    pub(crate) fn is_hardened(&self) -> bool {
        self.admission.is_hardened()
            && self.handshake.is_hardened()
            && self.session.is_hardened()
            && self.audit.is_hardened()
            && self.bus.is_hardened()
    }

    /// The rules in words.
    pub(crate) fn described(&self) -> String {
        if let Some(profile) = self.admission.profile {
            return profile.name.to_owned();
        }
        let mut names = self.admission.names();
        let others = [
            self.handshake.names(),
            self.session.names(),
            self.audit.names(),
            self.bus.names(),
        ];
        for name in others.into_iter().flatten() {
            if !names.contains(&name) {
                names.push(name);
            }
        }
        if names.is_empty() {
            return "hardened".to_owned();
        }
        names.join(" + ")
    }
}

/// The names that the tables of one system know.
struct Tables {
    system: &'static str,
    guards: Vec<&'static str>,
    weakenings: Vec<&'static str>,
}

impl Tables {
    fn of<S: Examinable>() -> Self {
        let rows = S::WEAKENINGS.iter();
        Self {
            system: S::NAME,
            guards: S::Guard::all().iter().map(|guard| guard.name()).collect(),
            weakenings: rows.map(|row| row.name).collect(),
        }
    }

    fn all() -> [Self; 5] {
        [
            Self::of::<Admission>(),
            Self::of::<Handshake>(),
            Self::of::<Session>(),
            Self::of::<Audit>(),
            Self::of::<Bus>(),
        ]
    }
}

fn unknown_guard(name: &str, tables: &[Tables]) -> Misuse {
    let known = tables.iter().flat_map(|table| table.guards.iter().copied());
    Misuse::unknown("guard", name, known, &listing(tables, "--guards"))
}

fn unknown_weakening(name: &str, tables: &[Tables]) -> Misuse {
    let known = tables.iter().flat_map(|table| &table.weakenings).copied();
    Misuse::unknown("weakening", name, known, &listing(tables, "--weakenings"))
}

/// The commands that list what there is.
fn listing(tables: &[Tables], what: &str) -> String {
    let commands = tables
        .iter()
        .map(|table| format!("countersign rules {} {what}", table.system));
    commands.collect::<Vec<_>>().join(", ")
}

/// The promises with these names; all of them where none is named.
pub(crate) fn promises<S: Examinable>(names: &[String]) -> Result<Vec<S::Promise>, Misuse> {
    if names.is_empty() {
        return Ok(S::Promise::all().to_vec());
    }
    let found = names.iter().map(|name| {
        let found = S::Promise::all().iter().find(|id| id.name() == name);
        found.copied().ok_or_else(|| {
            let known = S::Promise::all().iter().map(|id| id.name());
            let list = format!("countersign rules {} --invariants", S::NAME);
            Misuse::unknown("invariant", name, known, &list)
        })
    });
    found.collect()
}
