//! Admission from its first state, under the limits of a scope: what a bounded search explores.
//!
//! The first state is that of the explorer and of every story: everybody listed and active, keys
//! valid from the start and without end, nothing sent and nothing stored. There is one attacker.
//! Otherwise the attacker and the honest agents are as free as the rules leave them: more free than
//! in the explorer, which tries one defect at a time.

use countersign_model::admission::Admission;
use countersign_model::admission::facts::Limits;
use countersign_model::admission::invariant::InvariantId;
use countersign_model::admission::scope::{BOB, FOREVER, START, Scope};
use countersign_model::admission::story::ENDLESS;
use countersign_model::admission::world::{Agent, Key, Setting, World};
use countersign_model::domain::{
    Identity as _, Ledger, Natural, Table as _, Truth as _, Universe as _,
};
use countersign_model::rulebook::{Row as _, Ruleset};

use super::encoding::{self, message, parameter};
use crate::bounded;
use crate::symbolic::{
    AtMost, Formula, Function, Individual, Number, Symbolic, Term as _, apply, species,
};
use crate::system::{Bounded, Hypothesis, System, Taken};

/// The longest run that a search can name.
pub const STEPS_MAX: usize = 10;

/// The latest time that a run can reach or a message can name, in ticks.
const TIME_MAX: u64 = 999;

/// The terms of a bounded run.
pub(super) type Reading = Symbolic<AtMost<STEPS_MAX>>;

/// Admission within the limits of a scope, around one invariant.
pub(super) struct Within {
    pub(super) rules: Ruleset<Admission>,
    pub(super) invariant: InvariantId,
    pub(super) scope: Scope,
}

/// The attacker.
pub(super) fn attacker() -> Individual<species::Agent> {
    Individual::named("attacker")
}

/// What stays fixed in a run within `scope`.
pub(super) fn setting_of(scope: &Scope) -> Setting<Ledger> {
    let setting = scope.setting();
    Setting {
        me: BOB.into(),
        limits: Limits {
            window: setting.limits.window.into(),
            skew: setting.limits.skew.into(),
            share: setting.limits.share.into(),
            rate: setting.limits.rate.into(),
        },
        overlap: setting.overlap.into(),
        capacity: setting.capacity.into(),
    }
}

impl Within {
    fn setting(&self) -> Setting<Reading> {
        let setting = setting_of(&self.scope);
        let number = |value: u64| Number::constant(value);
        Setting {
            me: encoding::me(),
            limits: Limits {
                window: number(setting.limits.window),
                skew: number(setting.limits.skew),
                share: number(setting.limits.share),
                rate: number(setting.limits.rate),
            },
            overlap: number(setting.overlap),
            capacity: number(setting.capacity),
        }
    }
}

impl System for Within {
    type State = World<Reading>;

    fn property(&self) -> &'static str {
        self.invariant.name()
    }

    fn assumptions(&self) -> Vec<Hypothesis> {
        let (me, nobody) = (encoding::me(), Reading::anyone());
        let apart = [
            me.same(&attacker()).not(),
            me.same(&nobody).not(),
            attacker().same(&nobody).not(),
        ];
        vec![Hypothesis {
            name: "receiver-and-attacker-differ",
            formula: Formula::all(apart),
        }]
    }

    fn first(&self) -> Self::State {
        let first: World<Reading> = encoding::any_first_world();
        let (agents, keys) = (first.agents.clone(), first.keys.clone());
        World {
            now: Number::constant(START.into()),
            agents: Function::new(move |agent: &Individual<species::Agent>| Agent {
                hostile: agent.same(&attacker()),
                active: agent.same(&Reading::anyone()).not(),
                ..agents.at(agent)
            }),
            keys: Function::new(move |key: &Individual<species::Key>| Key {
                not_before: Number::constant(0),
                not_after: Number::constant(ENDLESS),
                revoked: Formula::constant(false),
                ..keys.at(key)
            }),
            ..first
        }
    }

    fn steps(&self, state: &Self::State, at: &str) -> Vec<Taken<Self::State>> {
        encoding::steps(self.rules, self.invariant, &self.setting(), state, at)
    }
}

impl Bounded for Within {
    /// Times are bounded; the flawed stand-in for a sender is nobody; a clock never yields the same
    /// nonce at two instants.
    fn parameters(&self, at: &str) -> Formula {
        let first = self.first();
        let content = first.messages.at(&message(at));
        let natural = |number: &Number| {
            let (least, most) = (Number::constant(0), Number::constant(TIME_MAX));
            least.at_most(number).and(&number.at_most(&most))
        };
        let somebody = |agent: &Individual<species::Agent>| agent.same(&Reading::anyone()).not();
        let owner = |key: &Individual<species::Key>| first.keys.at(key).owner;
        let yielded = Reading::nonce_of_clock(&content.issued_at);
        let instant: Number = apply("clock_of_nonce", &[yielded.term()]);
        Formula::all([
            natural(&encoding::instant(at)),
            natural(&content.issued_at),
            natural(&content.expires_at),
            somebody(&content.author),
            somebody(&content.from),
            somebody(&content.inner_from),
            somebody(&content.to),
            somebody(&owner(&content.key)),
            somebody(&owner(&parameter("key", at))),
            somebody(&owner(&parameter("successor", at))),
            instant.same(&content.issued_at),
        ])
    }

    fn wishes(&self, at: &str) -> Vec<Formula> {
        let content = self.first().messages.at(&message(at));
        let shown = encoding::presented::<AtMost<STEPS_MAX>>(at);
        let soon = |number: &Number, latest: u8| number.at_most(&Number::constant(latest.into()));
        // `NaN` is a word of no I-JSON text; a text with two readings has a key twice, which is in no
        // canonical form.
        let is_a_word = content.timed.or(&content.well_formed.not());
        let twofold = content.schema_valid.or(&content.well_formed).not();
        vec![
            is_a_word,
            twofold.implies(&content.canonical.not()),
            bounded::chosen("deliver-twice", at).not(),
            soon(&encoding::instant(at), self.scope.clock),
            soon(&content.issued_at, self.scope.clock),
            soon(&content.expires_at, FOREVER),
            shown.means(&content),
            shown.respelled.not(),
            content.inner_from.same(&content.from),
            content.to.same(&encoding::me()),
            content.timed,
            content.signed,
            content.size_bounded,
            content.well_formed,
            content.canonical,
            content.version_supported,
            content.schema_valid,
            content.session_known,
            content.intricate.not(),
            content.issued_at.at_most(&content.expires_at),
            Number::constant(START.into()).at_most(&content.issued_at),
        ]
    }

    fn choose(condition: &Formula, then: &Self::State, otherwise: &Self::State) -> Self::State {
        encoding::choose_world(condition, then, otherwise)
    }
}
