//! The invariants: what the world enjoys as long as the rules are kept.
//!
//! An invariant is about one transition and reads ground truth only: who really sealed a record, for
//! whom, with which key; which keys the attacker really has. It never quotes a guard; otherwise the
//! guard table would prove itself. Each has a *premise*: where no reachable transition satisfies it,
//! the invariant says nothing and is reported as vacuous.
//!
//! What an attacker does in a session of its own, or with keys that were really lost, breaks no
//! promise about whom a record is from; everything else it must not do there either.

use super::facts::Limits;
pub use super::promise::InvariantId;
use super::step::{Event, Opening, Reading, Sealing};
use super::traffic::Traffic;
use super::world::{Peer, Session, Setting};
use crate::domain::{Natural as _, Truth as _};

/// One invariant.
pub struct Invariant<U: Traffic> {
    /// Which row it is.
    pub id: InvariantId,
    /// Where it says something at all.
    pub premise: fn(&Setting<U>, &Event<U>) -> U::Bool,
    /// What must then be true.
    pub conclusion: fn(&Setting<U>, &Event<U>) -> U::Bool,
}

impl<U: Traffic> Invariant<U> {
    /// The table.
    pub const TABLE: &[Self] = &[
        Self {
            id: InvariantId::Authentic,
            premise: |_, event| of_opening(event, Opening::changed),
            conclusion: |_, event| of_opening(event, is_authentic),
        },
        Self {
            id: InvariantId::Once,
            premise: |_, event| of_opening(event, |it| it.accepted.clone()),
            conclusion: |_, event| of_opening(event, |it| it.accepted_before.not()),
        },
        Self {
            id: InvariantId::Unique,
            premise: |_, event| of_sealing(event, |it| it.sealed.clone()),
            conclusion: |_, event| of_sealing(event, |it| it.repeated.not()),
        },
        Self {
            id: InvariantId::Timely,
            premise: |_, event| used(event, |_, _, _| U::Bool::constant(true)),
            conclusion: |setting, event| {
                used(event, |session, _, now| {
                    let end = session.established_at.plus(&setting.limits.lifetime);
                    session.held.and(&now.at_most(&end))
                })
            },
        },
        Self {
            id: InvariantId::Entitled,
            premise: |_, event| used(event, |_, _, _| U::Bool::constant(true)),
            conclusion: |_, event| used(event, |_, peer, _| peer.entitled.clone()),
        },
        Self {
            id: InvariantId::Schema,
            premise: |_, event| of_opening(event, |it| it.accepted.clone()),
            conclusion: |_, event| of_opening(event, |it| it.record.schema_valid.clone()),
        },
        Self {
            id: InvariantId::Live,
            premise: |setting, event| of_opening(event, |it| is_deserving(setting, it)),
            conclusion: |_, event| of_opening(event, |it| it.accepted.clone()),
        },
        Self {
            id: InvariantId::Bounded,
            premise: |_, event| of_opening(event, |it| it.tried.clone()),
            conclusion: |setting, event| {
                of_opening(event, |it| {
                    let furthest = it.session.receiving.epoch.plus(&setting.limits.ahead);
                    it.presented.epoch.at_most(&furthest)
                })
            },
        },
        Self {
            id: InvariantId::Renewed,
            premise: |_, event| of_sealing(event, |it| it.sealed.clone()),
            conclusion: |setting, event| {
                of_sealing(event, |it| {
                    let end = it.sender.used_since.plus(&setting.period);
                    let counted = it.sender.used.at_most(&setting.share);
                    counted.and(&it.now.below(&end))
                })
            },
        },
        Self {
            id: InvariantId::Forward,
            premise: |_, event| of_reading(event, |it| it.hostile.not()),
            conclusion: |_, event| {
                of_reading(event, |it| {
                    it.leak.lost.and(&it.leak.since.at_most(&it.epoch))
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

    /// Whether `event` violates the invariant.
    pub fn violated(&self, setting: &Setting<U>, event: &Event<U>) -> U::Bool {
        (self.premise)(setting, event).and(&(self.conclusion)(setting, event).not())
    }
}

fn of_opening<U: Traffic>(event: &Event<U>, holds: impl Fn(&Opening<U>) -> U::Bool) -> U::Bool {
    match event {
        Event::Opening(it) => holds(it),
        Event::Sealing(_) | Event::Reading(_) => U::Bool::constant(false),
    }
}

fn of_sealing<U: Traffic>(event: &Event<U>, holds: impl Fn(&Sealing<U>) -> U::Bool) -> U::Bool {
    match event {
        Event::Sealing(it) => holds(it),
        Event::Opening(_) | Event::Reading(_) => U::Bool::constant(false),
    }
}

fn of_reading<U: Traffic>(event: &Event<U>, holds: impl Fn(&Reading<U>) -> U::Bool) -> U::Bool {
    match event {
        Event::Reading(it) => holds(it),
        Event::Opening(_) | Event::Sealing(_) => U::Bool::constant(false),
    }
}

/// Whether this end used a session, by accepting or by sealing, and `holds` of the session, its peer
/// and the clock.
fn used<U: Traffic>(
    event: &Event<U>,
    holds: impl Fn(&Session<U>, &Peer<U>, &U::Nat) -> U::Bool,
) -> U::Bool {
    match event {
        Event::Opening(it) => it.accepted.and(&holds(&it.session, &it.peer, &it.now)),
        Event::Sealing(it) => {
            let used = it.sealed.and(&it.mine);
            used.and(&holds(&it.session, &it.peer, &it.now))
        }
        Event::Reading(_) => U::Bool::constant(false),
    }
}

/// Its peer sealed exactly that for this end; or it is the attacker; or the key was really lost.
fn is_authentic<U: Traffic>(event: &Opening<U>) -> U::Bool {
    let (record, presented) = (&event.record, &event.presented);
    let leak = &event.session.peer_leaked;
    let lost = leak.lost.and(&leak.since.at_most(&presented.epoch));
    let sealed = U::Bool::all([
        event.sent_before.clone(),
        record.mine.not(),
        presented.means(record),
    ]);
    event.peer.hostile.or(&lost).or(&sealed)
}

/// A record that an honest peer sealed for this end, intact, for the first time, while the session
/// lasts and the peer is entitled to it, and of which no key was lost; not older than the window,
/// counted from what the peer itself sealed and this end accepted, nor of an epoch that is over or too
/// far ahead.
fn is_deserving<U: Traffic>(setting: &Setting<U>, event: &Opening<U>) -> U::Bool {
    let Opening {
        record, session, ..
    } = event;
    let Limits {
        lifetime,
        width,
        ahead,
    } = &setting.limits;
    let heard = &session.heard;
    U::Bool::all([
        event.sent_before.clone(),
        record.mine.not(),
        event.presented.means(record),
        event.accepted_before.not(),
        event.peer.hostile.not(),
        event.peer.entitled.clone(),
        session.peer_leaked.lost.not(),
        session.held.clone(),
        event.now.at_most(&session.established_at.plus(lifetime)),
        heard.top.at_most(&record.sequence.plus(width)),
        heard.epoch.at_most(&record.epoch),
        record.epoch.at_most(&heard.epoch.plus(ahead)),
    ])
}

#[cfg(test)]
mod tests;
