//! What a run draws, and what is told of it.

use std::collections::BTreeSet;

use super::{DRAWN, Deeds, Participant, Runs, Said};
use crate::dolev_yao::expression::{Expression, Variable};
use crate::dolev_yao::level::{self, Level};
use crate::dolev_yao::role::{Check, Event, ME, Role, Step, Wanted};
use crate::dolev_yao::term::{Arena, Sort};

const ALICE: Participant = Participant {
    role: 0,
    me: 0,
    peer: None,
};

/// Draws an exponent and two nonces, sends its name, waits for a nonce, and sends that back.
fn role() -> Role {
    let mut role = Role::new("echo");
    role.fresh(Sort::Exponent);
    role.fresh(Sort::Nonce);
    role.fresh(Sort::Nonce);
    role.send(Expression::Variable(ME));
    let heard = role.any(Wanted::Name(Sort::Nonce));
    role.receive(Expression::Variable(heard));
    role.send(Expression::Variable(heard));
    role
}

#[test]
fn no_two_values_drawn_are_the_same_in_one_run_or_in_two() {
    let (mut arena, mut runs, roles) = (Arena::default(), Runs::default(), [role()]);
    let mut drawn = BTreeSet::new();
    for slot in 0..3 {
        let begun = runs.begin(&mut arena, &roles, slot, ALICE).unwrap();
        let bindings = runs.deeds(begun).unwrap().run.bindings;
        drawn.extend([2, 3, 4].map(|number| bindings.at(Variable(number)).number()));
    }
    assert_eq!(drawn.len(), 9);
    for sort in [Sort::Exponent, Sort::Nonce] {
        let mut given = (0..DRAWN).map(|number| arena.name(sort, number).number());
        assert!(given.all(|number| !drawn.contains(&number)));
    }
}

#[test]
fn a_run_is_told_by_what_it_sent_heard_and_drew() {
    let (mut arena, mut runs, roles) = (Arena::default(), Runs::default(), [role()]);
    let begun = runs.begin(&mut arena, &roles, 0, ALICE).unwrap();
    let Deeds {
        mut run,
        me,
        sent,
        received,
        heard,
        exponents,
        ..
    } = runs.deeds(begun).unwrap().clone();
    assert_eq!(me, arena.name(Sort::Agent, 0));
    assert_eq!((sent.as_slice(), received, heard.len()), (&[me][..], 0, 0));
    assert_eq!(exponents, [run.bindings.at(Variable(2))]);

    let nonce = arena.name(Sort::Nonce, 0);
    run.bindings.bind(Variable(5), nonce);
    run.at += 1;
    let done = runs.go_on(&mut arena, &roles, run).unwrap();
    let deeds = runs.deeds(done).unwrap();
    assert_eq!(
        (&deeds.sent, &deeds.heard),
        (&vec![me, nonce], &vec![nonce])
    );
    assert_eq!((deeds.received, &deeds.exponents), (1, &exponents));
}

#[test]
fn a_run_claims_only_that_whose_premise_holds() {
    for (premise, holds) in [(false, false), (false, true), (true, false), (true, true)] {
        let mut role = Role::new("claimant");
        role.steps.push(Step::Say(Event::Claim {
            point: 0,
            level: Level::OWN,
            premise: Check::new(move |_, _| premise),
            holds: Check::new(move |_, _| holds),
        }));
        let (mut arena, mut runs) = (Arena::default(), Runs::default());
        let begun = runs.begin(&mut arena, &[role], 0, ALICE).unwrap();
        let bit = level::bit(Level::OWN, 0);
        let said = premise.then_some(Said::Claim { bit, holds });
        assert_eq!(runs.deeds(begun).unwrap().said, Vec::from_iter(said));
    }
}
