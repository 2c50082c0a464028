//! The receiving end of an agent: it takes what its orchestrator countersigned, and nothing else.

use countersign_model::bus::Bus;
use countersign_model::bus::facts::{Facts, Orchestrator as Asked};
use countersign_model::bus::guard::{Rejection, Use};
use countersign_model::rulebook::{self, Ruleset};
use thiserror::Error;

use crate::domain::Real;
use crate::envelope::{Delivery, Envelope, SchemaError, Sequence};
use crate::identity::{Registry, SpiffeId};
use crate::json::{self, ReadError};

/// How much longer than its envelope a delivery can be, in bytes: a recipient, a time, a key id, a
/// signature and the names of the members.
const DELIVERY_BYTES_MORE: usize = 4 * 1024;
/// How many members a delivery has around its envelope.
const DELIVERY_MEMBERS: usize = 6;

/// What an agent receives from its orchestrator. Always hardened.
pub struct Mailbox {
    me: SpiffeId,
    orchestrator: SpiffeId,
    rules: Ruleset<Bus>,
}

/// Proof that the orchestrator let an envelope pass, for this agent: it may be acted upon.
///
/// Only a [`Mailbox`] makes one. A delivery that was not acknowledged comes again, with the same number.
#[derive(Clone, Debug, PartialEq)]
pub struct Delivered {
    envelope: Envelope,
    sequence: Sequence,
    passed_at_ms: u64,
}

/// Why a text is no delivery for this agent.
#[derive(Clone, Debug, PartialEq, Error)]
pub enum DeliveryError {
    /// It is not JSON, or not canonical.
    #[error("delivery is not canonical JSON: {0}")]
    Text(#[from] ReadError),
    /// It is not a delivery.
    #[error("delivery does not satisfy its schema: {0}")]
    Schema(#[from] SchemaError),
    /// A guard refused it.
    #[error("{}", .0.code())]
    Refused(Rejection),
}

impl Delivered {
    /// The envelope.
    pub fn envelope(&self) -> &Envelope {
        &self.envelope
    }

    /// Its place among all deliveries to this agent.
    pub fn sequence(&self) -> Sequence {
        self.sequence
    }

    /// When the orchestrator let it pass, in milliseconds since the Unix epoch.
    pub fn passed_at_ms(&self) -> u64 {
        self.passed_at_ms
    }
}

impl Mailbox {
    /// The mailbox of `me`, which takes deliveries from `orchestrator`.
    pub fn new(me: SpiffeId, orchestrator: SpiffeId) -> Self {
        Self::dangerously_with(me, orchestrator, Ruleset::HARDENED)
    }

    /// The mailbox under rules that may be weakened.
    pub(crate) fn dangerously_with(
        me: SpiffeId,
        orchestrator: SpiffeId,
        rules: Ruleset<Bus>,
    ) -> Self {
        Self {
            me,
            orchestrator,
            rules,
        }
    }

    /// Takes a delivery at `now_ms`, by the keys that `registry` lists for the orchestrator.
    ///
    /// # Errors
    /// [`DeliveryError`] says what is wrong with it, and where.
    pub fn receive(
        &self,
        bytes: &[u8],
        registry: &Registry,
        now_ms: u64,
    ) -> Result<Delivered, DeliveryError> {
        let limits = json::Limits::default();
        let limits = json::Limits {
            bytes_max: limits.bytes_max + DELIVERY_BYTES_MORE,
            members_max: limits.members_max + DELIVERY_MEMBERS,
            ..limits
        };
        let delivery = Delivery::read(&json::read_canonical(bytes, &limits)?)?;
        let facts = Facts::<Real> {
            countersigned: self.is_countersigned(&delivery, registry, now_ms),
            ..unknown()
        };
        let me = Asked::<Real> {
            now: now_ms,
            policy: 0,
            rate: 0,
        };
        let asked = |stage| Use::Receiving.asks().contains(&stage);
        rulebook::judge(self.rules, asked, &facts, &me).map_err(DeliveryError::Refused)?;
        Ok(Delivered {
            envelope: delivery.envelope,
            sequence: delivery.sequence,
            passed_at_ms: delivery.delivered_at.as_ms(),
        })
    }

    fn is_countersigned(&self, delivery: &Delivery, registry: &Registry, now_ms: u64) -> bool {
        let Some(record) = registry.key(&self.orchestrator, &delivery.key_id) else {
            return false;
        };
        record.is_current(now_ms)
            && delivery.recipient == self.me
            && record
                .key()
                .verifies(&delivery.signing_input(), &delivery.signature)
    }
}

/// Facts of which nothing is known.
fn unknown() -> Facts<Real> {
    Facts {
        admitted: false,
        parties_active: false,
        self_addressed: true,
        charged: u64::MAX,
        cost: u64::MAX,
        expires_at: 0,
        is_reply: false,
        expected: false,
        answer_by: 0,
        ended: true,
        denied: true,
        granted: false,
        origin_granted: false,
        held: true,
        approved: false,
        shown: false,
        committed: false,
        approved_under: 0,
        approved_until: 0,
        used: true,
        countersigned: false,
    }
}
