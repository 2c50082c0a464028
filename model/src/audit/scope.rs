//! The bounds of one search, and the first state within them.

use std::fmt;

use super::Audit;
use super::chronicle::{CHECKPOINTS, MESSAGES, PLACES, RECORDS};
use super::record::{Content, Fate};
use super::sequence::Sequence;
use super::world::{Checkpoint, File, Setting, World};
use crate::domain::{Concrete, Row, Table as _};
use crate::explorer::bounds::{self, ScopeError};
use crate::rulebook::Weakening;

/// An honest agent.
pub const ALICE: u8 = 0;
/// Another one.
pub const BOB: u8 = 1;
/// An agent that asks about others.
pub const MALLORY: u8 = 2;
/// The auditor.
pub const AUDITOR: u8 = 3;
/// The record that the attacker makes up.
pub const FORGED: u8 = 3;
/// The checkpoint that the attacker makes up; the first file has it.
pub const UNSIGNED: u8 = 2;

/// The record that has the bytes of a message's, run together, and says something else.
pub const fn twin(message: u8) -> u8 {
    message + FORGED + 1
}

/// How much a search covers. Every verdict of the explorer names it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Scope {
    /// Messages: the first and third go from alice to bob, the second back, and is denied; 1 to 3.
    pub messages: u8,
    /// Checkpoints that the writer signs: up to 2.
    pub checkpoints: u8,
    /// Crashes and times that the attacker writes to the file, all together: up to 3.
    pub faults: u8,
}

impl Default for Scope {
    fn default() -> Self {
        Self {
            messages: 2,
            checkpoints: 2,
            faults: 2,
        }
    }
}

impl fmt::Display for Scope {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            messages,
            checkpoints,
            faults,
        } = self;
        write!(
            formatter,
            "{messages} messages, {checkpoints} checkpoints, {faults} faults; a log of up to {PLACES} records"
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
            ("checkpoints", self.checkpoints, 0, UNSIGNED),
            ("faults", self.faults, 0, 3),
        ];
        bounds::check(bounds).map(|()| self)
    }

    /// What stays fixed during the search.
    pub fn setting(&self) -> Setting<Concrete> {
        Setting { auditor: AUDITOR }
    }

    /// The first state: an empty log, and no checkpoint that was signed.
    pub fn first(&self) -> World<Concrete> {
        let mut contents = Row([MADE_UP; RECORDS]);
        for message in (0u8..).take(MESSAGES) {
            let content = message_of(message);
            let composed = true;
            contents.set(&message, content);
            contents.set(
                &twin(message),
                Content {
                    composed,
                    ..content
                },
            );
        }
        World {
            contents,
            fates: Row([VACANT_FATE; RECORDS]),
            file: File {
                records: EMPTY,
                links: EMPTY,
                synced: 0,
                checkpoint: UNSIGNED,
            },
            checkpoints: Row([VACANT_CHECKPOINT; CHECKPOINTS]),
            head: EMPTY,
            written: EMPTY,
            remembered: EMPTY,
            verified: EMPTY,
            untouched: true,
        }
    }
}

impl Weakening<Audit> {
    /// The scope in which a search sees it: `base`, with as much as it needs.
    #[must_use]
    pub fn scope(&self, base: Scope) -> Scope {
        Scope {
            messages: base.messages.max(self.needs.messages),
            ..base
        }
    }
}

const fn message_of(message: u8) -> Content<Concrete> {
    let denied = message == 1;
    Content {
        composed: false,
        from: if denied { BOB } else { ALICE },
        to: if denied { ALICE } else { BOB },
        denied,
        text: message,
    }
}

const MADE_UP: Content<Concrete> = Content {
    composed: true,
    from: ALICE,
    to: BOB,
    denied: false,
    text: u8::MAX,
};
const VACANT_FATE: Fate<Concrete> = Fate {
    recorded: false,
    durable: false,
    acted: false,
};
/// A log of no record.
pub(super) const EMPTY: Sequence<Concrete> = Sequence {
    count: 0,
    records: Row([0; PLACES]),
};
/// A checkpoint that nobody made.
pub(super) const VACANT_CHECKPOINT: Checkpoint<Concrete> = Checkpoint {
    signed: false,
    head: EMPTY,
    truth: EMPTY,
};

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
