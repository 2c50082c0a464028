//! The flawed mechanisms of a session's end: hardened, except for what its rules say is flawed.

use countersign_model::rulebook::Ruleset;
use countersign_model::session::Session as Rules;
use countersign_model::session::guard::GuardId;
use countersign_model::session::step::slid;
use countersign_model::session::weakening::Mechanism;

use crate::domain::Real;
use crate::envelope::{Digest, SessionId};
use crate::handshake::{Role, SessionSecret};
use crate::session::{
    Cover, Direction, Head, Keys, Limits, Mechanisms, Receiving, Sending, Traffic, Window, is_due,
};

/// Where a flawed end names no session.
const NO_SESSION: SessionId = SessionId::from_bytes([0; 16]);

/// Mechanisms with the flaws that a rule set names.
pub(crate) struct FlawedEnd {
    rules: Ruleset<Rules>,
    /// The secret of the handshake, which a sound end does not keep.
    secret: SessionSecret,
    session: SessionId,
    role: Role,
    width: u64,
}

impl FlawedEnd {
    pub(crate) fn new(
        rules: Ruleset<Rules>,
        secret: SessionSecret,
        session: SessionId,
        role: Role,
        width: u64,
    ) -> Self {
        Self {
            rules,
            secret,
            session,
            role,
            width,
        }
    }

    fn has(&self, mechanism: Mechanism) -> bool {
        self.rules.has(mechanism)
    }

    fn named(&self, session: SessionId) -> SessionId {
        if self.has(Mechanism::OneKeyForAllSessions) {
            NO_SESSION
        } else {
            session
        }
    }

    fn way(&self, direction: Direction) -> Direction {
        if self.has(Mechanism::OneKeyBothWays) {
            Direction::ToResponder
        } else {
            direction
        }
    }

    /// Whether a session goes on after its connection was lost.
    pub(crate) fn resumes(&self) -> bool {
        self.has(Mechanism::SequenceRestarts) || self.has(Mechanism::WindowRestarts)
    }

    /// The first keys of a direction, from the secret that was kept.
    fn origin(&self, direction: Direction) -> Traffic {
        self.first(&self.secret, &self.session, direction)
    }
}

impl Mechanisms for FlawedEnd {
    fn rules(&self) -> Ruleset<Rules> {
        self.rules
    }

    fn first(&self, secret: &SessionSecret, session: &SessionId, direction: Direction) -> Traffic {
        // Whoever has one key for all sessions of a pair of principals has kept their first secret.
        let secret = if self.has(Mechanism::OneKeyForAllSessions) {
            &self.secret
        } else {
            secret
        };
        Traffic::first(secret, &self.named(*session), self.way(direction))
    }

    fn additional_data(&self, head: &Head, direction: Direction, cover: &Cover) -> Vec<u8> {
        let mut head = *head;
        head.session = self.named(head.session);
        if self.has(Mechanism::SequenceOutsideAad) {
            head.sequence = 0;
        }
        let direction = self.way(direction);
        if self.has(Mechanism::HeaderOutsideAad) {
            let nothing = Cover::of_digest(&Digest::from_bytes([0; 32]));
            return nothing.additional_data(&head, direction);
        }
        cover.additional_data(&head, direction)
    }

    fn prefix(&self, sequence: u64) -> Vec<u8> {
        if self.has(Mechanism::SequenceOutsideAad) {
            sequence.to_be_bytes().to_vec()
        } else {
            Vec::new()
        }
    }

    fn nonce<'text>(&self, sequence: u64, text: &'text [u8]) -> (u64, &'text [u8]) {
        if self.has(Mechanism::StaticNonce) {
            return (0, text);
        }
        match text.split_first_chunk() {
            Some((carried, rest)) if self.has(Mechanism::SequenceOutsideAad) => {
                (u64::from_be_bytes(*carried), rest)
            }
            _ => (sequence, text),
        }
    }

    fn is_due(&self, sending: &Sending, limits: &Limits, now_ms: u64) -> bool {
        !self.has(Mechanism::NeverRatchets) && is_due(sending, limits, now_ms)
    }

    fn traffic(&self, receiving: &Receiving, epoch: u64) -> Option<Traffic> {
        if self.has(Mechanism::KeepsOldKeys) && epoch < receiving.traffic.epoch() {
            let first = self.origin(Direction::inward(self.role));
            return first.later(epoch).or(Some(first));
        }
        receiving.traffic.later(epoch)
    }

    fn remembers(&self, receiving: &Receiving, sequence: u64) -> bool {
        if self.has(Mechanism::HighestOnly) {
            return sequence < receiving.window.top();
        }
        receiving.window.remembers(sequence)
    }

    fn before_opening(&self, receiving: &mut Receiving, head: &Head) {
        if self.has(Mechanism::MarksBeforeOpening) {
            let top = slid::<Real>(self.rules, &receiving.window.top(), &head.sequence);
            receiving.window.mark(head.sequence, top);
        }
        if self.has(Mechanism::RatchetsBeforeOpening)
            && let Some(traffic) = receiving.traffic.later(head.epoch)
        {
            receiving.traffic = traffic;
        }
    }

    fn reconnected(&self, mut keys: Keys, now_ms: u64) -> Option<Keys> {
        if self.has(Mechanism::SequenceRestarts) {
            keys.sending = Sending {
                traffic: self.origin(Direction::outward(self.role)),
                next: 0,
                since_ms: now_ms,
                count: 0,
            };
        }
        if self.has(Mechanism::WindowRestarts) {
            keys.receiving = Receiving {
                traffic: self.origin(Direction::inward(self.role)),
                window: Window::new(self.width),
            };
        }
        let kept = self.resumes() || !self.rules.enforces(GuardId::SessionKnown);
        kept.then_some(keys)
    }

    fn given_away(&self, traffic: &Traffic, direction: Direction) -> Traffic {
        if self.has(Mechanism::KeysFromSecret) || self.has(Mechanism::KeepsOldKeys) {
            self.origin(direction)
        } else {
            traffic.revealed()
        }
    }
}
