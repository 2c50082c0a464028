//! The bus from its first state, under the limits of a scope: what a bounded search explores.
//!
//! The first state is the explorer's, but for the rules of the deployment, which are any rules at
//! all. Any number of the agents may be attackers, who are as free as the rules of the bus leave them:
//! more free than in the explorer, where a message is wrong in one respect at a time.

use countersign_model::bus::Bus;
use countersign_model::bus::invariant::InvariantId;
use countersign_model::bus::mail::Mail as _;
use countersign_model::bus::scope::{START, Scope};
use countersign_model::bus::world::{Agent, Setting, World};
use countersign_model::domain::{Identity as _, Natural as _, Table as _, Truth as _};
use countersign_model::rulebook::{Row as _, Ruleset};

use super::encoding::{self, message, parameter};
use crate::bounded;
use crate::symbolic::{AtMost, Formula, Function, Individual, Number, Symbolic, species};
use crate::system::{Bounded, Hypothesis, System, Taken};

/// The longest run that a search can name.
pub const STEPS_MAX: usize = 6;

/// The latest time that a run can reach.
const TIME_MAX: u64 = 99;

/// The terms of a bounded run.
pub(super) type Reading = Symbolic<AtMost<STEPS_MAX>>;

/// The bus within the limits of a scope, around one invariant.
pub(super) struct Within {
    pub(super) rules: Ruleset<Bus>,
    pub(super) invariant: InvariantId,
    pub(super) scope: Scope,
}

impl Within {
    fn setting(&self) -> Setting<Reading> {
        let setting = self.scope.setting();
        let number = |value: u8| Number::constant(value.into());
        Setting {
            window: number(setting.window),
            patience: number(setting.patience),
            longest: number(setting.longest),
            rate: number(setting.rate),
            audience: number(setting.audience),
        }
    }
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
        let first: World<Reading> = encoding::any_first_world();
        let agents = first.agents.clone();
        World {
            now: Number::constant(START.into()),
            version: Number::constant(0),
            agents: Function::new(move |agent: &Individual<species::Agent>| Agent {
                active: Formula::constant(true),
                ..agents.at(agent)
            }),
            ..first
        }
    }

    fn steps(&self, state: &Self::State, at: &str) -> Vec<Taken<Self::State>> {
        encoding::steps(self.rules, self.invariant, &self.setting(), state, at)
    }
}

impl Bounded for Within {
    fn parameters(&self, at: &str) -> Formula {
        let content = self.first().messages.at(&message(at));
        let natural = |number: &Number| {
            let (least, most) = (Number::constant(0), Number::constant(TIME_MAX));
            least.at_most(number).and(&number.at_most(&most))
        };
        // Whoever takes part is one of the agents that "every agent" speaks of.
        let listed = |agent: &Individual<species::Agent>| {
            Reading::every_agent(&(), |other| agent.same(other).not()).not()
        };
        Formula::all([
            natural(&parameter("instant", at)),
            natural(&content.issued_at),
            natural(&content.expires_at),
            natural(&content.wanted),
            listed(&content.signer),
            listed(&content.claimed),
            listed(&content.to),
            listed(&encoding::agent(at)),
        ])
    }

    fn wishes(&self, at: &str) -> Vec<Formula> {
        let named = message(at);
        let content = self.first().messages.at(&named);
        let few = |number: &Number| number.at_most(&Number::constant(4));
        let instant: Number = parameter("instant", at);
        vec![
            bounded::chosen("advance", at).implies(&few(&instant)),
            content.claimed.same(&content.signer),
            content.id.same(&named),
            content.two_faced.not(),
            content.respelled.not(),
            content.acts.not(),
            content.to_all.not(),
            content.is_reply.not(),
            few(&content.expires_at),
            few(&content.wanted),
        ]
    }

    fn choose(condition: &Formula, then: &Self::State, otherwise: &Self::State) -> Self::State {
        encoding::choose_world(condition, then, otherwise)
    }
}
