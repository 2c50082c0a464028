//! The invariants: what the world enjoys as long as the rules are kept.
//!
//! An invariant is about one transition and reads ground truth only: who really composed a message,
//! who really holds a key, what was really admitted before. It never quotes a guard; otherwise the
//! guard table would prove itself. Each has a *premise*: where no reachable transition satisfies it,
//! the invariant says nothing and is reported as vacuous.

pub use super::promise::InvariantId;
use super::step::Delivery;
use super::world::Setting;
use crate::domain::{Identity as _, Natural as _, Truth as _, Universe};

/// One invariant.
pub struct Invariant<U: Universe> {
    /// Which row it is.
    pub id: InvariantId,
    /// Where it says something at all.
    pub premise: fn(&Setting<U>, &Delivery<U>) -> U::Bool,
    /// What must then be true.
    pub conclusion: fn(&Setting<U>, &Delivery<U>) -> U::Bool,
}

impl<U: Universe> Invariant<U> {
    /// The table.
    pub const TABLE: &[Self] = &[
        Self {
            id: InvariantId::Authentic,
            premise: |_, event| event.changed.clone(),
            conclusion: |_, event| {
                event
                    .message
                    .signed
                    .and(&event.presented.means(&event.message))
            },
        },
        Self {
            id: InvariantId::Bound,
            premise: |_, event| event.admitted.clone(),
            conclusion: bound,
        },
        Self {
            id: InvariantId::Once,
            premise: |_, event| event.admitted.clone(),
            conclusion: |_, event| event.admitted_before.not(),
        },
        Self {
            id: InvariantId::Audience,
            premise: |_, event| event.admitted.clone(),
            conclusion: |setting, event| {
                let message = &event.message;
                message
                    .to
                    .same(&setting.me)
                    .and(&event.acting.same(&setting.me).not())
                    .and(&message.session_known)
            },
        },
        Self {
            id: InvariantId::Schema,
            premise: |_, event| event.admitted.clone(),
            conclusion: |_, event| {
                event
                    .message
                    .version_supported
                    .and(&event.message.schema_valid)
            },
        },
        Self {
            id: InvariantId::Canonical,
            premise: |_, event| event.admitted.clone(),
            conclusion: |_, event| {
                event
                    .message
                    .well_formed
                    .and(&event.message.canonical)
                    .and(&event.presented.respelled.not())
            },
        },
        Self {
            id: InvariantId::Timely,
            premise: |_, event| event.admitted.clone(),
            conclusion: |_, event| event.now.at_most(&event.message.expires_at),
        },
        Self {
            id: InvariantId::Live,
            premise: deserving,
            conclusion: |_, event| event.admitted.clone(),
        },
        Self {
            id: InvariantId::Bounded,
            premise: |_, event| event.parsed.clone(),
            conclusion: bounded,
        },
    ];

    /// The row of `id`.
    pub fn of(id: InvariantId) -> &'static Self {
        // INVARIANT: the table holds every id in the order of the enum (a test says so).
        #[expect(clippy::indexing_slicing, reason = "one row per id, in order")]
        &Self::TABLE[id as usize]
    }

    /// Whether `event` violates the invariant.
    pub fn violated(&self, setting: &Setting<U>, event: &Delivery<U>) -> U::Bool {
        (self.premise)(setting, event).and(&(self.conclusion)(setting, event).not())
    }
}

/// The one it is attributed to composed it, or a stolen key of that one signed it; and the registry
/// entitled both sender and key at that moment.
fn bound<U: Universe>(_setting: &Setting<U>, event: &Delivery<U>) -> U::Bool {
    let (message, key) = (&event.message, &event.key);
    let stolen = key.owner.same(&event.acting).and(&key.compromised);
    message
        .author
        .same(&event.acting)
        .or(&stolen)
        .and(&key.owner.same(&event.acting))
        .and(&key.entitled(&event.now))
        .and(&event.attributed.active)
}

/// An honest message to me, delivered intact and in time for the first time, whose sender stays
/// within its own share and rate and has lost no key.
fn deserving<U: Universe>(setting: &Setting<U>, event: &Delivery<U>) -> U::Bool {
    let (message, sender, now) = (&event.message, &event.sender, &event.now);
    let limits = &setting.limits;
    let quiet = sender
        .period
        .same(now)
        .implies(&sender.admitted.below(&limits.rate));
    event
        .sent_before
        .and(&sender.hostile.not())
        .and(&sender.compromised.not())
        .and(&sender.active)
        .and(&event.key.entitled(now))
        .and(&event.presented.means(message))
        .and(&event.presented.respelled.not())
        .and(&message.to.same(&setting.me))
        .and(&message.from.same(&setting.me).not())
        .and(&message.issued_at.at_most(now))
        .and(&now.at_most(&message.issued_at.plus(&limits.window)))
        .and(&now.at_most(&message.expires_at))
        .and(&event.admitted_before.not())
        .and(&sender.held.below(&limits.share))
        .and(&quiet)
}

/// What was parsed was short; the sender holds no more than its share, was admitted no more often
/// than its rate, and no entry outlives window + 3 x skew from now.
fn bounded<U: Universe>(setting: &Setting<U>, event: &Delivery<U>) -> U::Bool {
    let limits = &setting.limits;
    let sender = &event.sender_after;
    let margin = limits.skew.plus(&limits.skew).plus(&limits.skew);
    let horizon = event.now.plus(&limits.window).plus(&margin);
    event
        .message
        .size_bounded
        .and(&sender.held.at_most(&limits.share))
        .and(
            &sender
                .period
                .same(&event.now)
                .implies(&sender.admitted.at_most(&limits.rate)),
        )
        .and(
            &event
                .remembered
                .implies(&event.keep_until.at_most(&horizon)),
        )
}

#[cfg(test)]
mod tests;
