//! Which rules of the handshake a question is about, and which secrets are lost, from the words on the
//! command line.

use countersign_model::dolev_yao::reveal::{Reveal, Reveals};
use countersign_model::dolev_yao::run::RUNS_MAX;
use countersign_model::handshake::Handshake;
use countersign_model::handshake::guard::GuardId;
use countersign_model::handshake::promise::InvariantId;
use countersign_model::rulebook::{Book as _, Row as _, Ruleset, Weakening};

use crate::cli::args::HandshakeRuleOptions;
use crate::cli::misuse::Misuse;

/// The rules that a question is about.
#[derive(Clone, Debug)]
pub(crate) struct Selection {
    /// The weakenings; none for hardened rules.
    weakenings: Vec<&'static Weakening<Handshake>>,
}

impl Selection {
    pub(crate) fn of(options: &HandshakeRuleOptions) -> Result<Self, Misuse> {
        let without = options.without.iter().map(|name| without(name));
        let with = options.with.iter().map(|name| with(name));
        let weakenings = without.chain(with).collect::<Result<_, _>>()?;
        Ok(Self { weakenings })
    }

    /// The rules.
    pub(crate) fn rules(&self) -> Ruleset<Handshake> {
        let weakenings = self.weakenings.iter().copied();
        weakenings.fold(Ruleset::HARDENED, Ruleset::dangerously_with)
    }

    /// The secrets that must be lost before a search sees what the weakenings break.
    pub(crate) fn needs(&self) -> Reveals {
        let needs = self.weakenings.iter().map(|row| row.needs);
        needs.flat_map(Reveals::iter).collect()
    }

    /// The rules in words.
    pub(crate) fn described(&self) -> String {
        if self.weakenings.is_empty() {
            return "hardened".to_owned();
        }
        let names: Vec<&str> = self.weakenings.iter().map(|row| row.name).collect();
        names.join(" + ")
    }
}

/// The weakening that switches the guard off.
fn without(name: &str) -> Result<&'static Weakening<Handshake>, Misuse> {
    let guard = GuardId::ALL.iter().find(|guard| guard.name() == name);
    let row = guard.and_then(|guard| Weakening::of_name(guard.weakening_name()));
    row.ok_or_else(|| {
        let known = GuardId::ALL.iter().map(|guard| guard.name());
        Misuse::unknown("guard", name, known, "countersign rules handshake --guards")
    })
}

/// The weakening with this name.
fn with(name: &str) -> Result<&'static Weakening<Handshake>, Misuse> {
    Weakening::of_name(name).ok_or_else(|| {
        let known = Handshake::WEAKENINGS.iter().map(|row| row.name);
        Misuse::unknown(
            "weakening",
            name,
            known,
            "countersign rules handshake --weakenings",
        )
    })
}

/// The promises with these names; all of them where none is named.
pub(crate) fn invariants(names: &[String]) -> Result<Vec<InvariantId>, Misuse> {
    if names.is_empty() {
        return Ok(InvariantId::ALL.to_vec());
    }
    let found = names.iter().map(|name| {
        InvariantId::of_name(name).ok_or_else(|| {
            let known = InvariantId::ALL.iter().map(|id| id.name());
            Misuse::unknown(
                "invariant",
                name,
                known,
                "countersign rules handshake --invariants",
            )
        })
    });
    found.collect()
}

/// The secrets that are lost.
pub(crate) fn reveals(names: &[String]) -> Result<Reveals, Misuse> {
    let found = names.iter().map(|name| {
        Reveal::of_name(name).ok_or_else(|| {
            let known = Reveal::ALL.iter().map(|reveal| reveal.name());
            Misuse::unknown(
                "secret",
                name,
                known,
                "countersign explore handshake --help",
            )
        })
    });
    found.collect()
}

/// The number of runs, if a search can hold it.
pub(crate) fn runs(asked: usize) -> Result<usize, Misuse> {
    if (1..=RUNS_MAX).contains(&asked) {
        return Ok(asked);
    }
    let error = format!("{asked} runs at once, expected 1 to {RUNS_MAX}");
    Err(Misuse::new(error, format!("give --runs 1 to {RUNS_MAX}")))
}
