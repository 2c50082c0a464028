//! Questions about admission: proved for any number, searched within a scope, exported.
//!
//! Each question is asked in a Z3 context of its own: answers do not depend on what was asked before,
//! and threads may ask side by side.
//!
//! Never here: what a step does or demands; that is read from the rule book.

use countersign_model::admission::Admission;
use countersign_model::admission::invariant::{Invariant, InvariantId};
use countersign_model::admission::lemma::LemmaId;
use countersign_model::admission::scope::Scope;
use countersign_model::admission::story::Story;
use countersign_model::admission::weakening::Mechanism;
use countersign_model::admission::world::{Setting, World};
use countersign_model::rulebook::{Row as _, Ruleset};

use crate::bounded::{self, Ending};
use crate::induction::{self, Proof};
use crate::search::Search;
use crate::smtlib::{self, SmtLib};
use crate::solver::{Budget, isolated};
use crate::symbolic::{Any, Formula, Symbolic};
use crate::system::{Hypothesis, Inductive, System, Taken};

#[cfg(test)]
mod agreement;
mod casting;
mod encoding;
mod within;

use within::Within;

pub use within::STEPS_MAX;

/// Admission with any number of individuals, under any limits.
struct Unbounded {
    rules: Ruleset<Admission>,
    invariant: InvariantId,
    setting: Setting<Symbolic<Any>>,
}

impl Unbounded {
    fn new(rules: Ruleset<Admission>, invariant: InvariantId) -> Self {
        Self {
            rules,
            invariant,
            setting: encoding::any_setting(),
        }
    }
}

impl System for Unbounded {
    type State = World<Symbolic<Any>>;

    fn property(&self) -> &'static str {
        self.invariant.name()
    }
    fn assumptions(&self) -> Vec<Hypothesis> {
        encoding::assumptions(&self.setting)
    }
    fn first(&self) -> Self::State {
        encoding::any_first_world()
    }
    fn steps(&self, state: &Self::State, at: &str) -> Vec<Taken<Self::State>> {
        encoding::steps(self.rules, self.invariant, &self.setting, state, at)
    }
}

impl Inductive for Unbounded {
    type Lemma = LemmaId;
    const LEMMAS: &'static [LemmaId] = LemmaId::ALL;

    fn name(lemma: LemmaId) -> &'static str {
        lemma.name()
    }
    fn any(&self) -> Self::State {
        encoding::any_world()
    }
    fn lemma(&self, lemma: LemmaId, state: &Self::State) -> Formula {
        encoding::lemma(lemma, &self.setting, state, true)
    }
    fn instance(&self, lemma: LemmaId, state: &Self::State) -> Formula {
        encoding::lemma(lemma, &self.setting, state, false)
    }
}

/// Proves `invariant` under `rules` by induction.
pub fn prove(rules: Ruleset<Admission>, invariant: InvariantId, budget: Budget) -> Proof {
    isolated(|| induction::prove(&Unbounded::new(rules, invariant), budget))
}

/// Searches for the shortest run that violates `invariant` under `rules`, of up to `steps_max` steps
/// and never more than [`STEPS_MAX`].
pub fn search(
    rules: Ruleset<Admission>,
    scope: &Scope,
    invariant: InvariantId,
    steps_max: usize,
    budget: Budget,
) -> Search<Box<Story>> {
    run(
        rules,
        scope,
        invariant,
        Ending::Violation,
        steps_max,
        budget,
    )
}

/// Searches for the shortest run that satisfies the premise of `invariant`: without one, the
/// invariant would say nothing.
pub fn witness(
    rules: Ruleset<Admission>,
    scope: &Scope,
    invariant: InvariantId,
    steps_max: usize,
    budget: Budget,
) -> Search<Box<Story>> {
    run(rules, scope, invariant, Ending::Premise, steps_max, budget)
}

fn run(
    rules: Ruleset<Admission>,
    scope: &Scope,
    invariant: InvariantId,
    ending: Ending,
    steps_max: usize,
    budget: Budget,
) -> Search<Box<Story>> {
    isolated(|| {
        let system = Within {
            rules,
            invariant,
            scope: *scope,
        };
        let found = bounded::search(&system, ending, steps_max.min(STEPS_MAX), budget);
        found.told(|(actions, model)| {
            let derived = rules.has(Mechanism::NonceFromClock);
            let first = system.first();
            Box::new(casting::story(scope, &first, derived, &actions, &model))
        })
    })
}

/// The obligations about `invariant` under `rules`, as SMT-LIB 2. They take every lemma for granted;
/// [`export_lemmas`] has the other half.
pub fn export(rules: Ruleset<Admission>, invariant: InvariantId) -> Vec<SmtLib> {
    isolated(|| {
        let pending = induction::of_property(&Unbounded::new(rules, invariant));
        smtlib::scripts(&pending, rules)
    })
}

/// The obligations about the lemmas under `rules`, as SMT-LIB 2.
pub fn export_lemmas(rules: Ruleset<Admission>) -> Vec<SmtLib> {
    isolated(|| {
        // Whichever invariant it is: lemmas are shown without.
        let pending = induction::of_lemmas(&Unbounded::new(rules, InvariantId::Authentic));
        smtlib::scripts(&pending, rules)
    })
}

/// Premise and conclusion of `invariant` as text that changes if and only if they do.
pub fn formula(invariant: InvariantId) -> String {
    isolated(|| {
        let setting = encoding::any_setting();
        let event = encoding::any_delivery();
        let invariant = Invariant::<Symbolic<Any>>::of(invariant);
        let premise = smtlib::line(&(invariant.premise)(&setting, &event));
        let conclusion = smtlib::line(&(invariant.conclusion)(&setting, &event));
        format!("premise {premise}\nconclusion {conclusion}\n")
    })
}
