//! Each invariant alone: nothing flawless violates it, and each thing it speaks of does.

use super::*;
use crate::domain::{Concrete, Table as _};
use crate::session::record::{Presented, Record};
use crate::session::scope::{ALICE, START, Scope};
use crate::session::world::Leak;

/// The last instant of the sessions of the default scope.
const NOW: u8 = START + 2;

fn session() -> Session<Concrete> {
    Scope::default().first().sessions.at(&0)
}

fn peer() -> Peer<Concrete> {
    Scope::default().first().peers.at(&ALICE)
}

/// Keys lost in this epoch.
fn lost_in(epoch: u8) -> Leak<Concrete> {
    Leak {
        lost: true,
        since: epoch,
        from: epoch,
    }
}

/// A record that deserves to be accepted, and is: at the last moment, at the left end of the window,
/// and in the furthest epoch.
fn opening() -> Opening<Concrete> {
    let record = Record {
        composed: false,
        session: 0,
        mine: false,
        epoch: 1,
        sequence: 3,
        sealed: true,
        schema_valid: true,
    };
    let mut session = session();
    (session.heard.top, session.receiving.top) = (5, 5);
    Opening {
        presented: Presented::unaltered(&record),
        record,
        tried: true,
        accepted: true,
        marked: true,
        followed: true,
        sent_before: true,
        accepted_before: false,
        session,
        peer: peer(),
        now: NOW,
    }
}

/// The last record of a key's share, at the last moment of the session and of the key.
fn sealing() -> Sealing<Concrete> {
    let mut sender = session().sending;
    (sender.used, sender.used_since) = (2, NOW - 1);
    Sealing {
        mine: true,
        sealed: true,
        repeated: false,
        session: session(),
        peer: peer(),
        sender,
        now: NOW,
    }
}

/// A record of the very epoch in which its key was lost.
fn reading() -> Reading<Concrete> {
    Reading {
        epoch: 1,
        hostile: false,
        leak: lost_in(1),
    }
}

/// The rows that an event violates.
fn violated(event: &Event<Concrete>) -> Vec<InvariantId> {
    let setting = Scope::default().setting();
    let ids = InvariantId::ALL.iter().copied();
    ids.filter(|id| Invariant::of(*id).violated(&setting, event))
        .collect()
}

/// The rows that say something about an event.
fn speaking(event: &Event<Concrete>) -> Vec<InvariantId> {
    let setting = Scope::default().setting();
    let ids = InvariantId::ALL.iter().copied();
    ids.filter(|id| (Invariant::<Concrete>::of(*id).premise)(&setting, event))
        .collect()
}

#[test]
fn the_table_holds_every_invariant_in_order() {
    let table = Invariant::<Concrete>::TABLE.iter();
    let ids: Vec<InvariantId> = table.map(|row| row.id).collect();
    assert_eq!(ids, InvariantId::ALL);
}

#[test]
fn each_invariant_speaks_of_what_it_is_about_and_of_nothing_else() {
    use InvariantId as I;
    assert_eq!(
        speaking(&Event::Opening(opening())),
        [
            I::Authentic,
            I::Once,
            I::Timely,
            I::Entitled,
            I::Schema,
            I::Live,
            I::Bounded
        ]
    );
    assert_eq!(
        speaking(&Event::Sealing(sealing())),
        [I::Unique, I::Timely, I::Entitled, I::Renewed]
    );
    assert_eq!(speaking(&Event::Reading(reading())), [I::Forward]);
}

#[test]
#[rustfmt::skip]
fn a_flawless_record_violates_nothing_and_each_flaw_its_own_invariants() {
    use InvariantId as I;
    type Spoil = fn(&mut Opening<Concrete>);
    let rows: &[(&str, Spoil, &[InvariantId])] = &[
        ("nothing",                        |_| (),                                &[]),
        ("sealed by nobody",               |e| e.sent_before = false,             &[I::Authentic]),
        ("sealed by this end",             |e| e.record.mine = true,              &[I::Authentic]),
        ("in another session",             |e| e.presented.session = 2,           &[I::Authentic]),
        ("in another epoch",               |e| e.presented.epoch = 0,             &[I::Authentic]),
        ("under another number",           |e| e.presented.sequence = 4,          &[I::Authentic]),
        ("under another header",           |e| e.presented.altered = true,        &[I::Authentic]),
        ("with a key lost by then",        |e| { e.sent_before = false; e.session.peer_leaked = lost_in(1); }, &[]),
        ("with a key lost later",          |e| { e.sent_before = false; e.session.peer_leaked = lost_in(2); }, &[I::Authentic]),
        ("with the other direction's key", |e| { e.sent_before = false; e.session.leaked = lost_in(1); }, &[I::Authentic]),
        ("from the attacker, as itself",   |e| { e.sent_before = false; e.peer.hostile = true; }, &[]),
        ("a second time",                  |e| e.accepted_before = true,          &[I::Once]),
        ("in a session that is over",      |e| e.session.held = false,            &[I::Timely]),
        ("past the lifetime",              |e| e.now = NOW + 1,                   &[I::Timely]),
        ("from a peer without standing",   |e| e.peer.entitled = false,           &[I::Entitled]),
        ("of no schema",                   |e| e.record.schema_valid = false,     &[I::Schema]),
        ("an epoch too far",               |e| (e.record.epoch, e.presented.epoch) = (2, 2), &[I::Bounded]),
        ("as far, and never tried",        |e| { (e.record.epoch, e.presented.epoch) = (2, 2); e.tried = false; }, &[]),
    ];
    for (flaw, spoil, expected) in rows {
        let mut event = opening();
        spoil(&mut event);
        assert_eq!(violated(&Event::Opening(event)), *expected, "{flaw}");
    }
}

#[test]
#[rustfmt::skip]
fn what_deserves_to_be_accepted_must_be_and_nothing_else() {
    type Excuse = fn(&mut Opening<Concrete>);
    let excuses: &[(&str, Excuse)] = &[
        ("never sent",                 |e| e.sent_before = false),
        ("sealed by this end",         |e| e.record.mine = true),
        ("altered",                    |e| e.presented.altered = true),
        ("accepted before",            |e| e.accepted_before = true),
        ("a hostile peer",             |e| e.peer.hostile = true),
        ("a peer without standing",    |e| e.peer.entitled = false),
        ("a lost key",                 |e| e.session.peer_leaked = lost_in(0)),
        ("a session that is over",     |e| e.session.held = false),
        ("past the lifetime",          |e| e.now = NOW + 1),
        ("left of the window",         |e| e.session.heard.top = 6),
        ("of an epoch that is over",   |e| e.session.heard.epoch = 2),
        ("an epoch too far",           |e| (e.record.epoch, e.presented.epoch) = (2, 2)),
    ];
    let mut refused = opening();
    (refused.tried, refused.accepted) = (false, false);
    (refused.marked, refused.followed) = (false, false);
    assert_eq!(violated(&Event::Opening(refused.clone())), [InvariantId::Live]);
    for (what, excuse) in excuses {
        let mut event = refused.clone();
        excuse(&mut event);
        assert_eq!(violated(&Event::Opening(event)), [], "{what}");
    }
    let mut current = refused.clone();
    current.session.heard.epoch = 1;
    assert_eq!(violated(&Event::Opening(current)), [InvariantId::Live], "of the epoch reached");
    let mut moved = refused;
    moved.session.receiving.top = 9;
    moved.session.receiving.epoch = 3;
    moved.session.leaked = lost_in(0);
    assert_eq!(violated(&Event::Opening(moved)), [InvariantId::Live], "junk is no excuse");
}

#[test]
fn junk_may_leave_no_trace_in_the_window_nor_in_the_epoch() {
    let mut junk = opening();
    junk.sent_before = false;
    (junk.accepted, junk.marked, junk.followed) = (false, false, false);
    assert_eq!(violated(&Event::Opening(junk.clone())), []);
    let mut marked = junk.clone();
    marked.marked = true;
    assert_eq!(violated(&Event::Opening(marked)), [InvariantId::Authentic]);
    junk.followed = true;
    assert_eq!(violated(&Event::Opening(junk)), [InvariantId::Authentic]);
}

#[test]
#[rustfmt::skip]
fn the_last_record_of_a_key_violates_nothing_and_each_flaw_its_own_invariants() {
    use InvariantId as I;
    type Spoil = fn(&mut Sealing<Concrete>);
    let rows: &[(&str, Spoil, &[InvariantId])] = &[
        ("nothing",                          |_| (),                              &[]),
        ("under a key and nonce used",       |e| e.repeated = true,               &[I::Unique]),
        ("in a session that is over",        |e| e.session.held = false,          &[I::Timely]),
        ("past the lifetime",                |e| e.session.established_at = 0,    &[I::Timely]),
        ("for a peer without standing",      |e| e.peer.entitled = false,         &[I::Entitled]),
        ("beyond the share of its key",      |e| e.sender.used = 3,               &[I::Renewed]),
        ("after its key's period",           |e| e.sender.used_since = NOW - 2,   &[I::Renewed]),
        ("by the peer, which asks for itself", |e| { e.mine = false; e.session.held = false; e.peer.entitled = false; }, &[]),
        ("not at all",                       |e| { e.sealed = false; e.repeated = true; e.session.held = false; e.sender.used = 3; }, &[]),
    ];
    for (flaw, spoil, expected) in rows {
        let mut event = sealing();
        spoil(&mut event);
        assert_eq!(violated(&Event::Sealing(event)), *expected, "{flaw}");
    }
}

#[test]
fn the_attacker_reads_what_was_lost_and_nothing_of_an_epoch_that_was_over() {
    assert_eq!(violated(&Event::Reading(reading())), []);
    let over = Reading {
        leak: lost_in(2),
        ..reading()
    };
    assert_eq!(
        violated(&Event::Reading(over.clone())),
        [InvariantId::Forward]
    );
    let mut kept = reading();
    kept.leak.lost = false;
    assert_eq!(violated(&Event::Reading(kept)), [InvariantId::Forward]);
    let its_own = Reading {
        hostile: true,
        ..over
    };
    assert_eq!(violated(&Event::Reading(its_own)), []);
}
