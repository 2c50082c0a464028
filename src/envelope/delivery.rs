//! A delivery: an envelope as the orchestrator hands it to one recipient, countersigned.

use super::{
    error::SchemaError,
    field::{Field, schema},
    identifier::{Sequence, Timestamp},
    record::{Record as _, record},
    signed::Envelope,
    signing::{SIGNATURE, signing_input},
};
use crate::identity::{KeyId, SigningKey, SpiffeId};
use crate::json::{self, Object, Value};

/// The type string that countersignatures cover, so that none is the signature of an envelope.
const TYPE: &str = "countersign/v1/delivery";

record! {
    /// An envelope on its way from the orchestrator to one agent.
    pub struct Delivery {
        /// The envelope, as its sender signed it.
        envelope: Envelope,
        /// The agent that this delivery is for, also where the envelope is for everybody.
        recipient: SpiffeId,
        /// Its place among all deliveries to that agent: one that was seen before is not acted upon.
        sequence: Sequence,
        /// When the orchestrator let it pass, in milliseconds since the Unix epoch.
        delivered_at: Timestamp,
        /// The thumbprint of the orchestrator's key.
        key_id: KeyId,
        /// The Ed25519 signature of the orchestrator, 64 bytes, over the DSSE pre-authentication
        /// encoding of the delivery without this member (RFC 8032).
        signature: [u8; 64],
    }
}

impl Delivery {
    /// Countersigns an envelope for one recipient.
    pub fn countersign(
        envelope: Envelope,
        recipient: SpiffeId,
        sequence: Sequence,
        delivered_at: Timestamp,
        key: &SigningKey,
    ) -> Self {
        let mut delivery = Self {
            envelope,
            recipient,
            sequence,
            delivered_at,
            key_id: key.key_id(),
            signature: [0; 64],
        };
        delivery.signature = key.sign(&delivery.signing_input());
        delivery
    }

    /// Reads a delivery. Its countersignature is not verified; a mailbox does that.
    ///
    /// # Errors
    /// The first fault, by the declaration of the record.
    pub fn read(value: &Value) -> Result<Self, SchemaError> {
        Self::from_value(value)
    }

    /// The text that is sent (RFC 8785).
    pub fn canonical_bytes(&self) -> Vec<u8> {
        json::write(&self.to_value())
    }

    /// What the countersignature covers.
    pub fn signing_input(&self) -> Vec<u8> {
        let mut object = Object::new();
        self.put(&mut object);
        object.remove(SIGNATURE);
        signing_input(TYPE, &json::write(&Value::Object(object)))
    }
}

impl Field for Envelope {
    fn read(value: &Value) -> Result<Self, SchemaError> {
        Self::from_value(value)
    }

    fn to_value(&self) -> Value {
        Self::to_value(self)
    }

    fn schema() -> Object {
        schema([("$ref", "urn:countersign:v1:envelope".into())])
    }
}
