//! The bounds of one search, and the first state within them.

use std::fmt;

use super::facts::Limits;
use super::record::{Fate, Record};
use super::traffic::{NUMBERS, RECORDS, SESSIONS};
use super::world::{Leak, Mark, Peer, Reach, Sender, Session, Setting, World};
use crate::domain::{Concrete, Row};
use crate::explorer::bounds::{self, ScopeError};
use crate::rulebook::Weakening;

/// An honest peer: the one of sessions 0 and 2.
pub const ALICE: u8 = 0;
/// The attacker, who is also a listed peer: the one of session 1.
pub const MALLORY: u8 = 1;
/// When a search begins, and every session was established.
pub const START: u8 = 1;

/// How much a search covers. Every verdict of the explorer names it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Scope {
    /// Sessions: with an honest peer, with the attacker, with the honest peer again; 1 to 3.
    pub sessions: u8,
    /// Records on the network: 1 to 4.
    pub records: u8,
    /// Numbers that the attacker tries: 1 to 4.
    pub numbers: u8,
    /// The last instant of the clock: up to 14. It begins at 1.
    pub clock: u8,
    /// Reconnections, withdrawals and reveals, all together: up to 3.
    pub faults: u8,
    /// How long a session lives, in ticks.
    pub lifetime: u8,
    /// How many numbers a window holds.
    pub width: u8,
    /// How many epochs ahead a record may be.
    pub ahead: u8,
    /// How many records one key seals.
    pub share: u8,
    /// How many ticks one key seals.
    pub period: u8,
}

impl Default for Scope {
    fn default() -> Self {
        Self {
            sessions: 3,
            records: 3,
            numbers: 3,
            clock: 4,
            faults: 2,
            lifetime: 2,
            width: 2,
            ahead: 1,
            share: 2,
            period: 2,
        }
    }
}

impl fmt::Display for Scope {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            sessions,
            records,
            numbers,
            clock,
            faults,
            lifetime,
            width,
            ahead,
            share,
            period,
        } = self;
        write!(
            formatter,
            "{sessions} sessions, {records} records, {numbers} numbers, clock {START} to {clock}, {faults} faults; \
             lifetime {lifetime}, width {width}, ahead {ahead}, {share} records or {period} ticks a key"
        )
    }
}

impl Scope {
    /// The scope itself, if a search can hold it.
    ///
    /// # Errors
    /// [`ScopeError`] names the first bound that is out of range.
    pub fn checked(self) -> Result<Self, ScopeError> {
        let limit = |size: usize| u8::try_from(size).unwrap_or(u8::MAX);
        let bounds = [
            ("sessions", self.sessions, 1, limit(SESSIONS)),
            ("records", self.records, 1, limit(RECORDS)),
            ("numbers", self.numbers, 1, limit(NUMBERS)),
            ("clock", self.clock, START, 14),
            ("faults", self.faults, 0, 3),
            ("lifetime", self.lifetime, 0, 14),
            ("width", self.width, 1, limit(NUMBERS)),
            ("ahead", self.ahead, 0, 3),
            ("share", self.share, 1, limit(RECORDS)),
            ("period", self.period, 1, 14),
        ];
        bounds::check(bounds).map(|()| self)
    }

    /// What stays fixed during the search.
    pub fn setting(&self) -> Setting<Concrete> {
        Setting {
            limits: Limits {
                lifetime: self.lifetime,
                width: self.width,
                ahead: self.ahead,
            },
            share: self.share,
            period: self.period,
        }
    }

    /// The first state: every session held, every peer entitled, nothing sealed.
    pub fn first(&self) -> World<Concrete> {
        let session = |peer: u8, held: bool| Session {
            peer,
            established_at: START,
            held,
            ..VACANT_SESSION
        };
        let peer = |peer: u8| Peer {
            hostile: peer == MALLORY,
            entitled: true,
        };
        World {
            now: START,
            peers: Row([peer(ALICE), peer(MALLORY)]),
            sessions: Row([
                session(ALICE, true),
                session(MALLORY, self.sessions > 1),
                session(ALICE, self.sessions > 2),
            ]),
            marks: Row([VACANT_MARK; SESSIONS * NUMBERS]),
            records: Row([VACANT_RECORD; RECORDS]),
            fates: Row([VACANT_FATE; RECORDS]),
        }
    }
}

impl Weakening<super::Session> {
    /// The scope in which a search sees it: `base`, with as much as it needs.
    #[must_use]
    pub fn scope(&self, base: Scope) -> Scope {
        Scope {
            records: base.records.max(self.needs.records),
            ..base
        }
    }
}

const FRESH: Sender<Concrete> = Sender {
    epoch: 0,
    next: 0,
    since: START,
    count: 0,
    used_since: START,
    used: 0,
};
const NOTHING: Reach<Concrete> = Reach { epoch: 0, top: 0 };
const KEPT: Leak<Concrete> = Leak {
    lost: false,
    since: 0,
    from: 0,
};
const VACANT_SESSION: Session<Concrete> = Session {
    peer: ALICE,
    established_at: START,
    held: false,
    sending: FRESH,
    peer_sending: FRESH,
    receiving: NOTHING,
    heard: NOTHING,
    leaked: KEPT,
    peer_leaked: KEPT,
};
const VACANT_MARK: Mark<Concrete> = Mark {
    marked: false,
    by: 0,
};
/// An empty slot: what nobody composes, a record that is neither sealed nor the attacker's.
pub(super) const VACANT_RECORD: Record<Concrete> = Record {
    composed: false,
    session: 0,
    mine: false,
    epoch: 0,
    sequence: 0,
    sealed: false,
    schema_valid: false,
};
const VACANT_FATE: Fate<Concrete> = Fate {
    sent: false,
    accepted: false,
};

#[cfg(test)]
mod tests {
    use super::Scope;

    #[test]
    fn a_scope_that_no_search_can_hold_is_refused_with_the_bound() {
        let scope = Scope::default();
        assert_eq!(scope.checked(), Ok(scope));
        let records = 9;
        let error = Scope { records, ..scope }.checked();
        assert_eq!(
            error.map_err(|error| (error.bound, error.asked)),
            Err(("records", 9))
        );
    }
}
