//! Any three agents of a deployment, as a search of the bus casts them: two honest ones and the attacker.
//!
//! A search knows three agents and three types, so a deployment is searched as all the small policies
//! that it contains: the rules that stand for three of its agents, each of them in each part. Casts for
//! which the file says the same are searched once.
//!
//! Never here: what a rule comes to.

use countersign_model::bus::policies::{ALICE, ASK, BOB, DELEGATE, MALLORY, NOTIFY};
use countersign_model::bus::tiering::{Rule, Types};
use rustc_hash::FxHashSet;

use super::kind::types_of;
use crate::envelope::Kind;

/// The small policies of a deployment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trios {
    /// Each list of rules among three agents, once.
    pub rules: Vec<Vec<Rule<u8>>>,
    /// How many casts they stand for.
    pub casts: u64,
    /// How many casts there are.
    pub casts_in_all: u64,
}

/// What asks for an answer and commissions nothing; a search knows one such type at a time.
const QUESTIONS: [Kind; 2] = [Kind::Ask, Kind::Task];

impl Trios {
    /// The small policies that `rules` contain, of agents with numbers below `agents` and of one that no
    /// rule names, up to `most` of them.
    pub fn of(rules: &[Rule<u32>], agents: u32, most: usize) -> Self {
        // Two more, so that there are three of them in the smallest deployment.
        let agents = (agents + 1).max(3);
        let everybody = || 0..agents;
        let triples = everybody().flat_map(|alice| {
            let pairs = everybody().flat_map(move |bob| everybody().map(move |it| (bob, it)));
            pairs.map(move |(bob, mallory)| [alice, bob, mallory])
        });
        let is_cast =
            |[alice, bob, mallory]: &[u32; 3]| alice != bob && bob != mallory && mallory != alice;
        let casts = triples.filter(is_cast);
        let casts = casts.flat_map(|triple| QUESTIONS.map(|question| (triple, question)));
        let count = u64::from(agents);
        let mut trios = Self {
            rules: Vec::new(),
            casts: 0,
            casts_in_all: count * (count - 1) * (count - 2) * QUESTIONS.len() as u64,
        };
        let mut seen = FxHashSet::default();
        for (triple, question) in casts {
            let among = among(rules, triple, question);
            if !seen.contains(&among) {
                if seen.len() == most {
                    break;
                }
                trios.rules.push(among.clone());
                seen.insert(among);
            }
            trios.casts += 1;
        }
        trios
    }
}

/// The rules that stand for three agents, in the order of the file.
fn among(rules: &[Rule<u32>], cast: [u32; 3], question: Kind) -> Vec<Rule<u8>> {
    let part = |end: Option<u32>| match end {
        None => Some(None),
        Some(agent) => [ALICE, BOB, MALLORY]
            .into_iter()
            .zip(cast)
            .find(|(_, other)| *other == agent)
            .map(|(part, _)| Some(part)),
    };
    let types = |named: Types| {
        let kinds = [
            (question, ASK),
            (Kind::Delegate, DELEGATE),
            (Kind::Notify, NOTIFY),
        ];
        let told = kinds
            .into_iter()
            .filter(|(kind, _)| !named.common(types_of(*kind)).is_empty());
        told.fold(Types::NONE, |all, (_, place)| all.with(Types::one(place)))
    };
    let rules = rules.iter().filter_map(|rule| {
        Some(Rule {
            from: part(rule.from)?,
            to: part(rule.to)?,
            allows: types(rule.allows),
            holds: types(rule.holds),
            denies: types(rule.denies),
        })
    });
    rules.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rule(from: Option<u32>, to: Option<u32>, allows: Types) -> Rule<u32> {
        Rule {
            from,
            to,
            allows,
            holds: Types::NONE,
            denies: Types::NONE,
        }
    }

    #[test]
    fn every_cast_is_counted_and_what_the_file_says_alike_is_searched_once() {
        let ask = types_of(Kind::Ask);
        let trios = Trios::of(&[rule(Some(0), Some(1), ask)], 2, usize::MAX);
        assert_eq!((trios.casts, trios.casts_in_all), (12, 12));
        // One rule between two of three parts in six ways, with the type asked about or the other one.
        assert_eq!(trios.rules.len(), 12);
        let everybody = Trios::of(&[rule(None, None, ask)], 5, usize::MAX);
        assert_eq!((everybody.casts, everybody.casts_in_all), (240, 240));
        assert_eq!(everybody.rules.len(), 2);
        let said = |place: u8| Rule {
            from: None,
            to: None,
            allows: Types::one(place),
            holds: Types::NONE,
            denies: Types::NONE,
        };
        assert_eq!(everybody.rules[0], [said(ASK)]);
    }

    #[test]
    fn a_bound_is_kept_and_shows_in_the_count() {
        let ask = types_of(Kind::Ask);
        let trios = Trios::of(&[rule(Some(0), Some(1), ask)], 2, 3);
        assert_eq!(trios.rules.len(), 3);
        assert!(trios.casts < trios.casts_in_all, "{trios:?}");
    }
}
