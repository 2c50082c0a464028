//! The invariants: what the world enjoys as long as the rules are kept.
//!
//! An invariant is about one transition and reads ground truth only: who really signed, who really
//! wanted a message sent, what the rules say tier by tier, what a human really saw. It never quotes a
//! guard, nor how a decision is computed; otherwise the rules would prove themselves. Each has a
//! *premise*: where no reachable transition satisfies it, the invariant says nothing and is reported as
//! vacuous.

use super::mail::Mail;
use super::message::{Fate, Message};
pub use super::promise::InvariantId;
use super::step::Event;
use super::world::{Setting, World};
use crate::domain::{Identity as _, Natural as _, Table as _, Truth as _};

mod truth;

/// One step, with the worlds before and after it; before it, what is submitted is already composed.
pub struct Transition<'a, U: Mail> {
    /// What stays fixed.
    pub setting: &'a Setting<U>,
    /// The world before.
    pub before: &'a World<U>,
    /// What happened.
    pub event: &'a Event<U>,
    /// The world after.
    pub after: &'a World<U>,
}

/// One invariant.
pub struct Invariant<U: Mail> {
    /// Which row it is.
    pub id: InvariantId,
    /// Where it says something at all.
    pub premise: fn(&Transition<'_, U>) -> U::Bool,
    /// What must then be true.
    pub conclusion: fn(&Transition<'_, U>) -> U::Bool,
}

impl<U: Mail> Invariant<U> {
    /// The table.
    pub const TABLE: &[Self] = &[
        Self {
            id: InvariantId::Attributed,
            premise: delivers,
            conclusion: |it| it.of_message(|message, _| message.claimed.same(&message.signer)),
        },
        Self {
            id: InvariantId::Mediated,
            premise: |it| match it.event {
                Event::Received { acted, .. } => acted.clone(),
                Event::Judged { .. } | Event::Passed => no::<U>(),
            },
            conclusion: |it| match it.event {
                Event::Received { message, by, .. } => {
                    let content = it.before.messages.at(message);
                    let delivered = it.before.fates.at(message).delivered;
                    delivered.and(&it.before.is_recipient(&content, by))
                }
                Event::Judged { .. } | Event::Passed => no::<U>(),
            },
        },
        Self {
            id: InvariantId::Entitled,
            premise: delivers,
            conclusion: |it| it.of_message(|message, _| it.before.are_active(it.setting, message)),
        },
        Self {
            id: InvariantId::Permitted,
            premise: |it| delivers(it).and(&it.of_message(|message, _| message.is_reply.not())),
            conclusion: |it| {
                it.of_message(|message, _| it.before.permits(message, &it.before.wanter(message)))
            },
        },
        Self {
            id: InvariantId::Approved,
            premise: |it| {
                let demanded = it.of_message(|message, _| {
                    let wanter = it.before.wanter(message);
                    message
                        .is_reply
                        .not()
                        .and(&it.before.demands_approval(message, &wanter))
                });
                delivers(it).and(&demanded)
            },
            conclusion: |it| {
                it.of_message(|message, fate| {
                    U::Bool::all([
                        fate.hold.approved.clone(),
                        fate.hold.outdated.not(),
                        message.two_faced.not(),
                        it.is_what_was_seen(fate),
                    ])
                })
            },
        },
        Self {
            id: InvariantId::Once,
            premise: delivers,
            conclusion: |it| it.of_message(|_, fate| fate.delivered.not()),
        },
        Self {
            id: InvariantId::Timely,
            premise: delivers,
            conclusion: |it| it.of_message(|message, fate| it.is_timely(message, fate)),
        },
        Self {
            id: InvariantId::Solicited,
            premise: |it| delivers(it).and(&it.of_message(|message, _| message.is_reply.clone())),
            conclusion: |it| it.of_message(|message, _| it.before.is_solicited(message)),
        },
        Self {
            id: InvariantId::Bounded,
            premise: |it| match it.event {
                Event::Judged {
                    released: false,
                    delivered,
                    queued,
                    ..
                } => delivered.or(queued),
                Event::Judged { .. } | Event::Received { .. } | Event::Passed => no::<U>(),
            },
            conclusion: |it| {
                it.of_message(|message, _| {
                    let caused = it.after.agents.at(&message.signer).caused;
                    caused.at_most(&it.setting.rate)
                })
            },
        },
        Self {
            id: InvariantId::Live,
            premise: |it| match it.event {
                Event::Judged { released, .. } => it.of_message(|message, fate| {
                    if *released {
                        it.deserves_release(message, fate)
                    } else {
                        it.deserves_delivery(message, fate)
                    }
                }),
                Event::Received { .. } | Event::Passed => no::<U>(),
            },
            conclusion: |it| match it.event {
                Event::Judged {
                    delivered, queued, ..
                } => delivered.or(queued),
                Event::Received { .. } | Event::Passed => no::<U>(),
            },
        },
        Self {
            id: InvariantId::Answered,
            premise: |it| match it.event {
                Event::Passed => U::every_message(&it.before.rights, |message| {
                    it.before.fates.at(message).request.waiting.not()
                })
                .not(),
                Event::Judged { .. } | Event::Received { .. } => no::<U>(),
            },
            conclusion: |it| {
                U::every_message(&it.after.rights, |message| {
                    let request = it.after.fates.at(message).request;
                    let end = request.asked_at.plus(&it.setting.longest);
                    request.waiting.not().or(&it.before.now.at_most(&end))
                })
            },
        },
    ];

    /// The row of `id`.
    pub fn of(id: InvariantId) -> &'static Self {
        // INVARIANT: the table holds every id in the order of the enum (a test says so).
        #[expect(clippy::indexing_slicing, reason = "one row per id, in order")]
        &Self::TABLE[id as usize]
    }

    /// Whether a step violates the invariant.
    pub fn violated(&self, step: &Transition<'_, U>) -> U::Bool {
        let premise = (self.premise)(step);
        if premise.is_surely_false() {
            return premise;
        }
        premise.and(&(self.conclusion)(step).not())
    }
}

fn no<U: Mail>() -> U::Bool {
    U::Bool::constant(false)
}

fn delivers<U: Mail>(step: &Transition<'_, U>) -> U::Bool {
    match step.event {
        Event::Judged { delivered, .. } => delivered.clone(),
        Event::Received { .. } | Event::Passed => no::<U>(),
    }
}

impl<U: Mail> Transition<'_, U> {
    /// What is true of the message that was judged, and of its fate before.
    fn of_message(&self, holds: impl Fn(&Message<U>, &Fate<U>) -> U::Bool) -> U::Bool {
        match self.event {
            Event::Judged { message, .. } => {
                let content = self.before.messages.at(message);
                holds(&content, &self.before.fates.at(message))
            }
            Event::Received { .. } | Event::Passed => no::<U>(),
        }
    }

    /// The human who approved it saw this very message.
    fn is_what_was_seen(&self, fate: &Fate<U>) -> U::Bool {
        match self.event {
            Event::Judged { message, .. } => fate.hold.saw.same(message),
            Event::Received { .. } | Event::Passed => no::<U>(),
        }
    }

    /// Nothing is past its end: the message, the approval where it had to wait for one, the request
    /// that it answers, and, of a request, its sender's patience.
    fn is_timely(&self, message: &Message<U>, fate: &Fate<U>) -> U::Bool {
        let now = &self.before.now;
        let usable = fate.hold.approved_at.plus(&self.setting.patience);
        let released = match self.event {
            Event::Judged { released, .. } => *released,
            Event::Received { .. } | Event::Passed => false,
        };
        let released = U::Bool::constant(released);
        U::Bool::all([
            now.at_most(&message.expires_at),
            released.implies(&now.at_most(&usable)),
            message.is_reply.implies(&self.is_in_time(message)),
            // Whoever was told that its request ended must not learn later that it was put.
            released
                .and(&message.is_request)
                .and(&fate.delivered.not())
                .implies(&fate.request.waiting),
        ])
    }

    /// The request that the message answers can still be answered.
    fn is_in_time(&self, message: &Message<U>) -> U::Bool {
        let now = &self.before.now;
        let request = self.before.fates.at(&message.answers).request;
        let wanted = self.before.messages.at(&message.answers).wanted;
        let longest = request.asked_at.plus(&self.setting.longest);
        let wanted = request.asked_at.plus(&wanted);
        now.at_most(&longest).and(&now.at_most(&wanted))
    }

    /// What an honest agent has every right to send for those it says it acts for: now, in time, and
    /// within its share, counting only what it sent itself.
    fn deserves_delivery(&self, message: &Message<U>, fate: &Fate<U>) -> U::Bool {
        let (world, now) = (self.before, &self.before.now);
        let caused = world.agents.at(&message.signer).caused;
        let fresh = now.at_most(&message.issued_at.plus(&self.setting.window));
        let answers = world.is_solicited(message).and(&self.is_in_time(message));
        let permitted = world.permits(message, &world.party(message));
        U::Bool::all([
            world.is_honest(message),
            fate.delivered.not(),
            fate.hold.held.not(),
            message.issued_at.at_most(now),
            fresh,
            now.at_most(&message.expires_at),
            world.are_active(self.setting, message),
            caused
                .plus(&world.cost(self.setting, message))
                .at_most(&self.setting.rate),
            message.to_all.or(&message.to.same(&message.signer).not()),
            message.is_reply.implies(&answers),
            message.is_reply.or(&permitted),
        ])
    }

    /// What an honest agent has every right to send, and a human approved as it is.
    fn deserves_release(&self, message: &Message<U>, fate: &Fate<U>) -> U::Bool {
        let (world, now) = (self.before, &self.before.now);
        let usable = fate.hold.approved_at.plus(&self.setting.patience);
        U::Bool::all([
            world.is_honest(message),
            message.is_reply.not(),
            fate.hold.held.clone(),
            fate.delivered.not(),
            fate.hold.approved.clone(),
            self.is_what_was_seen(fate),
            fate.hold.outdated.not(),
            message.two_faced.not(),
            now.at_most(&usable),
            now.at_most(&message.expires_at),
            world.are_active(self.setting, message),
            world.permits(message, &world.party(message)),
        ])
    }
}

#[cfg(test)]
mod tests {
    use super::{Invariant, InvariantId};
    use crate::domain::Concrete;

    #[test]
    fn the_table_holds_every_invariant_in_order() {
        let table = Invariant::<Concrete>::TABLE.iter();
        let ids: Vec<InvariantId> = table.map(|row| row.id).collect();
        assert_eq!(ids, InvariantId::ALL);
    }
}
