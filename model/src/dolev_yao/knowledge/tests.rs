//! What is derived from what, and what is not.

use proptest::prelude::*;

use super::Knowledge;
use crate::dolev_yao::term::{Arena, Sort, Symbol, Term};
use crate::dolev_yao::weakness::{Weakness, Weaknesses};

const LOOSE: Weaknesses = Weaknesses::NONE.with(Weakness::LooseSignature);
const UNCOMMITTED: Weaknesses = Weaknesses::NONE.with(Weakness::UncommittedSeal);
const EVERY: [Weaknesses; 4] = [
    Weaknesses::NONE,
    LOOSE,
    UNCOMMITTED,
    LOOSE.with(Weakness::UncommittedSeal),
];

/// Knowledge of exactly these terms.
fn knowing(arena: &mut Arena, terms: &[Term]) -> Knowledge {
    let mut knowledge = Knowledge::default();
    for term in terms {
        knowledge.learn(arena, *term);
    }
    knowledge
}

/// Whether `wanted` follows from `terms`.
fn follows(arena: &mut Arena, terms: &[Term], wanted: Term) -> bool {
    knowing(arena, terms).derives(arena, wanted)
}

#[test]
fn nobody_guesses_an_atom() {
    let arena = &mut Arena::default();
    let sorts = [
        Sort::Agent,
        Sort::LongTerm,
        Sort::Key,
        Sort::Exponent,
        Sort::Nonce,
        Sort::Constant,
    ];
    let (names, others) = (
        sorts.map(|it| arena.name(it, 0)),
        sorts.map(|it| arena.name(it, 1)),
    );
    for name in names {
        assert!(!follows(arena, &others, name));
        assert!(follows(arena, &[name], name));
    }
}

#[test]
fn each_symbol_is_put_together_from_all_its_arguments_and_from_no_fewer() {
    let arena = &mut Arena::default();
    let (one, two) = (arena.name(Sort::Key, 0), arena.name(Sort::Nonce, 0));
    let symbols = [
        Symbol::Tuple,
        Symbol::Sealed,
        Symbol::Encrypted,
        Symbol::Signature,
        Symbol::Mac,
        Symbol::Derived(3),
    ];
    for symbol in symbols {
        let whole = arena.term(symbol, &[one, two]);
        assert!(follows(arena, &[one, two], whole), "{symbol:?}");
        assert!(!follows(arena, &[one], whole), "{symbol:?}");
        assert!(!follows(arena, &[two], whole), "{symbol:?}");
    }
    for symbol in [Symbol::Public, Symbol::Share, Symbol::Hash] {
        let whole = arena.term(symbol, &[one]);
        assert!(follows(arena, &[one], whole), "{symbol:?}");
        assert!(!follows(arena, &[two], whole), "{symbol:?}");
    }
    for symbol in [Symbol::LowOrderShare, Symbol::Zero] {
        let whole = arena.term(symbol, &[]);
        assert!(follows(arena, &[], whole), "{symbol:?}");
    }
}

#[test]
fn only_a_tuple_is_taken_apart_without_a_key() {
    let arena = &mut Arena::default();
    let (one, two) = (arena.name(Sort::Key, 0), arena.name(Sort::Nonce, 0));
    let inner = arena.term(Symbol::Tuple, &[two]);
    let outer = arena.term(Symbol::Tuple, &[one, inner]);
    assert!(follows(arena, &[outer], one));
    assert!(follows(arena, &[outer], two));
    let closed = [
        Symbol::Public,
        Symbol::Share,
        Symbol::Sealed,
        Symbol::Encrypted,
        Symbol::Signature,
        Symbol::Mac,
        Symbol::Hash,
        Symbol::Derived(0),
    ];
    for symbol in closed {
        let whole = arena.term(symbol, &[one, two]);
        assert!(!follows(arena, &[whole], one), "{symbol:?}");
        assert!(!follows(arena, &[whole], two), "{symbol:?}");
    }
}

#[test]
fn the_key_opens_what_it_closed_before_or_after_and_nothing_else_does() {
    let arena = &mut Arena::default();
    let (key, plain) = (arena.name(Sort::Key, 0), arena.name(Sort::Nonce, 0));
    let secret = arena.name(Sort::LongTerm, 0);
    let public = arena.term(Symbol::Public, &[secret]);
    let sealed = arena.term(Symbol::Sealed, &[key, plain]);
    let encrypted = arena.term(Symbol::Encrypted, &[public, plain]);
    assert!(follows(arena, &[sealed, key], plain));
    assert!(follows(arena, &[key, sealed], plain));
    assert!(follows(arena, &[encrypted, secret], plain));
    assert!(follows(arena, &[secret, encrypted], plain));
    assert!(!follows(arena, &[public, encrypted], plain));
    let other = arena.name(Sort::Key, 1);
    assert!(!follows(arena, &[other, sealed, encrypted], plain));
}

#[test]
fn what_one_lock_gives_away_opens_the_next() {
    let arena = &mut Arena::default();
    let keys = [0, 1, 2, 3].map(|number| arena.name(Sort::Key, number));
    let mut chain: Vec<Term> = keys
        .windows(2)
        .map(|pair| arena.term(Symbol::Sealed, pair))
        .collect();
    chain.reverse();
    assert!(!follows(arena, &chain, keys[3]));
    chain.push(keys[0]);
    assert!(follows(arena, &chain, keys[3]));
    // A key that has to be put together opens too.
    let derived = arena.term(Symbol::Derived(0), &[keys[0], keys[1]]);
    let sealed = arena.term(Symbol::Sealed, &[derived, keys[2]]);
    assert!(follows(arena, &[sealed, keys[1], keys[0]], keys[2]));
}

#[test]
fn one_exponent_and_the_other_share_give_what_they_share() {
    let arena = &mut Arena::default();
    let exponents = [0, 1].map(|number| arena.name(Sort::Exponent, number));
    let shares = exponents.map(|it| arena.term(Symbol::Share, &[it]));
    let agreed = arena.shared(exponents[0], shares[1]).unwrap();
    assert_eq!(arena.shared(exponents[1], shares[0]), Some(agreed));
    assert!(follows(arena, &[exponents[0], shares[1]], agreed));
    assert!(follows(arena, &[exponents[1], shares[0]], agreed));
    assert!(follows(arena, &exponents, agreed));
    assert!(!follows(arena, &shares, agreed));
    assert!(!follows(arena, &[exponents[0], shares[0]], agreed));
    assert!(!follows(arena, &[agreed], exponents[0]));
}

#[test]
fn only_where_signatures_are_loose_is_there_one_that_nobody_made_and_it_fits_every_message() {
    let arena = &mut Arena::default();
    let no_secret = arena.term(Symbol::NoSecret, &[]);
    let key = arena.term(Symbol::Public, &[no_secret]);
    let messages = [0, 1].map(|number| arena.name(Sort::Nonce, number));
    let [one, other] = messages.map(|it| arena.term(Symbol::Signature, &[no_secret, it]));
    assert_eq!(one, other);
    for weaknesses in EVERY {
        let loose = weaknesses.has(Weakness::LooseSignature);
        let mut nothing = Knowledge::under(weaknesses);
        // The key is a point that anybody can write down; that its signatures verify is the weakness.
        assert!(nothing.derives(arena, key));
        assert_eq!(nothing.derives(arena, one), loose);
        // Nobody else's is any easier to make.
        let secret = arena.name(Sort::LongTerm, 0);
        let honest = arena.term(Symbol::Signature, &[secret, messages[0]]);
        assert!(!nothing.derives(arena, honest));
    }
}

#[test]
fn only_where_seals_do_not_commit_do_two_keys_and_two_plaintexts_make_one_ciphertext() {
    let arena = &mut Arena::default();
    let keys = [0, 1].map(|number| arena.name(Sort::Key, number));
    let plain = [0, 1].map(|number| arena.name(Sort::Nonce, number));
    let faces = [[keys[0], plain[0]], [keys[1], plain[1]]];
    let twice = arena.sealed_twice(faces[0], faces[1]).unwrap();
    assert_eq!(arena.sealed_twice(faces[1], faces[0]), Some(twice));
    assert_eq!(arena.sealed_twice(faces[0], [keys[0], plain[1]]), None);
    assert_eq!(arena.faces(twice), faces);
    let parts = faces.concat();
    for weaknesses in EVERY {
        let allowed = weaknesses.has(Weakness::UncommittedSeal);
        for missing in 0..=parts.len() {
            let mut knowledge = Knowledge::under(weaknesses);
            for (place, part) in parts.iter().enumerate() {
                if place != missing {
                    knowledge.learn(arena, *part);
                }
            }
            let all = missing == parts.len();
            assert_eq!(knowledge.derives(arena, twice), allowed && all, "{missing}");
        }
    }
}

#[test]
fn each_of_two_keys_opens_what_they_both_open_to_its_own_plaintext_and_no_other() {
    let arena = &mut Arena::default();
    let keys = [0, 1, 2].map(|number| arena.name(Sort::Key, number));
    let plain = [0, 1].map(|number| arena.name(Sort::Nonce, number));
    let twice = arena.sealed_twice([keys[0], plain[0]], [keys[1], plain[1]]);
    let twice = twice.unwrap();
    for (key, opened) in [
        (keys[0], [true, false]),
        (keys[1], [false, true]),
        (keys[2], [false; 2]),
    ] {
        for learnt in [[key, twice], [twice, key]] {
            assert_eq!(plain.map(|it| follows(arena, &learnt, it)), opened);
        }
    }
}

/// Terms of every symbol over few atoms, so that they have much to do with each other.
fn pool(arena: &mut Arena) -> Vec<Term> {
    let (key, other) = (arena.name(Sort::Key, 0), arena.name(Sort::Key, 1));
    let (secret, nonce) = (arena.name(Sort::LongTerm, 0), arena.name(Sort::Nonce, 0));
    let exponents = [0, 1].map(|number| arena.name(Sort::Exponent, number));
    let shares = exponents.map(|it| arena.term(Symbol::Share, &[it]));
    let agreed = arena.shared(exponents[0], shares[1]).unwrap();
    let public = arena.term(Symbol::Public, &[secret]);
    let pair = arena.term(Symbol::Tuple, &[other, nonce]);
    let derived = arena.term(Symbol::Derived(0), &[agreed, nonce]);
    let no_secret = arena.term(Symbol::NoSecret, &[]);
    let twice = arena.sealed_twice([key, secret], [derived, other]);
    vec![
        key,
        other,
        secret,
        nonce,
        exponents[0],
        exponents[1],
        shares[0],
        shares[1],
        agreed,
        public,
        pair,
        derived,
        arena.term(Symbol::Sealed, &[key, pair]),
        arena.term(Symbol::Sealed, &[derived, key]),
        arena.term(Symbol::Sealed, &[other, secret]),
        arena.term(Symbol::Encrypted, &[public, exponents[0]]),
        arena.term(Symbol::Encrypted, &[public, other]),
        arena.term(Symbol::Signature, &[secret, nonce]),
        arena.term(Symbol::Mac, &[agreed, nonce]),
        arena.term(Symbol::Hash, &[derived]),
        arena.term(Symbol::LowOrderShare, &[]),
        arena.term(Symbol::Zero, &[]),
        no_secret,
        arena.term(Symbol::Public, &[no_secret]),
        arena.term(Symbol::Signature, &[no_secret, nonce]),
        twice.unwrap(),
    ]
}

/// How many terms the pool has.
const POOL: usize = 26;

/// What of `pool`, which contains all that its terms are made of, follows from `learnt` where primitives
/// have these `weaknesses`: rule by rule, until no rule adds anything.
fn saturated(
    arena: &mut Arena,
    weaknesses: Weaknesses,
    pool: &[Term],
    learnt: &[Term],
) -> Vec<Term> {
    let no_secret = arena.term(Symbol::NoSecret, &[]);
    let mut all = learnt.to_vec();
    loop {
        let before = all.len();
        for term in pool {
            let parts = arena.arguments(*term).to_vec();
            let has = |it: &Term| all.contains(it);
            let whole = has(term);
            let mut more = Vec::new();
            match arena.symbol(*term) {
                Symbol::Tuple if whole => more.extend(&parts),
                Symbol::Sealed if whole && has(&parts[0]) => more.push(parts[1]),
                Symbol::Encrypted if whole && has(&arena.argument(parts[0], 0)) => {
                    more.push(parts[1]);
                }
                Symbol::SealedTwice if whole => {
                    let faces = [[parts[0], parts[1]], [parts[2], parts[3]]];
                    more.extend(faces.iter().filter(|it| has(&it[0])).map(|it| it[1]));
                }
                _ => {}
            }
            let made = match arena.symbol(*term) {
                Symbol::Name(..) => false,
                Symbol::NoSecret => weaknesses.has(Weakness::LooseSignature),
                Symbol::Public if parts == [no_secret] => true,
                Symbol::SealedTwice if !weaknesses.has(Weakness::UncommittedSeal) => false,
                Symbol::Shared => [[0, 1], [1, 0]].iter().any(|[own, other]| {
                    let share = arena.term(Symbol::Share, &[parts[*other]]);
                    has(&parts[*own]) && has(&share)
                }),
                _ => parts.iter().all(has),
            };
            more.extend(made.then_some(*term));
            for term in more {
                if !all.contains(&term) {
                    all.push(term);
                }
            }
        }
        if all.len() == before {
            return all;
        }
    }
}

proptest! {
    #[test]
    fn what_follows_is_what_the_rules_give(
        chosen in prop::collection::vec(0..POOL, 0..8),
        weaknesses in prop::sample::select(&EVERY),
    ) {
        let arena = &mut Arena::default();
        let pool = pool(arena);
        prop_assert_eq!(pool.len(), POOL);
        let learnt: Vec<Term> = chosen.iter().map(|place| pool[*place]).collect();
        let all = saturated(arena, weaknesses, &pool, &learnt);
        let mut knowledge = Knowledge::under(weaknesses);
        for term in &learnt {
            knowledge.learn(arena, *term);
        }
        for (place, term) in pool.iter().enumerate() {
            prop_assert_eq!(knowledge.derives(arena, *term), all.contains(term), "{}", place);
        }
    }

    #[test]
    fn a_mark_returns_exactly(
        before in prop::collection::vec(0..POOL, 0..5),
        after in prop::collection::vec(0..POOL, 0..5),
    ) {
        let arena = &mut Arena::default();
        let pool = pool(arena);
        let terms = |chosen: &[usize]| chosen.iter().map(|it| pool[*it]).collect::<Vec<_>>();
        let mut fresh = knowing(arena, &terms(&before));
        let mut knowledge = knowing(arena, &terms(&before));
        let mark = knowledge.mark();
        for term in terms(&after) {
            knowledge.learn(arena, term);
            // What is asked now must not answer what is asked later.
            for asked in &pool {
                knowledge.derives(arena, *asked);
            }
        }
        knowledge.return_to(mark);
        prop_assert_eq!(knowledge.terms(), fresh.terms());
        for term in &pool {
            prop_assert_eq!(knowledge.derives(arena, *term), fresh.derives(arena, *term));
        }
        // What was locked then is opened by what is learnt now, and nothing else is.
        for term in terms(&after) {
            knowledge.learn(arena, term);
            fresh.learn(arena, term);
        }
        prop_assert_eq!(knowledge.terms(), fresh.terms());
    }
}
