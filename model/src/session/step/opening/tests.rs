//! Deliveries alone: which can happen, what opens, what is remembered, and what comes of it.

use super::*;
use crate::domain::Concrete;
use crate::rulebook::{Row as _, Weakening};
use crate::session::scope::{START, Scope};
use crate::session::step::{Action, Event, Step};
use crate::session::world::Leak;

/// A session with the honest peer, one with the attacker, and another with the honest peer.
const FIRST: u8 = 0;
const HOSTILE: u8 = 1;
const OTHER: u8 = 2;

const LOST: Leak<Concrete> = Leak {
    lost: true,
    since: 1,
    from: 1,
};

/// A record of the honest peer's second epoch.
const RECORD: Record<Concrete> = Record {
    composed: false,
    session: FIRST,
    mine: false,
    epoch: 1,
    sequence: 1,
    sealed: true,
    schema_valid: true,
};

/// A world in which the record was sent, after another that came, in the epoch before.
fn world() -> World<Concrete> {
    let mut world = Scope::default().first();
    world.records.set(&0, RECORD);
    let (sent, accepted) = (true, false);
    world.fates.set(&0, Fate { sent, accepted });
    change(&mut world, FIRST, |it| {
        it.receiving = Reach { epoch: 0, top: 1 };
        it.heard = it.receiving;
    });
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

/// Delivers record 0 as it is.
fn deliver(rules: Ruleset<Rules>, world: &World<Concrete>) -> (Step<Concrete>, Opening<Concrete>) {
    let presented = Presented::unaltered(&world.records.at(&0));
    let action = Action::Deliver(0, presented);
    let step = world.step(rules, &Scope::default().setting(), &action);
    let Some(Event::Opening(event)) = step.event.clone() else {
        panic!("no delivery");
    };
    (step, event)
}

#[test]
fn a_window_slides_to_its_highest_number_and_never_back() {
    let slid = |rules, top, sequence| slid::<Concrete>(rules, &top, &sequence);
    for (sequence, end) in [(2, 5), (4, 5), (5, 6), (9, 10)] {
        assert_eq!(slid(Ruleset::HARDENED, 5, sequence), end);
    }
    assert_eq!(slid(under("window-slides-back"), 5, 2), 3);
}

#[test]
#[rustfmt::skip]
fn the_attacker_delivers_what_was_sent_and_what_it_can_compose_and_nothing_else() {
    type Scene = fn(&mut World<Concrete>);
    let compose = |world: &mut World<Concrete>, record: Record<Concrete>| {
        world.records.set(&0, Record { composed: true, ..record });
        world.fates.set(&0, world.fates.at(&1));
    };
    let rows: &[(&str, Scene, bool, Option<Record<Concrete>>)] = &[
        ("sent",                         |_| (), true,  None),
        ("never sent",                   |w| w.fates.set(&0, w.fates.at(&1)), false, None),
        ("never sent, with a lost key",  |w| { w.fates.set(&0, w.fates.at(&1)); change(w, FIRST, |it| it.peer_leaked = LOST); }, false, None),
        ("junk",                         |_| (), true,  Some(Record { sealed: false, ..RECORD })),
        ("sealed without the key",       |_| (), false, Some(RECORD)),
        ("sealed with the key",          |w| change(w, FIRST, |it| it.peer_leaked = LOST), true,  Some(RECORD)),
        ("sealed with a later key",      |w| change(w, FIRST, |it| it.peer_leaked = LOST), false, Some(Record { epoch: 0, ..RECORD })),
        ("sealed with the other key",    |w| change(w, FIRST, |it| it.leaked = LOST), false, Some(RECORD)),
        ("sealed in a session of its own", |_| (), true, Some(Record { session: HOSTILE, ..RECORD })),
    ];
    for (what, scene, expected, composed) in rows {
        let mut world = world();
        scene(&mut world);
        if let Some(record) = composed {
            compose(&mut world, *record);
        }
        assert_eq!(deliver(Ruleset::HARDENED, &world).0.enabled, *expected, "{what}");
    }
}

#[test]
#[rustfmt::skip]
fn a_record_opens_as_it_was_sealed_and_otherwise_under_the_flaw_that_allows_it_alone() {
    type Spoil = fn(&mut World<Concrete>, &mut Record<Concrete>, &mut Presented<Concrete>);
    let rows: &[(&str, Spoil, Option<Mechanism>)] = &[
        ("junk",                          |_, r, _| r.sealed = false,       None),
        ("in another epoch",              |_, _, p| p.epoch = 2,            None),
        ("in another peer's session",     |_, _, p| p.session = HOSTILE,    None),
        ("in another of its sessions",    |_, _, p| p.session = OTHER,      Some(Mechanism::OneKeyForAllSessions)),
        ("of an epoch that is over",      |w, _, _| change(w, FIRST, |it| it.receiving.epoch = 2), Some(Mechanism::KeepsOldKeys)),
        ("this end's own",                |_, r, _| r.mine = true,          Some(Mechanism::OneKeyBothWays)),
        ("under another number",          |_, _, p| p.sequence = 2,         Some(Mechanism::SequenceOutsideAad)),
        ("under another header",          |_, _, p| p.altered = true,       Some(Mechanism::HeaderOutsideAad)),
    ];
    let limits = Scope::default().setting().limits;
    let rules = |mechanism: &Mechanism| under(mechanism.name());
    let opens = |rules, world: &World<Concrete>, record, presented| world.facts(rules, &limits, &record, &presented).opens;
    let intact = Presented::unaltered(&RECORD);
    for mechanism in Mechanism::ALL {
        assert!(opens(rules(mechanism), &world(), RECORD, intact), "{mechanism:?}");
    }
    for (what, spoil, allows) in rows {
        let (mut world, mut record, mut presented) = (world(), RECORD, intact);
        spoil(&mut world, &mut record, &mut presented);
        assert!(!opens(Ruleset::HARDENED, &world, record, presented), "{what}");
        for mechanism in Mechanism::ALL {
            let expected = *allows == Some(*mechanism);
            assert_eq!(opens(rules(mechanism), &world, record, presented), expected, "{what}, {mechanism:?}");
        }
    }
}

#[test]
fn a_window_remembers_what_it_marked_between_its_ends_and_a_flawed_one_the_highest_only() {
    let mut world = world();
    let mark = Mark {
        marked: true,
        by: 0,
    };
    change(&mut world, FIRST, |it| it.receiving.top = 3);
    let limits = Scope::default().setting().limits;
    let seen = |rules, world: &World<Concrete>| {
        let seen = |sequence| {
            let mut presented = Presented::unaltered(&RECORD);
            presented.sequence = sequence;
            world
                .facts(rules, &limits, &RECORD, &presented)
                .sequence_seen
        };
        [0, 1, 2, 3].map(seen)
    };
    let highest_only = under("highest-only");
    assert_eq!(seen(Ruleset::HARDENED, &world), [false; 4]);
    assert_eq!(seen(highest_only, &world), [true, true, true, false]);
    for number in 0..4 {
        world.marks.set(&(FIRST, number), mark);
    }
    // The window holds two numbers: 1 and 2.
    assert_eq!(seen(Ruleset::HARDENED, &world), [false, true, true, false]);
}

#[test]
fn what_is_accepted_is_marked_moves_window_and_epoch_and_counts_as_heard() {
    let (step, event) = deliver(Ruleset::HARDENED, &world());
    assert!(event.tried && event.accepted && event.marked && event.followed);
    let mut expected = world();
    let (marked, by) = (true, 0);
    expected.marks.set(&(FIRST, 1), Mark { marked, by });
    let (sent, accepted) = (true, true);
    expected.fates.set(&0, Fate { sent, accepted });
    change(&mut expected, FIRST, |it| {
        it.receiving = Reach { epoch: 1, top: 2 };
        it.heard = it.receiving;
    });
    assert_eq!(step.after, expected);
    let (again, event) = deliver(Ruleset::HARDENED, &step.after);
    assert!(event.accepted_before && !event.changed());
    assert_eq!(again.after, step.after);
}

#[test]
fn what_is_forged_with_a_lost_key_is_accepted_and_not_heard_of_the_peer() {
    let mut world = world();
    world.fates.set(&0, world.fates.at(&1));
    change(&mut world, FIRST, |it| it.peer_leaked = LOST);
    let after = deliver(Ruleset::HARDENED, &world).0.after;
    let session = after.sessions.at(&FIRST);
    assert_eq!(session.receiving, Reach { epoch: 1, top: 2 });
    assert_eq!(session.heard, Reach { epoch: 0, top: 1 });
    let fate = after.fates.at(&0);
    assert!(fate.accepted && !fate.sent);
}

#[test]
fn an_old_record_moves_neither_window_nor_epoch_back() {
    let mut world = world();
    let ahead = Reach { epoch: 2, top: 3 };
    change(&mut world, FIRST, |it| {
        (it.receiving, it.heard) = (ahead, ahead);
    });
    let (step, event) = deliver(under("keeps-old-keys"), &world);
    assert!(event.accepted);
    let session = step.after.sessions.at(&FIRST);
    assert_eq!((session.receiving, session.heard), (ahead, ahead));
}

#[test]
fn junk_leaves_no_trace_but_where_an_end_acts_before_it_opens() {
    let mut junk = world();
    let sealed = false;
    junk.records.set(&0, Record { sealed, ..RECORD });
    let (step, event) = deliver(Ruleset::HARDENED, &junk);
    assert!(event.tried && !event.accepted && !event.changed());
    assert_eq!(step.after, junk);

    let mut marked = junk;
    let by = 0;
    marked.marks.set(&(FIRST, 1), Mark { marked: true, by });
    change(&mut marked, FIRST, |it| it.receiving.top = 2);
    let mut followed = junk;
    change(&mut followed, FIRST, |it| it.receiving.epoch = 1);
    for (name, after) in [
        ("marks-before-opening", marked),
        ("ratchets-before-opening", followed),
    ] {
        let (step, event) = deliver(under(name), &junk);
        assert!(!event.accepted && event.changed(), "{name}");
        assert_eq!(step.after, after, "{name}");
    }
}

#[test]
fn what_was_accepted_once_stays_accepted_whatever_comes_of_it_later() {
    let accepted = deliver(Ruleset::HARDENED, &world()).0.after;
    let presented = Presented {
        sequence: 2,
        ..Presented::unaltered(&RECORD)
    };
    let action = Action::Deliver(0, presented);
    let setting = Scope::default().setting();
    let step = accepted.step(under("marks-before-opening"), &setting, &action);
    assert!(step.after.marks.at(&(FIRST, 2)).marked);
    assert!(step.after.fates.at(&0).accepted);
}

#[test]
fn what_fails_before_it_is_opened_is_not_tried() {
    let mut late = world();
    late.now = START + 3;
    assert!(!deliver(Ruleset::HARDENED, &late).1.tried);
    assert!(deliver(under("without-session-alive"), &late).1.tried);
}
