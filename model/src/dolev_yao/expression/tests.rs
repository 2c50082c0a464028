//! Expressions stand for terms, and terms match expressions.

use super::{Bindings, Expression, Variable};
use crate::dolev_yao::role::{
    ME, PEER, agreed, constant, encrypted, hash, public_key, secret_key, share, tuple, var,
};
use crate::dolev_yao::term::{Arena, Sort, Symbol, Term};

const X: Variable = Variable(2);
const Y: Variable = Variable(3);

fn nonce(number: u8) -> Expression {
    Expression::Name(Sort::Nonce, number)
}

/// The term that an expression without variables stands for.
fn term(arena: &mut Arena, expression: &Expression) -> Term {
    expression.evaluate(arena, &Bindings::EMPTY).unwrap()
}

/// What `form` binds X and Y to where it stands for `of`.
fn matched(arena: &mut Arena, form: &Expression, of: &Expression) -> Option<[Term; 2]> {
    let of = term(arena, of);
    let mut bindings = Bindings::EMPTY;
    let matches = form.matches(arena, of, &mut bindings);
    matches.then(|| {
        assert_eq!(form.evaluate(arena, &bindings), Some(of));
        [bindings.at(X), bindings.at(Y)]
    })
}

#[test]
fn what_is_free_is_bound_so_that_the_form_stands_for_the_term() {
    let mut arena = Arena::default();
    let [one, two] = [nonce(1), nonce(2)].map(|it| term(&mut arena, &it));
    let pair = tuple([nonce(1), hash(nonce(2))]);
    let form = tuple([var(X), hash(var(Y))]);
    assert_eq!(matched(&mut arena, &form, &pair), Some([one, two]));
    let whole = term(&mut arena, &pair);
    assert_eq!(
        matched(&mut arena, &var(X), &pair),
        Some([whole, Term::NONE])
    );
}

#[test]
fn a_variable_stands_for_one_term_wherever_it_occurs() {
    let mut arena = Arena::default();
    let twice = tuple([var(X), var(X)]);
    assert!(matched(&mut arena, &twice, &tuple([nonce(1), nonce(1)])).is_some());
    assert!(matched(&mut arena, &twice, &tuple([nonce(1), nonce(2)])).is_none());
}

#[test]
fn another_symbol_another_length_or_another_name_is_no_match() {
    let mut arena = Arena::default();
    let form = tuple([var(X), constant(1)]);
    for other in [
        hash(nonce(1)),
        tuple([nonce(1)]),
        tuple([nonce(1), constant(1), nonce(1)]),
        tuple([nonce(1), constant(2)]),
        tuple([nonce(1), nonce(1)]),
    ] {
        assert_eq!(matched(&mut arena, &form, &other), None, "{other:?}");
    }
}

#[test]
fn a_tuple_of_fewer_parts_is_no_match_though_every_part_fits() {
    let mut arena = Arena::default();
    let form = tuple([var(X), var(Y)]);
    assert_eq!(matched(&mut arena, &form, &tuple([nonce(1)])), None);
}

#[test]
fn a_secret_and_a_public_key_tell_whose_they_are() {
    let mut arena = Arena::default();
    let bob = Expression::Name(Sort::Agent, 1);
    let name = term(&mut arena, &bob);
    for (form, of) in [
        (secret_key(var(X)), secret_key(bob.clone())),
        (public_key(var(X)), public_key(bob.clone())),
        (
            encrypted(var(X), nonce(1)),
            encrypted(bob.clone(), nonce(1)),
        ),
    ] {
        assert_eq!(matched(&mut arena, &form, &of), Some([name, Term::NONE]));
    }
    assert_eq!(matched(&mut arena, &secret_key(var(X)), &nonce(1)), None);
    let of_alice = secret_key(Expression::Name(Sort::Agent, 0));
    assert_eq!(matched(&mut arena, &of_alice, &secret_key(bob)), None);
}

#[test]
fn both_sides_agree() {
    let mut arena = Arena::default();
    let [x, y] = [1, 2].map(|number| Expression::Name(Sort::Exponent, number));
    let here = term(&mut arena, &agreed(x.clone(), share(y.clone())));
    let there = term(&mut arena, &agreed(y.clone(), share(x.clone())));
    assert_eq!(here, there);
    assert_ne!(here, term(&mut arena, &agreed(x.clone(), share(x.clone()))));
    let low = Expression::Apply(Symbol::LowOrderShare, Vec::new());
    let with_low = [x, y].map(|it| term(&mut arena, &agreed(it, low.clone())));
    assert_eq!(with_low[0], with_low[1]);
    assert_eq!(arena.symbol(with_low[0]), Symbol::Zero);
}

#[test]
fn what_is_missing_or_of_the_wrong_form_has_no_value() {
    let mut arena = Arena::default();
    let exponent = Expression::Name(Sort::Exponent, 1);
    for without in [
        var(X),
        tuple([nonce(1), var(X)]),
        secret_key(nonce(1)),
        public_key(var(PEER)),
        agreed(exponent.clone(), nonce(1)),
        agreed(exponent, share(var(X))),
    ] {
        assert_eq!(
            without.evaluate(&mut arena, &Bindings::EMPTY),
            None,
            "{without:?}"
        );
    }
    let mut bindings = Bindings::EMPTY;
    let alice = arena.name(Sort::Agent, 0);
    bindings.bind(ME, alice);
    assert_eq!(var(ME).evaluate(&mut arena, &bindings), Some(alice));
}

#[cfg(debug_assertions)]
#[test]
#[should_panic(expected = "too many")]
fn a_seventh_argument_is_not_dropped_in_silence() {
    let parts = (0..7).map(nonce).collect();
    let _ = term(
        &mut Arena::default(),
        &Expression::Apply(Symbol::Tuple, parts),
    );
}

#[cfg(debug_assertions)]
#[test]
#[should_panic(expected = "too many")]
fn a_variable_past_the_last_is_not_left_unbound_in_silence() {
    use crate::dolev_yao::role::{Role, Wanted};

    let mut role = Role::new("many");
    for _ in 0..super::VARIABLES_MAX - 1 {
        role.any(Wanted::Anything);
    }
}
