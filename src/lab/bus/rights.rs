//! The rules of a trace, compiled as those of a deployment are.

use std::collections::BTreeMap;

use countersign_model::bus::Bus as Rules;
use countersign_model::bus::policy::{Breadth, Tiers};
use countersign_model::bus::tiering::{Rule, Types};
use countersign_replay::bus::cast::{self, EVERYBODY};
use countersign_replay::target::TargetError;
use countersign_replay::trace::Trace;

use super::people::People;
use crate::bus;
use crate::envelope::Kind;
use crate::identity::SpiffeId;
use crate::lab::failed;
use crate::policy::{Policy, every_type, types_of};

/// Who may send what to whom.
#[derive(Clone)]
pub(super) struct Rights {
    numbers: BTreeMap<SpiffeId, u32>,
    policy: Policy,
}

impl Rights {
    pub(super) fn of(trace: &Trace<Rules>, people: &People) -> Result<Self, TargetError> {
        let mut numbers = BTreeMap::new();
        for (number, agent) in (0u32..).zip(&trace.cast.agents) {
            numbers.insert(people.id(&agent.name)?.clone(), number);
        }
        let end = |name: &str| match name {
            EVERYBODY => Ok::<_, TargetError>(None),
            name => Ok(numbers.get(people.id(name)?).copied()),
        };
        let rules = trace.setting.rules.iter().map(|rule| {
            Ok(Rule {
                from: end(&rule.from)?,
                to: end(&rule.to)?,
                allows: types(&rule.allow)?,
                holds: types(&rule.require_approval)?,
                denies: types(&rule.deny)?,
            })
        });
        let rules = rules.collect::<Result<_, TargetError>>()?;
        Ok(Self {
            policy: Policy::compile(rules),
            numbers,
        })
    }

    /// The same with one rule more, before all others of its breadth: this agent is denied everything.
    pub(super) fn without(&self, agent: &SpiffeId) -> Self {
        let from = self.numbers.get(agent).copied();
        let mut rules = self.policy.rules().to_vec();
        let alike =
            |rule: &Rule<u32>| rule.from == from && matches!(rule.breadth(), Breadth::FromOne);
        let place = rules.iter().position(alike).unwrap_or(rules.len());
        let denial = Rule {
            from,
            to: None,
            allows: Types::NONE,
            holds: Types::NONE,
            denies: every_type(),
        };
        rules.insert(place, denial);
        Self {
            policy: Policy::compile(rules),
            numbers: self.numbers.clone(),
        }
    }
}

impl bus::Policy for Rights {
    fn tiers(&self, from: &SpiffeId, to: &SpiffeId, kind: Kind) -> Tiers<bool> {
        let number = |id: &SpiffeId| self.numbers.get(id).copied().unwrap_or(u32::MAX);
        let place = types_of(kind).places().next();
        let tiers = self.policy.tiers(number(from), number(to));
        tiers.of_type(place.unwrap_or(u8::MAX))
    }
}

fn types(kinds: &[cast::Kind]) -> Result<Types, TargetError> {
    kinds.iter().try_fold(Types::NONE, |types, kind| {
        let kind = Kind::parse(kind.as_str()).map_err(failed)?;
        Ok(types.with(types_of(kind)))
    })
}
