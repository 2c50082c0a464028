//! The attacker on sessions, for real: what it has, what it makes of that, and what it can read.
//!
//! It is given bytes on the wire, the secrets of sessions of its own, and keys that a trace reveals,
//! and nothing else. It knows how ends do things, flaws included; that is no secret.

use std::collections::BTreeMap;

use countersign_model::rulebook::Ruleset;
use countersign_model::session::Session as Rules;

use super::wire::{Sealed, malformed, text};
use crate::envelope::{Digest, SessionId};
use crate::flawed::FlawedEnd;
use crate::handshake::SessionSecret;
use crate::session::{
    Arrived, Cover, Direction, Head, Mechanisms as _, Record, TAG_LENGTH, Traffic,
};

/// How many epochs beyond a record's own the attacker tries keys of.
const TRIES: u64 = 4;

/// The attacker.
pub(super) struct Attacker {
    /// What was sent, by handle.
    wire: BTreeMap<String, Overheard>,
    sessions: BTreeMap<String, Known>,
}

/// A record as anybody sees it.
struct Overheard {
    session: String,
    direction: Direction,
    sealed: Sealed,
}

/// What it knows of a session.
struct Known {
    id: SessionId,
    mechanisms: FlawedEnd,
    /// The secret, where the attacker is one of its ends.
    own: Option<SessionSecret>,
    /// Keys that it was given: of what the end that is looked at seals, and of what it opens.
    lost: Option<[Traffic; 2]>,
}

/// A record that the attacker composes.
pub(super) struct Forgery<'a> {
    pub(super) handle: &'a str,
    pub(super) session: &'a str,
    pub(super) epoch: u64,
    pub(super) sequence: u64,
    pub(super) junk: bool,
    pub(super) malformed: bool,
}

impl Attacker {
    pub(super) fn new() -> Self {
        Self {
            wire: BTreeMap::new(),
            sessions: BTreeMap::new(),
        }
    }

    /// Knows of a session. Where the attacker is its peer, `own` is the secret, and the one that a
    /// flawed end keeps.
    pub(super) fn meet(
        &mut self,
        name: &str,
        id: SessionId,
        rules: Ruleset<Rules>,
        own: Option<[SessionSecret; 2]>,
    ) {
        let nothing = SessionSecret::new([0; 32]);
        let (own, kept) = match own {
            Some([own, kept]) => (Some(own), kept),
            None => (None, nothing),
        };
        // As the peer of the end that is looked at; it keeps no window.
        let mechanisms = FlawedEnd::new(rules, kept, id, super::PEER_ROLE, 1);
        let known = Known {
            id,
            mechanisms,
            own,
            lost: None,
        };
        self.sessions.insert(name.to_owned(), known);
    }

    /// Sees a record go by.
    pub(super) fn overhear(
        &mut self,
        handle: &str,
        session: &str,
        direction: Direction,
        sealed: Sealed,
    ) {
        let overheard = Overheard {
            session: session.to_owned(),
            direction,
            sealed,
        };
        self.wire.insert(handle.to_owned(), overheard);
    }

    /// Is given the keys of a session.
    pub(super) fn obtain(&mut self, session: &str, keys: [Traffic; 2]) {
        if let Some(known) = self.sessions.get_mut(session) {
            known.lost = Some(keys);
        }
    }

    /// Whether it was given the keys of a session.
    pub(super) fn has_keys(&self, session: &str) -> bool {
        let known = self.sessions.get(session);
        known.is_some_and(|known| known.lost.is_some())
    }

    /// What was sent under this handle, to be delivered, and the session that it names.
    pub(super) fn recall(&self, handle: &str) -> Option<(&Sealed, &str)> {
        let overheard = self.wire.get(handle)?;
        Some((&overheard.sealed, &overheard.session))
    }

    /// The id of a session, which is no secret.
    pub(super) fn id(&self, session: &str) -> Option<SessionId> {
        self.sessions.get(session).map(|known| known.id)
    }

    /// Composes a record as one of the peer in a session; none where it has no key for it.
    pub(super) fn compose(&self, forgery: &Forgery<'_>, covered: Digest) -> Option<Sealed> {
        let known = self.sessions.get(forgery.session)?;
        let head = Head {
            session: known.id,
            epoch: forgery.epoch,
            sequence: forgery.sequence,
        };
        let inward = Direction::outward(super::PEER_ROLE);
        let text = if forgery.malformed {
            malformed()
        } else {
            text(forgery.handle)?
        };
        let prefix = known.mechanisms.prefix(head.sequence);
        let mut record = Record::begin(&head, &prefix, &text);
        let tag = if forgery.junk {
            [0; TAG_LENGTH]
        } else {
            let traffic = known.traffic(inward, head.epoch)?;
            let cover = Cover::of_digest(&covered);
            let additional = known.mechanisms.additional_data(&head, inward, &cover);
            let (number, _) = known.mechanisms.nonce(head.sequence, &prefix);
            traffic.seal(number, &additional, record.text_mut(prefix.len()))?
        };
        let record = record.end(tag).as_bytes().to_vec();
        Some(Sealed { covered, record })
    }

    /// Whether it opens a record with the keys that it has, or with any that follow from them.
    pub(super) fn reads(&self, handle: &str) -> bool {
        self.opens(handle).unwrap_or(false)
    }

    fn opens(&self, handle: &str) -> Option<bool> {
        let overheard = self.wire.get(handle)?;
        let known = self.sessions.get(&overheard.session)?;
        let arrived = Arrived::read(&overheard.sealed.record)?;
        let (head, direction) = (arrived.head, overheard.direction);
        let cover = Cover::of_digest(&overheard.sealed.covered);
        let additional = known.mechanisms.additional_data(&head, direction, &cover);
        let (number, text) = known.mechanisms.nonce(head.sequence, arrived.text);
        let mut traffic = known.first(direction)?;
        let last = head.epoch.saturating_add(TRIES);
        loop {
            if traffic.open(number, &additional, &mut text.to_vec(), arrived.tag) {
                return Some(true);
            }
            if traffic.epoch() >= last {
                return Some(false);
            }
            traffic = traffic.next();
        }
    }
}

impl Known {
    /// The earliest keys that it has of a direction.
    fn first(&self, direction: Direction) -> Option<Traffic> {
        if let Some(own) = &self.own {
            return Some(self.mechanisms.first(own, &self.id, direction));
        }
        let [outward, inward] = self.lost.as_ref()?;
        let lost = if direction == Direction::inward(super::PEER_ROLE) {
            outward
        } else {
            inward
        };
        Some(lost.revealed())
    }

    /// The keys of a direction in this epoch, where they follow from what it has.
    fn traffic(&self, direction: Direction, epoch: u64) -> Option<Traffic> {
        let first = self.first(direction)?;
        if first.epoch() == epoch {
            return Some(first);
        }
        first.later(epoch)
    }
}
