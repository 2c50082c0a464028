//! The rules that a deployment lists, and which of them make up the tiers of one pair of agents.
//!
//! Written once, for one type of message, for all types at once ([`Types`] is a truth value with an
//! answer for each), and for solver terms. What the tiers then come to is said in
//! [`policy`](super::policy).
//!
//! Never here: names of agents or of types, lines of a file, or a way to find rules quickly.

use super::policy::{Breadth, Tier, Tiers};
use crate::domain::{Choice, Identity, Truth};

/// A set of message types. Read as a truth value it is an answer for each type at once.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Types(u8);

impl Types {
    /// No type.
    pub const NONE: Self = Self(0);
    /// Every type.
    pub const ALL: Self = Self(u8::MAX);
    /// How many types can be told apart.
    pub const COUNT_MAX: u8 = 8;

    /// The type in this place, from 0; none in a place beyond [`Types::COUNT_MAX`].
    pub const fn one(place: u8) -> Self {
        if place < Self::COUNT_MAX {
            Self(1 << place)
        } else {
            Self::NONE
        }
    }

    /// Whether the type in this place is among them.
    pub const fn has(self, place: u8) -> bool {
        self.0 & Self::one(place).0 != 0
    }

    /// Whether there is none.
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// These and those.
    #[must_use]
    pub const fn with(self, others: Self) -> Self {
        Self(self.0 | others.0)
    }

    /// Those of these that are not among the others.
    #[must_use]
    pub const fn without(self, others: Self) -> Self {
        Self(self.0 & !others.0)
    }

    /// Those that are among both.
    #[must_use]
    pub const fn common(self, others: Self) -> Self {
        Self(self.0 & others.0)
    }

    /// The place of each, in order.
    pub fn places(self) -> impl Iterator<Item = u8> {
        (0..Self::COUNT_MAX).filter(move |place| self.has(*place))
    }
}

impl Truth for Types {
    fn constant(value: bool) -> Self {
        if value { Self::ALL } else { Self::NONE }
    }
    fn not(&self) -> Self {
        Self(!self.0)
    }
    fn and(&self, other: &Self) -> Self {
        Self(self.0 & other.0)
    }
    fn or(&self, other: &Self) -> Self {
        Self(self.0 | other.0)
    }
}

impl Choice<Self> for Types {
    fn choose(condition: &Self, then: &Self, otherwise: &Self) -> Self {
        Self((condition.0 & then.0) | (!condition.0 & otherwise.0))
    }
}

/// What one rule says. An end that it leaves open stands for any agent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Rule<A> {
    /// The sender.
    pub from: Option<A>,
    /// The recipient.
    pub to: Option<A>,
    /// The types that it allows at once.
    pub allows: Types,
    /// The types that it allows once a human approved.
    pub holds: Types,
    /// The types that it denies.
    pub denies: Types,
}

impl<A> Rule<A> {
    /// How exactly it names the pair.
    pub const fn breadth(&self) -> Breadth {
        match (&self.from, &self.to) {
            (Some(_), Some(_)) => Breadth::Pair,
            (Some(_), None) => Breadth::FromOne,
            (None, Some(_)) => Breadth::ToOne,
            (None, None) => Breadth::Any,
        }
    }

    /// Every type that it names.
    pub const fn names(&self) -> Types {
        self.allows.with(self.holds).with(self.denies)
    }

    /// Whether it stands for messages from this agent to that one.
    pub fn applies<B: Truth>(&self, from: &A, to: &A) -> B
    where
        A: Identity<B>,
    {
        let is = |end: &Option<A>, agent: &A| match end {
            Some(named) => named.same(agent),
            None => B::constant(true),
        };
        is(&self.from, from).and(&is(&self.to, to))
    }
}

impl<B: Truth + Choice<B>> Tier<B> {
    /// The tier with one more rule, which stands before all its others in the file. It counts where
    /// it `applies`; `says` reads a set of types as a truth value.
    #[must_use]
    pub fn after<A>(&self, rule: &Rule<A>, applies: &B, says: impl Fn(Types) -> B) -> Self {
        let says = |types: Types| applies.and(&says(types));
        let names_some = B::constant(!rule.names().is_empty());
        Self {
            listed: self.listed.or(applies),
            names_some: self.names_some.or(&applies.and(&names_some)),
            allows: self.allows.or(&says(rule.allows)),
            holds: self.holds.or(&says(rule.holds)),
            denies: self.denies.or(&says(rule.denies)),
            allows_first: B::choose(&says(rule.names()), &says(rule.allows), &self.allows_first),
        }
    }
}

impl<B: Truth + Choice<B>> Tiers<B> {
    /// What the rules, in the order of the file, say of one pair of agents: `applies` says which stand
    /// for it, `says` reads a set of types as a truth value.
    pub fn of_rules<'a, A: 'a>(
        rules: impl DoubleEndedIterator<Item = &'a Rule<A>>,
        applies: impl Fn(&Rule<A>) -> B,
        says: impl Fn(Types) -> B,
    ) -> Self {
        let none = Self {
            tiers: std::array::from_fn(|_| Tier::unlisted()),
            recipient_first: B::constant(false),
        };
        rules.rev().fold(none, |mut tiers, rule| {
            let applies = applies(rule);
            let breadth = rule.breadth();
            if let Some(tier) = tiers.tiers.get_mut(breadth as usize) {
                *tier = tier.after(rule, &applies, &says);
            }
            if matches!(breadth, Breadth::FromOne | Breadth::ToOne) {
                let recipient = B::constant(breadth == Breadth::ToOne);
                tiers.recipient_first = B::choose(&applies, &recipient, &tiers.recipient_first);
            }
            tiers
        })
    }
}

impl Tiers<bool> {
    /// What a short list of rules says of one pair of agents and of the type in this place.
    pub fn of_list<A: Identity<bool>>(rules: &[Rule<A>], from: &A, to: &A, place: u8) -> Self {
        let applies = |rule: &Rule<A>| rule.applies(from, to);
        Self::of_rules(rules.iter(), applies, |types| types.has(place))
    }

    /// What no rule at all says.
    pub(super) fn unlisted() -> Self {
        Self::of_list::<u8>(&[], &0, &0, 0)
    }
}

impl Tiers<Types> {
    /// What they say of the type in this place.
    #[must_use]
    pub fn of_type(&self, place: u8) -> Tiers<bool> {
        Tiers {
            tiers: self.tiers.map(|tier| Tier {
                listed: tier.listed.has(place),
                names_some: tier.names_some.has(place),
                allows: tier.allows.has(place),
                holds: tier.holds.has(place),
                denies: tier.denies.has(place),
                allows_first: tier.allows_first.has(place),
            }),
            recipient_first: self.recipient_first.has(place),
        }
    }
}

#[cfg(test)]
mod tests;
