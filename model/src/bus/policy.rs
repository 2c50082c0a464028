//! How the rules of a deployment become a decision about one message.
//!
//! Rules stand in four tiers, by how exactly they name the pair: (from, to), (from, \*), (\*, to),
//! (\*, \*). The most specific tier with any rule at all for the pair decides, for every type of
//! message: a rule that does not name a type shadows what lower tiers say of it. Within a tier deny
//! comes before approval, approval before allow. What any tier denies or holds for approval, no other
//! tier loosens. Whatever nobody grants is denied.
//!
//! Written once, for machine words (the real code, the explorer) and solver terms (the prover, and
//! every question about a deployment).
//!
//! Never here: how a file names agents, or how rules are found quickly.

use super::Bus;
use super::weakening::Mechanism;
use crate::domain::{Choice, Truth};
use crate::rulebook::Ruleset;

/// How exactly a rule names the pair, the most specific first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Breadth {
    /// This sender to this recipient.
    Pair,
    /// This sender to anyone.
    FromOne,
    /// Anyone to this recipient.
    ToOne,
    /// Anyone to anyone.
    Any,
}

impl Breadth {
    /// Every tier, the most specific first.
    pub const ALL: [Self; 4] = [Self::Pair, Self::FromOne, Self::ToOne, Self::Any];

    /// Its stable name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Pair => "pair",
            Self::FromOne => "from-one",
            Self::ToOne => "to-one",
            Self::Any => "any",
        }
    }
}

/// What the rules of one tier say about one sender, one recipient and one type of message.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Tier<B> {
    /// Some rule for the pair stands here, whatever it names.
    pub listed: B,
    /// Some rule here names some type; an empty list names none.
    pub names_some: B,
    /// A rule allows the type.
    pub allows: B,
    /// A rule allows the type once a human approved it.
    pub holds: B,
    /// A rule denies the type.
    pub denies: B,
    /// The first rule here that names the type, in the order of the file, allows it. Nothing sound
    /// reads this.
    pub allows_first: B,
}

/// What all the rules say about one sender, one recipient and one type of message.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Tiers<B> {
    /// A tier for each [`Breadth`], in that order.
    pub tiers: [Tier<B>; 4],
    /// In the order of the file, the rules for the recipient stand before those for the sender.
    /// Nothing sound reads this.
    pub recipient_first: B,
}

/// What the rules come to. What is not granted, or is denied, is not delivered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Decision<B> {
    /// Some tier denies it.
    pub denied: B,
    /// The tier that decides allows it, at once or once approved.
    pub granted: B,
    /// Some tier asks for a human's approval.
    pub held: B,
}

impl<B: Truth> Decision<B> {
    /// What two decisions come to that must both be kept.
    #[must_use]
    pub fn stricter(&self, other: &Self) -> Self {
        Self {
            denied: self.denied.or(&other.denied),
            granted: self.granted.and(&other.granted),
            held: self.held.or(&other.held),
        }
    }
}

/// Whether a message needs an approval that one agent sends and another one wants sent.
pub fn held<B: Truth>(own: &Decision<B>, origin: &Decision<B>, rules: Ruleset<Bus>) -> B {
    if rules.has(Mechanism::OriginNotHeld) {
        own.held.clone()
    } else {
        own.held.or(&origin.held)
    }
}

impl<B: Truth> Tier<B> {
    /// A tier without a rule for the pair.
    pub fn unlisted() -> Self {
        let no = || B::constant(false);
        Self {
            listed: no(),
            names_some: no(),
            allows: no(),
            holds: no(),
            denies: no(),
            allows_first: no(),
        }
    }

    /// Whether the tier grants the type, at once or once approved.
    pub fn grants(&self) -> B {
        self.allows.or(&self.holds)
    }
}

impl<B: Truth + Choice<B>> Tiers<B> {
    /// The decision.
    pub fn decide(&self, rules: Ruleset<Bus>) -> Decision<B> {
        let tiers = self.in_order(rules);
        let none = Decision {
            denied: B::constant(false),
            granted: B::constant(false),
            held: B::constant(false),
        };
        // From the least specific up: each tier that speaks replaces what those below it granted.
        tiers.iter().rev().fold(none, |below, tier| {
            let said = Said::of(tier, rules);
            let lasts = |below: &B, here: &B| {
                if rules.has(Mechanism::DecidingTierAlone) {
                    B::choose(&said.speaks, here, below)
                } else {
                    below.or(here)
                }
            };
            Decision {
                denied: lasts(&below.denied, &said.denies),
                granted: B::choose(&said.speaks, &said.grants, &below.granted),
                held: lasts(&below.held, &said.holds),
            }
        })
    }

    fn in_order(&self, rules: Ruleset<Bus>) -> [Tier<B>; 4] {
        let [pair, from_one, to_one, any] = self.tiers.clone();
        if rules.has(Mechanism::WildcardsInFileOrder) {
            let swap = &self.recipient_first;
            let second = Tier::choose(swap, &to_one, &from_one);
            let third = Tier::choose(swap, &from_one, &to_one);
            [pair, second, third, any]
        } else {
            [pair, from_one, to_one, any]
        }
    }
}

/// What a tier says, as these rules read it.
struct Said<B> {
    speaks: B,
    denies: B,
    grants: B,
    holds: B,
}

impl<B: Truth> Said<B> {
    fn of(tier: &Tier<B>, rules: Ruleset<Bus>) -> Self {
        let speaks = if rules.has(Mechanism::EmptyListIgnored) {
            tier.names_some.clone()
        } else if rules.has(Mechanism::ShadowsByType) {
            tier.grants().or(&tier.denies)
        } else {
            tier.listed.clone()
        };
        let outranked = if rules.has(Mechanism::FirstRuleWins) {
            tier.allows_first.clone()
        } else {
            B::constant(false)
        };
        Self {
            speaks,
            denies: tier.denies.and(&outranked.not()),
            grants: tier.grants(),
            holds: tier.holds.and(&outranked.not()),
        }
    }
}

impl<B: Choice<B>> Choice<B> for Tier<B> {
    fn choose(condition: &B, then: &Self, otherwise: &Self) -> Self {
        let of = |part: fn(&Self) -> &B| B::choose(condition, part(then), part(otherwise));
        Self {
            listed: of(|tier| &tier.listed),
            names_some: of(|tier| &tier.names_some),
            allows: of(|tier| &tier.allows),
            holds: of(|tier| &tier.holds),
            denies: of(|tier| &tier.denies),
            allows_first: of(|tier| &tier.allows_first),
        }
    }
}

#[cfg(test)]
mod tests;
