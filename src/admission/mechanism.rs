//! The mechanisms that establish facts, where a weakened endpoint may have flawed ones.
//!
//! [`Hardened`] is the only implementation outside [`crate::flawed`], and the only one that
//! [`Endpoint::new`](super::Endpoint::new) uses; its methods compile to direct calls.

use countersign_model::admission::Admission;
use countersign_model::admission::facts::{Facts, Receiver};
use countersign_model::admission::step;
use countersign_model::rulebook::Ruleset;

use super::sessions::Sessions;
use super::{Detail, Reading};
use crate::domain::Real;
use crate::envelope::{Header, Kind, signing_input_within};
use crate::identity::{PeerVerifyingKey, Registry, SpiffeId};
use crate::json::{self, Object, ReadErrorKind, Value};

/// How facts are established.
pub(crate) trait Mechanisms {
    /// The rules that the guard table is judged by.
    fn rules(&self) -> Ruleset<Admission> {
        Ruleset::HARDENED
    }

    /// Reads a text: strictly, and comparing it to the canonical form of what it means.
    fn read(&self, bytes: &[u8], limits: &json::Limits) -> Reading {
        let (well_formed, canonical, value, error) = match json::read_canonical(bytes, limits) {
            Ok(value) => (true, true, Some(value), None),
            Err(error) => (
                matches!(error.kind, ReadErrorKind::NotCanonical),
                false,
                None,
                Some(error),
            ),
        };
        let detail = error.map(Detail::Text);
        Reading {
            well_formed,
            canonical,
            value,
            checked: None,
            timed: true,
            detail,
        }
    }

    /// Whom an envelope is for, as the guards see it: whomever it names.
    fn recipient(&self, header: &Header, _me: &SpiffeId, _registry: &Registry) -> SpiffeId {
        header.to.clone()
    }

    /// Whether the session that an envelope names, if any, is one that the receiver holds.
    fn is_session_known(&self, header: &Header, sessions: &Sessions) -> bool {
        sessions.know(header)
    }

    /// What the receiver verifies a signature against: its type string and all of the envelope but
    /// the signature. The text is canonical, if the rules demand that, and the envelope is its value.
    fn verifying_input(&self, kind: Kind, text: &[u8], envelope: &Object) -> Vec<u8> {
        signing_input_within(kind, text, envelope)
    }

    /// The key that a signature is verified with: the one that the registry lists under the key id.
    fn verifying_key(&self, registry: &Registry, header: &Header) -> Option<PeerVerifyingKey> {
        let holder = registry.key_holder(&header.key_id)?;
        registry
            .key(holder, &header.key_id)
            .map(|record| *record.key())
    }

    /// The principal that an admitted message is attributed to.
    fn attributed(&self, header: &Header, _value: &Value) -> SpiffeId {
        header.from.clone()
    }

    /// The reading of the clock: never less than one before it.
    fn now_ms(&self, latest_ms: u64, wall_ms: u64) -> u64 {
        latest_ms.max(wall_ms)
    }

    /// The facts as the guards see them, where the text was read in a flawed way.
    fn distort(&self, _facts: &mut Facts<Real>, _now_ms: u64, _timed: bool) {}

    /// Until when the store keeps an entry, in milliseconds.
    fn keep_until_ms(&self, facts: &Facts<Real>, receiver: &Receiver<Real>, _timed: bool) -> u64 {
        step::keep_until(self.rules(), facts, receiver)
    }
}

/// The mechanisms of whoever stands for others: what is for any agent on record is for the receiver,
/// and a session is known if whoever holds it says so. Nothing that is sealed is opened.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Standing;

impl Mechanisms for Standing {
    fn recipient(&self, header: &Header, me: &SpiffeId, registry: &Registry) -> SpiffeId {
        match registry.agent(&header.to) {
            Some(_) => me.clone(),
            None => header.to.clone(),
        }
    }

    fn is_session_known(&self, _header: &Header, _sessions: &Sessions) -> bool {
        true
    }
}

/// The mechanisms as they should be.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Hardened;

impl Mechanisms for Hardened {}
