//! The words of the handshake's scripts: principals, versions, offers, capabilities, roles.

use crate::dolev_yao::expression::Expression;
use crate::dolev_yao::role::constant;
use crate::dolev_yao::term::{Arena, Sort, Symbol, Term};

/// An honest principal.
pub const ALICE: u8 = 0;
/// Another one.
pub const BOB: u8 = 1;
/// The attacker, under a name of its own, which the registry lists.
pub const MALLORY: u8 = 2;
/// A principal whose key was revoked, because the attacker has it.
pub const CAROL: u8 = 3;
/// How many principals there are.
pub const PRINCIPALS: u8 = 4;
/// How many of them are honest.
pub const HONEST: u8 = 2;

/// Every version there is, as the honest offer them: bit `v - 1` for version `v`.
pub const EVERY_VERSION: u8 = 0b111;
/// What can be offered: everything, all but the newest, only the oldest, nothing that anybody knows.
pub const OFFERS: [u8; 4] = [EVERY_VERSION, 0b011, 0b001, 0b000];
/// The newest version.
pub const NEWEST: u8 = 3;
/// The lowest version whose last-accepted date has not passed.
pub const VERSION_FLOOR: u8 = 2;
/// Everything that anybody can do; less is some of it, and 0 nothing.
pub const EVERY_CAPABILITY: u8 = 2;
/// What everybody requires of a peer.
pub const REQUIRED_CAPABILITY: u8 = 1;
/// The one suite that the honest offer.
pub const SUITE: u8 = 0;
/// One that they do not.
pub const OTHER_SUITE: u8 = 1;

// Constants are told apart by ranges of their numbers.
const VERSION: u8 = 0;
const OFFER: u8 = 8;
const CAPABILITY: u8 = 16;
const SUITES: u8 = 20;
const ROLES: u8 = 24;
const JUNK: u8 = 30;

pub(super) fn version(number: u8) -> Expression {
    constant(VERSION + number)
}

pub(super) fn offer(versions: u8) -> Expression {
    constant(OFFER + versions)
}

pub(super) fn capabilities(level: u8) -> Expression {
    constant(CAPABILITY + level)
}

pub(super) fn suite(number: u8) -> Expression {
    constant(SUITES + number)
}

/// What the initiator signs that it is.
pub(super) fn initiator() -> Expression {
    constant(ROLES)
}

/// What the responder signs that it is.
pub(super) fn responder() -> Expression {
    constant(ROLES + 1)
}

/// Bytes that mean nothing.
pub(super) fn junk() -> Expression {
    constant(JUNK)
}

/// Every version there is.
pub(in crate::handshake) fn versions() -> impl Iterator<Item = u8> {
    1..=NEWEST
}

/// Every level of capabilities.
pub(in crate::handshake) fn capability_levels() -> impl Iterator<Item = u8> {
    0..=EVERY_CAPABILITY
}

/// Every suite: the one that the honest offer, and another.
pub(in crate::handshake) fn suites() -> impl Iterator<Item = u8> {
    [SUITE, OTHER_SUITE].into_iter()
}

/// Every constant that the attacker may choose among.
pub(in crate::handshake) fn constants() -> Vec<Expression> {
    let versions = versions().map(version);
    let offers = OFFERS.map(offer);
    let levels = capability_levels().map(capabilities);
    let suites = suites().map(suite);
    versions
        .chain(offers)
        .chain(levels)
        .chain(suites)
        .chain([initiator(), responder(), junk()])
        .collect()
}

/// What kind of constant a variable may be bound to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Word {
    Version,
    Offer,
    Capability,
    Suite,
}

impl Word {
    /// The value of `term` as such a word; none where it is something else.
    pub(super) fn of(self, arena: &Arena, term: Term) -> Option<u8> {
        let Symbol::Name(Sort::Constant, number) = arena.symbol(term) else {
            return None;
        };
        let (first, last) = match self {
            Self::Version => (VERSION, NEWEST),
            Self::Offer => (OFFER, OFFER + EVERY_VERSION),
            Self::Capability => (CAPABILITY, CAPABILITY + EVERY_CAPABILITY),
            Self::Suite => (SUITES, SUITES + OTHER_SUITE),
        };
        (first..=last).contains(&number).then(|| number - first)
    }
}

/// The number of a principal.
pub(super) fn principal(arena: &Arena, term: Term) -> Option<u8> {
    match arena.symbol(term) {
        Symbol::Name(Sort::Agent, number) => Some(number),
        _ => None,
    }
}

/// The number of the principal whose public key `key` is.
pub(super) fn owner_of(arena: &Arena, key: Term) -> Option<u8> {
    match arena.symbol(arena.argument(key, 0)) {
        Symbol::Name(Sort::LongTerm, number) => Some(number),
        // A registry that lists such a key lists it for the attacker.
        Symbol::NoSecret => Some(MALLORY),
        _ => None,
    }
}

/// The best version among those offered that everybody honest speaks; 0 where there is none.
pub fn best_version(offered: u8) -> u8 {
    let common = offered & EVERY_VERSION;
    u8::try_from(u8::BITS - common.leading_zeros()).unwrap_or(0)
}

/// The version that a responder chooses: the best common one. Where there is none, its own best, which
/// only a responder that does not mind comes to.
pub(super) fn chosen_version(arena: &mut Arena, offers: &[Term]) -> Term {
    let offered = offers.first().and_then(|term| Word::Offer.of(arena, *term));
    let version = match best_version(offered.unwrap_or(0)) {
        0 => NEWEST,
        best => best,
    };
    arena.name(Sort::Constant, VERSION + version)
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::{Arena, constants};
    use crate::dolev_yao::expression::Bindings;

    #[test]
    fn no_two_words_are_the_same() {
        let mut arena = Arena::default();
        let words = constants();
        let mut evaluate = |word: &super::Expression| word.evaluate(&mut arena, &Bindings::EMPTY);
        let terms: HashSet<_> = words.iter().map(|word| evaluate(word).unwrap()).collect();
        assert_eq!(terms.len(), words.len());
    }
}
