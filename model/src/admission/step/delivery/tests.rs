//! One delivery alone: what may be delivered, what is made of it, and exactly what it leaves behind.

use super::*;
use crate::admission::attacker::honest;
use crate::admission::guard::Rejection;
use crate::admission::scope::{ALICE, BOB, FOREVER, MALLORY, START, Scope, first_key};
use crate::admission::step::Action;
use crate::domain::{Concrete, NONCES};
use crate::rulebook::Weakening;

const KEY: u8 = first_key(ALICE);
/// The instant of every delivery.
const NOW: u8 = START + 1;

/// A world in which Alice sent message 0 at the start, and it is one instant later.
fn world() -> World<Concrete> {
    let mut world = Scope::default().first();
    world.now = NOW;
    world.messages.0[0] = honest(ALICE, KEY, START);
    world.fates.0[0].sent = true;
    world
}

fn weakened(name: &str) -> Ruleset<Admission> {
    Ruleset::HARDENED.dangerously_with(Weakening::<Admission>::of_name(name).unwrap())
}

fn shown(world: &World<Concrete>) -> Presented<Concrete> {
    Presented::unaltered(&world.messages.0[0])
}

/// Delivers message 0 as `shown`; returns the world afterwards, and the delivery.
fn deliver(
    rules: Ruleset<Admission>,
    world: &World<Concrete>,
    shown: Presented<Concrete>,
) -> (World<Concrete>, Delivery<Concrete>) {
    let action = Action::Deliver(0, shown);
    let step = world.step(rules, &Scope::default().setting(), &action);
    let [Some(only), None] = step.deliveries else {
        panic!("one delivery")
    };
    (step.after, only)
}

/// What the hardened guards say of message 0 as `shown`.
fn verdict(
    rules: Ruleset<Admission>,
    world: &World<Concrete>,
    shown: Presented<Concrete>,
) -> Result<(), Rejection> {
    let me = Receiver {
        me: BOB,
        now: world.now,
        limits: Scope::default().setting().limits,
    };
    let facts = world.facts(rules, &world.messages.0[0], &shown);
    rulebook::judge(rules, |_| true, &facts, &me)
}

/// What is said of message 0, delivered as it was signed.
fn told(rules: Ruleset<Admission>, world: &World<Concrete>) -> Result<(), Rejection> {
    verdict(rules, world, shown(world))
}

#[test]
fn the_attacker_delivers_what_was_sent_and_what_it_can_sign_or_need_not() {
    type Change = fn(&mut World<Concrete>);
    #[rustfmt::skip]
    let rows: [(&str, bool, Change); 7] = [
        ("sent by an honest agent",     true,  |_| ()),
        ("not sent yet",                false, |w| w.fates.0[0].sent = false),
        ("not sent, its key stolen",    false, |w| { w.fates.0[0].sent = false; w.keys.0[usize::from(KEY)].compromised = true; }),
        ("composed, hostile key",       true,  |w| compose(w, first_key(MALLORY), true)),
        ("composed, honest key",        false, |w| compose(w, KEY, true)),
        ("composed, honest key, bogus", true,  |w| compose(w, KEY, false)),
        ("composed, stolen key",        true,  |w| { compose(w, KEY, true); w.keys.0[usize::from(KEY)].compromised = true; }),
    ];
    for (what, enabled, change) in rows {
        let mut world = world();
        change(&mut world);
        let message = (&world.messages.0[0], &world.fates.0[0]);
        assert_eq!(world.deliverable(message), enabled, "{what}");
        for action in [
            Action::Deliver(0, shown(&world)),
            Action::DeliverTwice(0, shown(&world)),
        ] {
            let step = world.step(Ruleset::HARDENED, &Scope::default().setting(), &action);
            assert_eq!(step.enabled, enabled, "{what}");
        }
    }
}

fn compose(world: &mut World<Concrete>, key: u8, signed: bool) {
    world.fates.0[0].sent = false;
    world.messages.0[0].author = MALLORY;
    world.messages.0[0].key = key;
    world.messages.0[0].signed = signed;
}

#[test]
fn an_admitted_message_is_remembered_counted_and_nothing_else() {
    let before = world();
    let (after, event) = deliver(Ruleset::HARDENED, &before, shown(&before));
    assert!(event.parsed && event.admitted && event.remembered && event.changed);
    assert!(event.sent_before && !event.admitted_before);
    assert_eq!((event.acting, event.now), (ALICE, NOW));
    assert_eq!(
        (event.message, event.presented),
        (before.messages.0[0], shown(&before))
    );
    assert_eq!(
        (event.key, event.attributed),
        (before.keys.at(&KEY), before.agents.at(&ALICE))
    );

    let mut expected = before;
    expected.fates.0[0].admitted = true;
    let window_and_twice_the_skew = 1 + 2;
    expected.store.set(
        &(ALICE, 0),
        Entry {
            stored: true,
            keep_until: START + window_and_twice_the_skew,
            serial: 0,
            by: 0,
        },
    );
    let alice = Agent {
        held: 1,
        period: NOW,
        recent: 1,
        admitted: 1,
        ..before.agents.at(&ALICE)
    };
    expected.agents.set(&ALICE, alice);
    assert_eq!(after, expected);
    assert_eq!(
        (event.sender, event.sender_after),
        (before.agents.at(&ALICE), alice)
    );
}

#[test]
fn a_refused_message_changes_nothing() {
    let before = world();
    let altered = Presented {
        altered: true,
        ..shown(&before)
    };
    let (after, event) = deliver(Ruleset::HARDENED, &before, altered);
    assert!(event.parsed && !event.admitted && !event.remembered && !event.changed);
    assert_eq!(after, before);
    assert_eq!(event.sender_after, event.sender);

    let mut long = before;
    long.messages.0[0].size_bounded = false;
    let (after, event) = deliver(Ruleset::HARDENED, &long, shown(&long));
    assert!(!event.parsed && !event.changed);
    assert_eq!(after, long);
}

#[test]
fn of_two_copies_at_once_one_is_admitted_unless_looking_up_is_a_step_of_its_own() {
    let before = world();
    for (rules, both) in [
        (Ruleset::HARDENED, false),
        (weakened("checks-then-inserts"), true),
    ] {
        let action = Action::DeliverTwice(0, shown(&before));
        let step = before.step(rules, &Scope::default().setting(), &action);
        let [Some(first), Some(second)] = step.deliveries else {
            panic!("two deliveries")
        };
        assert!(first.admitted && !first.admitted_before);
        assert!(second.admitted_before, "the ghost knows");
        assert_eq!(second.admitted, both);
        let alice = step.after.agents.at(&ALICE);
        let times = 1 + u8::from(both);
        assert_eq!(
            (alice.held, alice.recent, alice.admitted),
            (1, times, times)
        );
    }
}

#[test]
fn the_rate_is_counted_anew_in_every_period_and_the_share_is_not() {
    let mut before = world();
    let earlier = Agent {
        held: 1,
        period: START,
        recent: 2,
        admitted: 2,
        ..before.agents.at(&ALICE)
    };
    before.agents.set(&ALICE, earlier);
    let facts = before.facts(Ruleset::HARDENED, &before.messages.0[0], &shown(&before));
    assert_eq!(facts.recent, 0);
    let (after, _) = deliver(Ruleset::HARDENED, &before, shown(&before));
    let alice = after.agents.at(&ALICE);
    let counts = (alice.held, alice.period, alice.recent, alice.admitted);
    assert_eq!(counts, (2, NOW, 1, 1));

    // In the same period the counts go on, and reach the limit of two.
    before.agents.0[usize::from(ALICE)].period = NOW;
    assert_eq!(told(Ruleset::HARDENED, &before), Err(Rejection::TooFast));
    before.agents.0[usize::from(ALICE)].recent = 1;
    let (after, _) = deliver(Ruleset::HARDENED, &before, shown(&before));
    let alice = after.agents.at(&ALICE);
    assert_eq!((alice.recent, alice.admitted), (2, 3));
}

#[test]
fn junk_burns_a_nonce_or_a_rate_only_where_state_changes_before_authentication() {
    let mut before = world();
    before.messages.0[0].signed = false;
    let earlier = Agent {
        period: START,
        recent: 2,
        admitted: 2,
        ..before.agents.at(&ALICE)
    };
    before.agents.set(&ALICE, earlier);
    let remembered = Agent { held: 1, ..earlier };
    let counted = Agent {
        period: NOW,
        recent: 1,
        admitted: 0,
        ..earlier
    };
    for (name, expected) in [
        ("inserts-before-authentication", remembered),
        ("counts-before-authentication", counted),
    ] {
        let (after, event) = deliver(weakened(name), &before, shown(&before));
        assert!(event.changed && !event.admitted, "{name}");
        assert_eq!(after.agents.at(&ALICE), expected, "{name}");
        let stored = after.store.at(&(ALICE, 0)).stored;
        assert_eq!(stored, expected.held == 1, "{name}");
        assert!(!after.fates.0[0].admitted, "{name}");

        // What an unknown sender sends is refused even there.
        let mut unlisted = before;
        unlisted.agents.0[usize::from(ALICE)].active = false;
        let (after, _) = deliver(weakened(name), &unlisted, shown(&unlisted));
        assert_eq!(after, unlisted, "{name}");
    }
    // What is counted and not remembered pushes nothing out.
    let counts = Weakening::<Admission>::of_name("counts-before-authentication").unwrap();
    let evicts = weakened("evicts-oldest").dangerously_with(counts);
    let (after, _) = deliver(evicts, &before, shown(&before));
    assert_eq!(after.insertions, 0);
}

#[test]
fn a_nonce_remembered_again_counts_once_in_the_share() {
    let mut before = world();
    before.store.0[usize::from(ALICE) * NONCES].stored = true;
    before.agents.0[usize::from(ALICE)].held = 1;
    assert_eq!(told(Ruleset::HARDENED, &before), Err(Rejection::Replayed));
    let (after, event) = deliver(weakened("without-nonce-fresh"), &before, shown(&before));
    assert!(event.admitted);
    assert_eq!(after.agents.at(&ALICE).held, 1);
}

#[test]
fn a_store_keyed_by_nonce_alone_refuses_anothers_nonce() {
    let mut before = world();
    let keyed = weakened("keyed-by-nonce-alone");
    before.store.0[usize::from(MALLORY) * NONCES].stored = true;
    assert_eq!(told(Ruleset::HARDENED, &before), Ok(()));
    before
        .store
        .set(&(Concrete::anyone(), 0), before.store.at(&(MALLORY, 0)));
    assert_eq!(told(keyed, &before), Err(Rejection::Replayed));
    let (after, _) = deliver(keyed, &world(), shown(&world()));
    assert!(after.store.at(&(Concrete::anyone(), 0)).stored);
    assert!(!after.store.at(&(ALICE, 0)).stored);
}

#[test]
fn an_entry_is_evicted_when_more_than_the_capacity_came_after_it() {
    let evicts = weakened("evicts-oldest");
    let mut before = world();
    // Capacity 1: of the entries that serials 0 and 1 inserted, the next one leaves the later.
    for (nonce, serial) in [(2, 0), (3, 1)] {
        let entry = Entry {
            stored: true,
            keep_until: FOREVER,
            serial,
            by: 1,
        };
        before.store.set(&(MALLORY, nonce), entry);
    }
    before.insertions = 2;
    let stored = |world: &World<Concrete>| {
        [(MALLORY, 2), (MALLORY, 3), (ALICE, 0)].map(|place| world.store.at(&place).stored)
    };
    let (after, _) = deliver(evicts, &before, shown(&before));
    assert_eq!(
        (after.insertions, stored(&after)),
        (3, [false, false, true])
    );
    let (hardened, _) = deliver(Ruleset::HARDENED, &before, shown(&before));
    assert_eq!(
        (hardened.insertions, stored(&hardened)),
        (2, [true, true, true])
    );
}

#[test]
fn an_entry_lives_from_the_messages_own_time_unless_its_lifetime_is_flawed() {
    let mut before = world();
    let until = |rules, world: &World<Concrete>| deliver(rules, world, shown(world)).1.keep_until;
    assert_eq!(until(Ruleset::HARDENED, &before), START + 3);
    assert_eq!(until(weakened("lifetime-from-receipt"), &before), NOW + 1);
    let nan = weakened("admits-not-a-number");
    assert_eq!(until(nan, &before), START + 3);
    before.messages.0[0].timed = false;
    assert_eq!(until(nan, &before), 0);
    assert_eq!(until(Ruleset::HARDENED, &before), START + 3);
    // It reads as issued now, whenever that is; the right reader finds no number at all.
    before.messages.0[0].issued_at = 0;
    assert_eq!(told(nan, &before), Ok(()));
    assert_eq!(
        told(Ruleset::HARDENED, &before),
        Err(Rejection::SchemaMismatch)
    );
}

#[test]
fn an_alteration_passes_only_where_the_signature_does_not_cover_it() {
    type Alter = fn(&mut World<Concrete>, &mut Presented<Concrete>);
    use Rejection as R;
    #[rustfmt::skip]
    let rows: [(Rejection, &str, Alter); 11] = [
        (R::BadSignature,   "nonce-outside-signature",     |_, p| p.nonce = 1),
        (R::BadSignature,   "type-outside-signature",      |_, p| p.kind = 1),
        (R::BadSignature,   "recipient-outside-signature", |w, p| { w.messages.0[0].to = ALICE; p.to = BOB; }),
        (R::BadSignature,   "without-signature-valid",     |_, p| p.altered = true),
        (R::BadSignature,   "without-signature-valid",     |w, _| w.messages.0[0].signed = false),
        (R::NotCanonical,   "without-text-canonical",      |_, p| p.respelled = true),
        (R::NotCanonical,   "without-text-canonical",      |w, _| w.messages.0[0].canonical = false),
        (R::Malformed,      "last-key-wins",               |w, _| w.messages.0[0].well_formed = false),
        (R::Malformed,      "parses-twice",                |w, _| { w.messages.0[0].well_formed = false; w.messages.0[0].schema_valid = false; }),
        (R::UnknownKey,     "key-from-message",            |w, _| w.keys.0[usize::from(KEY)].listed = false),
        (R::UnknownKey,     "without-key-of-sender",       |w, _| w.messages.0[0].key = first_key(MALLORY)),
    ];
    for (rejection, weakening, alter) in rows {
        let mut world = world();
        let mut shown = shown(&world);
        alter(&mut world, &mut shown);
        assert_eq!(
            verdict(Ruleset::HARDENED, &world, shown),
            Err(rejection),
            "{weakening}"
        );
        assert_eq!(
            verdict(weakened(weakening), &world, shown),
            Ok(()),
            "{weakening}"
        );
    }
}

#[test]
fn a_flawed_reading_refuses_the_intricate_and_acts_on_the_inner_sender() {
    let mut before = world();
    before.messages.0[0].intricate = true;
    before.messages.0[0].inner_from = MALLORY;
    assert_eq!(told(Ruleset::HARDENED, &before), Ok(()));
    let other = weakened("other-canonical-form");
    assert_eq!(told(other, &before), Err(Rejection::BadSignature));
    assert_eq!(told(other, &world()), Ok(()));
    let inner = weakened("acts-on-inner-sender");
    let acting = |rules| deliver(rules, &before, shown(&before)).1.acting;
    assert_eq!((acting(Ruleset::HARDENED), acting(inner)), (ALICE, MALLORY));
}

#[test]
fn one_weakening_does_not_bring_another_along() {
    let mut before = world();
    before.keys.0[usize::from(KEY)].listed = false;
    let any_key = weakened("without-key-of-sender");
    assert_eq!(told(any_key, &before), Err(Rejection::BadSignature));

    let mut before = world();
    before.messages.0[0].well_formed = false;
    before.messages.0[0].schema_valid = false;
    let any_text = weakened("without-well-formed");
    assert_eq!(told(any_text, &before), Err(Rejection::SchemaMismatch));
}
