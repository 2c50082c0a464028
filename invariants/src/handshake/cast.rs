//! The cast of a bounded run: the explorer's principals, and the words that they can say.
//!
//! Every individual is a constant of its own; what the words mean stands in the model's vocabulary.

use countersign_model::domain::{Identity, Natural as _, Truth as _};
use countersign_model::handshake::crowd::Crowd as _;
use countersign_model::handshake::script::{
    EVERY_CAPABILITY, NEWEST, OFFERS, OTHER_SUITE, PRINCIPALS, REQUIRED_CAPABILITY, SUITE,
    best_version,
};

use super::encoding::run;
use crate::symbolic::{AtMost, Formula, Individual, Number, Symbolic, Term as _, species};

/// How many runs a search has.
pub const RUNS: usize = 2;

/// The terms of a bounded run.
pub(super) type Reading = Symbolic<AtMost<RUNS>>;

/// The levels of capability.
pub(super) const LEVELS: std::ops::RangeInclusive<u8> = 0..=EVERY_CAPABILITY;
/// The suites.
pub(super) const SUITES: [u8; 2] = [SUITE, OTHER_SUITE];

/// The principal with this number.
pub(super) fn agent(number: u8) -> Individual<species::Agent> {
    Individual::named(&format!("agent#{number}"))
}

/// The key of the principal with this number.
pub(super) fn key(owner: u8) -> Individual<species::Key> {
    Individual::named(&format!("key#{owner}"))
}

/// The offer at this place of the table of offers.
pub(super) fn offer(place: usize) -> Individual<species::Offer> {
    Individual::named(&format!("offer#{place}"))
}

/// The offer of these versions, as a set of bits.
pub(super) fn offer_of(versions: u8) -> Individual<species::Offer> {
    let place = OFFERS.iter().position(|it| *it == versions);
    offer(place.unwrap_or_default())
}

/// The capabilities of this level.
pub(super) fn capabilities(level: u8) -> Individual<species::Capabilities> {
    Individual::named(&format!("capabilities#{level}"))
}

/// The suite with this number.
pub(super) fn suite(number: u8) -> Individual<species::Suite> {
    Individual::named(&format!("suite#{number}"))
}

/// The share that the attacker drew.
pub(super) fn own_share() -> Individual<species::Share> {
    Individual::named("share#own")
}

/// A share of low order.
pub(super) fn low_share() -> Individual<species::Share> {
    Individual::named("share#low")
}

/// Whether `value` is one of `all`.
pub(super) fn is_one_of<T: Identity<Formula>>(
    value: &T,
    all: impl IntoIterator<Item = T>,
) -> Formula {
    let others = all.into_iter().map(|one| value.same(&one).not());
    Formula::all(others).not()
}

/// Everybody and everything is somebody or something else.
pub(super) fn everything_differs() -> Formula {
    Formula::all([
        differ(&(0..RUNS).map(run).collect::<Vec<_>>()),
        differ(&(0..PRINCIPALS).map(agent).collect::<Vec<_>>()),
        differ(&(0..PRINCIPALS).map(key).collect::<Vec<_>>()),
        differ(&(0..OFFERS.len()).map(offer).collect::<Vec<_>>()),
        differ(&LEVELS.map(capabilities).collect::<Vec<_>>()),
        differ(&SUITES.map(suite)),
    ])
}

fn differ<T: Identity<Formula>>(all: &[T]) -> Formula {
    let pairs = all.iter().enumerate().flat_map(|(place, one)| {
        let others = all.iter().skip(place + 1);
        others.map(|other| one.same(other).not())
    });
    Formula::all(pairs)
}

/// What the words mean, and whose the keys are.
pub(super) fn meanings() -> Formula {
    let number = |value: u8| Number::constant(value.into());
    let mut facts = Vec::new();
    for one in OFFERS {
        for other in OFFERS {
            let best = best_version(one & other);
            let (one, other) = (offer_of(one), offer_of(other));
            let common = Formula::constant(best != 0);
            facts.push(Reading::common(&one, &other).same(&common));
            facts.push(Reading::best(&one, &other).same(&number(best)));
        }
        facts.push(Reading::newest(&offer_of(one)).same(&number(NEWEST)));
    }
    for owner in 0..PRINCIPALS {
        facts.push(Reading::owner(&key(owner)).same(&agent(owner)));
        for level in LEVELS {
            let enough = Formula::constant(level >= REQUIRED_CAPABILITY);
            let suffices = Reading::suffices(&capabilities(level), &agent(owner));
            facts.push(suffices.same(&enough));
        }
        for number in SUITES {
            let offered = Formula::constant(number == SUITE);
            facts.push(Reading::offers(&agent(owner), &suite(number)).same(&offered));
        }
    }
    Formula::all(facts)
}
