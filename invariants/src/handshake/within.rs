//! The handshake with a few runs, from its first state: what a bounded search explores.
//!
//! The cast, its words and the granularity are those of the explorer: initiators have sent their
//! hello, a step is one delivery, and secrets that the attacker is given it has from the start. Who
//! runs what, and what is delivered, the solver chooses.

use countersign_model::dolev_yao::reveal::{Reveal, Reveals};
use countersign_model::domain::{Identity as _, Natural as _, Table as _, Truth as _};
use countersign_model::handshake::Handshake;
use countersign_model::handshake::crowd::assumption::AssumptionId;
use countersign_model::handshake::crowd::record::{Agent, Run, World};
use countersign_model::handshake::crowd::step::Action;
use countersign_model::handshake::crowd::{Crowd, Scene};
use countersign_model::handshake::promise::InvariantId;
use countersign_model::handshake::script::{
    ALICE, BOB, CAROL, EVERY_CAPABILITY, EVERY_VERSION, HONEST, MALLORY, NEWEST, OFFERS,
    PRINCIPALS, SUITE, VERSION_FLOOR,
};
use countersign_model::rulebook::{Row as _, Ruleset};

use super::cast::{
    self, LEVELS, RUNS, Reading, SUITES, agent, capabilities, is_one_of, key, low_share, offer,
    offer_of, own_share, suite,
};
use super::encoding::{self, run};
use crate::symbolic::{AtMost, Formula, Function, Individual, Number, species};
use crate::system::{Bounded, Hypothesis, System, Taken};

/// How many deliveries there can be: each run waits for two.
pub const DELIVERIES_MAX: usize = 2 * RUNS;

/// The handshake with [`RUNS`] runs, around one invariant.
pub(super) struct Within {
    pub(super) rules: Ruleset<Handshake>,
    pub(super) invariant: InvariantId,
    pub(super) reveals: Reveals,
}

impl Within {
    fn scene<'a>(&self, world: &'a World<Reading>) -> Scene<'a, Reading> {
        Scene {
            rules: self.rules,
            world,
        }
    }

    /// Whether a run is one of which the attacker is given something: `own` from the run that is watched,
    /// `other` from the others.
    fn given(
        &self,
    ) -> impl Fn(&Individual<species::Run>, Option<Reveal>, Reveal) -> Formula + 'static {
        let reveals = self.reveals;
        move |individual, own, other| {
            let first = individual.same(&run(0));
            let own = truth(own.is_some_and(|own| reveals.has(own)));
            let other = truth(reveals.has(other));
            first.and(&own).or(&first.not().and(&other))
        }
    }

    /// Who may run what, and with which shares.
    fn participants(&self) -> Formula {
        let world = self.first();
        let scene = self.scene(&world);
        let everybody = (0..RUNS).map(|number| {
            let record = world.runs.at(&run(number));
            let means = is_one_of(&record.meant, [ALICE, BOB, MALLORY].map(agent));
            let keys = (0..HONEST).map(|owner| {
                let mine = record.me.same(&agent(owner));
                mine.implies(&record.key.same(&key(owner)))
            });
            Formula::all([
                is_one_of(&record.me, (0..HONEST).map(agent)),
                means.and(&record.meant.same(&record.me).not()),
                Formula::all(keys),
                record.begins.or(&record.suite.same(&suite(SUITE))),
            ])
        });
        let shares = [
            Reading::low_order(&low_share()),
            Reading::low_order(&own_share()).not(),
            scene.is_drawn(&low_share()).not(),
            scene.is_drawn(&own_share()).not(),
        ];
        Formula::all(everybody.chain(shares))
    }
}

impl System for Within {
    type State = World<Reading>;

    fn property(&self) -> &'static str {
        self.invariant.name()
    }

    fn assumptions(&self) -> Vec<Hypothesis> {
        let world = self.first();
        let scene = self.scene(&world);
        let assumed = |id: &AssumptionId| Hypothesis {
            name: id.name(),
            formula: Reading::every_run(|run| id.claim(&scene, run)),
        };
        let named = |name, formula| Hypothesis { name, formula };
        let mut all: Vec<Hypothesis> = AssumptionId::ALL.iter().map(assumed).collect();
        all.push(named("everything-differs", cast::everything_differs()));
        all.push(named("meanings", cast::meanings()));
        all.push(named("participants", self.participants()));
        all
    }

    fn first(&self) -> Self::State {
        let first: World<Reading> = encoding::first_world();
        let runs = first.runs.clone();
        let watched = runs.at(&run(0));
        let own = truth(self.reveals.has(Reveal::OwnLongTerm));
        let peer = truth(self.reveals.has(Reveal::PeerLongTerm));
        let given = self.given();
        let sealing = self.reveals.has(Reveal::SealingKeys);
        World {
            agents: Function::new(move |individual: &Individual<species::Agent>| {
                let mine = individual.same(&watched.me);
                let meant = individual.same(&watched.meant);
                // Whoever waits for anybody may meet anybody else.
                let theirs = watched
                    .begins
                    .and(&meant)
                    .or(&watched.begins.or(&mine).not());
                Agent {
                    hostile: is_one_of(individual, [MALLORY, CAROL].map(agent)),
                    entitled: individual.same(&agent(CAROL)).not(),
                    offers: offer_of(EVERY_VERSION),
                    capabilities: capabilities(EVERY_CAPABILITY),
                    lost: mine.and(&own).or(&theirs.and(&peer)),
                }
            }),
            runs: Function::new(move |individual: &Individual<species::Run>| {
                let record = runs.at(individual);
                Run {
                    begun: record
                        .begins
                        .and(&is_one_of(individual, (0..RUNS).map(run))),
                    ephemeral_lost: given(
                        individual,
                        Some(Reveal::OwnEphemeral),
                        Reveal::OtherEphemeral,
                    ),
                    session_lost: given(individual, None, Reveal::OtherSession),
                    sealing_lost: truth(sealing),
                    ..record
                }
            }),
            version_floor: Number::constant(VERSION_FLOOR.into()),
        }
    }

    fn steps(&self, state: &Self::State, at: &str) -> Vec<Taken<Self::State>> {
        let watched = |individual: &Individual<species::Run>| {
            if self.reveals == Reveals::NONE {
                truth(true)
            } else {
                individual.same(&run(0))
            }
        };
        let promise = (self.invariant, self.invariant.points());
        encoding::actions(at)
            .iter()
            .filter(|action| is_delivery(action))
            .map(|action| encoding::taken(self.rules, promise, state, action, watched))
            .collect()
    }
}

fn is_delivery(action: &Action<Reading>) -> bool {
    match action {
        Action::Hello(..) | Action::Answer(..) | Action::Finish(..) | Action::Confirm(..) => true,
        Action::Begin(_)
        | Action::LoseLongTerm(_)
        | Action::LoseEphemeral(_)
        | Action::LoseSession(_)
        | Action::LoseSealing(_) => false,
    }
}

impl Bounded for Within {
    fn parameters(&self, at: &str) -> Formula {
        let words = encoding::words::<AtMost<RUNS>>(at);
        let evidence = encoding::evidence::<AtMost<RUNS>>(at);
        let first = self.first();
        let drawn = (0..RUNS).map(|number| first.runs.at(&run(number)).share);
        let shares = drawn.chain([own_share(), low_share()]);
        let version = encoding::version(at);
        let newest = Number::constant(NEWEST.into());
        Formula::all([
            is_one_of(&encoding::actor(at), (0..RUNS).map(run)),
            is_one_of(&encoding::source(at), (0..RUNS).map(run)),
            is_one_of(&words.offers, (0..OFFERS.len()).map(offer)),
            is_one_of(&words.capabilities, LEVELS.map(capabilities)),
            is_one_of(&words.share, shares),
            is_one_of(&encoding::suite(at), SUITES.map(suite)),
            version.at_most(&newest),
            is_one_of(&evidence.peer, (0..PRINCIPALS).map(agent)),
            is_one_of(&evidence.key, (0..PRINCIPALS).map(key)),
        ])
    }

    fn wishes(&self, at: &str) -> Vec<Formula> {
        let words = encoding::words::<AtMost<RUNS>>(at);
        let evidence = encoding::evidence::<AtMost<RUNS>>(at);
        let newest = Number::constant(NEWEST.into());
        vec![
            words.offers.same(&offer_of(EVERY_VERSION)),
            words.capabilities.same(&capabilities(EVERY_CAPABILITY)),
            encoding::version(at).same(&newest),
            encoding::suite(at).same(&suite(SUITE)),
            words.share.same(&low_share()).not(),
            evidence.sealed,
            evidence.bound,
            evidence.signed,
        ]
    }

    fn choose(condition: &Formula, then: &Self::State, otherwise: &Self::State) -> Self::State {
        World::choose(condition, then, otherwise)
    }
}

fn truth(value: bool) -> Formula {
    Formula::constant(value)
}
