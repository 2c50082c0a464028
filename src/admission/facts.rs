//! The only door between cryptography and rules: what is established about one delivery.
//!
//! Facts begin unknown, which every guard refuses, and are established stage by stage; nothing is
//! computed before the stage that needs it was reached.

use countersign_model::admission::facts::Facts;

use super::Detail;
use crate::domain::Real;
use crate::envelope::{Envelope, Header, Version, version_of};
use crate::identity::{Registry, SpiffeId, Standing};
use crate::json::Value;
use crate::store::Occupancy;

/// What a text turned out to be.
#[derive(Clone, Debug)]
pub(crate) struct Reading {
    /// It is I-JSON.
    pub(crate) well_formed: bool,
    /// It is its own canonical form.
    pub(crate) canonical: bool,
    /// What it means, if anything; what would be acted upon.
    pub(crate) value: Option<Value>,
    /// The reading that is checked, where that is another (a flaw).
    pub(crate) checked: Option<Value>,
    /// Whether its time of issue is a number (only a flawed reader can say no).
    pub(crate) timed: bool,
    /// Where it is wrong.
    pub(crate) detail: Option<Detail>,
}

/// An envelope as far as its fields could be read.
pub(crate) struct Fields {
    pub(crate) header: Header,
    pub(crate) signature: [u8; 64],
    /// The envelope, if it satisfies its schema.
    pub(crate) envelope: Option<Envelope>,
}

/// Facts of which nothing is known to the receiver `me`: every guard refuses them.
///
/// One guard cannot: a time of issue so old that it is stale is not from the future.
pub(crate) fn unknown(me: &SpiffeId) -> Facts<Real> {
    Facts {
        size_bounded: false,
        well_formed: false,
        canonical: false,
        version_supported: false,
        schema_valid: false,
        // As if from the receiver itself, to somebody else: both are refused.
        sender: me.clone(),
        sender_active: false,
        key_of_sender: false,
        key_not_before: u64::MAX,
        key_not_after: 0,
        key_revoked: true,
        signature_valid: false,
        recipient: SpiffeId::nobody(),
        session_known: false,
        issued_at: 0,
        expires_at: 0,
        nonce_seen: true,
        held: u64::MAX,
        recent: u64::MAX,
    }
}

/// Establishes what the envelope says, and whether it satisfies its schema.
///
/// Gives the fields where they could be read at all; an envelope without them cannot be judged
/// further, whatever the rules. `checked` is the reading that is checked where that is another (a flaw).
pub(super) fn establish_envelope(
    facts: &mut Facts<Real>,
    checked: Option<&Value>,
    value: &Value,
) -> (Option<Fields>, Option<Detail>) {
    facts.version_supported = version_of(value).is_some_and(Version::is_supported);
    let (fields, detail) = match Envelope::from_value(value) {
        Ok(envelope) => {
            let fields = Fields {
                header: envelope.header().clone(),
                signature: *envelope.signature(),
                envelope: Some(envelope),
            };
            (Some(fields), None)
        }
        Err(error) => {
            let peeked = Envelope::peek(value).ok();
            let fields = peeked.map(|(header, signature)| Fields {
                header,
                signature,
                envelope: None,
            });
            (fields, Some(Detail::Schema(error)))
        }
    };
    let checked = match checked {
        Some(other) => Envelope::from_value(other).is_ok(),
        None => fields
            .as_ref()
            .is_some_and(|fields| fields.envelope.is_some()),
    };
    facts.schema_valid = checked;
    if let Some(Fields { header, .. }) = &fields {
        facts.sender = header.from.clone();
        facts.issued_at = header.issued_at.as_ms();
        facts.expires_at = header.expires_at.as_ms();
    }
    (fields, detail)
}

/// Establishes what the registry says of the sender and of the key that the header names.
pub(super) fn establish_sender(facts: &mut Facts<Real>, registry: &Registry, header: &Header) {
    facts.sender_active = registry
        .agent(&header.from)
        .is_some_and(|agent| agent.standing == Standing::Active);
    facts.key_of_sender = false;
    let Some(holder) = registry.key_holder(&header.key_id) else {
        return;
    };
    facts.key_of_sender = *holder == header.from;
    if let Some(record) = registry.key(holder, &header.key_id) {
        facts.key_not_before = record.not_before_ms();
        facts.key_not_after = record.not_after_ms().unwrap_or(u64::MAX);
        facts.key_revoked = record.is_revoked();
    }
}

/// Establishes what the replay store holds.
pub(super) fn establish_occupancy(facts: &mut Facts<Real>, occupancy: &Occupancy) {
    facts.nonce_seen = occupancy.seen;
    facts.held = occupancy.held;
    facts.recent = occupancy.recent;
}
