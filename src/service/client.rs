//! The other end: what agents and operators send to a bus, and how they read its answers.

use std::time::Duration;

use thiserror::Error;

use super::request::{Method, Receipt};
use super::rpc;
use crate::bus::{Delivered, DeliveryError, Mailbox};
use crate::deployment::Deployment;
use crate::discovery::Stamp;
use crate::envelope::payload::Task;
use crate::envelope::record::Record;
use crate::envelope::{
    Body, Digest, Draft, Envelope, Header, Kind, Name, Payload, SchemaError, Sequence, Version,
};
use crate::identity::{Registry, SigningKey, SpiffeId};
use crate::json::{self, Value};

/// The longest answer that is read, in bytes.
const ANSWER_BYTES_MAX: usize = 16 * 1024 * 1024;
/// How long an answer is waited for.
const PATIENCE: Duration = Duration::from_secs(30);

/// One agent or operator, and the bus that it speaks to.
pub struct Client {
    me: SpiffeId,
    bus: SpiffeId,
    key: SigningKey,
    registry: Registry,
    url: String,
    http: ureq::Agent,
}

/// Why a call came to nothing.
#[derive(Debug, Error)]
pub enum CallError {
    /// Nobody answered.
    #[error("no answer from {url}: {source}")]
    Http {
        /// The address.
        url: String,
        /// What went wrong.
        source: Box<ureq::Error>,
    },
    /// The bus refused it, or cannot answer.
    #[error("{message}{}", detail.as_ref().map_or(String::new(), |detail| format!(": {detail}")))]
    Refused {
        /// The rejection's code, or what happened.
        message: String,
        /// The guard that refused it.
        guard: Option<String>,
        /// The place that is wrong.
        detail: Option<String>,
        /// What to do about it.
        remedy: String,
    },
    /// The answer is not one of a bus.
    #[error("the answer is not one of a bus: {0}")]
    Answer(String),
    /// What was to be sent is no message.
    #[error(transparent)]
    Request(#[from] SchemaError),
    /// A delivery is not the bus's.
    #[error(transparent)]
    Delivery(#[from] DeliveryError),
}

impl Client {
    /// The holder of this key in the deployment, and its bus at `url`; nothing where the deployment
    /// lists no such key, or no bus.
    pub fn new(deployment: &Deployment, key: SigningKey, url: String) -> Option<Self> {
        let registry = deployment.everybody();
        Some(Self {
            me: registry.key_holder(&key.key_id())?.clone(),
            bus: deployment.orchestrator()?.id.clone(),
            key,
            registry,
            url,
            http: ureq::Agent::new_with_config(
                ureq::Agent::config_builder()
                    .timeout_global(Some(PATIENCE))
                    .proxy(None)
                    .build(),
            ),
        })
    }

    /// Who it is.
    pub fn me(&self) -> &SpiffeId {
        &self.me
    }

    /// The orchestrator.
    pub fn bus(&self) -> &SpiffeId {
        &self.bus
    }

    /// Everybody of the deployment.
    pub fn registry(&self) -> &Registry {
        &self.registry
    }

    /// Signs a message of its own.
    ///
    /// # Errors
    /// [`SchemaError`] where header and payload are no message.
    pub fn sign(&self, header: Header, payload: Payload) -> Result<Envelope, SchemaError> {
        Ok(Draft::new(header, Body::Payload(payload))?.sign(&self.key))
    }

    /// Asks the bus itself for something.
    ///
    /// # Errors
    /// [`CallError`].
    pub fn ask<T: Asking>(&self, input: &T, stamp: &Stamp) -> Result<Value, CallError> {
        let envelope = self.request(input, stamp)?;
        self.call(T::METHOD, &envelope)
    }

    /// The envelope that asks the bus for something.
    ///
    /// # Errors
    /// [`SchemaError`] where it is no message.
    pub fn request<T: Asking>(&self, input: &T, stamp: &Stamp) -> Result<Envelope, SchemaError> {
        let payload = Payload::Task(Task {
            task: Name::parse(T::METHOD.task())?,
            input: input.value(),
            deadline_at: None,
        });
        self.sign(self.header(Kind::Task, self.bus.clone(), stamp), payload)
    }

    /// The header of a message of its own.
    pub fn header(&self, kind: Kind, to: SpiffeId, stamp: &Stamp) -> Header {
        Header {
            version: Version::CURRENT,
            kind,
            id: stamp.id,
            nonce: stamp.nonce,
            from: self.me.clone(),
            to,
            issued_at: stamp.issued_at,
            expires_at: stamp.expires_at,
            key_id: self.key.key_id(),
            correlation_id: None,
            in_reply_to: None,
            session: None,
            capability: None,
        }
    }

    /// Sends a request and gives the result of its answer.
    ///
    /// # Errors
    /// [`CallError`].
    pub fn call(&self, method: Method, envelope: &Envelope) -> Result<Value, CallError> {
        let request = rpc::request(1, method, envelope.to_value());
        let failed = |source| CallError::Http {
            url: self.url.clone(),
            source: Box::new(source),
        };
        let posted = self.http.post(&self.url).send(request.as_slice());
        let mut response = posted.map_err(failed)?;
        let body = response.body_mut().with_config();
        let text = body.limit(ANSWER_BYTES_MAX as u64).read_to_vec();
        read_answer(&text.map_err(failed)?)
    }

    /// The receipt in an answer, if the bus signed it for this agent and this request, and it has not
    /// expired at `now_ms`.
    ///
    /// # Errors
    /// [`CallError::Answer`] otherwise.
    pub fn receipt(
        &self,
        answer: &Value,
        request: &Digest,
        now_ms: u64,
    ) -> Result<Receipt, CallError> {
        let wrong = |what: &str| CallError::Answer(what.to_owned());
        let receipt = answer.as_object().and_then(|answer| answer.get("receipt"));
        let receipt = receipt.ok_or_else(|| wrong("no receipt"))?;
        let envelope = Envelope::from_value(receipt)?;
        let header = envelope.header();
        let key = self.registry.key(&self.bus, &header.key_id);
        // As for a delivery, a key that was revoked or has expired speaks for nobody.
        let signed = key.is_some_and(|record| {
            let (key, input) = (record.key(), envelope.signing_input());
            record.is_current(now_ms) && key.verifies(&input, envelope.signature())
        });
        let asked = (&self.bus, &self.me, Some(*request));
        if !signed || (&header.from, &header.to, header.in_reply_to) != asked {
            return Err(wrong(
                "a receipt that the bus did not sign for this request",
            ));
        }
        if header.expires_at.as_ms() < now_ms {
            return Err(wrong("a receipt that has expired"));
        }
        let Body::Payload(Payload::Result(result)) = envelope.body() else {
            return Err(wrong("a receipt without a result"));
        };
        Ok(Receipt::from_value(&result.output)?)
    }

    /// The deliveries of an answer that are new to whoever has all up to `after`, in order.
    ///
    /// # Errors
    /// [`CallError::Delivery`] for one that the bus did not countersign for this agent.
    pub fn deliveries(
        &self,
        answer: &Value,
        after: Sequence,
        now_ms: u64,
    ) -> Result<Vec<Delivered>, CallError> {
        let mailbox = Mailbox::new(self.me.clone(), self.bus.clone());
        let answer = answer.as_object();
        let Some(Value::Array(found)) = answer.and_then(|it| it.get("deliveries")) else {
            return Err(CallError::Answer("no deliveries".to_owned()));
        };
        let mut deliveries = Vec::new();
        for found in found {
            let delivery = found.as_object().and_then(|it| it.get("delivery"));
            let text = delivery.and_then(Value::as_str).unwrap_or_default();
            let delivered = mailbox.receive(text.as_bytes(), &self.registry, now_ms)?;
            // One that came before comes again until it is acknowledged.
            if delivered.sequence() > after {
                deliveries.push(delivered);
            }
        }
        Ok(deliveries)
    }
}

/// What can be asked of the bus itself.
pub trait Asking {
    /// The method that is asked.
    const METHOD: Method;
    /// The input of the task.
    fn value(&self) -> Value;
}

macro_rules! asking {
    ($($record:ident asks $method:ident,)+) => {$(
        impl Asking for super::request::$record {
            const METHOD: Method = Method::$method;
            fn value(&self) -> Value { self.to_value() }
        }
    )+};
}

asking! {
    Poll asks ReceiveMessages,
    Inquiry asks MessageLog,
    Listing asks QueueList,
    Approving asks QueueApprove,
    Denying asks QueueDeny,
}

fn read_answer(text: &[u8]) -> Result<Value, CallError> {
    let limits = json::Limits {
        bytes_max: ANSWER_BYTES_MAX,
        depth_max: json::DEPTH_MAX,
        members_max: 1_000_000,
    };
    let answer = json::read_canonical(text, &limits);
    let answer = answer.map_err(|error| CallError::Answer(error.to_string()))?;
    let member = |of: &Value, name: &str| of.as_object().and_then(|it| it.get(name)).cloned();
    if let Some(result) = member(&answer, "result") {
        return Ok(result);
    }
    let Some(error) = member(&answer, "error") else {
        return Err(CallError::Answer("neither result nor error".to_owned()));
    };
    let data = member(&error, "data").unwrap_or(Value::Null);
    let text = |of: &Value, name: &str| member(of, name)?.as_str().map(str::to_owned);
    Err(CallError::Refused {
        message: text(&error, "message").unwrap_or_default(),
        guard: text(&data, "guard"),
        detail: text(&data, "detail"),
        remedy: text(&data, "remedy").unwrap_or_default(),
    })
}
