//! Questions about the audit trail: proved for any number of records and checkpoints, searched within a
//! scope, exported.
//!
//! Each question is asked in a Z3 context of its own: answers do not depend on what was asked before,
//! and threads may ask side by side.
//!
//! Never here: what a step does or demands; that is read from the rule book.

use countersign_model::audit::Audit as Rules;
use countersign_model::audit::invariant::InvariantId;
use countersign_model::audit::lemma::LemmaId;
use countersign_model::audit::sequence::Sequence;
use countersign_model::audit::step::Action;
use countersign_model::audit::world::{Setting, World};
use countersign_model::domain::{Natural as _, Table as _};
use countersign_model::rulebook::{Row as _, Ruleset};
use z3::Model;
use z3::ast::Dynamic;

use crate::bounded::{self, Ending};
use crate::induction::{self, Proof};
use crate::search::Search;
use crate::smtlib::{self, SmtLib};
use crate::solver::{Budget, isolated};
use crate::symbolic::{Any, Formula, Number, Symbolic, Term};
use crate::system::{Hypothesis, Inductive, System, Taken};

mod encoding;
mod within;

use within::{Reading, Within};

pub use within::STEPS_MAX;

/// Any number of records, checkpoints and agents.
struct Unbounded {
    rules: Ruleset<Rules>,
    invariant: InvariantId,
    setting: Setting<Symbolic<Any>>,
}

impl Unbounded {
    fn new(rules: Ruleset<Rules>, invariant: InvariantId) -> Self {
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
        Vec::new()
    }
    fn first(&self) -> Self::State {
        encoding::first_world()
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
        encoding::lemma(lemma, state, true)
    }
    fn instance(&self, lemma: LemmaId, state: &Self::State) -> Formula {
        encoding::lemma(lemma, state, false)
    }
}

/// Proves `invariant` under `rules` by induction.
pub fn prove(rules: Ruleset<Rules>, invariant: InvariantId, budget: Budget) -> Proof {
    isolated(|| induction::prove(&Unbounded::new(rules, invariant), budget))
}

/// Searches for the shortest run that violates `invariant` under `rules`, of up to `steps_max` steps
/// and never more than [`STEPS_MAX`].
pub fn search(
    rules: Ruleset<Rules>,
    invariant: InvariantId,
    steps_max: usize,
    budget: Budget,
) -> Search<Vec<String>> {
    let ending = Ending::Violation;
    run(rules, invariant, ending, steps_max, budget)
}

/// Searches for the shortest run that satisfies the premise of `invariant`: without one, the
/// invariant would say nothing.
pub fn witness(
    rules: Ruleset<Rules>,
    invariant: InvariantId,
    steps_max: usize,
    budget: Budget,
) -> Search<Vec<String>> {
    run(rules, invariant, Ending::Premise, steps_max, budget)
}

fn run(
    rules: Ruleset<Rules>,
    invariant: InvariantId,
    ending: Ending,
    steps_max: usize,
    budget: Budget,
) -> Search<Vec<String>> {
    isolated(|| {
        let system = Within { rules, invariant };
        let found = bounded::search(&system, ending, steps_max.min(STEPS_MAX), budget);
        found.told(|(actions, model)| {
            let told = |(step, name): (usize, &&str)| told(&system, &model, name, step);
            actions.iter().enumerate().map(told).collect()
        })
    })
}

/// What happens in one step of a run.
fn told(system: &Within, model: &Model, name: &str, step: usize) -> String {
    let at = bounded::end(step);
    let mut all = encoding::actions(&at).into_iter();
    let action: Option<Action<Reading>> = all.find(|action| encoding::name(action) == name);
    let record = |record: &_| {
        let content = system.first().contents.at(record);
        format!(
            "{} (from {}, to {}, denied {})",
            value_of(model, record),
            value_of(model, &content.from),
            value_of(model, &content.to),
            value_of(model, &content.denied),
        )
    };
    let parameters = match &action {
        Some(Action::Record(it) | Action::Act(it)) => record(it),
        Some(Action::Guess(it)) => {
            format!("{} at {}", value_of(model, &it.guesser), record(&it.record))
        }
        Some(Action::Sign(checkpoint)) => value_of(model, checkpoint),
        Some(Action::Tamper(it)) => format!(
            "records {}, links {}, checkpoint {} naming {}",
            sequence(model, &it.records),
            sequence(model, &it.links),
            value_of(model, &it.checkpoint),
            sequence(model, &it.head),
        ),
        Some(Action::Ask(it)) => format!(
            "{} about {}: {}",
            value_of(model, &it.reader),
            value_of(model, &it.subject),
            record(&it.record),
        ),
        Some(Action::Crash | Action::Verify) | None => String::new(),
    };
    format!("{name} {parameters}")
}

/// The records of a sequence.
fn sequence(model: &Model, sequence: &Sequence<Reading>) -> String {
    let count = value_of(model, &sequence.count).parse().unwrap_or(0);
    let at = |place: u64| sequence.records.at(&Number::constant(place));
    let each = (0..count).map(|place| value_of(model, &at(place)));
    format!("[{}]", each.collect::<Vec<_>>().join(", "))
}

/// The value of a term.
fn value_of(model: &Model, term: &impl Term) -> String {
    let term = Dynamic::from_ast(term.term());
    let value = model.eval(&term, true);
    value.map_or_else(|| term.to_string(), |value| value.to_string())
}

/// The obligations about `invariant` under `rules`, as SMT-LIB 2. They take every lemma for granted;
/// [`export_lemmas`] has the other half.
pub fn export(rules: Ruleset<Rules>, invariant: InvariantId) -> Vec<SmtLib> {
    isolated(|| {
        let pending = induction::of_property(&Unbounded::new(rules, invariant));
        smtlib::scripts(&pending, rules)
    })
}

/// The obligations about the lemmas under `rules`, as SMT-LIB 2.
pub fn export_lemmas(rules: Ruleset<Rules>) -> Vec<SmtLib> {
    isolated(|| {
        // Whichever invariant it is: lemmas are shown without.
        let pending = induction::of_lemmas(&Unbounded::new(rules, InvariantId::Complete));
        smtlib::scripts(&pending, rules)
    })
}
