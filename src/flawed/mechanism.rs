//! The mechanisms of a weakened receiver: hardened, except for what its rules say is flawed.

use countersign_model::admission::Admission;
use countersign_model::admission::facts::{Facts, Receiver};
use countersign_model::admission::step;
use countersign_model::admission::weakening::Mechanism;
use countersign_model::rulebook::Ruleset;

use super::reading;
use crate::admission::{Mechanisms, Reading};
use crate::domain::Real;
use crate::envelope::{Header, Kind};
use crate::identity::{PeerVerifyingKey, Registry, SpiffeId, base64url};
use crate::json::{self, Object, Value};

/// Mechanisms with the flaws that a rule set names.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Flawed {
    rules: Ruleset<Admission>,
}

impl Flawed {
    pub(crate) fn new(rules: Ruleset<Admission>) -> Self {
        Self { rules }
    }
}

impl Mechanisms for Flawed {
    fn rules(&self) -> Ruleset<Admission> {
        self.rules
    }

    fn read(&self, bytes: &[u8], limits: &json::Limits) -> Reading {
        reading::read(self.rules, bytes, limits)
    }

    fn verifying_input(&self, kind: Kind, _text: &[u8], envelope: &Object) -> Vec<u8> {
        reading::heard_input(self.rules, kind, envelope)
    }

    fn verifying_key(&self, registry: &Registry, header: &Header) -> Option<PeerVerifyingKey> {
        if self.rules.has(Mechanism::KeyFromMessage) {
            // The sender brings its key along, in the field for its token.
            let brought = header.capability.as_ref();
            let bytes = brought.and_then(|token| base64url::decode(token.as_str()).ok());
            if let Some(key) = bytes.and_then(|bytes| PeerVerifyingKey::from_bytes(&bytes).ok()) {
                return Some(key);
            }
        }
        let holder = registry.key_holder(&header.key_id)?;
        registry
            .key(holder, &header.key_id)
            .map(|record| *record.key())
    }

    fn attributed(&self, header: &Header, value: &Value) -> SpiffeId {
        let inner = || {
            let payload = value.as_object()?.get("payload")?.as_object()?;
            let from = payload.get("input")?.as_object()?.get("from")?.as_str()?;
            SpiffeId::parse_agent(from).ok()
        };
        match inner() {
            Some(inner) if self.rules.has(Mechanism::ActsOnInnerSender) => inner,
            _ => header.from.clone(),
        }
    }

    fn now_ms(&self, latest_ms: u64, wall_ms: u64) -> u64 {
        if self.rules.has(Mechanism::FollowsWallClock) {
            wall_ms
        } else {
            latest_ms.max(wall_ms)
        }
    }

    fn distort(&self, facts: &mut Facts<Real>, now_ms: u64, timed: bool) {
        if !timed {
            // Neither `now > NaN` nor `NaN > now` is true: it reads as issued just now.
            facts.issued_at = now_ms;
        }
    }

    fn keep_until_ms(&self, facts: &Facts<Real>, receiver: &Receiver<Real>, timed: bool) -> u64 {
        // `now <= NaN` is false: the entry is past its time from the start.
        if timed {
            step::keep_until(self.rules, facts, receiver)
        } else {
            0
        }
    }
}
