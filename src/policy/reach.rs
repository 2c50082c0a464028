//! Whom an agent can reach through others: a search for the shortest chain.
//!
//! What a chain is and which hops count is the model's ([`countersign_model::bus::chain`]). The search visits
//! every agent that can be reached, nearest first, so that the chain it finds is a shortest one and the
//! set it leaves, where it finds none, is closed.

use std::collections::BTreeMap;

use countersign_model::bus::chain::{By, Hop, Outcome, Question};
use countersign_model::bus::passage::Passage;
use countersign_model::bus::tiering::Types;

use super::{Policy, answered, every_type};

/// What the search found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reach {
    /// A shortest chain, if there is one.
    pub chain: Option<Vec<Hop>>,
    /// Every agent that something can be made to reach, the first one included, in the order in which
    /// they were found; complete if there is no chain.
    pub reached: Vec<u32>,
}

impl Reach {
    /// Searches the agents `0..agents` and one more, numbered `agents`, that no rule names.
    pub fn search(policy: &Policy, agents: u32, question: &Question) -> Self {
        let search = Search { policy, question };
        let last = question.by.unwrap_or_else(every_type);
        let mut reached = vec![question.from];
        let mut led_by: BTreeMap<u32, Hop> = BTreeMap::new();
        let mut next = 0;
        while let Some(&sender) = reached.get(next) {
            next += 1;
            let end = (sender, question.to);
            if sender != question.to
                && let Some(hop) = search.hop(end, last, question.ends_in_answer())
            {
                let chain = Some(chain(&led_by, hop));
                return Self { chain, reached };
            }
            for agent in 0..=agents {
                if agent == sender || agent == question.from || led_by.contains_key(&agent) {
                    continue;
                }
                if let Some(hop) = search.hop((sender, agent), every_type(), question.answers) {
                    led_by.insert(agent, hop);
                    reached.push(agent);
                }
            }
        }
        Self {
            chain: None,
            reached,
        }
    }
}

/// A search under way.
struct Search<'a> {
    policy: &'a Policy,
    question: &'a Question,
}

impl Search<'_> {
    /// How one agent can get a message to another that is a request of one of `types`, or an answer.
    fn hop(&self, (from, to): (u32, u32), types: Types, answers: bool) -> Option<Hop> {
        let hop = |by, outcome| Hop {
            from,
            to,
            by,
            outcome,
        };
        let origin = self.question.origin(from);
        let request = self.policy.passage_for(origin, from, to);
        if let Some((place, outcome)) = self.first(request, types) {
            return Some(hop(By::Request(place), outcome));
        }
        if !answers {
            return None;
        }
        // Whoever is answered has asked of its own accord.
        let asked = self.policy.passage(to, from);
        let (place, outcome) = self.first(asked, answered())?;
        Some(hop(By::Answer(place), outcome))
    }

    /// The first type of which a request passes: rather one that goes at once.
    fn first(&self, passage: Passage<Types>, types: Types) -> Option<(u8, Outcome)> {
        let passing = self.question.passes(&passage).common(types);
        let at_once = passing.common(passage.allowed);
        let place = at_once
            .places()
            .next()
            .or_else(|| passing.places().next())?;
        Some((place, Outcome::of(&passage, place)))
    }
}

/// The chain that ends with this hop.
fn chain(led_by: &BTreeMap<u32, Hop>, last: Hop) -> Vec<Hop> {
    let mut chain = vec![last];
    let mut sender = last.from;
    while let Some(hop) = led_by.get(&sender) {
        chain.push(*hop);
        sender = hop.from;
    }
    chain.reverse();
    chain
}
