//! The bounds of one search, and the first state within them.

use std::fmt;

use super::Admission;
use super::facts::Limits;
use super::message::{Fate, Message};
use super::world::{Agent, Entry, Key, Setting, World};
use crate::domain::{AGENTS, Concrete, KEYS, MESSAGES, NONCES, Row};
use crate::explorer::bounds::{self, ScopeError};
use crate::rulebook::Weakening;

/// The receiver.
pub const BOB: u8 = 0;
/// The attacker, who is also a listed agent.
pub const MALLORY: u8 = 1;
/// The first honest sender.
pub const ALICE: u8 = 2;
/// When a search begins; instants before it are what a forger may date back to.
pub const START: u8 = 1;
/// A key's validity without an end.
pub const FOREVER: u8 = 15;
/// The key that the attacker made itself and no registry lists.
#[expect(clippy::cast_possible_truncation, reason = "nine keys")]
pub const UNLISTED: u8 = KEYS as u8 - 1;

/// How much a search covers. Every verdict of the explorer names it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Scope {
    /// Principals, the receiver and the attacker among them: 3 to 4.
    pub agents: u8,
    /// Messages on the network at once: 1 to 4.
    pub messages: u8,
    /// Nonces: 1 to 4.
    pub nonces: u8,
    /// The last instant of the clock: up to 14. It begins at 1.
    pub clock: u8,
    /// Compromises, rotations, revocations, retirements, restarts and clock changes, all together: up to 3.
    pub faults: u8,
    /// The window, in ticks.
    pub window: u8,
    /// The skew, in ticks.
    pub skew: u8,
    /// Entries one sender may hold.
    pub share: u8,
    /// Messages one sender may have admitted in one tick.
    pub rate: u8,
    /// Entries that a store which evicts by age can hold.
    pub capacity: u8,
}

impl Default for Scope {
    fn default() -> Self {
        Self {
            agents: 3,
            messages: 2,
            nonces: 2,
            clock: 5,
            faults: 2,
            window: 1,
            skew: 1,
            share: 2,
            rate: 2,
            capacity: 1,
        }
    }
}

impl fmt::Display for Scope {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            agents,
            messages,
            nonces,
            clock,
            faults,
            window,
            skew,
            share,
            rate,
            ..
        } = self;
        write!(
            formatter,
            "{agents} agents, {messages} messages, {nonces} nonces, clock {START} to {clock}, {faults} faults; \
             window {window}, skew {skew}, share {share}, rate {rate}"
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
            ("agents", self.agents, 3, limit(AGENTS)),
            ("messages", self.messages, 1, limit(MESSAGES)),
            ("nonces", self.nonces, 1, limit(NONCES)),
            ("clock", self.clock, START, FOREVER - 1),
            ("faults", self.faults, 0, 3),
            ("window", self.window, 0, 4),
            ("skew", self.skew, 0, 2),
            ("share", self.share, 1, 3),
            ("rate", self.rate, 1, 3),
            ("capacity", self.capacity, 1, 3),
        ];
        bounds::check(bounds).map(|()| self)
    }

    /// What stays fixed during the search.
    pub fn setting(&self) -> Setting<Concrete> {
        Setting {
            me: BOB,
            limits: Limits {
                window: self.window,
                skew: self.skew,
                share: self.share,
                rate: self.rate,
            },
            overlap: 1,
            capacity: self.capacity,
        }
    }

    /// The first state: everybody listed with one valid key, nothing sent, nothing stored.
    pub fn first(&self) -> World<Concrete> {
        let mut agents = Row([VACANT_AGENT; AGENTS]);
        let mut keys = Row([VACANT_KEY; KEYS]);
        for (agent, record) in (0..self.agents).zip(&mut agents.0) {
            record.active = true;
            record.hostile = agent == MALLORY;
        }
        for (key, record) in (0u8..).zip(&mut keys.0) {
            let owner = key / 2;
            record.owner = if key == UNLISTED { MALLORY } else { owner };
            record.listed = key != UNLISTED && owner < self.agents && key % 2 == 0;
        }
        World {
            now: START,
            agents,
            keys,
            messages: Row([VACANT_MESSAGE; MESSAGES]),
            fates: Row([Fate {
                sent: false,
                admitted: false,
            }; MESSAGES]),
            store: Row([VACANT_ENTRY; AGENTS * NONCES]),
            insertions: 0,
        }
    }
}

impl Weakening<Admission> {
    /// The scope in which a search sees it: `base`, with as much as it needs.
    #[must_use]
    pub fn scope(&self, base: Scope) -> Scope {
        Scope {
            messages: base.messages.max(self.needs.messages),
            nonces: base.nonces.max(self.needs.messages),
            rate: base.rate.min(self.needs.rate),
            ..base
        }
    }
}

/// The first key of `agent`.
pub const fn first_key(agent: u8) -> u8 {
    2 * agent
}

const VACANT_AGENT: Agent<Concrete> = Agent {
    hostile: false,
    active: false,
    held: 0,
    period: 0,
    recent: 0,
    admitted: 0,
    compromised: false,
};
const VACANT_KEY: Key<Concrete> = Key {
    owner: 0,
    listed: false,
    not_before: 0,
    not_after: FOREVER,
    revoked: false,
    compromised: false,
};
pub(super) const VACANT_ENTRY: Entry<Concrete> = Entry {
    stored: false,
    keep_until: 0,
    serial: 0,
    by: 0,
};
pub(super) const VACANT_MESSAGE: Message<Concrete> = Message {
    author: BOB,
    from: BOB,
    inner_from: BOB,
    to: BOB,
    nonce: 0,
    kind: 0,
    issued_at: 0,
    timed: false,
    expires_at: 0,
    key: 0,
    signed: false,
    size_bounded: false,
    well_formed: false,
    canonical: false,
    version_supported: false,
    schema_valid: false,
    session_known: false,
    intricate: false,
};

#[cfg(test)]
mod tests;
