//! Each transition but sealing and deliveries, alone: when it can be taken, and exactly what it
//! changes.

use super::*;
use crate::rulebook::Weakening;
use crate::session::record::{Fate, Record};
use crate::session::scope::{ALICE, START, Scope};
use crate::session::world::Sender;

/// A session with the honest peer, and one with the attacker.
const FIRST: u8 = 0;
const HOSTILE: u8 = 1;

/// A world in which a session has been used both ways, and record 0 was sealed in its second epoch.
fn world() -> World<Concrete> {
    let mut world = Scope::default().first();
    world.now = START + 1;
    let mut session = world.sessions.at(&FIRST);
    session.sending = Sender {
        epoch: 1,
        next: 3,
        since: START,
        count: 1,
        used_since: START,
        used: 1,
    };
    session.receiving = Reach { epoch: 2, top: 2 };
    world.sessions.set(&FIRST, session);
    let record = Record {
        composed: false,
        session: FIRST,
        mine: true,
        epoch: 1,
        sequence: 2,
        sealed: true,
        schema_valid: true,
    };
    world.records.set(&0, record);
    let (sent, accepted) = (true, false);
    world.fates.set(&0, Fate { sent, accepted });
    world
}

/// The world with another session, or the record of another.
fn with(change: impl Fn(&mut Session<Concrete>)) -> World<Concrete> {
    let mut world = world();
    let mut session = world.sessions.at(&FIRST);
    change(&mut session);
    world.sessions.set(&FIRST, session);
    world
}

fn lost_from(epoch: u8) -> Leak<Concrete> {
    Leak {
        lost: true,
        since: epoch,
        from: epoch,
    }
}

fn under(name: &str) -> Ruleset<Rules> {
    Weakening::<Rules>::of_name(name).unwrap().rules()
}

fn step(
    rules: Ruleset<Rules>,
    world: &World<Concrete>,
    action: Action<Concrete>,
) -> Step<Concrete> {
    world.step(rules, &Scope::default().setting(), &action)
}

fn is_enabled(world: &World<Concrete>, action: Action<Concrete>) -> bool {
    step(Ruleset::HARDENED, world, action).enabled
}

#[test]
fn time_passes_forwards_only_and_changes_nothing_else() {
    let world = world();
    for earlier in 0..=world.now {
        assert!(!is_enabled(&world, Action::Advance(earlier)), "{earlier}");
    }
    let passed = step(Ruleset::HARDENED, &world, Action::Advance(4));
    assert!(passed.enabled && passed.event.is_none());
    assert_eq!(passed.after, World { now: 4, ..world });
}

#[test]
fn the_attacker_reads_what_was_sent_under_a_key_that_it_has_and_nothing_else() {
    assert!(!is_enabled(&world(), Action::Read(0)));
    let lost = with(|it| it.leaked = lost_from(1));
    assert!(is_enabled(&lost, Action::Read(0)));
    let later = with(|it| it.leaked = lost_from(2));
    assert!(!is_enabled(&later, Action::Read(0)));
    let other_way = with(|it| it.peer_leaked = lost_from(1));
    assert!(!is_enabled(&other_way, Action::Read(0)));
    let mut unsent = lost;
    unsent.fates.set(&0, world().fates.at(&1));
    assert!(!is_enabled(&unsent, Action::Read(0)));

    let mut of_the_peer = other_way;
    let mut record = of_the_peer.records.at(&0);
    record.mine = false;
    of_the_peer.records.set(&0, record);
    assert!(is_enabled(&of_the_peer, Action::Read(0)));
    let mut to_the_attacker = world();
    record.session = HOSTILE;
    to_the_attacker.records.set(&0, record);
    assert!(is_enabled(&to_the_attacker, Action::Read(0)));
}

#[test]
fn what_the_attacker_reads_is_told_with_the_keys_it_has() {
    let world = with(|it| it.leaked = lost_from(1));
    let read = step(Ruleset::HARDENED, &world, Action::Read(0));
    assert_eq!(read.after, world);
    let Some(Event::Reading(reading)) = read.event else {
        panic!("no reading");
    };
    assert!(!reading.hostile);
    assert_eq!((reading.epoch, reading.leak), (1, lost_from(1)));
}

#[test]
fn who_reconnects_has_lost_the_session_and_only_that() {
    let over = with(|it| it.held = false);
    let lost = step(Ruleset::HARDENED, &world(), Action::Reconnect(FIRST));
    assert!(lost.enabled);
    assert_eq!(lost.after, over);
    assert!(!is_enabled(&over, Action::Reconnect(FIRST)));
}

#[test]
fn what_a_flawed_end_resumes_begins_anew_and_what_really_happened_stays() {
    let numbers = with(|it| {
        (it.sending.epoch, it.sending.next, it.sending.count) = (0, 0, 0);
        it.sending.since = START + 1;
    });
    let window = with(|it| it.receiving = Reach { epoch: 0, top: 0 });
    for (name, after) in [("sequence-restarts", numbers), ("window-restarts", window)] {
        let resumed = step(under(name), &world(), Action::Reconnect(FIRST));
        assert!(resumed.enabled);
        assert_eq!(resumed.after, after, "{name}");
        let over = with(|it| it.held = false);
        assert!(!step(under(name), &over, Action::Reconnect(FIRST)).enabled);
    }
}

#[test]
fn a_peer_loses_its_standing_once_and_nothing_else_changes() {
    let withdrawn = step(Ruleset::HARDENED, &world(), Action::Withdraw(ALICE));
    assert!(withdrawn.enabled);
    let mut expected = world();
    let hostile = false;
    let entitled = false;
    expected.peers.set(&ALICE, Peer { hostile, entitled });
    assert_eq!(withdrawn.after, expected);
    assert!(!is_enabled(&withdrawn.after, Action::Withdraw(ALICE)));
}

#[test]
fn the_keys_of_an_end_are_lost_once_while_it_has_them_from_this_epoch_on() {
    let revealed = step(Ruleset::HARDENED, &world(), Action::Reveal(FIRST));
    assert!(revealed.enabled);
    let expected = with(|it| (it.leaked, it.peer_leaked) = (lost_from(1), lost_from(2)));
    assert_eq!(revealed.after, expected);
    for without in [
        with(|it| it.held = false),
        with(|it| it.leaked = lost_from(0)),
        with(|it| it.peer_leaked = lost_from(0)),
    ] {
        assert!(!is_enabled(&without, Action::Reveal(FIRST)));
    }
}

#[test]
fn where_old_keys_can_be_had_they_are_lost_too() {
    for name in ["keys-from-secret", "keeps-old-keys"] {
        let revealed = step(under(name), &world(), Action::Reveal(FIRST));
        let session = revealed.after.sessions.at(&FIRST);
        for (leak, since) in [(session.leaked, 1), (session.peer_leaked, 2)] {
            let expected = Leak {
                from: 0,
                ..lost_from(since)
            };
            assert_eq!(leak, expected, "{name}");
        }
    }
}

#[test]
fn a_mark_that_is_not_there_is_not_there() {
    assert!(!Mark::<Concrete>::none(0).marked);
}
