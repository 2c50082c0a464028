//! Rules as a file lists them, what they say about a pair, and the policies that a search begins with.
//!
//! Never here: how what they say becomes a decision (that is [`policy`](super::policy)'s).

use std::sync::LazyLock;

use super::policy::{Tier, Tiers};
use super::scope::{ALICE, BOB, MALLORY};

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
const AGENTS: usize = super::scope::AGENTS;

/// What a rule says of the types that it names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Effect {
    /// They are allowed.
    Allow,
    /// They are allowed once a human approved.
    Hold,
    /// They are denied.
    Deny,
}

/// One rule. Rules with one effect and an empty list name no type at all.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Rule {
    /// The sender; anyone if absent.
    pub from: Option<u32>,
    /// The recipient; anyone if absent.
    pub to: Option<u32>,
    /// What it says of the types that it names.
    pub effect: Effect,
    /// The types that it names.
    pub kinds: &'static [u8],
}

/// What `rules`, in the order of their file, say about one sender, one recipient and one type.
pub fn tiers(rules: &[Rule], from: u32, to: u32, kind: u32) -> Tiers<bool> {
    let tier = |of: (bool, bool)| {
        let fits = |rule: &&Rule| {
            (rule.from.is_some(), rule.to.is_some()) == of
                && rule.from.is_none_or(|it| it == from)
                && rule.to.is_none_or(|it| it == to)
        };
        let names = |rule: &&Rule| rule.kinds.iter().any(|it| u32::from(*it) == kind);
        let here = || rules.iter().filter(fits);
        let says = |effect| here().filter(names).any(|rule| rule.effect == effect);
        let first = here().find(names).map(|rule| rule.effect);
        Tier {
            listed: here().next().is_some(),
            names_some: here().any(|rule| !rule.kinds.is_empty()),
            allows: says(Effect::Allow),
            holds: says(Effect::Hold),
            denies: says(Effect::Deny),
            allows_first: first == Some(Effect::Allow),
        }
    };
    let place = |of: fn(&Rule) -> bool| rules.iter().position(of).unwrap_or(usize::MAX);
    let to_one = place(|rule| rule.from.is_none() && rule.to.is_some());
    let from_one = place(|rule| rule.from.is_some() && rule.to.is_none());
    Tiers {
        tiers: [(true, true), (true, false), (false, true), (false, false)].map(tier),
        recipient_first: to_one < from_one,
    }
}

/// A policy that a search begins with, by its place in [`POLICIES`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Policy(pub u8);

/// The policies that a search begins with, one state each.
///
/// They are small, so that each search stays small, and together use every tier and every effect.
pub const POLICIES: &[&[Rule]] = &[OPEN, HELD, DEPUTY, TIERS];

/// Everybody may ask, delegate to and tell everybody.
const OPEN: &[Rule] = &[anyone(Effect::Allow, &[ASK, NOTIFY])];
/// Whatever is delegated to Bob needs an approval.
const HELD: &[Rule] = &[to_one(BOB, Effect::Hold, &[DELEGATE])];
/// What Alice tells everybody needs an approval. Mallory may ask Bob, who may ask and delegate to Alice; Mallory needs an approval to delegate to
/// her, and may not ask her. She may hear what Mallory tells everybody, Bob may not.
const DEPUTY: &[Rule] = &[
    from_one(ALICE, Effect::Hold, &[NOTIFY]),
    pair(MALLORY, BOB, Effect::Allow, &[ASK]),
    pair(BOB, ALICE, Effect::Allow, &[ASK, DELEGATE]),
    pair(MALLORY, ALICE, Effect::Hold, &[DELEGATE]),
    pair(MALLORY, ALICE, Effect::Allow, &[NOTIFY]),
];
/// Every way in which one rule meets another.
const TIERS: &[Rule] = &[
    // Anyone may ask Alice, but by a rule for Mallory, which comes later in the file, not Mallory.
    to_one(ALICE, Effect::Allow, &[ASK]),
    from_one(MALLORY, Effect::Allow, &[DELEGATE, NOTIFY]),
    // An empty list shuts Mallory up towards Bob, to whom it might delegate otherwise.
    pair(MALLORY, BOB, Effect::Allow, &[]),
    // Alice may ask Bob by a rule for the two, and may not by a rule for all who ask him.
    pair(ALICE, BOB, Effect::Allow, &[ASK]),
    to_one(BOB, Effect::Deny, &[ASK]),
    // Allowed, and then denied.
    pair(ALICE, MALLORY, Effect::Allow, &[ASK]),
    pair(ALICE, MALLORY, Effect::Deny, &[ASK]),
];

const fn pair(from: u8, to: u8, effect: Effect, kinds: &'static [u8]) -> Rule {
    Rule {
        from: Some(from as u32),
        to: Some(to as u32),
        effect,
        kinds,
    }
}

const fn from_one(from: u8, effect: Effect, kinds: &'static [u8]) -> Rule {
    Rule {
        to: None,
        ..pair(from, 0, effect, kinds)
    }
}

const fn to_one(to: u8, effect: Effect, kinds: &'static [u8]) -> Rule {
    Rule {
        from: None,
        ..pair(0, to, effect, kinds)
    }
}

const fn anyone(effect: Effect, kinds: &'static [u8]) -> Rule {
    Rule {
        from: None,
        to: None,
        effect,
        kinds,
    }
}

/// What a policy says of every sender, recipient and type, computed once.
static SAID: LazyLock<Vec<Vec<Tiers<bool>>>> = LazyLock::new(|| {
    let numbers = |count: usize| 0..u32::try_from(count).unwrap_or(u32::MAX);
    let of = |rules: &&[Rule]| {
        let mut all = Vec::with_capacity(AGENTS * AGENTS * KINDS);
        for from in numbers(AGENTS) {
            for to in numbers(AGENTS) {
                all.extend(numbers(KINDS).map(|kind| tiers(rules, from, to, kind)));
            }
        }
        all
    };
    POLICIES.iter().map(of).collect()
});

impl Policy {
    /// Its rules.
    pub fn rules(self) -> &'static [Rule] {
        POLICIES
            .get(usize::from(self.0))
            .copied()
            .unwrap_or_default()
    }

    /// What its rules say about one sender, one recipient and one type.
    pub(super) fn tiers(self, from: u8, to: u8, kind: u8) -> Tiers<bool> {
        let place = (usize::from(from) * AGENTS + usize::from(to)) * KINDS + usize::from(kind);
        let said = SAID.get(usize::from(self.0)).and_then(|all| all.get(place));
        said.copied().unwrap_or_else(|| tiers(&[], 0, 0, 0))
    }
}
