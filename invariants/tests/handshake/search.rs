//! Bounded search finds the shortest violation of every weakening, and tells it so that it can be
//! performed.

use countersign_invariants::Budget;
use countersign_invariants::Search;
use countersign_invariants::handshake::{DELIVERIES_MAX, search, witness};
use countersign_model::dolev_yao::reveal::Reveals;
use countersign_model::handshake::Handshake;
use countersign_model::handshake::promise::InvariantId;
use countersign_model::handshake::story::Story;
use countersign_model::rulebook::{Book as _, Row as _, Ruleset, Weakening};

/// How many deliveries the shortest violation takes, for each row of the table of weakenings.
const LENGTHS: &[(&str, usize)] = &[
    ("without-version-common", 2),
    ("without-version-current", 1),
    ("without-capabilities-sufficient", 1),
    ("without-version-best", 1),
    ("without-suite-offered", 1),
    ("without-share-contributes", 1),
    ("without-proof-opens", 3),
    ("without-identity-bound", 2),
    ("without-key-of-peer", 1),
    ("without-peer-entitled", 2),
    ("without-peer-is-other", 2),
    ("without-peer-intended", 1),
    ("without-signature-valid", 1),
    ("without-confirmation-valid", 3),
    ("offers-outside-transcript", 2),
    ("capabilities-outside-transcript", 2),
    ("signs-shares-in-the-clear", 3),
    ("signs-own-share", 2),
    ("raw-shared-secret", 3),
    ("static-shares", 2),
];

/// How many deliveries it takes to come to an occasion to break each promise.
const OCCASIONS: &[(&str, usize)] = &[
    ("alive", 2),
    ("mutual", 3),
    ("agreed", 2),
    ("injective", 2),
    ("confirmed", 4),
    ("secret", 2),
    ("forward", 2),
    ("private", 1),
    ("possessed", 1),
    ("concealed", 2),
    ("negotiated", 1),
    ("current", 1),
    ("capable", 1),
    ("intended", 1),
    ("entitled", 1),
];

fn shortest(weakening: &Weakening<Handshake>) -> Story {
    let found = search(
        weakening.rules(),
        weakening.needs,
        weakening.breaks,
        DELIVERIES_MAX,
        Budget::default(),
    );
    let Search::Found(story) = found else {
        panic!("{}: {found:?}", weakening.name);
    };
    *story
}

#[test]
fn the_shortest_violation_of_each_weakening_has_the_length_listed() {
    let found: Vec<(&str, usize)> = Handshake::WEAKENINGS
        .iter()
        .map(|weakening| (weakening.name, shortest(weakening).deliveries.len()))
        .collect();
    assert_eq!(found, LENGTHS);
}

#[test]
fn a_story_is_told_the_same_way_every_time() {
    let weakening = Weakening::of_name("signs-shares-in-the-clear").unwrap();
    assert_eq!(shortest(weakening), shortest(weakening));
}

#[test]
fn no_promise_is_vacuous() {
    let mut found = Vec::new();
    for invariant in InvariantId::ALL {
        let budget = Budget::default();
        let Search::Found(story) = witness(Ruleset::HARDENED, *invariant, DELIVERIES_MAX, budget)
        else {
            panic!("{} has no occasion", invariant.name());
        };
        found.push((invariant.name(), story.deliveries.len()));
    }
    assert_eq!(found, OCCASIONS);
}

#[test]
fn a_search_says_how_far_it_came() {
    let alive = InvariantId::Alive;
    let budget = Budget::default();
    let far = search(Ruleset::HARDENED, Reveals::NONE, alive, usize::MAX, budget);
    assert_eq!(far, Search::NoneUpTo(DELIVERIES_MAX));
    let near = search(Ruleset::HARDENED, Reveals::NONE, alive, 1, budget);
    assert_eq!(near, Search::NoneUpTo(1));
    let tiny = Budget {
        work: Some(1),
        ..budget
    };
    let weakening = Weakening::<Handshake>::of_name("raw-shared-secret").unwrap();
    let cut = search(
        weakening.rules(),
        weakening.needs,
        weakening.breaks,
        DELIVERIES_MAX,
        tiny,
    );
    assert!(matches!(cut, Search::Unknown { .. }), "{cut:?}");
}
