//! The policies that a search begins with, and the agents and types of message that they name.
//!
//! Never here: how rules make up tiers (that is [`tiering`](super::tiering)'s), or how tiers become
//! a decision (that is [`policy`](super::policy)'s).

use std::hash::{Hash, Hasher};
use std::sync::LazyLock;
use std::{fmt, ptr};

use super::policy::Tiers;
use super::tiering::{Rule, Types};

/// Agents of a search.
pub const AGENTS: usize = 3;

/// An honest agent.
pub const ALICE: u8 = 0;
/// Another one.
pub const BOB: u8 = 1;
/// The attacker, who is also a listed agent.
pub const MALLORY: u8 = 2;

/// A question, which must be answered.
pub const ASK: u8 = 0;
/// A task, whose completion must be reported.
pub const DELEGATE: u8 = 1;
/// A notice to all, which nobody answers.
pub const NOTIFY: u8 = 2;
/// An answer.
pub const REPLY: u8 = 3;
/// Types of message that a search knows.
const KINDS: usize = 4;

/// Rules that a search begins with, and what they say of everybody in it.
///
/// It lives as long as the program, so that a state holds no more than a reference to it.
#[derive(Clone, Copy)]
pub struct Policy {
    /// Its place among the policies of its search.
    place: u16,
    said: &'static Said,
}

/// What rules say of every sender, recipient and type of a search.
struct Said {
    rules: Vec<Rule<u8>>,
    tiers: Vec<Tiers<bool>>,
}

/// Small policies, so that each search stays small, which together use every tier and every effect.
static EXAMPLES: LazyLock<&[Policy]> =
    LazyLock::new(|| Policy::kept([OPEN, HELD, DEPUTY, TIERS].map(<[_]>::to_vec)));

/// Everybody may ask and tell everybody.
const OPEN: &[Rule<u8>] = &[allow(None, None, types(&[ASK, NOTIFY]))];
/// Whatever is delegated to Bob needs an approval.
const HELD: &[Rule<u8>] = &[hold(None, Some(BOB), types(&[DELEGATE]))];
/// What Alice tells everybody needs an approval. Mallory may ask Bob, who may ask and delegate to Alice; Mallory needs an approval to delegate to
/// her, and may not ask her. She may hear what Mallory tells everybody, Bob may not.
const DEPUTY: &[Rule<u8>] = &[
    hold(Some(ALICE), None, types(&[NOTIFY])),
    allow(Some(MALLORY), Some(BOB), types(&[ASK])),
    allow(Some(BOB), Some(ALICE), types(&[ASK, DELEGATE])),
    hold(Some(MALLORY), Some(ALICE), types(&[DELEGATE])),
    allow(Some(MALLORY), Some(ALICE), types(&[NOTIFY])),
];
/// Every way in which one rule meets another.
const TIERS: &[Rule<u8>] = &[
    // Anyone may ask Alice, but by a rule for Mallory, which comes later in the file, not Mallory.
    allow(None, Some(ALICE), types(&[ASK])),
    allow(Some(MALLORY), None, types(&[DELEGATE, NOTIFY])),
    // An empty list shuts Mallory up towards Bob, to whom it might delegate otherwise.
    allow(Some(MALLORY), Some(BOB), Types::NONE),
    // Alice may ask Bob by a rule for the two, and may not by a rule for all who ask him.
    allow(Some(ALICE), Some(BOB), types(&[ASK])),
    deny(None, Some(BOB), types(&[ASK])),
    // Allowed, and then denied.
    allow(Some(ALICE), Some(MALLORY), types(&[ASK])),
    deny(Some(ALICE), Some(MALLORY), types(&[ASK])),
];

const fn types(kinds: &[u8]) -> Types {
    match kinds {
        [] => Types::NONE,
        [first, others @ ..] => Types::one(*first).with(types(others)),
    }
}

const fn allow(from: Option<u8>, to: Option<u8>, allows: Types) -> Rule<u8> {
    let (holds, denies) = (Types::NONE, Types::NONE);
    Rule {
        from,
        to,
        allows,
        holds,
        denies,
    }
}

const fn hold(from: Option<u8>, to: Option<u8>, holds: Types) -> Rule<u8> {
    Rule {
        holds,
        ..allow(from, to, Types::NONE)
    }
}

const fn deny(from: Option<u8>, to: Option<u8>, denies: Types) -> Rule<u8> {
    Rule {
        denies,
        ..allow(from, to, Types::NONE)
    }
}

impl Policy {
    /// The policies that a search begins with where no others are named.
    pub fn examples() -> &'static [Self] {
        *EXAMPLES
    }

    /// Policies of these rules, in the order of their files. They are kept until the program ends.
    pub fn kept(lists: impl IntoIterator<Item = Vec<Rule<u8>>>) -> &'static [Self] {
        let of = |(place, rules)| Self {
            place,
            said: Box::leak(Box::new(Said::of(rules))),
        };
        let policies: Vec<Self> = (0..).zip(lists).map(of).collect();
        policies.leak()
    }

    /// Its rules.
    pub fn rules(self) -> &'static [Rule<u8>] {
        &self.said.rules
    }

    /// What its rules say about one sender, one recipient and one type.
    pub(super) fn tiers(self, from: u8, to: u8, kind: u8) -> Tiers<bool> {
        let place = (usize::from(from) * AGENTS + usize::from(to)) * KINDS + usize::from(kind);
        let said = self.said.tiers.get(place).copied();
        said.unwrap_or_else(Tiers::unlisted)
    }
}

impl Said {
    fn of(rules: Vec<Rule<u8>>) -> Self {
        let numbers = |count: usize| (0u8..).take(count);
        let mut tiers = Vec::with_capacity(AGENTS * AGENTS * KINDS);
        for from in numbers(AGENTS) {
            for to in numbers(AGENTS) {
                tiers.extend(numbers(KINDS).map(|kind| Tiers::of_list(&rules, &from, &to, kind)));
            }
        }
        Self { rules, tiers }
    }
}

impl PartialEq for Policy {
    fn eq(&self, other: &Self) -> bool {
        self.place == other.place && ptr::eq(self.said, other.said)
    }
}

impl Eq for Policy {}

impl Hash for Policy {
    fn hash<H: Hasher>(&self, hasher: &mut H) {
        self.place.hash(hasher);
    }
}

impl fmt::Debug for Policy {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_list().entries(self.rules()).finish()
    }
}
