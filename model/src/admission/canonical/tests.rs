//! A representative stands for itself, and for every order of the message slots.

use proptest::prelude::*;

use super::*;
use crate::admission::message::{Fate, Message};
use crate::admission::scope::{Scope, VACANT_MESSAGE};
use crate::admission::state::State;
use crate::admission::world::Entry;
use crate::domain::{AGENTS, NONCES};

/// Few different messages, so that some slots hold the same.
fn message() -> impl Strategy<Value = Message<Concrete>> {
    (1..3u8, 1..3u8, 0..2u8, any::<bool>()).prop_map(|(author, from, nonce, canonical)| Message {
        author,
        from,
        nonce,
        canonical,
        signed: true,
        issued_at: 1,
        ..VACANT_MESSAGE
    })
}

fn slot() -> impl Strategy<Value = (Message<Concrete>, Fate<Concrete>)> {
    let fate = (any::<bool>(), any::<bool>());
    let filled = (message(), fate)
        .prop_map(|(message, (sent, admitted))| (message, Fate { sent, admitted }));
    let vacant = (
        VACANT_MESSAGE,
        Fate {
            sent: false,
            admitted: false,
        },
    );
    prop_oneof![3 => filled, 1 => Just(vacant)]
}

fn four_agents() -> Scope {
    Scope {
        agents: 4,
        ..Scope::default()
    }
}

/// A world with a store that remembers what some filled slots brought.
fn world() -> impl Strategy<Value = World<Concrete>> {
    let slots = [(); MESSAGES].map(|()| slot());
    let entries = [(); AGENTS * NONCES].map(|()| (any::<bool>(), 0..4u8, 0..4u8));
    let counts = [(); AGENTS].map(|()| (0..4u8, 0..2u8, 0..2u8));
    (slots, entries, counts, 1..4u8).prop_map(|(slots, entries, counts, now)| {
        let mut world = four_agents().first();
        world.now = now;
        world.messages = Row(slots.map(|(message, _)| message));
        world.fates = Row(slots.map(|(_, fate)| fate));
        let filled: Vec<u8> = (0u8..)
            .zip(slots)
            .filter(|(_, (message, _))| *message != VACANT_MESSAGE)
            .map(|(slot, _)| slot)
            .collect();
        world.store = Row(entries.map(|(stored, keep_until, choice)| {
            let by = filled
                .get(usize::from(choice) % filled.len().max(1))
                .copied();
            Entry {
                stored: stored && by.is_some(),
                keep_until,
                serial: 0,
                by: by.unwrap_or(0),
            }
        }));
        for (agent, (period, recent, admitted)) in world.agents.0.iter_mut().zip(counts) {
            (agent.period, agent.recent, agent.admitted) = (period, recent, admitted);
        }
        world
    })
}

/// The same world with its messages in other slots.
fn permuted(world: &World<Concrete>, order: &[u8]) -> World<Concrete> {
    let mut other = *world;
    for (new, old) in (0u8..).zip(order) {
        other.messages.set(&new, world.messages.at(old));
        other.fates.set(&new, world.fates.at(old));
    }
    for entry in &mut other.store.0 {
        let place = (0u8..).zip(order).find(|(_, old)| **old == entry.by);
        entry.by = place.map_or(entry.by, |(new, _)| new);
    }
    other
}

fn canonical(world: &World<Concrete>) -> World<Concrete> {
    let mut world = *world;
    world.canonicalize();
    world
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(20_000))]

    #[test]
    fn every_order_of_the_slots_has_one_representative(
        world in world(),
        order in Just([0u8, 1, 2, 3]).prop_shuffle(),
    ) {
        prop_assert_eq!(canonical(&permuted(&world, &order)), canonical(&world));
    }

    #[test]
    fn a_representative_stands_for_itself(world in world()) {
        let once = canonical(&world);
        prop_assert_eq!(canonical(&once), once);
    }

    #[test]
    fn every_entry_still_names_the_same_message(world in world()) {
        let after = canonical(&world);
        for (one, other) in world.store.0.iter().zip(&after.store.0) {
            prop_assert_eq!(one.stored, other.stored);
            if one.stored {
                prop_assert_eq!(world.messages.at(&one.by), after.messages.at(&other.by));
            }
        }
    }

    #[test]
    fn the_words_of_a_state_tell_it_again(world in world(), faults in 0..3u8, broken: bool) {
        let world = canonical(&world);
        let state = State { world, faults, broken };
        let first = State { world: four_agents().first(), faults: 0, broken: false };
        prop_assert_eq!(first.with_words(&state.words()), state);
    }

    #[test]
    fn equal_words_mean_equal_messages(one in slot(), other in slot()) {
        let equal = message_word(one.0, one.1) == message_word(other.0, other.1);
        prop_assert_eq!(equal, one == other);
    }
}

#[test]
fn what_lies_beyond_the_last_instant_is_the_last_instant() {
    let mut world = Scope::default().first();
    let first = world;
    for key in &mut world.keys.0 {
        key.not_after = FOREVER + 3;
    }
    assert_eq!(canonical(&world), canonical(&first));
}
