//! Each invariant alone: nothing in a flawless admission violates it, and each thing it speaks of does.

use super::*;
use crate::admission::attacker::honest;
use crate::admission::message::Presented;
use crate::admission::scope::{ALICE, BOB, MALLORY, START, Scope, first_key};
use crate::domain::{Concrete, Table as _};

const KEY: u8 = first_key(ALICE);
const NOW: u8 = START + 1;

/// An honest message that deserves to be admitted, and is, at the last moment for everything.
fn flawless() -> Delivery<Concrete> {
    let world = Scope::default().first();
    let mut message = honest(ALICE, KEY, START);
    message.expires_at = NOW;
    let mut key = world.keys.at(&KEY);
    (key.not_before, key.not_after) = (NOW, NOW);
    let mut sender = world.agents.at(&ALICE);
    (sender.held, sender.period, sender.admitted) = (1, NOW, 1);
    let mut sender_after = sender;
    (sender_after.held, sender_after.admitted) = (2, 2);
    Delivery {
        presented: Presented::unaltered(&message),
        message,
        acting: ALICE,
        parsed: true,
        admitted: true,
        sent_before: true,
        admitted_before: false,
        remembered: true,
        // Window 1 and three times the skew of 1 from now.
        keep_until: NOW + 4,
        changed: true,
        now: NOW,
        key,
        attributed: sender,
        sender,
        sender_after,
    }
}

/// The rows that a delivery violates.
fn violated(event: &Delivery<Concrete>) -> Vec<InvariantId> {
    let setting = Scope::default().setting();
    let ids = InvariantId::ALL.iter().copied();
    ids.filter(|id| Invariant::of(*id).violated(&setting, event))
        .collect()
}

#[test]
fn the_table_holds_every_invariant_in_the_order_of_its_names() {
    let rows: Vec<_> = Invariant::<Concrete>::TABLE
        .iter()
        .map(|row| row.id)
        .collect();
    assert_eq!(rows, InvariantId::ALL);
    for id in InvariantId::ALL {
        assert_eq!(Invariant::<Concrete>::of(*id).id, *id);
    }
}

#[test]
#[rustfmt::skip]
fn a_flawless_admission_violates_nothing_and_each_flaw_its_own_invariants() {
    use InvariantId as I;
    type Spoil = fn(&mut Delivery<Concrete>);
    let rows: &[(&str, Spoil, &[InvariantId])] = &[
        ("nothing",                       |_| (),                                   &[]),
        ("unsigned",                      |e| e.message.signed = false,             &[I::Authentic]),
        ("shown to another",              |e| e.presented.to = MALLORY,             &[I::Authentic]),
        ("another nonce shown",           |e| e.presented.nonce = 1,                &[I::Authentic]),
        ("another type shown",            |e| e.presented.kind = 1,                 &[I::Authentic]),
        ("altered",                       |e| e.presented.altered = true,           &[I::Authentic]),
        ("composed by another",           |e| e.message.author = MALLORY,           &[I::Bound]),
        ("under another's key",           |e| e.key.owner = MALLORY,                &[I::Bound]),
        ("under another's stolen key",    |e| { e.message.author = MALLORY; e.key.owner = MALLORY; e.key.compromised = true; }, &[I::Bound]),
        ("under a stolen key of its own", |e| { e.message.author = MALLORY; e.key.compromised = true; }, &[]),
        ("attributed to another",         |e| e.acting = MALLORY,                   &[I::Bound]),
        ("under an unlisted key",         |e| e.key.listed = false,                 &[I::Bound]),
        ("under a revoked key",           |e| e.key.revoked = true,                 &[I::Bound]),
        ("before its key begins",         |e| e.key.not_before = NOW + 1,           &[I::Bound]),
        ("after its key ended",           |e| e.key.not_after = NOW - 1,            &[I::Bound]),
        ("the one it is of has retired",  |e| e.attributed.active = false,          &[I::Bound]),
        ("a second time",                 |e| e.admitted_before = true,             &[I::Once]),
        ("to another",                    |e| { e.message.to = MALLORY; e.presented.to = MALLORY; }, &[I::Audience]),
        ("of the receiver itself",        |e| { e.acting = BOB; e.message.author = BOB; e.key.owner = BOB; }, &[I::Audience]),
        ("in no session",                 |e| e.message.session_known = false,      &[I::Audience]),
        ("of another version",            |e| e.message.version_supported = false,  &[I::Schema]),
        ("of no schema",                  |e| e.message.schema_valid = false,       &[I::Schema]),
        ("not I-JSON",                    |e| e.message.well_formed = false,        &[I::Canonical]),
        ("not canonical",                 |e| e.message.canonical = false,          &[I::Canonical]),
        ("respelled",                     |e| e.presented.respelled = true,         &[I::Canonical]),
        ("too late for its sender",       |e| e.message.expires_at = NOW - 1,       &[I::Timely]),
        ("too long",                      |e| e.message.size_bounded = false,       &[I::Bounded]),
        ("beyond the share",              |e| e.sender_after.held = 3,              &[I::Bounded]),
        ("beyond the rate",               |e| e.sender_after.admitted = 3,          &[I::Bounded]),
        ("beyond the rate of long ago",   |e| { e.sender_after.admitted = 3; e.sender_after.period = START; }, &[]),
        ("kept too long",                 |e| e.keep_until = NOW + 5,               &[I::Bounded]),
        ("not kept at all",               |e| { e.keep_until = NOW + 5; e.remembered = false; }, &[]),
    ];
    for (flaw, spoil, expected) in rows {
        let mut event = flawless();
        spoil(&mut event);
        assert_eq!(violated(&event), *expected, "{flaw}");
    }
}

#[test]
#[rustfmt::skip]
fn what_deserves_to_be_admitted_must_be_and_nothing_else() {
    type Excuse = fn(&mut Delivery<Concrete>);
    let excuses: &[(&str, Excuse)] = &[
        ("never sent",                 |e| e.sent_before = false),
        ("a hostile sender",           |e| e.sender.hostile = true),
        ("a sender with a lost key",   |e| e.sender.compromised = true),
        ("a retired sender",           |e| e.sender.active = false),
        ("a revoked key",              |e| e.key.revoked = true),
        ("altered",                    |e| e.presented.altered = true),
        ("respelled",                  |e| e.presented.respelled = true),
        ("to another",                 |e| { e.message.to = MALLORY; e.presented.to = MALLORY; }),
        ("of the receiver itself",     |e| e.message.from = BOB),
        ("of the future",              |e| e.message.issued_at = NOW + 1),
        ("older than the window",      |e| e.message.issued_at = NOW - 2),
        ("expired",                    |e| e.message.expires_at = NOW - 1),
        ("admitted before",            |e| e.admitted_before = true),
        ("the share is used up",       |e| e.sender.held = 2),
        ("the rate is used up",        |e| e.sender.admitted = 2),
    ];
    let mut refused = flawless();
    refused.admitted = false;
    assert_eq!(violated(&refused), [InvariantId::Live]);
    for (what, excuse) in excuses {
        let mut event = refused.clone();
        excuse(&mut event);
        assert!(!violated(&event).contains(&InvariantId::Live), "{what}");
    }
    let mut sudden = refused.clone();
    sudden.message.issued_at = NOW;
    assert_eq!(violated(&sudden), [InvariantId::Live], "issued at this very instant");
    let mut last_period = refused;
    (last_period.sender.admitted, last_period.sender.period) = (2, START);
    assert_eq!(violated(&last_period), [InvariantId::Live], "the rate of long ago is no excuse");
}

#[test]
fn what_is_refused_can_violate_only_what_speaks_of_it() {
    let mut event = flawless();
    (event.admitted, event.changed, event.parsed) = (false, false, false);
    event.sent_before = false;
    event.message.signed = false;
    event.message.author = MALLORY;
    event.message.to = MALLORY;
    event.message.schema_valid = false;
    event.message.canonical = false;
    event.message.expires_at = 0;
    event.message.size_bounded = false;
    event.admitted_before = true;
    assert_eq!(violated(&event), []);
    event.parsed = true;
    assert_eq!(violated(&event), [InvariantId::Bounded]);
    event.changed = true;
    assert_eq!(
        violated(&event),
        [InvariantId::Authentic, InvariantId::Bounded]
    );
}
