//! Rules, compiled: what they say of one pair of agents is found in a few look-ups.
//!
//! Which rules make up a tier and what the tiers come to is the model's; here is only where to look.

use countersign_model::bus::passage::Passage;
use countersign_model::bus::policy::{Breadth, Decision, Tier, Tiers};
use countersign_model::bus::tiering::{Rule, Types};
use countersign_model::domain::Truth as _;
use countersign_model::rulebook::Ruleset;
use rustc_hash::FxHashMap;

use super::kind::every_type;
use crate::domain::Real;

/// The rules of a deployment, compiled. Agents are numbers; one that no rule names has any other.
#[derive(Clone, Debug)]
pub struct Policy {
    rules: Vec<Rule<u32>>,
    // INVARIANT: each entry is what the rules of its key come to, and its places are theirs.
    pairs: FxHashMap<(u32, u32), Entry>,
    from_one: FxHashMap<u32, Entry>,
    to_one: FxHashMap<u32, Entry>,
    any: Entry,
}

/// What stands under one key.
#[derive(Clone, Debug)]
struct Entry {
    tier: Tier<Types>,
    /// The rules, by their places in the file, the first one first.
    places: Vec<usize>,
}

impl Default for Entry {
    fn default() -> Self {
        Self {
            tier: Tier::unlisted(),
            places: Vec::new(),
        }
    }
}

impl Policy {
    /// Compiles rules, in the order of their file.
    pub fn compile(rules: Vec<Rule<u32>>) -> Self {
        let mut policy = Self {
            rules: Vec::new(),
            pairs: FxHashMap::default(),
            from_one: FxHashMap::default(),
            to_one: FxHashMap::default(),
            any: Entry::default(),
        };
        for (place, rule) in rules.iter().enumerate().rev() {
            let entry = match (rule.from, rule.to) {
                (Some(from), Some(to)) => policy.pairs.entry((from, to)).or_default(),
                (Some(from), None) => policy.from_one.entry(from).or_default(),
                (None, Some(to)) => policy.to_one.entry(to).or_default(),
                (None, None) => &mut policy.any,
            };
            entry.tier = entry.tier.after(rule, &Types::ALL, |types| types);
            entry.places.push(place);
        }
        let entries = policy.pairs.values_mut();
        let entries = entries.chain(policy.from_one.values_mut());
        let entries = entries.chain(policy.to_one.values_mut());
        for entry in entries.chain([&mut policy.any]) {
            entry.places.reverse();
        }
        policy.rules = rules;
        policy
    }

    /// The rules, in the order of their file.
    pub fn rules(&self) -> &[Rule<u32>] {
        &self.rules
    }

    /// What each tier says of messages from one agent to another, for every type at once.
    #[inline]
    pub fn tiers(&self, from: u32, to: u32) -> Tiers<Types> {
        let entries = self.entries(from, to);
        let first = |breadth: Breadth| {
            let entry = entries.get(breadth as usize).copied().flatten();
            entry.and_then(|entry| entry.places.first().copied())
        };
        let recipient_first = match (first(Breadth::FromOne), first(Breadth::ToOne)) {
            (Some(sender), Some(recipient)) => recipient < sender,
            (None, Some(_)) => true,
            (_, None) => false,
        };
        Tiers {
            tiers: entries.map(|entry| entry.map_or_else(Tier::unlisted, |entry| entry.tier)),
            recipient_first: Types::constant(recipient_first),
        }
    }

    /// The decision on every type at once.
    #[inline]
    pub fn decide(&self, from: u32, to: u32) -> Decision<Types> {
        self.tiers(from, to).decide(Ruleset::HARDENED)
    }

    /// The decision on the type in this place.
    #[inline]
    pub fn decide_type(&self, from: u32, to: u32, place: u8) -> Decision<bool> {
        of_type(self.decide(from, to), place)
    }

    /// What becomes of a request of each type before a human is asked, if its sender acts for itself.
    pub fn passage(&self, from: u32, to: u32) -> Passage<Types> {
        let own = self.decide(from, to);
        passage(own, own)
    }

    /// The same for a sender that declares on whose behalf it acts.
    pub fn passage_for(&self, origin: u32, from: u32, to: u32) -> Passage<Types> {
        passage(self.decide(from, to), self.decide(origin, to))
    }

    /// The places of the rules for a pair, tier by tier.
    pub fn places(&self, from: u32, to: u32) -> [&[usize]; 4] {
        self.entries(from, to)
            .map(|entry| entry.map_or(&[][..], |entry| entry.places.as_slice()))
    }

    #[inline]
    fn entries(&self, from: u32, to: u32) -> [Option<&Entry>; 4] {
        [
            self.pairs.get(&(from, to)),
            self.from_one.get(&from),
            self.to_one.get(&to),
            Some(&self.any),
        ]
    }
}

/// What becomes of a request of each type, given what the rules say of its sender and of the agent on
/// whose behalf it is sent.
pub(super) fn passage(own: Decision<Types>, origin: Decision<Types>) -> Passage<Types> {
    let none = Passage {
        allowed: Types::NONE,
        held: Types::NONE,
    };
    every_type().places().fold(none, |sum, place| {
        let (own, origin) = (of_type(own, place), of_type(origin, place));
        let passage = Passage::of_request::<Real>(&own, &origin);
        let add = |types: Types, holds: bool| {
            if holds {
                types.with(Types::one(place))
            } else {
                types
            }
        };
        Passage {
            allowed: add(sum.allowed, passage.allowed),
            held: add(sum.held, passage.held),
        }
    })
}

fn of_type(decision: Decision<Types>, place: u8) -> Decision<bool> {
    Decision {
        denied: decision.denied.has(place),
        granted: decision.granted.has(place),
        held: decision.held.has(place),
    }
}
