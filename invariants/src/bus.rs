//! Questions about the bus: proved for any number of agents, rules and messages, searched within a
//! scope, exported.
//!
//! Each question is asked in a Z3 context of its own: answers do not depend on what was asked before,
//! and threads may ask side by side.
//!
//! Never here: what a step does or demands; that is read from the rule book.

use std::fmt::Write as _;

use countersign_model::bus::Bus;
use countersign_model::bus::invariant::{Invariant, InvariantId, Transition};
use countersign_model::bus::lemma::LemmaId;
use countersign_model::bus::scope::Scope;
use countersign_model::bus::step::Action;
use countersign_model::bus::world::{Setting, World};
use countersign_model::domain::Table as _;
use countersign_model::rulebook::{Row as _, Ruleset};
use z3::Model;
use z3::ast::Dynamic;

use crate::bounded::{self, Ending};
use crate::induction::{self, Proof};
use crate::search::Search;
use crate::smtlib::{self, SmtLib};
use crate::solver::{Budget, isolated};
use crate::symbolic::{Any, Formula, Symbolic, Term};
use crate::system::{Hypothesis, Inductive, System, Taken};

mod encoding;
mod within;

use within::{Reading, Within};

pub use within::STEPS_MAX;

/// Any number of agents and messages, under any rules of a deployment and any limits.
struct Unbounded {
    rules: Ruleset<Bus>,
    invariant: InvariantId,
    setting: Setting<Symbolic<Any>>,
}

impl Unbounded {
    fn new(rules: Ruleset<Bus>, invariant: InvariantId) -> Self {
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
pub fn prove(rules: Ruleset<Bus>, invariant: InvariantId, budget: Budget) -> Proof {
    isolated(|| induction::prove(&Unbounded::new(rules, invariant), budget))
}

/// Searches for the shortest run that violates `invariant` under `rules`, of up to `steps_max` steps
/// and never more than [`STEPS_MAX`].
pub fn search(
    rules: Ruleset<Bus>,
    scope: &Scope,
    invariant: InvariantId,
    steps_max: usize,
    budget: Budget,
) -> Search<Vec<String>> {
    let ending = Ending::Violation;
    run(rules, *scope, invariant, ending, steps_max, budget)
}

/// Searches for the shortest run that satisfies the premise of `invariant`: without one, the
/// invariant would say nothing.
pub fn witness(
    rules: Ruleset<Bus>,
    scope: &Scope,
    invariant: InvariantId,
    steps_max: usize,
    budget: Budget,
) -> Search<Vec<String>> {
    run(rules, *scope, invariant, Ending::Premise, steps_max, budget)
}

fn run(
    rules: Ruleset<Bus>,
    scope: Scope,
    invariant: InvariantId,
    ending: Ending,
    steps_max: usize,
    budget: Budget,
) -> Search<Vec<String>> {
    isolated(|| {
        let system = Within {
            rules,
            invariant,
            scope,
        };
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
    let told = |message: &_| {
        let content = system.first().messages.at(message);
        format!(
            "{} (signer {}, from {}, to {}, all {}, kind {}, request {}, reply {} to {}, acts {} on {}, id {}, two-faced {}, respelled {}, issued {}, expires {}, wanted {})",
            value_of(model, message),
            value_of(model, &content.signer),
            value_of(model, &content.claimed),
            value_of(model, &content.to),
            value_of(model, &content.to_all),
            value_of(model, &content.kind),
            value_of(model, &content.is_request),
            value_of(model, &content.is_reply),
            value_of(model, &content.answers),
            value_of(model, &content.acts),
            value_of(model, &content.cause),
            value_of(model, &content.id),
            value_of(model, &content.two_faced),
            value_of(model, &content.respelled),
            value_of(model, &content.issued_at),
            value_of(model, &content.expires_at),
            value_of(model, &content.wanted),
        )
    };
    let parameters = match &action {
        Some(Action::Submit(it)) => told(it),
        Some(Action::Approve(it, saw)) => {
            format!("{} saw {}", value_of(model, it), value_of(model, saw))
        }
        Some(Action::Reject(it) | Action::Release(it)) => value_of(model, it),
        Some(Action::Receive(it, by)) => format!("{} by {}", told(it), value_of(model, by)),
        Some(Action::Advance(to)) => value_of(model, to),
        Some(Action::Deactivate(agent) | Action::Withdraw(agent)) => value_of(model, agent),
        None => String::new(),
    };
    format!("{name} {parameters}")
}

/// The value of a term.
fn value_of(model: &Model, term: &impl Term) -> String {
    let term = Dynamic::from_ast(term.term());
    let value = model.eval(&term, true);
    value.map_or_else(|| term.to_string(), |value| value.to_string())
}

/// Premise and conclusion of `invariant` of every event, as text that changes if and only if they do.
pub fn formula(invariant: InvariantId) -> String {
    isolated(|| {
        let (setting, world) = (encoding::any_setting(), encoding::any_world());
        let invariant = Invariant::<Symbolic<Any>>::of(invariant);
        let mut text = String::new();
        for event in &encoding::any_events() {
            let transition = Transition {
                setting: &setting,
                before: &world,
                event,
                after: &world,
            };
            let premise = smtlib::line(&(invariant.premise)(&transition));
            let conclusion = smtlib::line(&(invariant.conclusion)(&transition));
            let _ = writeln!(text, "premise {premise}\nconclusion {conclusion}");
        }
        text
    })
}

/// The obligations about `invariant` under `rules`, as SMT-LIB 2. They take every lemma for granted;
/// [`export_lemmas`] has the other half.
pub fn export(rules: Ruleset<Bus>, invariant: InvariantId) -> Vec<SmtLib> {
    isolated(|| {
        let pending = induction::of_property(&Unbounded::new(rules, invariant));
        smtlib::scripts(&pending, rules)
    })
}

/// The obligations about the lemmas under `rules`, as SMT-LIB 2.
pub fn export_lemmas(rules: Ruleset<Bus>) -> Vec<SmtLib> {
    isolated(|| {
        // Whichever invariant it is: lemmas are shown without.
        let pending = induction::of_lemmas(&Unbounded::new(rules, InvariantId::Attributed));
        smtlib::scripts(&pending, rules)
    })
}
