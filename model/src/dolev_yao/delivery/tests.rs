//! A delivery is found exactly if brute force finds it.

use super::Deliveries;
use crate::dolev_yao::expression::{Bindings, Expression, Variable};
use crate::dolev_yao::knowledge::Knowledge;
use crate::dolev_yao::role::{
    Check, Demand, Wanted, agreed, encrypted, hash, mac, opened, sealed, secret_key, share,
    signature, tuple, var,
};
use crate::dolev_yao::term::{Arena, Sort, Symbol, Term};
use crate::dolev_yao::weakness::{Weakness, Weaknesses};

const X: Variable = Variable(2);
const Y: Variable = Variable(3);

fn name(sort: Sort, number: u8) -> Expression {
    Expression::Name(sort, number)
}

/// What X and Y may be bound to.
fn variables(x: Wanted, y: Wanted) -> Vec<Wanted> {
    vec![Wanted::Anything, Wanted::Anything, x, y]
}

/// Every way to satisfy `demands` with what follows from `learnt`: what X and Y are bound to.
fn found(
    arena: &mut Arena,
    learnt: &[Expression],
    variables: &[Wanted],
    demands: &[Demand],
) -> Vec<[Term; 2]> {
    found_under(Weaknesses::NONE, arena, learnt, variables, demands)
}

/// The same where primitives have these `weaknesses`.
fn found_under(
    weaknesses: Weaknesses,
    arena: &mut Arena,
    learnt: &[Expression],
    variables: &[Wanted],
    demands: &[Demand],
) -> Vec<[Term; 2]> {
    let mut knowledge = Knowledge::under(weaknesses);
    for expression in learnt {
        let term = expression.evaluate(arena, &Bindings::EMPTY).unwrap();
        knowledge.learn(arena, term);
    }
    let mut deliveries = Deliveries {
        arena,
        knowledge: &mut knowledge,
        variables,
        found: Vec::new(),
    };
    deliveries.find(demands, Bindings::EMPTY);
    let found = deliveries.found.iter();
    found.map(|it| [it.at(X), it.at(Y)]).collect()
}

/// Two nonces, a key and a long-term secret that the attacker has, and what others made.
fn overheard() -> Vec<Expression> {
    let (nonce, key) = (
        |number| name(Sort::Nonce, number),
        |number| name(Sort::Key, number),
    );
    let bob = name(Sort::Agent, 1);
    vec![
        nonce(0),
        nonce(1),
        key(0),
        name(Sort::LongTerm, 2),
        bob.clone(),
        name(Sort::Agent, 2),
        sealed(key(1), nonce(2)),
        sealed(key(0), nonce(3)),
        encrypted(bob.clone(), tuple([nonce(4), nonce(0)])),
        signature(bob.clone(), nonce(1)),
        signature(bob, key(2)),
        mac(key(1), nonce(0)),
        hash(nonce(5)),
    ]
}

#[test]
fn every_instance_is_found_and_no_other() {
    let nonce = Wanted::Name(Sort::Nonce);
    let forms = [
        (var(X), nonce, nonce),
        (tuple([var(X), var(Y)]), nonce, nonce),
        (tuple([var(X), hash(var(X))]), nonce, nonce),
        (tuple([hash(var(Y)), var(X)]), nonce, nonce),
        (sealed(var(X), var(Y)), Wanted::Name(Sort::Key), nonce),
        (sealed(name(Sort::Key, 1), var(Y)), nonce, nonce),
        (mac(var(X), var(Y)), Wanted::Name(Sort::Key), nonce),
        (signature(var(X), var(Y)), Wanted::Name(Sort::Agent), nonce),
        (
            encrypted(var(X), tuple([var(Y), var(Y)])),
            Wanted::Name(Sort::Agent),
            nonce,
        ),
        (
            encrypted(name(Sort::Agent, 1), tuple([var(X), var(Y)])),
            nonce,
            nonce,
        ),
        (
            tuple([secret_key(var(X)), hash(var(Y))]),
            Wanted::Name(Sort::Agent),
            nonce,
        ),
    ];
    let sorts = [Sort::Agent, Sort::Nonce, Sort::Key];
    for (form, x, y) in forms {
        let arena = &mut Arena::default();
        let variables = variables(x, y);
        let mut all = found(
            arena,
            &overheard(),
            &variables,
            &[Demand::Part(form.clone())],
        );
        // Every way to bind the two to atoms, and whether what comes of it follows.
        let mut knowledge = Knowledge::default();
        for expression in overheard() {
            let term = expression.evaluate(arena, &Bindings::EMPTY).unwrap();
            knowledge.learn(arena, term);
        }
        let atoms = sorts.map(|sort| (0..6).map(move |number| (sort, number)));
        let atoms: Vec<Term> = atoms
            .into_iter()
            .flatten()
            .map(|(sort, number)| arena.name(sort, number))
            .collect();
        let mut expected = Vec::new();
        for first in &atoms {
            for second in &atoms {
                let mut bindings = Bindings::EMPTY;
                for (variable, wanted, term) in [(X, x, *first), (Y, y, *second)] {
                    if wanted.is(arena, term) {
                        bindings.bind(variable, term);
                    }
                }
                let term = form.evaluate(arena, &bindings);
                if term.is_some_and(|term| knowledge.derives(arena, term)) {
                    expected.push([bindings.at(X), bindings.at(Y)]);
                }
            }
        }
        // What a form does not mention stays free.
        let mentions_y = format!("{form:?}").contains("Variable(3)");
        let mentions_x = format!("{form:?}").contains("Variable(2)");
        for way in &mut expected {
            for (place, mentioned) in way.iter_mut().zip([mentions_x, mentions_y]) {
                if !mentioned {
                    *place = Term::NONE;
                }
            }
        }
        expected.sort_unstable();
        expected.dedup();
        all.sort_unstable();
        assert!(!expected.is_empty(), "{form:?} has no instance");
        assert_eq!(all, expected, "{form:?}");
    }
}

#[test]
fn what_was_opened_is_bound_to_what_it_may_be_only() {
    let arena = &mut Arena::default();
    let of_key = hash(name(Sort::Key, 7));
    let demand = [Demand::Part(hash(var(X)))];
    let nonces = variables(Wanted::Name(Sort::Nonce), Wanted::Anything);
    assert!(found(arena, std::slice::from_ref(&of_key), &nonces, &demand).is_empty());
    let anything = variables(Wanted::Anything, Wanted::Anything);
    // The key that was hashed, or the hash itself, of which the attacker makes another.
    assert_eq!(found(arena, &[of_key], &anything, &demand).len(), 2);
}

#[test]
fn each_form_of_a_variable_admits_what_is_of_that_form() {
    let arena = &mut Arena::default();
    let public = Expression::Apply(Symbol::Public, vec![name(Sort::LongTerm, 1)]);
    let learnt = [
        name(Sort::Nonce, 0),
        share(name(Sort::Exponent, 1)),
        public,
        sealed(name(Sort::Key, 1), name(Sort::Nonce, 1)),
    ];
    for (wanted, count) in [
        (Wanted::Name(Sort::Nonce), 1),
        (Wanted::Name(Sort::Key), 0),
        (Wanted::Share, 1),
        (Wanted::Public, 1),
        (Wanted::Sealed, 1),
        (Wanted::Anything, 4),
    ] {
        let variables = variables(wanted, Wanted::Anything);
        let ways = found(arena, &learnt, &variables, &[Demand::Part(var(X))]);
        assert_eq!(ways.len(), count, "{wanted:?}");
    }
}

#[test]
fn demands_are_satisfied_in_order_and_together() {
    let arena = &mut Arena::default();
    let nonce = |number| name(Sort::Nonce, number);
    let learnt = [nonce(0), nonce(1), sealed(name(Sort::Key, 1), nonce(2))];
    let free = variables(Wanted::Name(Sort::Nonce), Wanted::Anything);
    let [zero, one, two] = [0, 1, 2].map(|number| arena.name(Sort::Nonce, number));
    let part = || Demand::Part(var(X));
    let is_one = || Demand::Check(Check::new(move |_, it| it.at(X) == one));
    let again = || Demand::Let(Y, var(X));
    let no_value = Demand::Let(Y, agreed(var(X), var(X)));
    let secret = sealed(name(Sort::Key, 1), var(X));
    let either = Demand::Either(vec![vec![part(), is_one()], vec![part(), again()]]);
    let ways: [(&[Demand], &[[Term; 2]]); 8] = [
        (&[part()], &[[zero, Term::NONE], [one, Term::NONE]]),
        (&[part(), is_one(), again()], &[[one, one]]),
        (&[is_one(), part()], &[]),
        (&[part(), no_value], &[]),
        (&[Demand::Overheard(secret.clone())], &[[two, Term::NONE]]),
        (&[Demand::Overheard(secret), part()], &[]),
        (
            &[part(), Demand::Derived(hash(var(X))), is_one()],
            &[[one, Term::NONE]],
        ),
        (&[either], &[[one, Term::NONE], [zero, zero], [one, one]]),
    ];
    for (place, (demands, expected)) in ways.iter().enumerate() {
        assert_eq!(
            found(arena, &learnt, &free, demands),
            *expected,
            "row {place}"
        );
    }
}

const UNCOMMITTED: Weaknesses = Weaknesses::NONE.with(Weakness::UncommittedSeal);

/// What was sealed for somebody else, and for the attacker, who has two keys.
fn seals() -> [Expression; 6] {
    let (key, nonce) = (
        |number| name(Sort::Key, number),
        |number| name(Sort::Nonce, number),
    );
    [
        nonce(0),
        nonce(1),
        key(0),
        key(3),
        sealed(key(1), nonce(2)),
        sealed(key(0), nonce(3)),
    ]
}

#[test]
fn what_opens_was_heard_or_is_made_for_one_key_or_also_for_another() {
    let arena = &mut Arena::default();
    let variables = variables(Wanted::Sealed, Wanted::Name(Sort::Nonce));
    let opens_under = |key| [opened(X, name(Sort::Key, key), var(Y))];
    // Of the key that the attacker does not have, it can only pass on what it heard.
    let theirs = sealed(name(Sort::Key, 1), name(Sort::Nonce, 2));
    let theirs = theirs.evaluate(arena, &Bindings::EMPTY).unwrap();
    for weaknesses in [Weaknesses::NONE, UNCOMMITTED] {
        let ways = found_under(weaknesses, arena, &seals(), &variables, &opens_under(1));
        assert_eq!(ways, [[theirs, arena.name(Sort::Nonce, 2)]]);
    }
    // Three nonces under its own; and each also as any of seven terms under its other key.
    let count = |weaknesses, arena: &mut Arena| {
        found_under(weaknesses, arena, &seals(), &variables, &opens_under(0)).len()
    };
    assert_eq!(count(Weaknesses::NONE, arena), 3);
    assert_eq!(count(UNCOMMITTED, arena), 3 + 3 * 7);
}

#[test]
fn what_two_open_to_different_plaintexts_is_made_only_where_seals_do_not_commit() {
    let arena = &mut Arena::default();
    let variables = variables(Wanted::Sealed, Wanted::Anything);
    let face = |key, nonce| opened(X, name(Sort::Key, key), name(Sort::Nonce, nonce));
    let both = [face(0, 0), face(3, 1)];
    assert!(found(arena, &seals(), &variables, &both).is_empty());
    let ways = found_under(UNCOMMITTED, arena, &seals(), &variables, &both);
    let faces = [(0, 0), (3, 1)]
        .map(|(key, nonce)| [arena.name(Sort::Key, key), arena.name(Sort::Nonce, nonce)]);
    let twice = arena.sealed_twice(faces[0], faces[1]).unwrap();
    assert_eq!(ways, [[twice, Term::NONE]]);
    // One key opens one ciphertext to one plaintext, whatever the primitive.
    let same = [face(0, 0), face(0, 1)];
    assert!(found_under(UNCOMMITTED, arena, &seals(), &variables, &same).is_empty());
}

#[test]
fn a_signature_over_nothing_in_particular_fits_what_is_there_to_be_verified() {
    let arena = &mut Arena::default();
    let loose = Weaknesses::NONE.with(Weakness::LooseSignature);
    let form = Expression::Apply(Symbol::Signature, vec![var(X), hash(var(Y))]);
    let no_secret = arena.term(Symbol::NoSecret, &[]);
    let nothing = arena.term(Symbol::Signature, &[no_secret, no_secret]);
    let mut bound = Bindings::EMPTY;
    assert!(!form.matches(arena, nothing, &mut bound), "no message yet");
    bound.bind(Y, arena.name(Sort::Nonce, 5));
    assert!(form.matches(arena, nothing, &mut bound));
    assert_eq!(bound.at(X), no_secret);
    // Over a message that the attacker does not know, too.
    let variables = variables(Wanted::Name(Sort::LongTerm), Wanted::Anything);
    let key = Expression::Apply(
        Symbol::Public,
        vec![Expression::Apply(Symbol::NoSecret, Vec::new())],
    );
    let demands = [
        Demand::Let(Y, name(Sort::Nonce, 5)),
        Demand::Overheard(Expression::Apply(Symbol::Public, vec![var(X)])),
        Demand::Part(form),
    ];
    let learnt = [key];
    assert!(found(arena, &learnt, &variables, &demands).is_empty());
    let ways = found_under(loose, arena, &learnt, &variables, &demands);
    assert_eq!(ways, [[no_secret, arena.name(Sort::Nonce, 5)]]);
}

#[test]
fn what_must_be_derived_the_attacker_has_or_can_put_together() {
    let nonce = Wanted::Name(Sort::Nonce);
    let (has, lacks) = (name(Sort::Nonce, 3), name(Sort::Nonce, 2));
    for (form, count) in [
        (tuple([has.clone(), name(Sort::Key, 0)]), 1),
        (has.clone(), 1),
        (tuple([has, lacks.clone()]), 0),
        (lacks, 0),
        (var(X), 0),
    ] {
        let demands = [Demand::Derived(form.clone())];
        let arena = &mut Arena::default();
        let found = found(arena, &overheard(), &variables(nonce, nonce), &demands);
        assert_eq!(found.len(), count, "{form:?}");
    }
}
