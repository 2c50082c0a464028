//! The audit trail from its first state: what a bounded search explores.
//!
//! The first state is the explorer's: an empty log, and no checkpoint that was signed. Records and agents
//! are whatever a run names, and the attacker is as free as the rules leave it: more free than in the
//! explorer, which changes one thing at a time.

use countersign_model::audit::Audit as Rules;
use countersign_model::audit::invariant::InvariantId;
use countersign_model::audit::world::World;
use countersign_model::domain::{Natural as _, Table as _, Truth as _};
use countersign_model::rulebook::{Row as _, Ruleset};

use super::encoding::{self, parameter};
use crate::bounded;
use crate::symbolic::{AtMost, Formula, Individual, Number, Symbolic, species};
use crate::system::{Bounded, Hypothesis, System, Taken};

/// The longest run that a search can name, and the longest log that an attacker can leave in one.
pub const STEPS_MAX: usize = 8;

/// The terms of a bounded run.
pub(super) type Reading = Symbolic<AtMost<STEPS_MAX>>;

/// The audit trail around one invariant.
pub(super) struct Within {
    pub(super) rules: Ruleset<Rules>,
    pub(super) invariant: InvariantId,
}

impl System for Within {
    type State = World<Reading>;

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
        let setting = encoding::any_setting();
        encoding::steps(self.rules, self.invariant, &setting, state, at)
    }
}

impl Bounded for Within {
    fn parameters(&self, at: &str) -> Formula {
        // What comes after may add to it, and no place may lie beyond those that are looked at.
        let (least, most) = (Number::constant(0), Number::constant(STEPS_MAX as u64 / 2));
        let sequences = ["records", "links", "head"].map(|name| {
            let count = encoding::written::<AtMost<STEPS_MAX>>(name, at).count;
            least.at_most(&count).and(&count.at_most(&most))
        });
        Formula::all(sequences)
    }

    fn wishes(&self, at: &str) -> Vec<Formula> {
        let record: Individual<species::Record> = parameter("record", at);
        let content = self.first().contents.at(&record);
        let few = |name| {
            let count = encoding::written::<AtMost<STEPS_MAX>>(name, at).count;
            count.at_most(&Number::constant(2))
        };
        let tampered = bounded::chosen("tamper", at);
        vec![
            content.denied.not(),
            tampered.implies(&few("records").and(&few("links"))),
            tampered.implies(&few("head")),
        ]
    }

    fn choose(condition: &Formula, then: &Self::State, otherwise: &Self::State) -> Self::State {
        encoding::choose_world(condition, then, otherwise)
    }
}
