//! The lemmas that the prover assumes before each step are true in every state that the explorer
//! reaches, and false of what they exclude: the strengthening says something, and nothing false.

use countersign_model::domain::{Concrete, Table as _};
use countersign_model::rulebook::Ruleset;
use countersign_model::session::invariant::InvariantId;
use countersign_model::session::lemma::{Claim, Lemma, LemmaId};
use countersign_model::session::record::{Fate, Record};
use countersign_model::session::scope::Scope;
use countersign_model::session::system::{Exchange, State};
use countersign_model::session::traffic::{NUMBERS, RECORDS, SESSIONS};
use countersign_model::session::world::{Leak, Mark, Session, World};

use crate::scopes::SMALL;
use crate::walk::Walk;

/// A session with the honest peer, one with the attacker, and another with the honest peer.
const FIRST: u8 = 0;
const HOSTILE: u8 = 1;
const OTHER: u8 = 2;

/// Whether a lemma is true of every individual of a world.
fn holds(lemma: &Lemma<Concrete>, world: &World<Concrete>) -> bool {
    let setting = Scope::default().setting();
    let individuals = |count: usize| (0u8..).take(count);
    match lemma.claim {
        Claim::Session(claim) => individuals(SESSIONS).all(|it| claim(&setting, world, &it)),
        Claim::Record(claim) => individuals(RECORDS).all(|it| claim(world, &it)),
        Claim::Records(claim) => individuals(RECORDS)
            .all(|one| individuals(RECORDS).all(|other| claim(world, &one, &other))),
        Claim::Number(claim) => individuals(SESSIONS)
            .all(|session| individuals(NUMBERS).all(|number| claim(world, &session, &number))),
    }
}

#[test]
fn every_lemma_holds_in_every_state() {
    let exchange = Exchange::new(Ruleset::HARDENED, SMALL, InvariantId::ALL);
    for State { world, .. } in Walk::of(&exchange).states() {
        for lemma in Lemma::<Concrete>::TABLE {
            assert!(holds(lemma, world), "{:?} in {world:?}", lemma.id);
        }
    }
}

/// A world of which every lemma is true and says something: four records that share one number, one
/// accepted from the honest peer, one sealed for it, one that the attacker composed in its own
/// session, and one sealed in another session, whose keys were lost in their second epoch.
fn full() -> World<Concrete> {
    let mut world = Scope::default().first();
    let honest = Record {
        composed: false,
        session: FIRST,
        mine: false,
        epoch: 0,
        sequence: 1,
        sealed: true,
        schema_valid: true,
    };
    let mine = true;
    let composed = true;
    let records = [
        honest,
        Record { mine, ..honest },
        Record {
            composed,
            session: HOSTILE,
            ..honest
        },
        Record {
            mine,
            session: OTHER,
            ..honest
        },
    ];
    let fates = [(true, true), (true, false), (false, true), (true, false)];
    for ((slot, record), (sent, accepted)) in (0u8..).zip(records).zip(fates) {
        world.records.set(&slot, record);
        world.fates.set(&slot, Fate { sent, accepted });
    }
    change(&mut world, FIRST, |it| {
        (it.sending.next, it.sending.count, it.sending.used) = (2, 2, 2);
        (it.peer_sending.next, it.peer_sending.count) = (3, 1);
        (it.peer_sending.used, it.peer_sending.epoch) = (1, 1);
        (it.receiving.top, it.heard.top) = (2, 2);
    });
    change(&mut world, HOSTILE, |it| it.receiving.top = 2);
    change(&mut world, OTHER, |it| {
        (it.sending.next, it.sending.epoch) = (2, 1);
        it.leaked = lost(1, 1);
    });
    for (session, by) in [(FIRST, 0), (HOSTILE, 2)] {
        world.marks.set(&(session, 1), Mark { marked: true, by });
    }
    world
}

fn lost(since: u8, from: u8) -> Leak<Concrete> {
    Leak {
        lost: true,
        since,
        from,
    }
}

fn change(world: &mut World<Concrete>, session: u8, change: impl Fn(&mut Session<Concrete>)) {
    let mut record = world.sessions.at(&session);
    change(&mut record);
    world.sessions.set(&session, record);
}

fn rewrite(world: &mut World<Concrete>, slot: u8, change: impl Fn(&mut Record<Concrete>)) {
    let mut record = world.records.at(&slot);
    change(&mut record);
    world.records.set(&slot, record);
}

fn decide(world: &mut World<Concrete>, slot: u8, change: impl Fn(&mut Fate<Concrete>)) {
    let mut fate = world.fates.at(&slot);
    change(&mut fate);
    world.fates.set(&slot, fate);
}

#[test]
#[rustfmt::skip]
fn each_lemma_is_false_of_what_it_excludes_and_of_nothing_else() {
    use LemmaId as L;
    type Spoil = fn(&mut World<Concrete>);
    let rows: &[(&str, Spoil, &[LemmaId])] = &[
        ("nothing", |_| (), &[]),
        ("accepted, and not marked", |w| w.marks.set(&(FIRST, 1), Mark { marked: false, by: 0 }), &[L::AcceptedIsMarked]),
        ("accepted, and the window ends before it", |w| change(w, FIRST, |it| (it.receiving.top, it.heard.top) = (1, 1)), &[L::AcceptedIsMarked]),
        ("marked by what was not accepted", |w| decide(w, 0, |it| it.accepted = false), &[L::MarkIsEarned]),
        ("marked by a record of another session", |w| w.marks.set(&(FIRST, 1), Mark { marked: true, by: 2 }), &[L::MarkIsEarned]),
        ("marked by a record of another number", |w| w.marks.set(&(FIRST, 0), Mark { marked: true, by: 0 }), &[L::MarkIsEarned]),
        ("accepted from this end itself", |w| { rewrite(w, 0, |it| it.mine = true); decide(w, 1, |it| it.sent = false); }, &[L::AcceptedIsSealed]),
        ("accepted, and sealed by nobody", |w| decide(w, 0, |it| it.sent = false), &[L::AcceptedIsSealed]),
        ("sealed with a lost key", |w| { decide(w, 0, |it| it.sent = false); change(w, FIRST, |it| it.peer_leaked = lost(0, 0)); }, &[]),
        ("sealed with the other direction's key", |w| { decide(w, 0, |it| it.sent = false); change(w, FIRST, |it| it.leaked = lost(0, 0)); }, &[L::AcceptedIsSealed]),
        ("sent, and composed by the attacker", |w| rewrite(w, 1, |it| it.composed = true), &[L::SentIsHonest]),
        ("sent, and not sealed", |w| rewrite(w, 1, |it| it.sealed = false), &[L::SentIsHonest]),
        ("sent, and of no schema", |w| rewrite(w, 1, |it| it.schema_valid = false), &[L::SentIsHonest]),
        ("sent, and its number comes again", |w| change(w, FIRST, |it| it.sending.next = 1), &[L::SentIsBehind]),
        ("sent by the peer, and its number comes again", |w| change(w, FIRST, |it| it.peer_sending.next = 1), &[L::SentIsBehind]),
        ("one number twice", |w| rewrite(w, 3, |it| it.session = FIRST), &[L::NumberIsUnique]),
        ("one number twice by the peer", |w| rewrite(w, 3, |it| (it.session, it.mine) = (FIRST, false)), &[L::NumberIsUnique]),
        ("two numbers", |w| rewrite(w, 3, |it| (it.session, it.sequence) = (FIRST, 0)), &[]),
        ("one number twice, sent once", |w| { rewrite(w, 3, |it| it.session = FIRST); decide(w, 3, |it| it.sent = false); }, &[]),
        ("keys from before they were lost", |w| change(w, OTHER, |it| it.leaked.from = 0), &[L::LeakIsRecent]),
        ("the peer's keys from before they were lost", |w| change(w, OTHER, |it| it.peer_leaked = lost(1, 0)), &[L::LeakIsRecent]),
        ("no keys from before they were lost", |w| change(w, OTHER, |it| (it.leaked.lost, it.leaked.from) = (false, 0)), &[]),
        ("more sealed than counted", |w| change(w, FIRST, |it| it.sending.used = 3), &[L::CountIsTrue]),
        ("less sealed than counted", |w| change(w, FIRST, |it| it.sending.used = 1), &[L::CountIsTrue]),
        ("a key in use since earlier", |w| change(w, FIRST, |it| it.sending.used_since = 0), &[L::CountIsTrue]),
        ("more sealed by the peer than counted", |w| change(w, FIRST, |it| it.peer_sending.used = 2), &[L::CountIsTrue]),
        ("the window moved by itself", |w| change(w, FIRST, |it| it.receiving.top = 3), &[L::ReachIsEarned]),
        ("the epoch moved by itself", |w| change(w, FIRST, |it| it.receiving.epoch = 1), &[L::ReachIsEarned]),
        ("moved with a lost key", |w| change(w, FIRST, |it| { it.receiving.epoch = 1; it.peer_leaked = lost(0, 0); }), &[]),
    ];
    for (what, spoil, expected) in rows {
        let mut world = full();
        spoil(&mut world);
        let found: Vec<LemmaId> = Lemma::TABLE.iter().filter(|it| !holds(it, &world)).map(|it| it.id).collect();
        assert_eq!(found, *expected, "{what}");
    }
    for lemma in LemmaId::ALL {
        assert!(rows.iter().any(|(_, _, expected)| expected.contains(lemma)), "{}", lemma.name());
    }
}
