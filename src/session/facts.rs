//! The only door between cryptography and rules: what is established about one record.
//!
//! Facts begin unknown, which every guard refuses, and are established stage by stage; nothing is
//! computed before the stage that needs it was reached.

use countersign_model::session::facts::Facts;

use super::Real;
use crate::identity::{KeyId, Registry, SpiffeId};

/// Facts of which nothing is known: every guard refuses them, but those that compare with an end that
/// accepted nothing yet.
pub(super) fn unknown() -> Facts<Real> {
    Facts {
        session_known: false,
        established_at: 0,
        peer_entitled: false,
        epoch: u64::MAX,
        sequence: 0,
        sequence_seen: true,
        opens: false,
        schema_valid: false,
    }
}

/// Whether the registry lists the peer as active, and the key that opened the session as current and
/// not revoked.
pub(super) fn is_entitled(
    registry: &Registry,
    peer: &SpiffeId,
    key_id: &KeyId,
    now_ms: u64,
) -> bool {
    let current = registry
        .key(peer, key_id)
        .is_some_and(|record| record.is_current(now_ms));
    registry.is_active(peer) && current
}
