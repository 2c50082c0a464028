//! A few runs, made of machine words; and an exchange of two of them that nobody disturbs.

use crate::domain::{Choice, Domain, Row};
use crate::handshake::crowd::Crowd;
use crate::handshake::crowd::record::{Agent, Proof, Run, Words, World};
use crate::handshake::crowd::step::{Action, Evidence};
use crate::handshake::script::{
    ALICE, BOB, EVERY_CAPABILITY, EVERY_VERSION, HONEST, MALLORY, NEWEST, OTHER_SUITE, PRINCIPALS,
    REQUIRED_CAPABILITY, SUITE, VERSION_FLOOR, best_version,
};
use crate::rulebook::Ruleset;

/// The run that alice began with bob.
pub(super) const ALICES: u8 = 0;
/// The run of bob that answers her.
pub(super) const BOBS: u8 = 1;
/// Another run that alice began with bob.
pub(super) const TWIN: u8 = 2;
/// Another run of bob that waits.
pub(super) const IDLE: u8 = 3;
const RUNS: u8 = 4;

/// A share that the attacker drew. A run draws the one of its own number.
pub(super) const OWN_SHARE: u8 = 4 + IDLE;
/// A share of low order.
pub(super) const LOW_SHARE: u8 = 8;

/// Machine words for a handful of runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Few;

impl Domain for Few {
    type Bool = bool;
    type Nat = u8;
    type Agent = u8;
}

impl Crowd for Few {
    type Run = u8;
    type Share = u8;
    type Key = u8;
    type Offer = u8;
    type Capabilities = u8;
    type Suite = u8;
    type Bytes = u8;
    type PerAgent<V: Choice<bool> + 'static> = Row<V, { PRINCIPALS as usize }>;
    type PerRun<V: Choice<bool> + 'static> = Row<V, { RUNS as usize }>;

    fn drawer(share: &u8) -> u8 {
        share % RUNS
    }
    fn low_order(share: &u8) -> bool {
        *share >= LOW_SHARE
    }
    /// Everybody has a second key, and more.
    fn owner(key: &u8) -> u8 {
        key % PRINCIPALS
    }
    fn common(initiator: &u8, responder: &u8) -> bool {
        initiator & responder != 0
    }
    /// Where they have none in common, it is one that there is not.
    fn best(initiator: &u8, responder: &u8) -> u8 {
        match best_version(initiator & responder) {
            0 => NEWEST + 1,
            best => best,
        }
    }
    fn newest(offer: &u8) -> u8 {
        best_version(*offer)
    }
    fn offers(_agent: &u8, suite: &u8) -> bool {
        *suite == SUITE
    }
    fn suffices(capabilities: &u8, _agent: &u8) -> bool {
        *capabilities >= REQUIRED_CAPABILITY
    }
    fn every_run(holds: impl Fn(&u8) -> bool) -> bool {
        (0..RUNS).all(|run| holds(&run))
    }
    fn some_run(_candidate: &u8, holds: impl Fn(&u8) -> bool) -> bool {
        (0..RUNS).any(|run| holds(&run))
    }
}

/// Two runs of alice that mean bob, and two of bob, before anything was sent.
pub(super) fn first() -> World<Few> {
    let agent = |number| Agent {
        hostile: number >= HONEST,
        entitled: number <= MALLORY,
        offers: EVERY_VERSION,
        capabilities: EVERY_CAPABILITY,
        lost: false,
    };
    let run = |number: u8| {
        let begins = number == ALICES || number == TWIN;
        let me = if begins { ALICE } else { BOB };
        Run {
            begins,
            me,
            meant: BOB,
            key: me,
            share: number,
            begun: false,
            accepted: false,
            confirmed: false,
            heard: words(OWN_SHARE),
            version: 0,
            // Whatever it is, a responder has one from the beginning.
            suite: if begins { OTHER_SUITE } else { SUITE },
            proof: Proof {
                peer: MALLORY,
                key: MALLORY,
                sound: false,
                bytes: 0,
            },
            trusted: false,
            ephemeral_lost: false,
            session_lost: false,
            sealing_lost: false,
        }
    };
    World {
        agents: Row([ALICE, BOB, MALLORY, 3].map(agent)),
        runs: Row([ALICES, BOBS, TWIN, IDLE].map(run)),
        version_floor: VERSION_FLOOR,
    }
}

/// What an honest principal says of itself, besides its `share`.
pub(super) fn words(share: u8) -> Words<Few> {
    Words {
        offers: EVERY_VERSION,
        capabilities: EVERY_CAPABILITY,
        share,
    }
}

/// The proof that the run `source` of `peer` made, passed on.
pub(super) fn passed_on(source: u8, peer: u8) -> Evidence<Few> {
    Evidence {
        peer,
        key: peer,
        sealed: true,
        bound: true,
        signed: true,
        bytes: 0,
        source,
    }
}

/// What happens when nobody interferes with [`ALICES`] and [`BOBS`].
pub(super) fn undisturbed() -> [Action<Few>; 5] {
    [
        Action::Begin(ALICES),
        Action::Hello(BOBS, words(ALICES)),
        Action::Answer(ALICES, words(BOBS), NEWEST, SUITE, passed_on(BOBS, BOB)),
        Action::Finish(BOBS, passed_on(ALICES, ALICE)),
        Action::Confirm(ALICES, true, BOBS),
    ]
}

/// The world after the first `count` of those steps, each of which was possible.
pub(super) fn after(count: usize) -> World<Few> {
    let mut world = first();
    for action in undisturbed().iter().take(count) {
        let step = world.step(Ruleset::HARDENED, action);
        assert!(step.enabled, "{action:?}");
        world = step.after;
    }
    world
}

/// Something that can be otherwise in a world, and what it is called.
pub(super) type Change = (&'static str, fn(&mut World<Few>));

/// The run with this number.
pub(super) fn run(world: &mut World<Few>, number: u8) -> &mut Run<Few> {
    &mut world.runs.0[usize::from(number)]
}

/// The principal with this number.
pub(super) fn agent(world: &mut World<Few>, number: u8) -> &mut Agent<Few> {
    &mut world.agents.0[usize::from(number)]
}

/// The world with one run changed.
pub(super) fn with_run(
    mut world: World<Few>,
    number: u8,
    change: impl Fn(&mut Run<Few>),
) -> World<Few> {
    change(run(&mut world, number));
    world
}

/// The world with one principal changed.
pub(super) fn with_agent(
    mut world: World<Few>,
    number: u8,
    change: impl Fn(&mut Agent<Few>),
) -> World<Few> {
    change(agent(&mut world, number));
    world
}

/// Makes one run the same as another.
pub(super) fn copy(world: &mut World<Few>, from: u8, to: u8) {
    let record = run(world, from).clone();
    *run(world, to) = record;
}
