//! A sealed record as ground truth, and how it is presented on delivery.

use super::traffic::Traffic;
use crate::domain::{Choice, Identity as _, Truth as _};

/// A record as it was composed, together with what only an omniscient observer knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Record<U: Traffic> {
    /// The attacker composed it.
    pub composed: U::Bool,
    /// The session that its key belongs to.
    pub session: U::Session,
    /// It goes from this end to the peer, not from the peer to this end.
    pub mine: U::Bool,
    /// The epoch of its key.
    pub epoch: U::Nat,
    /// Its number.
    pub sequence: U::Nat,
    /// It was really sealed with that key; junk was not.
    pub sealed: U::Bool,
    /// What is inside satisfies the schema of its type.
    pub schema_valid: U::Bool,
}

impl<U: Traffic> Record<U> {
    /// Whether both go the same way.
    pub fn goes_with(&self, other: &Self) -> U::Bool {
        let (one, two) = (&self.mine, &other.mine);
        one.implies(two).and(&two.implies(one))
    }
}

/// What the network presents: a record, perhaps with its clear parts altered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Presented<U: Traffic> {
    /// The session as presented.
    pub session: U::Session,
    /// The epoch as presented.
    pub epoch: U::Nat,
    /// The number as presented.
    pub sequence: U::Nat,
    /// Anything else of the header was changed.
    pub altered: U::Bool,
}

impl<U: Traffic> Presented<U> {
    /// The record exactly as it was sealed.
    pub fn unaltered(record: &Record<U>) -> Self {
        Self {
            session: record.session.clone(),
            epoch: record.epoch.clone(),
            sequence: record.sequence.clone(),
            altered: U::Bool::constant(false),
        }
    }

    /// Whether what is presented is exactly what was sealed.
    pub fn means(&self, record: &Record<U>) -> U::Bool {
        U::Bool::all([
            self.session.same(&record.session),
            self.epoch.same(&record.epoch),
            self.sequence.same(&record.sequence),
            self.altered.not(),
        ])
    }
}

/// What became of a record so far.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Fate<U: Traffic> {
    /// An honest end sealed it, and it is on the network.
    pub sent: U::Bool,
    /// Ghost: this end accepted it.
    pub accepted: U::Bool,
}

macro_rules! choose_by_field {
    ($name:ident { $($field:ident),+ $(,)? }) => {
        impl<U: Traffic> Choice<U::Bool> for $name<U> {
            #[inline]
            fn choose(condition: &U::Bool, then: &Self, otherwise: &Self) -> Self {
                Self { $($field: Choice::choose(condition, &then.$field, &otherwise.$field),)+ }
            }
        }
    };
}
pub(super) use choose_by_field;

choose_by_field!(Record {
    composed,
    session,
    mine,
    epoch,
    sequence,
    sealed,
    schema_valid,
});
choose_by_field!(Fate { sent, accepted });
