//! Questions about admission: proved for any number, searched within a scope, exported.

use countersign_model::admission::invariant::InvariantId;
use countersign_model::admission::lemma::LemmaId;
use countersign_model::admission::weakening::Ruleset;
use countersign_model::admission::world::{Setting, World};

use crate::induction::{self, Proof};
use crate::solver::{Budget, isolated};
use crate::symbolic::{Any, Formula, Symbolic};
use crate::system::{Hypothesis, Inductive, System, Taken};

mod encoding;

/// Admission with any number of individuals, under any limits.
struct Unbounded {
    rules: Ruleset,
    invariant: InvariantId,
    setting: Setting<Symbolic<Any>>,
}

impl System for Unbounded {
    type State = World<Symbolic<Any>>;
    const ACTIONS: &'static [&'static str] = encoding::ACTIONS;

    fn property(&self) -> &'static str {
        self.invariant.name()
    }
    fn assumptions(&self) -> Vec<Hypothesis> {
        encoding::assumptions(&self.setting)
    }
    fn first(&self) -> Self::State {
        encoding::any_first_world()
    }
    fn take(&self, state: &Self::State, action: usize, at: &str) -> Option<Taken<Self::State>> {
        encoding::take(self.rules, self.invariant, &self.setting, state, action, at)
    }
}

impl Inductive for Unbounded {
    fn any(&self) -> Self::State {
        encoding::any_world()
    }
    fn lemmas(&self) -> Vec<&'static str> {
        LemmaId::ALL.iter().map(|id| id.name()).collect()
    }
    fn lemma(&self, lemma: usize, state: &Self::State) -> Formula {
        encoding::lemma(LemmaId::ALL[lemma], &self.setting, state, true)
    }
    fn instance(&self, lemma: usize, state: &Self::State) -> Formula {
        encoding::lemma(LemmaId::ALL[lemma], &self.setting, state, false)
    }
}

/// Proves `invariant` under `rules` by induction.
pub fn prove(rules: Ruleset, invariant: InvariantId, budget: Budget) -> Proof {
    isolated(|| {
        let system = Unbounded {
            rules,
            invariant,
            setting: encoding::any_setting(),
        };
        induction::prove(&system, budget)
    })
}
