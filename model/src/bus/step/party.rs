//! On whose behalf a message is sent: its sender, and whoever stands behind what it acts on.
//!
//! Everybody on the way counts, not only the first: a deputy that is asked to act for one agent by
//! another could otherwise be used by the one in between.

use crate::bus::Bus;
use crate::bus::mail::Mail;
use crate::bus::message::Message;
use crate::bus::policy::{self, Decision};
use crate::bus::weakening::Mechanism;
use crate::bus::world::World;
use crate::domain::{Choice, Identity as _, Table as _, Truth};
use crate::rulebook::Ruleset;

/// What the rules say of one message, for every recipient.
pub(super) struct Ruling<B> {
    /// Some tier denies it to its sender.
    pub(super) denied: B,
    /// The rules grant it to its sender.
    pub(super) granted: B,
    /// They would grant it to everybody else on whose behalf it is sent.
    pub(super) origin_granted: B,
    /// They ask for an approval, of anybody on whose behalf it is sent.
    pub(super) held: B,
}

impl<U: Mail> World<U> {
    /// On whose behalf a message is sent, as its envelope and the orchestrator's tables say.
    pub fn party(&self, message: &Message<U>) -> U::PerAgent<U::Bool> {
        let acts = message.acts.and(&self.was_told(message, &message.claimed));
        let before = self.parties.at(&message.cause);
        joined::<U>(&acts, &before, &message.claimed)
    }

    /// Whether an agent was asked or told something by what the message says that it acts on. Whoever
    /// gets an answer was told nothing: it goes on to speak for itself.
    pub fn was_told(&self, message: &Message<U>, agent: &U::Agent) -> U::Bool {
        let cause = self.messages.at(&message.cause);
        U::Bool::all([
            self.fates.at(&message.cause).delivered,
            cause.is_reply.not(),
            self.is_recipient(&cause, agent),
        ])
    }

    /// Who really wanted a message sent: what the attacker says about that means nothing.
    pub fn wanter(&self, message: &Message<U>) -> U::PerAgent<U::Bool> {
        let honest = self.agents.at(&message.signer).hostile.not();
        let acts = message.acts.and(&honest);
        let before = self.wanters.at(&message.cause);
        joined::<U>(&acts, &before, &message.signer)
    }

    /// Whether `holds` is true of every recipient.
    pub fn every_recipient(
        &self,
        message: &Message<U>,
        holds: impl Fn(&U::Agent) -> U::Bool,
    ) -> U::Bool {
        if message.to_all.is_surely_false() {
            return holds(&message.to);
        }
        let all = U::every_agent(&self.rights, |to| {
            let concerned = self.is_recipient(message, to);
            if concerned.is_surely_false() {
                return U::Bool::constant(true);
            }
            concerned.implies(&holds(to))
        });
        Choice::choose(&message.to_all, &all, &holds(&message.to))
    }

    /// What the rules say of a message.
    pub(super) fn ruling(&self, rules: Ruleset<Bus>, message: &Message<U>) -> Ruling<U::Bool> {
        let party = self.party(message);
        let sender = &message.claimed;
        let decide = |from: &U::Agent, to: &U::Agent| -> Decision<U::Bool> {
            self.tiers(from, to, &message.kind).decide(rules)
        };
        let for_each = |holds: &dyn Fn(&U::Agent) -> U::Bool| {
            if rules.has(Mechanism::BroadcastUnchecked) {
                return holds(&message.to);
            }
            self.every_recipient(message, holds)
        };
        // Nobody needs a right to be told something on its own behalf.
        let others = |to: &U::Agent, holds: &dyn Fn(&U::Agent) -> U::Bool| {
            U::every_agent(&self.rights, |from| {
                let member = party.at(from).and(&from.same(sender).not());
                let member = member.and(&from.same(to).not());
                if member.is_surely_false() {
                    return U::Bool::constant(true);
                }
                member.implies(&holds(from))
            })
        };
        let own = Decision {
            denied: for_each(&|to| decide(sender, to).denied.not()).not(),
            granted: for_each(&|to| decide(sender, to).granted),
            held: for_each(&|to| decide(sender, to).held.not()).not(),
        };
        let origin = Decision {
            denied: for_each(&|to| others(to, &|from| decide(from, to).denied.not())).not(),
            granted: for_each(&|to| others(to, &|from| decide(from, to).granted)),
            held: for_each(&|to| others(to, &|from| decide(from, to).held.not())).not(),
        };
        Ruling {
            held: policy::held(&own, &origin, rules),
            origin_granted: origin.granted.and(&origin.denied.not()),
            denied: own.denied,
            granted: own.granted,
        }
    }
}

/// An author, and with it those of `before` if it acts for them.
fn joined<U: Mail>(
    acts: &U::Bool,
    before: &U::PerAgent<U::Bool>,
    author: &U::Agent,
) -> U::PerAgent<U::Bool> {
    let mut nobody = before.clone();
    nobody.change_all(|_| U::Bool::constant(false));
    let mut party = Choice::choose(acts, before, &nobody);
    party.set(author, U::Bool::constant(true));
    party
}
