//! Each transition but deliveries, alone: when it can be taken, and exactly what it changes.

use super::*;
use crate::admission::attacker::honest;
use crate::admission::scope::{ALICE, BOB, MALLORY, START, Scope, UNLISTED, first_key};
use crate::admission::world::Key;
use crate::domain::NONCES;
use crate::rulebook::Weakening;

const KEY: u8 = first_key(ALICE);
const SUCCESSOR: u8 = KEY + 1;

/// A world in which Alice could send message 0 and has sent nothing.
fn world() -> World<Concrete> {
    let mut world = Scope::default().first();
    world.messages.set(&0, honest(ALICE, KEY, START));
    world
}

fn under(
    rules: Ruleset<Admission>,
    world: &World<Concrete>,
    action: Action<Concrete>,
) -> Step<Concrete> {
    world.step(rules, &Scope::default().setting(), &action)
}

fn step(world: &World<Concrete>, action: Action<Concrete>) -> Step<Concrete> {
    under(Ruleset::HARDENED, world, action)
}

fn weakened(name: &str) -> Ruleset<Admission> {
    Ruleset::HARDENED.dangerously_with(Weakening::<Admission>::of_name(name).unwrap())
}

/// The world after an action that can be taken.
fn after(
    rules: Ruleset<Admission>,
    world: &World<Concrete>,
    action: Action<Concrete>,
) -> World<Concrete> {
    let step = under(rules, world, action);
    assert!(step.enabled, "{action:?}");
    step.after
}

/// A world in which Alice holds one entry, which may be forgotten after instant 3.
fn remembering() -> World<Concrete> {
    let mut world = world();
    let entry = Entry {
        stored: true,
        keep_until: 3,
        serial: 0,
        by: 0,
    };
    world.store.set(&(ALICE, 0), entry);
    let alice = Agent {
        held: 1,
        recent: 1,
        ..world.agents.at(&ALICE)
    };
    world.agents.set(&ALICE, alice);
    world
}

#[test]
fn an_honest_message_is_sent_once_and_nothing_else_changes() {
    let sent = step(&world(), Action::Send(0));
    assert!(sent.enabled);
    assert!(sent.deliveries.iter().all(Option::is_none));
    let mut expected = world();
    expected.fates.0[0].sent = true;
    assert_eq!(sent.after, expected);
    assert!(!step(&sent.after, Action::Send(0)).enabled);
}

#[test]
fn an_honest_agent_sends_nothing_with_any_one_defect() {
    type Spoil = fn(&mut World<Concrete>);
    #[rustfmt::skip]
    let defects: [(&str, Spoil); 19] = [
        ("composed by another",    |w| w.messages.0[0].author = MALLORY),
        ("names another inside",   |w| w.messages.0[0].inner_from = MALLORY),
        ("no time",                |w| w.messages.0[0].timed = false),
        ("unsigned",               |w| w.messages.0[0].signed = false),
        ("too long",               |w| w.messages.0[0].size_bounded = false),
        ("not I-JSON",             |w| w.messages.0[0].well_formed = false),
        ("not canonical",          |w| w.messages.0[0].canonical = false),
        ("another version",        |w| w.messages.0[0].version_supported = false),
        ("no schema",              |w| w.messages.0[0].schema_valid = false),
        ("no session",             |w| w.messages.0[0].session_known = false),
        ("a key of another",       |w| w.messages.0[0].key = first_key(BOB)),
        ("an unlisted key",        |w| w.messages.0[0].key = SUCCESSOR),
        ("dated back",             |w| w.messages.0[0].issued_at = 0),
        ("dated ahead",            |w| w.messages.0[0].issued_at = START + 1),
        ("expired",                |w| w.messages.0[0].expires_at = START - 1),
        ("the sender is hostile",  |w| w.agents.0[usize::from(ALICE)].hostile = true),
        ("the sender has retired", |w| w.agents.0[usize::from(ALICE)].active = false),
        ("the key was revoked",    |w| w.keys.0[usize::from(KEY)].revoked = true),
        ("the nonce is used",      |w| w.fates.0[1].sent = true),
    ];
    for (defect, spoil) in defects {
        let mut world = world();
        spoil(&mut world);
        assert!(!step(&world, Action::Send(0)).enabled, "{defect}");
    }
    let mut last_moment = world();
    last_moment.messages.0[0].expires_at = START;
    assert!(step(&last_moment, Action::Send(0)).enabled);
}

#[test]
fn a_nonce_is_chosen_anew_unless_the_clock_gives_it() {
    let mut world = world();
    world.messages.0[1] = honest(ALICE, KEY, START);
    world.messages.0[1].nonce = Concrete::nonce_of_clock(&START);
    world.fates.0[1].sent = true;
    // Another nonce than that on the network; then the same one.
    assert_ne!(world.messages.0[0].nonce, world.messages.0[1].nonce);
    let clock = weakened("nonce-from-clock");
    assert!(step(&world, Action::Send(0)).enabled);
    assert!(!under(clock, &world, Action::Send(0)).enabled);
    world.messages.0[0].nonce = world.messages.0[1].nonce;
    assert!(!step(&world, Action::Send(0)).enabled);
    let sent = under(clock, &world, Action::Send(0));
    assert!(sent.enabled);
    assert!(!under(clock, &sent.after, Action::Send(0)).enabled, "once");
}

#[test]
fn time_only_passes_and_a_wall_clock_set_back_is_not_followed() {
    let mut world = world();
    world.now = 3;
    for (to, passes, sets_back) in [(2, false, true), (3, false, false), (4, true, false)] {
        assert_eq!(step(&world, Action::Advance(to)).enabled, passes, "{to}");
        assert_eq!(step(&world, Action::SetBack(to)).enabled, sets_back, "{to}");
    }
    let moved = |now| {
        let mut moved = world;
        moved.now = now;
        moved
    };
    assert_eq!(
        after(Ruleset::HARDENED, &world, Action::Advance(4)),
        moved(4)
    );
    assert_eq!(after(Ruleset::HARDENED, &world, Action::SetBack(2)), world);
    let follows = weakened("follows-wall-clock");
    assert_eq!(after(follows, &world, Action::SetBack(2)), moved(2));
}

#[test]
fn an_entry_is_forgotten_once_its_time_is_over_and_frees_its_holders_share() {
    let mut world = remembering();
    let forget = Action::Forget(ALICE, 0);
    for (now, enabled) in [(2, false), (3, false), (4, true)] {
        world.now = now;
        assert_eq!(step(&world, forget).enabled, enabled, "at {now}");
    }
    // Whose share it is says its place, not the message that put it there.
    world.store.0[usize::from(ALICE) * NONCES].by = 1;
    let mut expected = world;
    expected.store.0[usize::from(ALICE) * NONCES].stored = false;
    expected.agents.0[usize::from(ALICE)].held = 0;
    let forgotten = after(Ruleset::HARDENED, &world, forget);
    assert_eq!(forgotten, expected);
    assert!(!step(&forgotten, forget).enabled, "it is gone");

    // Where entries have no sender, the share is that of the message's.
    let anyone = Concrete::anyone();
    world
        .store
        .set(&(anyone, 0), remembering().store.at(&(ALICE, 0)));
    let freed = after(
        weakened("keyed-by-nonce-alone"),
        &world,
        Action::Forget(anyone, 0),
    );
    assert_eq!(freed.agents.at(&ALICE).held, 0);
    assert_eq!(freed.agents.at(&anyone), world.agents.at(&anyone));
}

#[test]
fn a_restart_and_a_replica_forget_nothing_unless_the_store_is_volatile() {
    let world = remembering();
    let mut empty = world;
    empty.store.0[usize::from(ALICE) * NONCES].stored = false;
    empty.agents.0[usize::from(ALICE)].held = 0;
    empty.agents.0[usize::from(ALICE)].recent = 0;
    for (action, flaw) in [
        (Action::Restart, "forgets-on-restart"),
        (Action::FailOver, "store-per-replica"),
    ] {
        assert_eq!(after(Ruleset::HARDENED, &world, action), world);
        assert_eq!(after(weakened(flaw), &world, action), empty);
    }
    let (restart, replica) = (
        weakened("forgets-on-restart"),
        weakened("store-per-replica"),
    );
    assert_eq!(after(restart, &world, Action::FailOver), world);
    assert_eq!(after(replica, &world, Action::Restart), world);
}

#[test]
fn a_compromise_marks_the_key_and_its_owner_once() {
    let mut expected = world();
    expected.keys.0[usize::from(KEY)].compromised = true;
    expected.agents.0[usize::from(ALICE)].compromised = true;
    let compromised = after(Ruleset::HARDENED, &world(), Action::Compromise(KEY));
    assert_eq!(compromised, expected);
    assert!(!step(&compromised, Action::Compromise(KEY)).enabled);
    assert!(!step(&world(), Action::Compromise(SUCCESSOR)).enabled);
}

#[test]
fn a_rotation_lists_the_successor_now_and_ends_the_old_key_after_the_overlap() {
    let setting = Scope::default().setting();
    let mut expected = world();
    expected.keys.0[usize::from(KEY)].not_after = START + setting.overlap;
    expected.keys.0[usize::from(SUCCESSOR)].listed = true;
    expected.keys.0[usize::from(SUCCESSOR)].not_before = START;
    let rotated = after(Ruleset::HARDENED, &world(), Action::Rotate(KEY, SUCCESSOR));
    assert_eq!(rotated, expected);

    // A key that ends sooner is not prolonged.
    let mut ending = world();
    ending.keys.0[usize::from(KEY)].not_after = START;
    let rotated = after(Ruleset::HARDENED, &ending, Action::Rotate(KEY, SUCCESSOR));
    assert_eq!(rotated.keys.at(&KEY).not_after, START);
}

#[test]
fn only_a_listed_key_is_rotated_and_only_to_an_unlisted_one_of_its_owner() {
    let mut both = world();
    both.keys.0[usize::from(SUCCESSOR)].listed = true;
    let mut neither = world();
    neither.keys.0[usize::from(KEY)].listed = false;
    let rows = [
        (world(), KEY, KEY),
        (world(), KEY, UNLISTED),
        (both, KEY, SUCCESSOR),
        (neither, KEY, SUCCESSOR),
    ];
    for (world, old, new) in rows {
        assert!(
            !step(&world, Action::Rotate(old, new)).enabled,
            "{old} {new}"
        );
    }
}

#[test]
fn a_listed_key_is_revoked_once_and_an_active_agent_retired_once() {
    let mut expected = world();
    expected.keys.0[usize::from(KEY)].revoked = true;
    let revoked = after(Ruleset::HARDENED, &world(), Action::Revoke(KEY));
    assert_eq!(revoked, expected);
    assert!(!step(&revoked, Action::Revoke(KEY)).enabled);
    assert!(!step(&world(), Action::Revoke(SUCCESSOR)).enabled);

    let mut expected = world();
    expected.agents.0[usize::from(ALICE)].active = false;
    let retired = after(Ruleset::HARDENED, &world(), Action::Retire(ALICE));
    assert_eq!(retired, expected);
    assert!(!step(&retired, Action::Retire(ALICE)).enabled);
}

#[test]
fn a_key_is_entitled_while_it_is_listed_current_and_not_revoked() {
    let key = Key {
        not_before: 2,
        not_after: 4,
        ..world().keys.at(&KEY)
    };
    let entitled: Vec<u8> = (0..8).filter(|now| key.entitled(now)).collect();
    assert_eq!(entitled, [2, 3, 4]);
    assert!(
        !Key {
            listed: false,
            ..key
        }
        .entitled(&3)
    );
    assert!(
        !Key {
            revoked: true,
            ..key
        }
        .entitled(&3)
    );
}

#[test]
fn an_action_says_which_message_it_is_about() {
    let shown = Presented::unaltered(&honest(ALICE, KEY, START));
    for about in [
        Action::Send(3),
        Action::Deliver(3, shown),
        Action::DeliverTwice(3, shown),
    ] {
        assert_eq!(about.message(), Some(&3));
    }
    assert_eq!(Action::<Concrete>::Restart.message(), None);
}

#[test]
fn worlds_that_differ_in_one_field_are_not_equal() {
    type Change = fn(&mut World<Concrete>);
    let changes: [Change; 7] = [
        |w| w.now += 1,
        |w| w.agents.0[0].held += 1,
        |w| w.keys.0[0].revoked = true,
        |w| w.messages.0[1].nonce += 1,
        |w| w.fates.0[0].sent = true,
        |w| w.store.0[0].stored = true,
        |w| w.insertions += 1,
    ];
    for change in changes {
        let mut after = world();
        change(&mut after);
        assert_ne!(after, world());
    }
}
