//! What is true of a message, whatever any guard makes of it: the words that invariants are made of.
//!
//! What the rules permit is said here a second time, tier by tier and without computing anything, so
//! that a decision can be wrong.

use crate::bus::mail::Mail;
use crate::bus::message::Message;
use crate::bus::policy::Tiers;
use crate::bus::world::{Setting, World};
use crate::domain::{Choice, Identity as _, Natural as _, Table as _, Truth};

impl<U: Mail> World<U> {
    /// An honest agent signed it, and it says so.
    pub(super) fn is_honest(&self, message: &Message<U>) -> U::Bool {
        let hostile = self.agents.at(&message.signer).hostile;
        hostile.not().and(&message.claimed.same(&message.signer))
    }

    /// Whoever really sent it, and whoever it is for, is active. A broadcast is for active agents only, of
    /// which there must be one.
    pub(super) fn are_active(&self, setting: &Setting<U>, message: &Message<U>) -> U::Bool {
        let recipient = self.agents.at(&message.to).active;
        let sender = self.agents.at(&message.signer).active;
        let heard = U::Nat::constant(0).below(&self.audience(setting, message));
        sender.and(&Choice::choose(&message.to_all, &heard, &recipient))
    }

    /// Whether the rules permit everybody of `party` to send it to every recipient. Nobody may send
    /// to itself; but whoever wanted everybody told may hear it.
    pub(super) fn permits(&self, message: &Message<U>, party: &U::PerAgent<U::Bool>) -> U::Bool {
        let to_itself = message.to_all.not().and(&party.at(&message.to));
        let everyone = self.every_pair(message, party, grants);
        to_itself.not().and(&everyone)
    }

    /// Whether the rules ask for an approval, of anybody of `party` towards any recipient.
    pub(super) fn demands_approval(
        &self,
        message: &Message<U>,
        party: &U::PerAgent<U::Bool>,
    ) -> U::Bool {
        let nobody = |tiers: &Tiers<U::Bool>| {
            let unheld = tiers.tiers.iter().map(|tier| tier.holds.not());
            U::Bool::all(unheld)
        };
        self.every_pair(message, party, nobody).not()
    }

    fn every_pair(
        &self,
        message: &Message<U>,
        party: &U::PerAgent<U::Bool>,
        holds: impl Fn(&Tiers<U::Bool>) -> U::Bool,
    ) -> U::Bool {
        self.every_recipient(message, |to| {
            U::every_agent(&self.rights, |from| {
                let concerned = party.at(from).and(&from.same(to).not());
                if concerned.is_surely_false() {
                    return U::Bool::constant(true);
                }
                concerned.implies(&holds(&self.tiers(from, to, &message.kind)))
            })
        })
    }

    /// Whether a reply answers what its recipient asked its sender, and still waits for.
    pub(super) fn is_solicited(&self, message: &Message<U>) -> U::Bool {
        let request = self.messages.at(&message.answers);
        let fate = self.fates.at(&message.answers);
        U::Bool::all([
            fate.delivered.clone(),
            request.is_request.clone(),
            request.to.same(&message.signer),
            request.signer.same(&message.to),
            fate.request.waiting,
        ])
    }
}

/// No tier denies; and the most specific tier in which any rule stands grants.
fn grants<B: Truth>(tiers: &Tiers<B>) -> B {
    let undenied = B::all(tiers.tiers.iter().map(|tier| tier.denies.not()));
    let [pair, from_one, to_one, any] = &tiers.tiers;
    let deciding = [
        (vec![], pair),
        (vec![pair], from_one),
        (vec![pair, from_one], to_one),
        (vec![pair, from_one, to_one], any),
    ];
    let mut granted = B::constant(false);
    for (above, tier) in deciding {
        let silent = B::all(above.iter().map(|tier| tier.listed.not()));
        let speaks = silent.and(&tier.listed);
        granted = granted.or(&speaks.and(&tier.allows.or(&tier.holds)));
    }
    undenied.and(&granted)
}
