//! Sealing alone: what can be sealed, what repeats a nonce, when a key is renewed, and what changes.

use super::*;
use crate::domain::Concrete;
use crate::rulebook::{Row as _, Weakening};
use crate::session::scope::{ALICE, START, Scope};
use crate::session::step::{Action, Event, Step};

/// A session with the honest peer, one with the attacker, and another with the honest peer.
const FIRST: u8 = 0;
const HOSTILE: u8 = 1;
const OTHER: u8 = 2;

/// The first record that this end seals.
const RECORD: Record<Concrete> = Record {
    composed: false,
    session: FIRST,
    mine: true,
    epoch: 0,
    sequence: 0,
    sealed: true,
    schema_valid: true,
};

fn world() -> World<Concrete> {
    let mut world = Scope::default().first();
    world.records.set(&0, RECORD);
    world
}

fn change(world: &mut World<Concrete>, session: u8, change: impl Fn(&mut Session<Concrete>)) {
    let mut record = world.sessions.at(&session);
    change(&mut record);
    world.sessions.set(&session, record);
}

fn under(name: &str) -> Ruleset<Rules> {
    Weakening::<Rules>::of_name(name).unwrap().rules()
}

/// Seals record 0.
fn seal(rules: Ruleset<Rules>, world: &World<Concrete>) -> (Step<Concrete>, Sealing<Concrete>) {
    let step = world.step(rules, &Scope::default().setting(), &Action::Seal(0));
    let Some(Event::Sealing(event)) = step.event.clone() else {
        panic!("nothing sealed");
    };
    (step, event)
}

#[test]
fn an_epoch_is_over_with_its_share_or_its_period_whichever_comes_first() {
    let is_due = |count, now| is_due::<Concrete>(&1, &count, &now, (&2, &3));
    assert!(!is_due(0, 1) && !is_due(1, 3));
    assert!(is_due(2, 1) && is_due(0, 4));
    assert!(is_due(3, 1) && is_due(0, 5));
}

#[test]
#[rustfmt::skip]
fn an_honest_end_seals_its_next_record_and_no_other() {
    type Spoil = fn(&mut World<Concrete>, &mut Record<Concrete>);
    let rows: &[(&str, Spoil, bool)] = &[
        ("the next",                     |_, _| (),                   true),
        ("the next of the peer",         |_, r| r.mine = false,       true),
        ("the next for the attacker",    |_, r| r.session = HOSTILE,  true),
        ("sent before",                  |w, _| w.fates.set(&0, Fate { sent: true, accepted: false }), false),
        ("composed by the attacker",     |_, r| r.composed = true,    false),
        ("junk",                         |_, r| r.sealed = false,     false),
        ("of no schema",                 |_, r| r.schema_valid = false, false),
        ("of another epoch",             |_, r| r.epoch = 1,          false),
        ("under another number",         |_, r| r.sequence = 1,       false),
        ("of the attacker",              |_, r| (r.mine, r.session) = (false, HOSTILE), false),
    ];
    for (what, spoil, expected) in rows {
        let (mut world, mut record) = (world(), RECORD);
        spoil(&mut world, &mut record);
        world.records.set(&0, record);
        assert_eq!(seal(Ruleset::HARDENED, &world).0.enabled, *expected, "{what}");
    }
}

#[test]
#[rustfmt::skip]
fn a_nonce_repeats_under_its_own_key_and_otherwise_under_the_flaw_that_makes_it_alone() {
    type Other = fn(&mut Record<Concrete>);
    let rows: &[(&str, Other, Option<Mechanism>)] = &[
        ("of another epoch",           |it| it.epoch = 1,         None),
        ("of another peer's session",  |it| it.session = HOSTILE, None),
        ("of another of its sessions", |it| it.session = OTHER,   Some(Mechanism::OneKeyForAllSessions)),
        ("of the other direction",     |it| it.mine = false,      Some(Mechanism::OneKeyBothWays)),
        ("under another number",       |it| it.sequence = 1,      Some(Mechanism::StaticNonce)),
    ];
    let repeats = |rules, record| {
        let mut world = world();
        world.records.set(&1, record);
        let unsent = seal(rules, &world).1.repeated;
        assert!(!unsent, "a record that was never sent repeats nothing");
        world.fates.set(&1, Fate { sent: true, accepted: false });
        seal(rules, &world).1.repeated
    };
    for mechanism in Mechanism::ALL {
        assert!(repeats(under(mechanism.name()), RECORD), "{mechanism:?}");
    }
    for (what, other, makes) in rows {
        let mut record = RECORD;
        other(&mut record);
        assert!(!repeats(Ruleset::HARDENED, record), "{what}");
        for mechanism in Mechanism::ALL {
            let expected = *makes == Some(*mechanism);
            assert_eq!(repeats(under(mechanism.name()), record), expected, "{what}, {mechanism:?}");
        }
    }
}

#[test]
fn who_seals_counts_it_and_the_other_direction_stays_as_it_was() {
    for mine in [true, false] {
        let mut world = world();
        world.records.set(&0, Record { mine, ..RECORD });
        let (step, event) = seal(Ruleset::HARDENED, &world);
        assert!(event.sealed && event.mine == mine);
        let grown = |sender: &mut Sender<Concrete>| {
            (sender.next, sender.count, sender.used) = (1, 1, 1);
        };
        let mut expected = world;
        change(&mut expected, FIRST, |it| {
            grown(if mine {
                &mut it.sending
            } else {
                &mut it.peer_sending
            });
        });
        let (sent, accepted) = (true, false);
        expected.fates.set(&0, Fate { sent, accepted });
        assert_eq!(step.after, expected);
    }
}

#[test]
fn an_epoch_that_is_over_is_followed_by_the_next_but_where_none_ever_is() {
    let mut world = world();
    world.now = START + 1;
    change(&mut world, FIRST, |it| {
        (it.sending.next, it.sending.count, it.sending.used) = (2, 2, 2);
    });
    let mut next = RECORD;
    (next.epoch, next.sequence) = (1, 2);
    world.records.set(&0, next);
    let (step, event) = seal(Ruleset::HARDENED, &world);
    assert!(step.enabled);
    let renewed = Sender {
        epoch: 1,
        next: 3,
        since: START + 1,
        count: 1,
        used_since: START + 1,
        used: 1,
    };
    assert_eq!(event.sender, renewed);
    assert_eq!(step.after.sessions.at(&FIRST).sending, renewed);

    let never = under("never-ratchets");
    assert!(!seal(never, &world).0.enabled);
    world.records.set(&0, Record { epoch: 0, ..next });
    let (step, event) = seal(never, &world);
    assert!(step.enabled);
    assert_eq!((event.sender.epoch, event.sender.used), (0, 3));
}

#[test]
fn a_refusal_changes_nothing_and_each_end_asks_for_itself() {
    let mut over = world();
    change(&mut over, FIRST, |it| it.held = false);
    let mut withdrawn = world();
    let mut alice = withdrawn.peers.at(&ALICE);
    alice.entitled = false;
    withdrawn.peers.set(&ALICE, alice);
    for mut world in [over, withdrawn] {
        let (step, event) = seal(Ruleset::HARDENED, &world);
        assert!(step.enabled && !event.sealed);
        assert_eq!(step.after, world);
        world.records.set(
            &0,
            Record {
                mine: false,
                ..RECORD
            },
        );
        assert!(seal(Ruleset::HARDENED, &world).1.sealed);
    }
}
