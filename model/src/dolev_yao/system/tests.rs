//! Reductions change no verdict, threads no count, and what cannot be reached is not reached.

use std::num::NonZeroUsize;

use super::{Attacked, Delivery, Protocol, State};
use crate::dolev_yao::expression::Expression;
use crate::dolev_yao::level::{Level, bit};
use crate::dolev_yao::reveal::{Reveal, Reveals};
use crate::dolev_yao::role::{
    Check, Demand, Event, ME, PEER, Role, Step, Wanted, constant, encrypted, public_key, signature,
    tuple, var,
};
use crate::dolev_yao::run::Participant;
use crate::dolev_yao::term::{Sort, Symbol};
use crate::dolev_yao::weakness::Weaknesses;
use crate::explorer::{Cutoff, Ending, Outcome, Report, System, explore};

/// Needham and Schroeder's public-key protocol; repaired, the second message names the responder.
fn needham_schroeder(repaired: bool) -> Protocol {
    let nonce = Wanted::Name(Sort::Nonce);
    let second = |initial, answer, responder| {
        let named = [initial, answer].into_iter();
        tuple(named.chain(repaired.then_some(responder)))
    };
    let mut initiator = Role::new("initiator");
    let (me, peer) = (var(ME), var(PEER));
    let own = var(initiator.fresh(Sort::Nonce));
    let theirs = var(initiator.any(nonce));
    let data = tuple([own.clone(), theirs.clone()]);
    initiator
        .send(encrypted(peer.clone(), tuple([own.clone(), me.clone()])))
        .receive(encrypted(me, second(own, theirs.clone(), peer.clone())))
        .running(peer.clone(), data.clone())
        .send(encrypted(peer.clone(), theirs.clone()))
        .commit(0, peer, data, Some(theirs));
    let mut responder = Role::new("responder");
    let (me, peer) = (var(ME), var(PEER));
    let theirs = var(responder.any(nonce));
    responder.receive(encrypted(me.clone(), tuple([theirs.clone(), peer.clone()])));
    let own = var(responder.fresh(Sort::Nonce));
    let data = tuple([theirs.clone(), own.clone()]);
    let answer = second(theirs, own.clone(), me.clone());
    responder
        .running(peer.clone(), data.clone())
        .send(encrypted(peer.clone(), answer))
        .receive(encrypted(me, own.clone()))
        .commit(1, peer, data, Some(own));
    two_sides(vec![initiator, responder])
}

/// `roles`, of which the first starts runs and the second waits for anybody, among two honest
/// principals and the attacker.
fn two_sides(roles: Vec<Role>) -> Protocol {
    let participant = |role, me, peer| Participant { role, me, peer };
    let agents = (0..3).map(|number| Expression::Name(Sort::Agent, number));
    let keys = agents.clone().map(public_key);
    Protocol {
        roles,
        participants: vec![
            participant(0, 0, Some(1)),
            participant(0, 0, Some(2)),
            participant(0, 1, Some(0)),
            participant(0, 1, Some(2)),
            participant(1, 0, None),
            participant(1, 1, None),
        ],
        honest: 2,
        interchangeable: true,
        public: agents.chain(keys).collect(),
        hostile: [Sort::LongTerm, Sort::Nonce]
            .map(|sort| Expression::Name(sort, 2))
            .to_vec(),
        weaknesses: Weaknesses::NONE,
    }
}

/// The same system with no two scenarios, and no two runs, taken for one.
#[derive(Clone)]
struct Unreduced(Attacked);

impl Unreduced {
    fn new(protocol: &Protocol, runs: usize, reveals: Reveals, watched: u64) -> Self {
        let mut scenarios = vec![Vec::new()];
        for _ in 0..runs {
            let longer = |chosen: &Vec<Participant>| {
                let next = protocol.participants.iter();
                next.map(|next| [chosen.as_slice(), &[*next]].concat())
                    .collect::<Vec<_>>()
            };
            scenarios = scenarios.iter().flat_map(longer).collect();
        }
        let reduced = Attacked::new(protocol.clone(), runs, reveals, watched);
        Self(Attacked {
            scenarios,
            ..reduced
        })
    }
}

impl System for Unreduced {
    type State = State;
    type Packed = State;
    type Move = Delivery;

    fn pack(&self, state: &State) -> State {
        *state
    }

    fn unpack(&self, packed: &State) -> State {
        *packed
    }

    fn first(&self) -> Vec<State> {
        self.0.first()
    }

    fn moves(&self, state: &State, all: &mut Vec<Delivery>) {
        let mut space = self.0.workspace();
        self.0.settle(&mut space, state);
        for slot in 0..self.0.participants(state).len() {
            self.0.deliveries(&mut space, state, slot, all);
        }
    }

    fn take(&self, state: &State, next: &Delivery) -> Option<Outcome<State>> {
        self.0.take(state, next)
    }

    fn broken(&self, state: &State) -> bool {
        self.0.broken(state)
    }
}

fn searched<S: System + Clone>(system: &S) -> Report<S::State, S::Move> {
    explore(system, NonZeroUsize::MIN, &Cutoff::default())
}

/// How many deliveries it takes to break what is watched.
fn deliveries<S, M>(report: &Report<S, M>) -> Option<usize> {
    match &report.ending {
        Ending::Broken(path) => Some(path.len() - 1),
        Ending::Exhausted | Ending::Cut(_) | Ending::Empty => None,
    }
}

#[test]
fn no_reduction_changes_a_verdict() {
    let revealed = Reveals::NONE.with(Reveal::OtherSession);
    let own = Reveals::NONE.with(Reveal::OwnLongTerm);
    for repaired in [false, true] {
        let protocol = needham_schroeder(repaired);
        for (runs, reveals) in [
            (1, Reveals::NONE),
            (2, Reveals::NONE),
            (2, revealed),
            (2, own),
            (3, Reveals::NONE),
            (3, own),
        ] {
            let reduced = searched(&Attacked::new(protocol.clone(), runs, reveals, 0));
            let unreduced = searched(&Unreduced::new(&protocol, runs, reveals, 0));
            assert_eq!(reduced.ending, Ending::Exhausted);
            assert_eq!(unreduced.ending, Ending::Exhausted);
            assert_eq!(
                reduced.reached, unreduced.reached,
                "{runs} runs, {reveals:?}"
            );
            assert_eq!(
                reduced.violated, unreduced.violated,
                "{runs} runs, {reveals:?}"
            );
            assert_eq!(reduced.depth, unreduced.depth);
            assert!(reduced.distinct < unreduced.distinct);
        }
    }
}

#[test]
fn no_reduction_makes_an_attack_longer() {
    let protocol = needham_schroeder(false);
    for level in Level::ALL {
        for point in [0, 1] {
            let watched = level.bit(point);
            let reduced = Attacked::new(protocol.clone(), 2, Reveals::NONE, watched);
            let unreduced = Unreduced::new(&protocol, 2, Reveals::NONE, watched);
            let length = deliveries(&searched(&reduced));
            assert_eq!(
                length,
                deliveries(&searched(&unreduced)),
                "{level:?} at {point}"
            );
        }
    }
}

#[test]
fn the_number_of_threads_changes_no_count() {
    let attacked = Attacked::new(needham_schroeder(true), 3, Reveals::NONE, 0);
    let alone = searched(&attacked);
    for threads in [2, 4] {
        // A search of its own: terms and runs are numbered in another order then.
        let threads = NonZeroUsize::new(threads).unwrap();
        let together = explore(&attacked.watching(0), threads, &Cutoff::default());
        assert_eq!(together.ending, Ending::Exhausted);
        let counts = |it: &Report<State, Delivery>| {
            (
                it.attempted,
                it.generated,
                it.distinct,
                it.reached,
                it.violated,
            )
        };
        assert_eq!(counts(&together), counts(&alone));
    }
}

#[test]
fn a_shortest_attack_does_not_depend_on_threads() {
    let watched = Level::Agreed.bit(1);
    let attacked = Attacked::new(needham_schroeder(false), 3, Reveals::NONE, watched);
    for threads in [1, 2, 4] {
        let threads = NonZeroUsize::new(threads).unwrap();
        let report = explore(&attacked.watching(watched), threads, &Cutoff::default());
        assert_eq!(deliveries(&report), Some(3));
    }
}

/// Roles that exchange constants, the second of which waits for `awaited` and commits then.
fn awaiting(awaited: Expression) -> Protocol {
    let mut initiator = Role::new("initiator");
    initiator.running(var(PEER), constant(0)).send(constant(0));
    let mut responder = Role::new("responder");
    let peer = var(PEER);
    responder
        .receive(tuple([peer.clone(), awaited]))
        .commit(0, peer, constant(0), None);
    two_sides(vec![initiator, responder])
}

#[test]
fn a_claim_that_nobody_comes_to_make_is_not_reached() {
    let claimed = Level::Alive.bit(0);
    // Somebody sends the constant 0, and nobody ever sends the constant 1.
    for (awaited, reached) in [(constant(0), claimed), (constant(1), 0)] {
        let attacked = Attacked::new(awaiting(awaited), 2, Reveals::NONE, 0);
        let report = searched(&attacked);
        assert_eq!(report.ending, Ending::Exhausted);
        assert_eq!(report.reached & claimed, reached);
    }
}

#[test]
fn a_commitment_to_the_attacker_is_no_authentication_of_anybody() {
    let mut protocol = awaiting(constant(0));
    protocol
        .public
        .retain(|known| matches!(known, Expression::Name(Sort::Agent, 2)));
    let report = searched(&Attacked::new(protocol, 2, Reveals::NONE, 0));
    assert_eq!(report.ending, Ending::Exhausted);
    assert!(report.depth > 0);
    assert_eq!(report.reached, 0);
}

#[test]
fn whoever_cannot_begin_takes_no_part() {
    let mut role = Role::new("initiator");
    // Nobody says whom it is started for.
    role.send(var(PEER)).running(var(PEER), constant(0));
    let mut protocol = two_sides(vec![role]);
    protocol.participants = vec![Participant {
        role: 0,
        me: 0,
        peer: None,
    }];
    let report = searched(&Attacked::new(protocol.clone(), 2, Reveals::NONE, 0));
    assert_eq!(report.ending, Ending::Empty);
    protocol.participants.push(Participant {
        role: 0,
        me: 0,
        peer: Some(1),
    });
    let attacked = Attacked::new(protocol, 2, Reveals::NONE, 0);
    assert_eq!(attacked.scenarios(), 3);
    assert_eq!(attacked.first().len(), 1);
}

#[test]
fn a_run_told_apart_may_come_after_its_twin() {
    // It takes what only a run like it sends, or else what everybody has.
    let mut role = Role::new("twin");
    let token = signature(var(ME), constant(1));
    let given = role.any(Wanted::Anything);
    let way = |message: &Expression| {
        vec![
            Demand::Part(message.clone()),
            Demand::Let(given, message.clone()),
        ]
    };
    role.receive_all(vec![Demand::Either(vec![way(&var(ME)), way(&token)])]);
    role.steps.push(Step::Say(Event::Claim {
        point: 0,
        level: Level::OWN,
        premise: Check::new(move |arena, it| arena.symbol(it.at(given)) == Symbol::Signature),
        holds: Check::new(|_, _| true),
    }));
    role.send(token);
    let mut protocol = two_sides(vec![role]);
    protocol.participants.truncate(1);
    let reveals = Reveals::NONE.with(Reveal::OwnEphemeral);
    let report = searched(&Attacked::new(protocol, 2, reveals, 0));
    assert_eq!(report.reached, bit(Level::OWN, 0));
}

#[cfg(debug_assertions)]
#[test]
#[should_panic(expected = "too many")]
fn a_ninth_value_is_not_drawn_from_those_of_the_next_run() {
    use crate::dolev_yao::run::DRAWN_MAX;

    let mut role = Role::new("many");
    for _ in 0..=DRAWN_MAX {
        role.fresh(Sort::Nonce);
    }
    let attacked = Attacked::new(two_sides(vec![role]), 1, Reveals::NONE, 0);
    let _ = attacked.first();
}
