//! What the orchestrator signs: receipts, deliveries, and errors to whoever waits in vain.

use std::sync::Arc;

use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;
use zeroize::Zeroizing;

use super::outbox::Letter;
use super::request::Receipt;
use crate::audit::Salt;
use crate::envelope::payload::{Failure, TaskResult};
use crate::envelope::record::Record as _;
use crate::envelope::{
    Body, Delivery, Digest, Draft, Envelope, Header, Kind, MessageId, Name, Nonce, Payload,
    SchemaError, Sequence, Text, Timestamp, Version, signing_input,
};
use crate::identity::{SigningKey, SpiffeId};

/// What the signature is over that secrets are derived from.
const SECRETS: &str = "countersign/v1/service-secrets";
/// How long an answer of the bus may be on its way, in milliseconds.
const ANSWER_MS: u64 = 24 * 60 * 60 * 1_000;

/// Speaks for the orchestrator. It holds its key, and decides nothing.
#[derive(Clone)]
pub struct Notary {
    me: SpiffeId,
    key: Arc<SigningKey>,
    // Nobody can foretell what is derived from it, and after a restart it is the same.
    secret: Arc<Zeroizing<[u8; 32]>>,
}

/// Whom the orchestrator answers, and what.
pub(super) struct Answering<'a> {
    pub(super) to: &'a SpiffeId,
    pub(super) request: Digest,
    pub(super) correlation: MessageId,
    pub(super) at: Timestamp,
}

impl Notary {
    pub(super) fn new(me: SpiffeId, key: Arc<SigningKey>) -> Self {
        let signature = Zeroizing::new(key.sign(&signing_input(SECRETS, b"")));
        let secret = Zeroizing::new(*Digest::of(signature.as_slice()).as_bytes());
        Self {
            me,
            key,
            secret: Arc::new(secret),
        }
    }

    /// The key, for whoever signs checkpoints.
    pub(super) fn key(&self) -> Arc<SigningKey> {
        Arc::clone(&self.key)
    }

    /// What makes the payload's hash in the log tell nothing: only the parties are given it. Under another
    /// key it is another one.
    pub(super) fn salt(&self, digest: &Digest) -> Salt {
        Salt::from_bytes(self.derived("salt", digest))
    }

    /// The delivery of a letter. Nothing where the letter is no envelope.
    pub(super) fn countersign(&self, letter: &Letter, recipient: &SpiffeId) -> Option<Delivery> {
        let envelope = super::ledger::envelope(&letter.envelope)?;
        let (recipient, sequence) = (recipient.clone(), letter.sequence);
        let at = letter.passed_at;
        Some(Delivery::countersign(
            envelope, recipient, sequence, at, &self.key,
        ))
    }

    /// A receipt for a request.
    pub(super) fn receipt(
        &self,
        answering: &Answering<'_>,
        outcome: &Name,
        record: Sequence,
        message: &Digest,
    ) -> Result<Envelope, SchemaError> {
        let receipt = Receipt {
            outcome: outcome.clone(),
            record,
            salt: self.derived("salt", message),
        };
        let output = receipt.to_value();
        self.signed(answering, "receipt", Payload::Result(TaskResult { output }))
    }

    /// The error that a request ends in, and whether it may be sent again.
    pub(super) fn failure(
        &self,
        answering: &Answering<'_>,
        code: &str,
        message: &str,
        retryable: bool,
    ) -> Result<Envelope, SchemaError> {
        let failure = Failure {
            code: Name::parse(code)?,
            message: Text::parse(message)?,
            retryable,
        };
        self.signed(answering, code, Payload::Error(failure))
    }

    fn signed(
        &self,
        answering: &Answering<'_>,
        label: &str,
        payload: Payload,
    ) -> Result<Envelope, SchemaError> {
        let kind: Kind = payload.kind();
        let [id, nonce] = ["id", "nonce"].map(|part| {
            let derived = self.derived(&format!("{label}/{part}"), &answering.request);
            let [bytes, _] = halves(derived);
            bytes
        });
        let until_ms = answering.at.as_ms().saturating_add(ANSWER_MS);
        let header = Header {
            version: Version::CURRENT,
            kind,
            id: MessageId::from_bytes(id),
            nonce: Nonce::from_bytes(nonce),
            from: self.me.clone(),
            to: answering.to.clone(),
            issued_at: answering.at,
            expires_at: Timestamp::from_ms(until_ms).unwrap_or(Timestamp::MAX),
            key_id: self.key.key_id(),
            correlation_id: Some(answering.correlation),
            in_reply_to: Some(answering.request),
            session: None,
            capability: None,
        };
        Ok(Draft::new(header, Body::Payload(payload))?.sign(&self.key))
    }

    /// 32 bytes for a use and a digest: always the same, and nobody else's.
    fn derived(&self, usage: &str, digest: &Digest) -> [u8; 32] {
        #[expect(
            clippy::expect_used,
            reason = "HMAC takes a key of any length (RFC 2104)"
        )]
        let mut mac = Hmac::<Sha256>::new_from_slice(self.secret.as_slice()).expect("any length");
        mac.update(&(usage.len() as u64).to_be_bytes());
        mac.update(usage.as_bytes());
        mac.update(digest.as_bytes());
        mac.finalize().into_bytes().into()
    }
}

fn halves(bytes: [u8; 32]) -> [[u8; 16]; 2] {
    let (chunks, _) = bytes.as_chunks::<16>();
    match chunks {
        [first, second] => [*first, *second],
        // INVARIANT: 32 bytes are two times 16.
        _ => [[0; 16]; 2],
    }
}
