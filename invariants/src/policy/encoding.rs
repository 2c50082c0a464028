//! Rules as terms: one end of a message is fixed, the other one is any agent.
//!
//! For a fixed end only its own rules are looked at, and those that leave it open. What the latter say
//! of the other end is the same for every question, so each part of it has a name.

use std::collections::{BTreeMap, BTreeSet};

use countersign_model::bus::chain::Question as Chains;
use countersign_model::bus::passage::Passage;
use countersign_model::bus::policy::{Breadth, Decision, Tier, Tiers};
use countersign_model::bus::tiering::{Rule, Types};
use countersign_model::domain::{Identity as _, Natural as _, Truth as _};
use countersign_model::rulebook::Ruleset;
use z3::Model;

use super::{Deployed, any, number};
use crate::symbolic::{Any, Formula, Number, Symbolic, Term as _};

/// The fixed end of a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum End {
    /// The agent with this number.
    Named(u32),
    /// Any agent that no rule names.
    Unnamed,
}

/// A rule, and its place in the file.
type Placed<'a> = (usize, &'a Rule<u32>);

/// Rules as terms.
pub(super) struct Encoding<'a> {
    deployed: Deployed<'a>,
    by_sender: BTreeMap<u32, Vec<Placed<'a>>>,
    by_recipient: BTreeMap<u32, Vec<Placed<'a>>>,
    any: Vec<Placed<'a>>,
    /// The other end.
    other: Number,
    /// The fixed end, where it is one that no rule names.
    unnamed: Number,
    numbers: Vec<Number>,
    /// What the rules that leave the sender open say of the other end as recipient, by type.
    to_other: Vec<Tier<Formula>>,
    /// What the rules that leave the recipient open say of the other end as sender, by type.
    from_other: Vec<Tier<Formula>>,
    demands: Vec<Formula>,
}

impl End {
    /// The end with this number, of so many agents that rules name.
    pub(super) fn of(number: u32, agents: u32) -> Self {
        if number < agents {
            Self::Named(number)
        } else {
            Self::Unnamed
        }
    }

    /// Its number: that of all agents for one that no rule names.
    pub(super) fn number(self, agents: u32) -> u32 {
        match self {
            Self::Named(number) => number,
            Self::Unnamed => agents,
        }
    }
}

impl<'a> Encoding<'a> {
    /// The rules as terms whose names begin with `name`.
    pub(super) fn of(deployed: Deployed<'a>, name: &str) -> Self {
        let mut encoding = Self {
            deployed,
            by_sender: BTreeMap::new(),
            by_recipient: BTreeMap::new(),
            any: Vec::new(),
            other: Number::named("other"),
            unnamed: Number::named("unnamed"),
            numbers: (0..deployed.agents).map(number).collect(),
            to_other: Vec::new(),
            from_other: Vec::new(),
            demands: Vec::new(),
        };
        let placed = || deployed.rules.iter().enumerate();
        for (place, rule) in placed() {
            if let Some(from) = rule.from {
                encoding
                    .by_sender
                    .entry(from)
                    .or_default()
                    .push((place, rule));
            }
            if let Some(to) = rule.to {
                encoding
                    .by_recipient
                    .entry(to)
                    .or_default()
                    .push((place, rule));
            }
            if rule.breadth() == Breadth::Any {
                encoding.any.push((place, rule));
            }
        }
        let zero = number(0);
        let first_unnamed = number(deployed.agents);
        encoding.demands.push(zero.at_most(&encoding.other));
        encoding
            .demands
            .push(first_unnamed.at_most(&encoding.unnamed));
        for place in 0..Types::COUNT_MAX {
            let open = |breadth| {
                let placed = placed().filter(move |(_, rule)| rule.breadth() == breadth);
                if deployed.types.has(place) {
                    placed.collect()
                } else {
                    Vec::new()
                }
            };
            let senders = encoding.tier(&open(Breadth::FromOne), |rule| rule.from, place);
            let recipients = encoding.tier(&open(Breadth::ToOne), |rule| rule.to, place);
            let senders = encoding.named_tier(&format!("{name}-from-other-{place}"), &senders);
            let recipients = encoding.named_tier(&format!("{name}-to-other-{place}"), &recipients);
            encoding.from_other.push(senders);
            encoding.to_other.push(recipients);
        }
        encoding
    }

    /// How many agents rules name.
    pub(super) fn agents(&self) -> u32 {
        self.deployed.agents
    }

    /// What is true of every question.
    pub(super) fn demands(&self) -> &[Formula] {
        &self.demands
    }

    /// Whether the other end is this agent: of those that no rule names, any.
    pub(super) fn is(&self, agent: u32) -> Formula {
        match self
            .numbers
            .get(usize::try_from(agent).unwrap_or(usize::MAX))
        {
            Some(number) => self.other.same(number),
            None => number(self.deployed.agents).at_most(&self.other),
        }
    }

    /// Whether the other end is among these.
    pub(super) fn is_among(&self, agents: &BTreeSet<u32>) -> Formula {
        any(agents.iter().map(|agent| self.is(*agent)))
    }

    /// That both ends are two agents.
    pub(super) fn apart(&self, end: End) -> Formula {
        match end {
            End::Named(agent) => self.is(agent).not(),
            End::Unnamed => self.other.same(&self.unnamed).not(),
        }
    }

    /// The other end, as Z3 chose it.
    pub(super) fn chosen(&self, model: &Model) -> Option<u64> {
        model.eval(&self.other.0, true).and_then(|it| it.as_u64())
    }

    /// Whether this end can get something to the other one, by a request of one of these types or, if
    /// so asked, by an answer.
    pub(super) fn hop(&self, chains: &Chains, end: End, types: Types, answers: bool) -> Formula {
        let request = self.request(chains, end, types);
        if answers {
            request.or(&self.answer(chains, end, self.deployed.answered))
        } else {
            request
        }
    }

    /// Whether this end can send the other one a request of one of these types.
    pub(super) fn request(&self, chains: &Chains, end: End, types: Types) -> Formula {
        let origin = chains.origin(end.number(self.deployed.agents));
        let origin = End::of(origin, self.deployed.agents);
        any(types.common(self.deployed.types).places().map(|place| {
            let (own, origin) = (self.to_other(end, place), self.to_other(origin, place));
            chains.passes(&passage(&own, &origin))
        }))
    }

    /// Whether this end can answer a request of one of these types, which the other one put to it of
    /// its own accord.
    pub(super) fn answer(&self, chains: &Chains, end: End, types: Types) -> Formula {
        any(types.places().map(|place| {
            let asked = decision(self.tiers_from_other(end, place, None));
            chains.passes(&passage(&asked, &asked))
        }))
    }

    /// How a request of this type fares from this end to the other one.
    pub(super) fn fares(&self, end: End, place: u8) -> Fares {
        Fares::of(&self.to_other(end, place))
    }

    /// The same with a rule replaced, or left out.
    pub(super) fn fares_if(
        &self,
        end: End,
        place: u8,
        change: (usize, Option<&Rule<u32>>),
    ) -> Fares {
        Fares::of(&decision(self.tiers_to_other(end, place, Some(change))))
    }

    /// How a request of this type fares from the other end to this one.
    pub(super) fn fares_from_other(&self, end: End, place: u8) -> Fares {
        Fares::of(&decision(self.tiers_from_other(end, place, None)))
    }

    /// The same with a rule replaced, or left out.
    pub(super) fn fares_from_other_if(
        &self,
        end: End,
        place: u8,
        change: (usize, Option<&Rule<u32>>),
    ) -> Fares {
        Fares::of(&decision(self.tiers_from_other(end, place, Some(change))))
    }

    fn to_other(&self, end: End, place: u8) -> Decision<Formula> {
        decision(self.tiers_to_other(end, place, None))
    }

    fn tiers_to_other(
        &self,
        end: End,
        place: u8,
        change: Option<(usize, Option<&Rule<u32>>)>,
    ) -> [Tier<Formula>; 4] {
        let own = |breadth| changed(of(&self.by_sender, end), breadth, change);
        let open = self.to_other.get(usize::from(place));
        [
            self.tier(&own(Breadth::Pair), |rule| rule.to, place),
            self.tier(&own(Breadth::FromOne), |_| None, place),
            open.cloned().unwrap_or_else(Tier::unlisted),
            self.tier(&changed(&self.any, Breadth::Any, change), |_| None, place),
        ]
    }

    fn tiers_from_other(
        &self,
        end: End,
        place: u8,
        change: Option<(usize, Option<&Rule<u32>>)>,
    ) -> [Tier<Formula>; 4] {
        let own = |breadth| changed(of(&self.by_recipient, end), breadth, change);
        let open = self.from_other.get(usize::from(place));
        [
            self.tier(&own(Breadth::Pair), |rule| rule.from, place),
            open.cloned().unwrap_or_else(Tier::unlisted),
            self.tier(&own(Breadth::ToOne), |_| None, place),
            self.tier(&changed(&self.any, Breadth::Any, change), |_| None, place),
        ]
    }

    /// The tier of these rules; each counts where the other end is the one that it names, if any.
    fn tier(
        &self,
        rules: &[Placed<'_>],
        names: impl Fn(&Rule<u32>) -> Option<u32>,
        place: u8,
    ) -> Tier<Formula> {
        rules
            .iter()
            .rev()
            .fold(Tier::unlisted(), |tier, (_, rule)| {
                let applies = names(rule).map_or_else(|| Formula::constant(true), |it| self.is(it));
                tier.after(rule, &applies, |types| Formula::constant(types.has(place)))
            })
    }

    /// The same tier with a name for each part that is read.
    fn named_tier(&mut self, name: &str, tier: &Tier<Formula>) -> Tier<Formula> {
        let mut named = |part: &str, formula: &Formula| {
            let (named, demand) = defined(&format!("{name}-{part}"), formula);
            self.demands.push(demand);
            named
        };
        Tier {
            listed: named("listed", &tier.listed),
            allows: named("allows", &tier.allows),
            holds: named("holds", &tier.holds),
            denies: named("denies", &tier.denies),
            names_some: tier.names_some.clone(),
            allows_first: tier.allows_first.clone(),
        }
    }
}

/// How a request fares.
pub(super) struct Fares(Passage<Formula>);

impl Fares {
    fn of(decision: &Decision<Formula>) -> Self {
        Self(passage(decision, decision))
    }

    /// Whether it fares otherwise.
    pub(super) fn differs(&self, other: &Self) -> Formula {
        let differ = |one: &Formula, another: &Formula| one.same(another).not();
        differ(&self.0.allowed, &other.0.allowed).or(&differ(&self.0.held, &other.0.held))
    }
}

/// A name for a formula, and that it means it. What is constant needs none.
pub(super) fn defined(name: &str, formula: &Formula) -> (Formula, Formula) {
    if formula.is_constant() {
        return (formula.clone(), Formula::constant(true));
    }
    let named = Formula::named(name);
    let demand = named.same(formula);
    (named, demand)
}

fn decision(tiers: [Tier<Formula>; 4]) -> Decision<Formula> {
    let tiers = Tiers {
        tiers,
        // Nothing sound reads the order of the file.
        recipient_first: Formula::constant(false),
    };
    tiers.decide(Ruleset::HARDENED)
}

fn passage(own: &Decision<Formula>, origin: &Decision<Formula>) -> Passage<Formula> {
    Passage::of_request::<Symbolic<Any>>(own, origin)
}

/// The rules of an end.
fn of<'m, 'a>(rules: &'m BTreeMap<u32, Vec<Placed<'a>>>, end: End) -> &'m [Placed<'a>] {
    match end {
        End::Named(agent) => rules.get(&agent).map_or(&[], Vec::as_slice),
        End::Unnamed => &[],
    }
}

/// Those of one breadth, with the change made.
fn changed<'a>(
    rules: &[Placed<'a>],
    breadth: Breadth,
    change: Option<(usize, Option<&'a Rule<u32>>)>,
) -> Vec<Placed<'a>> {
    let rules = rules.iter().filter(|(_, rule)| rule.breadth() == breadth);
    let rules = rules.filter_map(|(place, rule)| match change {
        Some((changed, instead)) if changed == *place => instead.map(|rule| (*place, rule)),
        _ => Some((*place, *rule)),
    });
    rules.collect()
}
