//! The bounds of one search, and the first states within them.

use std::fmt;

use super::Bus;
use super::mail::MESSAGES;
use super::message::{Fate, Hold, Message, Request};
use super::policies::{AGENTS, Policy};
use super::world::{Agent, Setting, World};
use crate::domain::{Concrete, Row};
use crate::explorer::bounds::{self, ScopeError};
use crate::rulebook::Weakening;

/// When a search begins.
pub const START: u8 = 1;

/// How much a search covers. Every verdict of the explorer names it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Scope {
    /// The policies to begin with, one state each.
    pub policies: &'static [Policy],
    /// Messages that are accepted: 1 to 3.
    pub messages: u8,
    /// The last instant of the clock: up to 9. It begins at 1.
    pub clock: u8,
    /// Deactivations and withdrawals, all together: up to 2.
    pub faults: u8,
    /// How old a message may be when it is submitted, in ticks.
    pub window: u8,
    /// How long an approval can be used, in ticks.
    pub patience: u8,
    /// How long a request can be answered at most, in ticks.
    pub longest: u8,
    /// How many deliveries an agent may cause in a tick.
    pub rate: u8,
}

impl Default for Scope {
    fn default() -> Self {
        Self {
            policies: Policy::examples(),
            messages: 2,
            clock: 3,
            faults: 1,
            window: 0,
            patience: 0,
            longest: 0,
            rate: 2,
        }
    }
}

impl fmt::Display for Scope {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            policies,
            messages,
            clock,
            faults,
            window,
            patience,
            longest,
            rate,
        } = self;
        write!(
            formatter,
            "{} policies, {AGENTS} agents, {messages} messages, clock {START} to {clock}, {faults} faults; \
             window {window}, patience {patience}, longest {longest}, rate {rate}",
            policies.len()
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
            ("messages", self.messages, 1, limit(MESSAGES)),
            ("clock", self.clock, START, 9),
            ("faults", self.faults, 0, 2),
            ("window", self.window, 0, 9),
            ("patience", self.patience, 0, 9),
            ("longest", self.longest, 0, 9),
            ("rate", self.rate, 0, 9),
        ];
        bounds::check(bounds).map(|()| self)
    }

    /// What stays fixed during the search.
    pub fn setting(&self) -> Setting<Concrete> {
        Setting {
            window: self.window,
            patience: self.patience,
            longest: self.longest,
            rate: self.rate,
            audience: u8::try_from(AGENTS - 1).unwrap_or(u8::MAX),
        }
    }

    /// The first states, one for each policy: everybody active, nothing sent.
    pub fn first(&self) -> Vec<World<Concrete>> {
        let agent = |hostile| Agent {
            hostile,
            active: true,
            withdrawn: false,
            charged: 0,
            caused: 0,
        };
        let world = |policy: &Policy| World {
            now: START,
            version: 0,
            rights: *policy,
            agents: Row([agent(false), agent(false), agent(true)]),
            messages: Row([0, 1, 2].map(vacant_message)),
            fates: Row([0, 1, 2].map(vacant_fate)),
            parties: Row([Row([false; AGENTS]); MESSAGES]),
            wanters: Row([Row([false; AGENTS]); MESSAGES]),
        };
        self.policies.iter().map(world).collect()
    }
}

impl Weakening<Bus> {
    /// The scope in which a search sees it: `base`, with as much as it needs.
    #[must_use]
    pub fn scope(&self, base: Scope) -> Scope {
        Scope {
            messages: base.messages.max(self.needs.messages),
            ..base
        }
    }
}

/// What lies in a slot that no message was accepted into.
pub(super) const fn vacant_message(slot: u8) -> Message<Concrete> {
    Message {
        signer: 0,
        claimed: 0,
        to: 0,
        to_all: false,
        respelled: false,
        kind: 0,
        is_request: false,
        is_reply: false,
        answers: slot,
        acts: false,
        cause: slot,
        id: slot,
        two_faced: false,
        issued_at: 0,
        expires_at: 0,
        wanted: 0,
    }
}

/// What became of nothing.
pub(super) const fn vacant_fate(slot: u8) -> Fate<Concrete> {
    Fate {
        delivered: false,
        request: Request {
            open: false,
            answer_by: 0,
            waiting: false,
            asked_at: 0,
        },
        hold: Hold {
            held: false,
            left: false,
            approved: false,
            shown: false,
            under: 0,
            until: 0,
            used: false,
            saw: slot,
            approved_at: 0,
            outdated: false,
        },
    }
}

#[cfg(test)]
mod tests {
    use super::Scope;

    #[test]
    fn a_scope_that_no_search_can_hold_is_refused_with_the_bound() {
        let scope = Scope::default();
        assert_eq!(scope.checked(), Ok(scope));
        let messages = 9;
        let error = Scope { messages, ..scope }.checked();
        assert_eq!(
            error.map_err(|error| (error.bound, error.asked)),
            Err(("messages", 9))
        );
    }
}
