//! A run of the system as recipes: the form in which the explorer hands over what it found.

use super::Handshake;
use super::attack::INITIATOR;
use super::flight::Message;
use super::performance::every;
use super::script::{self, Script};
use crate::dolev_yao::reveal::Reveals;
use crate::dolev_yao::run::Participant;
use crate::dolev_yao::system::{Attacked, Delivery, State};
use crate::rulebook::Ruleset;

/// What happened, and to whom.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Story {
    /// Who takes part; the run whose commitments are watched comes first where secrets are revealed.
    pub participants: Vec<Participant>,
    /// What the attacker is given.
    pub reveals: Reveals,
    /// The deliveries: to which run, and what.
    pub deliveries: Vec<(u8, Message)>,
}

impl Story {
    /// The story that a path of the explorer tells.
    pub fn of_path(
        attacked: &Attacked,
        rules: Ruleset<Handshake>,
        path: &[(State, Option<Delivery>)],
    ) -> Self {
        let scripts = [script::initiator(rules), script::responder(rules)];
        let participants = path.first().map(|(state, _)| attacked.participants(state));
        let deliveries = path.iter().filter_map(|(state, next)| {
            let delivery = (*next)?;
            Some((delivery.slot, message(attacked, &scripts, state, delivery)?))
        });
        Self {
            participants: participants.unwrap_or_default().to_vec(),
            reveals: attacked.reveals(),
            deliveries: deliveries.collect(),
        }
    }
}

/// What `delivery` delivers in `state`.
fn message(
    attacked: &Attacked,
    [initiator, responder]: &[Script; 2],
    state: &State,
    delivery: Delivery,
) -> Option<Message> {
    let count = attacked.participants(state).len();
    attacked.look_at(state, |arena, runs, knowledge, _| {
        let bindings = runs.deeds(delivery.to)?.run.bindings;
        let all = every(runs, state, count);
        let before = all.get(usize::from(delivery.slot))?;
        let role = before.run.participant.role;
        let flight = Script::awaits(role, before.received)?;
        let script = if role == INITIATOR {
            initiator
        } else {
            responder
        };
        Some(script.decode(arena, knowledge, &all, flight, &bindings))
    })
}
