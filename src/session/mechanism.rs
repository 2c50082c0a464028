//! Mechanisms: what surrounds the guard table, each the right way by default.
//!
//! The flawed ways are not here; they implement the same trait in the private module `flawed`.

use countersign_model::rulebook::Ruleset;
use countersign_model::session::Session as Rules;
use countersign_model::session::step;

use super::keys::{Keys, Receiving, Sending};
use super::record::{Cover, Head};
use super::schedule::{Direction, Traffic};
use super::{Limits, Real};
use crate::envelope::SessionId;
use crate::handshake::SessionSecret;

/// How an end does what the guard table leaves to it.
pub(crate) trait Mechanisms {
    /// The rules that it enforces.
    fn rules(&self) -> Ruleset<Rules> {
        Ruleset::HARDENED
    }

    /// The first keys of a direction.
    fn first(&self, secret: &SessionSecret, session: &SessionId, direction: Direction) -> Traffic {
        Traffic::first(secret, session, direction)
    }

    /// What a seal covers besides the text.
    fn additional_data(&self, head: &Head, direction: Direction, cover: &Cover) -> Vec<u8> {
        cover.additional_data(head, direction)
    }

    /// What precedes the sealed text of the record of this number: nothing.
    fn prefix(&self, _sequence: u64) -> Vec<u8> {
        Vec::new()
    }

    /// The number that the nonce is made from, and the sealed text.
    fn nonce<'text>(&self, sequence: u64, text: &'text [u8]) -> (u64, &'text [u8]) {
        (sequence, text)
    }

    /// Whether the key that seals must be left behind.
    fn is_due(&self, sending: &Sending, limits: &Limits, now_ms: u64) -> bool {
        is_due(sending, limits, now_ms)
    }

    /// The keys of another epoch than the receiver's; only those of later ones can be derived.
    fn traffic(&self, receiving: &Receiving, epoch: u64) -> Option<Traffic> {
        receiving.traffic.later(epoch)
    }

    /// Whether the number was accepted before, as far as the window reaches.
    fn remembers(&self, receiving: &Receiving, sequence: u64) -> bool {
        receiving.window.remembers(sequence)
    }

    /// What changes before a record is opened: nothing.
    fn before_opening(&self, _receiving: &mut Receiving, _head: &Head) {}

    /// What an attacker learns that is given these keys.
    fn given_away(&self, traffic: &Traffic, _direction: Direction) -> Traffic {
        traffic.revealed()
    }

    /// What is left of the keys after the connection was lost: nothing.
    fn reconnected(&self, _keys: Keys, _now_ms: u64) -> Option<Keys> {
        None
    }
}

/// Whether an epoch is over: the model's own answer.
pub(crate) fn is_due(sending: &Sending, limits: &Limits, now_ms: u64) -> bool {
    let shares = (&limits.share, &limits.period_ms);
    step::is_due::<Real>(&sending.since_ms, &sending.count, &now_ms, shares)
}

/// The mechanisms as they should be.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Hardened;

impl Mechanisms for Hardened {}
