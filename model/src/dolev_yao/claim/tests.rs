//! Each level of authentication on deeds made by hand.

use super::{Commitment, Level, authentication, unauthenticated};
use crate::dolev_yao::expression::Bindings;
use crate::dolev_yao::level::{BITS, POINTS_MAX};
use crate::dolev_yao::run::{Deeds, Participant, Run, Said};
use crate::dolev_yao::term::{Arena, Sort, Term};

const INITIATOR: u8 = 0;
const RESPONDER: u8 = 1;

/// The terms that deeds are told with.
struct Words {
    alice: Term,
    bob: Term,
    mallory: Term,
    data: Term,
    other: Term,
}

fn words() -> Words {
    let mut arena = Arena::default();
    Words {
        alice: arena.name(Sort::Agent, 0),
        bob: arena.name(Sort::Agent, 1),
        mallory: arena.name(Sort::Agent, 2),
        data: arena.name(Sort::Nonce, 0),
        other: arena.name(Sort::Nonce, 1),
    }
}

/// What somebody in a role has done, who said this.
fn deeds(me: Term, role: u8, said: &[Said]) -> Deeds {
    let participant = Participant {
        role,
        me: 0,
        peer: None,
    };
    let run = Run {
        slot: 0,
        participant,
        at: 0,
        bindings: Bindings::EMPTY,
    };
    Deeds {
        run,
        me,
        sent: Vec::new(),
        received: 0,
        heard: Vec::new(),
        exponents: Vec::new(),
        keys: Vec::new(),
        said: said.to_vec(),
    }
}

fn running(peer: Term, data: Term) -> Said {
    Said::Running { peer, data }
}

fn commit(peer: Term, data: Term) -> Said {
    Said::Commit {
        point: 0,
        peer,
        data,
        secret: Term::NONE,
    }
}

/// The levels that the commitment of the first of `all` does not have.
fn lacking(all: &[Deeds]) -> Vec<Level> {
    let commitment: Commitment = all[0].commitments(0).next().unwrap();
    let all: Vec<&Deeds> = all.iter().collect();
    let bits = unauthenticated(&all, 0, &commitment);
    assert_eq!(bits & !authentication(0), 0);
    let levels = Level::ALL.into_iter();
    levels.filter(|level| bits & level.bit(0) != 0).collect()
}

#[test]
fn every_level_is_lost_where_it_should_be() {
    use Level::{Agreed, Alive, Confirmed, Injective, Mutual};
    let it = words();
    let (with_alice, done) = (running(it.alice, it.data), commit(it.alice, it.data));
    let bob = |role, said: &[Said]| deeds(it.bob, role, said);
    #[rustfmt::skip]
    let table: [(&str, Vec<Deeds>, &[Level]); 12] = [
        ("the peer did all",            vec![bob(RESPONDER, &[with_alice, done])], &[]),
        ("it did not commit",           vec![bob(RESPONDER, &[with_alice])], &[Confirmed]),
        ("it committed to other data",  vec![bob(RESPONDER, &[with_alice, commit(it.alice, it.other)])], &[Confirmed]),
        ("it committed to another",     vec![bob(RESPONDER, &[with_alice, commit(it.mallory, it.data)])], &[Confirmed]),
        ("it knows no peer yet",        vec![bob(RESPONDER, &[running(Term::NONE, it.data)])], &[Mutual, Confirmed]),
        ("it only committed",           vec![bob(RESPONDER, &[done])], &[Agreed, Injective]),
        ("it has other data",           vec![bob(RESPONDER, &[running(it.alice, it.other)])], &[Agreed, Injective, Confirmed]),
        ("it plays the same role",      vec![bob(INITIATOR, &[with_alice, done])], &[Agreed, Injective]),
        ("it means another",            vec![bob(RESPONDER, &[running(it.mallory, it.data)])], &[Mutual, Agreed, Injective, Confirmed]),
        ("it only waits",               vec![bob(RESPONDER, &[])], &[Alive, Mutual, Agreed, Injective, Confirmed]),
        ("somebody else did all",       vec![deeds(it.mallory, RESPONDER, &[with_alice, done])], &[Alive, Mutual, Agreed, Injective, Confirmed]),
        ("nobody else is there",        vec![], &[Alive, Mutual, Agreed, Injective, Confirmed]),
    ];
    for (case, others, lost) in table {
        let own = deeds(it.alice, INITIATOR, &[commit(it.bob, it.data)]);
        let all: Vec<Deeds> = [own].into_iter().chain(others).collect();
        assert_eq!(lacking(&all), lost, "{case}");
    }
}

#[test]
fn two_commitments_take_two_runs_of_the_peer() {
    let it = words();
    let own = || deeds(it.alice, INITIATOR, &[commit(it.bob, it.data)]);
    let said = [running(it.alice, it.data), commit(it.alice, it.data)];
    let partner = || deeds(it.bob, RESPONDER, &said);
    assert_eq!(lacking(&[own(), own(), partner()]), [Level::Injective]);
    assert_eq!(lacking(&[own(), own(), partner(), partner()]), []);
    let elsewhere = deeds(it.alice, INITIATOR, &[commit(it.bob, it.other)]);
    assert_eq!(lacking(&[own(), elsewhere, partner()]), []);
    let as_responder = deeds(it.alice, RESPONDER, &[commit(it.bob, it.data)]);
    assert_eq!(lacking(&[own(), as_responder, partner()]), []);
    let of_another = deeds(it.mallory, INITIATOR, &[commit(it.bob, it.data)]);
    assert_eq!(lacking(&[own(), of_another, partner()]), []);
}

#[test]
fn whoever_sent_something_was_there_though_it_said_nothing() {
    let it = words();
    let own = deeds(it.alice, INITIATOR, &[commit(it.bob, it.data)]);
    let mut partner = deeds(it.bob, RESPONDER, &[]);
    partner.sent.push(it.other);
    assert!(!lacking(&[own, partner]).contains(&Level::Alive));
}

#[test]
fn nobody_is_the_peer_of_itself() {
    let it = words();
    let said = [running(it.alice, it.data), commit(it.alice, it.data)];
    let alone = deeds(it.alice, INITIATOR, &said);
    assert!(lacking(&[alone]).contains(&Level::Alive));
}

#[test]
fn what_a_run_claims_is_premised_and_what_fails_once_is_violated() {
    let it = words();
    let claim = |bit, holds| Said::Claim { bit, holds };
    let said = [
        claim(1, true),
        claim(1, true),
        claim(2, false),
        claim(2, false),
        claim(4, true),
    ];
    let run = deeds(it.alice, INITIATOR, &said);
    assert_eq!(run.claims(0), (7, 2));
    assert_eq!(run.claims(3), (6, 2));
    assert_eq!(run.claims(4), (4, 0));
}

#[test]
fn no_two_marks_share_a_bit() {
    let points = 0..u8::try_from(POINTS_MAX).unwrap();
    let marks = points.flat_map(|point| Level::ALL.map(|level| level.bit(point)));
    let mut all = 0_u64;
    for mark in marks {
        assert_eq!(mark.count_ones(), 1);
        assert_eq!(all & mark, 0);
        all |= mark;
    }
    assert_eq!(Level::Exclusive as u32, BITS - 1);
    assert!(
        Level::ALL
            .iter()
            .all(|level| (*level as u32) < Level::OWN || *level == Level::Exclusive)
    );
}

#[cfg(debug_assertions)]
#[test]
#[should_panic(expected = "assertion failed")]
fn a_level_past_the_last_is_not_taken_for_one_of_the_next_point() {
    let _ = crate::dolev_yao::level::bit(BITS, 0);
}
