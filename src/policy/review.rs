//! Rules that are not what they seem: those that never decide, and those that others shadow.
//!
//! A rule, or one of its words, never decides if without it every message would fare as it does. The
//! search asks that of every agent that is named and of one that is not.

use std::collections::BTreeMap;

use countersign_model::bus::policy::{Breadth, Decision, Tiers};
use countersign_model::bus::tiering::{Rule, Types};
use countersign_model::rulebook::Ruleset;

use super::Policy;
use super::engine::passage;

/// What there is to say about the rules, in the order of their file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Review {
    /// The remarks.
    pub remarks: Vec<Remark>,
}

/// Something about one rule. Rules are named by their places in the file, from 0.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Remark {
    /// Nobody writes to itself.
    ToItself {
        /// The rule.
        rule: usize,
    },
    /// It names no type.
    Empty {
        /// The rule.
        rule: usize,
    },
    /// Without it every message would fare as it does.
    NeverDecides {
        /// The rule.
        rule: usize,
        /// The rules that make it so; none if nothing else grants what it denies.
        because: Vec<usize>,
    },
    /// Without this word of it every message would fare as it does.
    NoEffect {
        /// The rule.
        rule: usize,
        /// The word.
        effect: Effect,
        /// The types after the word.
        types: Types,
        /// The rules that make it so; none if nothing else grants what it denies.
        because: Vec<usize>,
    },
    /// It takes what broader rules grant, by naming other types alone.
    Shadows {
        /// The rule.
        rule: usize,
        /// What it takes.
        types: Types,
        /// From whom, for example.
        from: u32,
        /// Towards whom.
        to: u32,
        /// The rules that would grant it.
        granted_by: Vec<usize>,
    },
}

/// A word of a rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Effect {
    /// The types that it allows at once.
    Allow,
    /// The types that it denies.
    Deny,
    /// The types that it allows once approved.
    Hold,
}

impl Effect {
    const ALL: [Self; 3] = [Self::Allow, Self::Deny, Self::Hold];

    fn types(self, rule: &Rule<u32>) -> Types {
        match self {
            Self::Allow => rule.allows,
            Self::Deny => rule.denies,
            Self::Hold => rule.holds,
        }
    }

    /// The rule without these types after the word.
    #[must_use]
    pub fn left_out(self, rule: &Rule<u32>, types: Types) -> Rule<u32> {
        let mut rule = *rule;
        match self {
            Self::Allow => rule.allows = rule.allows.without(types),
            Self::Deny => rule.denies = rule.denies.without(types),
            Self::Hold => rule.holds = rule.holds.without(types),
        }
        rule
    }
}

impl Remark {
    /// The rule that it is about.
    pub fn rule(&self) -> usize {
        match self {
            Self::ToItself { rule }
            | Self::Empty { rule }
            | Self::NeverDecides { rule, .. }
            | Self::NoEffect { rule, .. }
            | Self::Shadows { rule, .. } => *rule,
        }
    }
}

impl Review {
    /// Reviews the rules over the agents `0..agents` and those that no rule names.
    pub fn of(policy: &Policy, agents: u32) -> Self {
        let mut remarks = Vec::new();
        for (at, rule) in policy.rules().iter().enumerate() {
            remarks.extend(
                Reviewed {
                    policy,
                    agents,
                    at,
                    rule,
                }
                .remarks(),
            );
        }
        Self { remarks }
    }
}

/// One rule under review.
struct Reviewed<'a> {
    policy: &'a Policy,
    agents: u32,
    at: usize,
    rule: &'a Rule<u32>,
}

impl Reviewed<'_> {
    fn remarks(&self) -> Vec<Remark> {
        let rule = self.at;
        if self.rule.from.is_some() && self.rule.from == self.rule.to {
            return vec![Remark::ToItself { rule }];
        }
        let mut remarks = Vec::new();
        if self.rule.names().is_empty() {
            remarks.push(Remark::Empty { rule });
        }
        if let Some(because) = self.idle(None) {
            remarks.push(Remark::NeverDecides { rule, because });
            return remarks;
        }
        for effect in Effect::ALL {
            let mut idle: BTreeMap<Vec<usize>, Types> = BTreeMap::new();
            for place in effect.types(self.rule).places() {
                let types = Types::one(place);
                if let Some(because) = self.idle(Some(effect.left_out(self.rule, types))) {
                    let all = idle.entry(because).or_default();
                    *all = all.with(types);
                }
            }
            remarks.extend(idle.into_iter().map(|(because, types)| Remark::NoEffect {
                rule,
                effect,
                types,
                because,
            }));
        }
        remarks.extend(self.shadows());
        remarks
    }

    /// If no message would fare otherwise with this in the place of the rule: the rules that make it so.
    fn idle(&self, instead: Option<Rule<u32>>) -> Option<Vec<usize>> {
        let stays = |gone: &[usize]| {
            self.pairs().all(|(from, to)| {
                let with = self.decide(from, to, Some(*self.rule), gone);
                let without = self.decide(from, to, instead, gone);
                with == without || passage(with, with) == passage(without, without)
            })
        };
        if !stays(&[]) {
            return None;
        }
        // Whatever can go as well, with the rule still idle, is not what makes it so. One that could
        // not go may be able to once another is gone.
        let (mut gone, mut because) = (Vec::new(), self.rivals());
        while let Some(place) = (0..because.len()).find(|place| {
            gone.extend(because.get(*place));
            let goes = stays(&gone);
            gone.pop();
            goes
        }) {
            gone.push(because.remove(place));
        }
        Some(because)
    }

    /// The first pair from which the rule takes what broader ones grant and it does not deny.
    fn shadows(&self) -> Option<Remark> {
        let passing = |decision: Decision<Types>| {
            let passage = passage(decision, decision);
            passage.allowed.with(passage.held)
        };
        self.pairs().find_map(|(from, to)| {
            let with = self.decide(from, to, Some(*self.rule), &[]);
            let without = self.decide(from, to, None, &[]);
            if with == without {
                return None;
            }
            let types = passing(without).without(passing(with));
            let types = types.without(self.rule.denies);
            let broader = self.policy.places(from, to);
            let broader = broader.into_iter().skip(self.rule.breadth() as usize + 1);
            let granted_by = broader.flatten().copied().filter(|place| {
                let rule = self.policy.rules().get(*place);
                rule.is_some_and(|rule| !rule.allows.with(rule.holds).common(types).is_empty())
            });
            (!types.is_empty()).then(|| Remark::Shadows {
                rule: self.at,
                types,
                from,
                to,
                granted_by: granted_by.collect(),
            })
        })
    }

    /// Every pair that the rule stands for, agents that no rule names first.
    fn pairs(&self) -> impl Iterator<Item = (u32, u32)> {
        let all = |end: Option<u32>, other: u32| {
            let named = if end.is_some() { 0..0 } else { 0..self.agents };
            std::iter::once(end.unwrap_or(other)).chain(named)
        };
        let (from, to) = (self.rule.from, self.rule.to);
        let agents = self.agents;
        let pairs = all(from, agents)
            .flat_map(move |sender| all(to, agents + 1).map(move |recipient| (sender, recipient)));
        pairs.filter(|(sender, recipient)| sender != recipient)
    }

    /// The rules that may make this one idle for every pair: those as exact or broader.
    fn rivals(&self) -> Vec<usize> {
        let other = |end: Option<u32>, number: u32| end.unwrap_or(number);
        let from = other(self.rule.from, self.agents);
        let to = other(self.rule.to, self.agents + 1);
        let tiers = self.policy.places(from, to);
        let exact = Breadth::ALL.iter().zip(tiers);
        let exact = exact.filter(|(breadth, _)| **breadth >= self.rule.breadth());
        let rivals = exact.flat_map(|(_, places)| places.iter().copied());
        let mut rivals: Vec<usize> = rivals.filter(|place| *place != self.at).collect();
        // Denials last, so that one is named before what it makes pointless as well.
        rivals.sort_by_key(|place| {
            let rule = self.policy.rules().get(*place);
            rule.is_some_and(|rule| !rule.denies.is_empty())
        });
        rivals
    }

    /// The decision with `this` in the place of the rule, and without those that are `gone`.
    fn decide(
        &self,
        from: u32,
        to: u32,
        this: Option<Rule<u32>>,
        gone: &[usize],
    ) -> Decision<Types> {
        let mut places: Vec<usize> = self.policy.places(from, to).concat();
        places.sort_unstable();
        let rules = places.iter().filter(|place| !gone.contains(place));
        let rules = rules.filter_map(|place| {
            if *place == self.at {
                this.as_ref()
            } else {
                self.policy.rules().get(*place)
            }
        });
        let rules: Vec<&Rule<u32>> = rules.collect();
        let tiers = Tiers::of_rules(rules.into_iter(), |_| Types::ALL, |types| types);
        tiers.decide(Ruleset::HARDENED)
    }
}
