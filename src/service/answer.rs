//! What a bus answers, and the values that it is answered as.

use super::notary::{Answering, Notary};
use super::outbox::{Letter, Standing};
use crate::audit::Found;
use crate::envelope::field::Field as _;
use crate::envelope::record::Record as _;
use crate::envelope::{Digest, Envelope, MessageId, Name, SchemaError, Sequence, Timestamp};
use crate::identity::{SpiffeId, base64url};
use crate::json::{Object, Value};

/// What came of a request, once the disk has it.
#[derive(Debug)]
pub enum Answer {
    /// What became of a message.
    Settled(Settled),
    /// Deliveries, in order.
    Deliveries {
        /// Whose.
        recipient: SpiffeId,
        /// What they are.
        letters: Vec<Letter>,
        /// Where they stand.
        standing: Standing,
    },
    /// Records of the log, the oldest first.
    Records(Vec<Found>),
    /// What waits for an approval.
    Queue {
        /// The messages, in order.
        entries: Vec<Entry>,
        /// How many wait in all.
        waiting: usize,
    },
}

/// What became of a message. Whoever asked is told with the orchestrator's signature.
#[derive(Debug)]
pub struct Settled {
    /// `delivered`, `held` or `denied`.
    pub outcome: &'static str,
    /// The number of its record in the log.
    pub record: u64,
    /// The digest of the message.
    pub message: Digest,
    /// Who asked for it.
    pub asker: SpiffeId,
    /// The digest of the envelope that asked for it: the message itself, or an operator's word.
    pub request: Digest,
    /// What the conversation is called.
    pub correlation: MessageId,
    /// When, in milliseconds since the Unix epoch.
    pub at: Timestamp,
}

/// A message that waits, as an operator is shown it.
#[derive(Clone, Debug)]
pub struct Entry {
    /// Its place in the queue, from 0.
    pub place: u64,
    /// Its digest.
    pub digest: Digest,
    /// When it was submitted, in milliseconds since the Unix epoch.
    pub submitted_at_ms: u64,
    /// The last moment at which it can be released, in milliseconds since the Unix epoch.
    pub held_until_ms: u64,
    /// The envelope: whoever is shown it can compute the digest.
    pub envelope: Envelope,
}

impl Answer {
    /// The value that is sent. Signing and countersigning happen here, so that nobody else waits for it.
    ///
    /// # Errors
    /// [`SchemaError`] where it is more than a message can carry.
    pub fn to_value(&self, notary: &Notary) -> Result<Value, SchemaError> {
        Ok(match self {
            Self::Settled(settled) => settled.to_value(notary)?,
            Self::Deliveries {
                recipient,
                letters,
                standing,
            } => {
                let deliveries = letters.iter().filter_map(|letter| {
                    let delivery = notary.countersign(letter, recipient)?;
                    let salt = base64url::encode(letter.salt.dangerously_expose());
                    let text = text(&delivery.canonical_bytes());
                    Some(object([("delivery", text), ("salt", salt.into())]))
                });
                let deliveries: Vec<Value> = deliveries.collect();
                object([
                    ("acknowledged", number(standing.acknowledged)),
                    ("deliveries", deliveries.into()),
                    ("sent", number(standing.sent)),
                ])
            }
            Self::Records(found) => {
                let records = found.iter().map(|found| {
                    object([
                        ("number", number(found.number)),
                        ("record", found.entry.to_value()),
                    ])
                });
                let records: Vec<Value> = records.collect();
                object([("records", records.into())])
            }
            Self::Queue { entries, waiting } => {
                let entries: Vec<Value> = entries.iter().map(Entry::to_value).collect();
                object([
                    ("entries", entries.into()),
                    ("waiting", number(*waiting as u64)),
                ])
            }
        })
    }
}

impl Settled {
    fn to_value(&self, notary: &Notary) -> Result<Value, SchemaError> {
        let answering = Answering {
            to: &self.asker,
            request: self.request,
            correlation: self.correlation,
            at: self.at,
        };
        let outcome = Name::parse(self.outcome)?;
        let record = Sequence::from_number(self.record).unwrap_or(Sequence::MAX);
        let receipt = notary.receipt(&answering, &outcome, record, &self.message)?;
        Ok(object([("receipt", receipt.to_value())]))
    }
}

impl Entry {
    fn to_value(&self) -> Value {
        object([
            ("digest", self.digest.to_value()),
            ("envelope", text(&self.envelope.canonical_bytes())),
            ("held_until", number(self.held_until_ms)),
            ("place", number(self.place)),
            ("submitted_at", number(self.submitted_at_ms)),
        ])
    }
}

/// A canonical text within another: however deep it is, whoever reads the answer can read it.
fn text(canonical: &[u8]) -> Value {
    String::from_utf8_lossy(canonical).as_ref().into()
}

/// A number; beyond 2^53-1 that.
pub(super) fn number(number: u64) -> Value {
    Sequence::from_number(number)
        .unwrap_or(Sequence::MAX)
        .to_value()
}

pub(super) fn object<const N: usize>(members: [(&str, Value); N]) -> Value {
    let members = members.into_iter();
    let object: Object = members
        .map(|(name, value)| (name.to_owned(), value))
        .collect();
    Value::Object(object)
}
