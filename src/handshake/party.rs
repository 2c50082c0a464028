//! A party: one agent as it takes part in handshakes, on either side.

use std::fmt;

use countersign_model::handshake::facts;

use super::offer::{Offers, VersionPolicy};
use crate::domain::Real;
use crate::envelope::{List, Name};
use crate::identity::{SigningKey, SpiffeId};

/// Which side of a handshake someone is on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Role {
    /// The side that says the first flight.
    Initiator,
    /// The side that answers.
    Responder,
}

impl Role {
    /// The type string of what this side signs. The two differ, so that no side is ever answered with
    /// its own signature.
    pub(crate) const fn signing_type(self) -> &'static str {
        match self {
            Self::Initiator => "countersign/v1/handshake/initiator",
            Self::Responder => "countersign/v1/handshake/responder",
        }
    }
}

/// An agent that takes part in handshakes.
pub struct Party {
    /// Its name.
    pub me: SpiffeId,
    /// The key that it proves its name with; the registry must list it.
    pub key: SigningKey,
    /// What it offers.
    pub offers: Offers,
    /// The capabilities that it requires of every peer.
    pub requires: List<Name, 0, 64>,
    /// Until when it accepts which version.
    pub policy: VersionPolicy,
}

impl Party {
    /// The party as the guards see it at `now_ms`. Only an initiator means a peer.
    pub(super) fn for_guards(
        &self,
        intended: Option<&SpiffeId>,
        now_ms: u64,
    ) -> facts::Party<Real> {
        facts::Party {
            me: self.me.clone(),
            intended: intended.cloned().unwrap_or_else(SpiffeId::nobody),
            version_floor: self.policy.floor_at(now_ms),
        }
    }
}

impl fmt::Debug for Party {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Party")
            .field("me", &self.me)
            .field("key_id", &self.key.key_id())
            .field("offers", &self.offers)
            .field("requires", &self.requires)
            .field("policy", &self.policy)
            .finish()
    }
}
