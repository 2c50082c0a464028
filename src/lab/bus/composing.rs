//! The messages of a trace as real envelopes.

use countersign_replay::bus::cast::{Kind as Told, Message};
use countersign_replay::target::TargetError;
use countersign_replay::trace::Until;

use super::people::People;
use crate::envelope::payload::{
    Ask, CapabilityRequest, CapabilityResponse, Delegate, Failure, Notify, Reply, Task, TaskResult,
};
use crate::envelope::{
    Body, Digest, Draft, Envelope, Header, Kind, List, MessageId, Name, Nonce, Opaque, Payload,
    SessionId, Text, Timestamp, Version,
};
use crate::json::{INTEGER_MAX, Value};
use crate::lab::clock::Ticks;
use crate::lab::failed;
use crate::lab::stream::Stream;

/// What nobody on the way can read.
const SEALED: [u8; 32] = [7; 32];

/// Whoever puts messages into envelopes.
pub(super) struct Composer {
    stream: Stream,
    ticks: Ticks,
}

impl Composer {
    pub(super) fn new(stream: &Stream, ticks: Ticks) -> Self {
        Self {
            stream: stream.clone(),
            ticks,
        }
    }

    /// The envelope of `message`, signed; it answers the envelope with the digest `answers`, and goes on
    /// with the conversation that the message `first` began.
    pub(super) fn compose(
        &self,
        message: &Message,
        people: &People,
        answers: Option<Digest>,
        first: Option<&Message>,
    ) -> Result<Envelope, TargetError> {
        let kind = Kind::parse(message.kind.as_str()).map_err(failed)?;
        let to = if message.is_broadcast() {
            people.orchestrator().clone()
        } else if message.respelled {
            people.respelled(&message.to)?
        } else {
            people.id(&message.to)?.clone()
        };
        let draw = |owner: &str, purpose| self.stream.draw_16(owner, purpose, 0);
        let id = |message: &Message| MessageId::from_bytes(draw(message.id_of(), "message id"));
        let nobody = || Digest::from_bytes(self.stream.draw(&message.name, "no envelope", 0));
        let session = SessionId::from_bytes(draw(&message.name, "session"));
        let header = Header {
            version: Version::CURRENT,
            kind,
            id: id(message),
            nonce: Nonce::from_bytes(draw(&message.name, "nonce")),
            from: people.id(&message.from)?.clone(),
            to,
            issued_at: self.instant(Until(message.issued_at))?,
            expires_at: self.instant(message.expires_at)?,
            key_id: people.key(&message.from).key_id(),
            correlation_id: first.map(id),
            in_reply_to: message
                .kind
                .is_answer()
                .then(|| answers.unwrap_or_else(nobody)),
            session: message.sealed.then_some(session),
            capability: None,
        };
        let body = if message.sealed {
            Body::Sealed(Opaque::of(&SEALED).map_err(failed)?)
        } else {
            Body::Payload(self.payload(message)?)
        };
        let draft = Draft::new(header, body).map_err(failed)?;
        Ok(draft.sign(&people.key(message.signer())))
    }

    fn payload(&self, message: &Message) -> Result<Payload, TargetError> {
        let deadline_at = self.instant(message.answer_by)?;
        let word = || Name::parse("pay").map_err(failed);
        let versions = || List::new(vec![Version::CURRENT]).map_err(failed);
        let names = || List::new(Vec::new()).map_err(failed);
        Ok(match message.kind {
            Told::Task => Payload::Task(Task {
                task: word()?,
                input: Value::Null,
                deadline_at: Some(deadline_at),
            }),
            Told::Ask => Payload::Ask(Ask {
                question: Text::parse("how much?").map_err(failed)?,
                context: None,
                deadline_at,
            }),
            Told::Delegate => Payload::Delegate(Delegate {
                task: word()?,
                input: Value::Null,
                deadline_at,
            }),
            Told::Notify => Payload::Notify(Notify {
                event: word()?,
                data: None,
            }),
            Told::Result => Payload::Result(TaskResult {
                output: Value::Null,
            }),
            Told::Error => Payload::Error(Failure {
                code: Name::parse("failed").map_err(failed)?,
                message: Text::parse("it did not work").map_err(failed)?,
                retryable: false,
            }),
            Told::Reply => Payload::Reply(Reply {
                answer: Value::Null,
            }),
            Told::CapabilityRequest => Payload::CapabilityRequest(CapabilityRequest {
                versions: versions()?,
                requires: names()?,
            }),
            Told::CapabilityResponse => Payload::CapabilityResponse(CapabilityResponse {
                versions: versions()?,
                capabilities: names()?,
            }),
        })
    }

    /// A tick as an instant; the end of time where there is none.
    fn instant(&self, until: Until) -> Result<Timestamp, TargetError> {
        let instant_ms = if until.is_endless() {
            INTEGER_MAX.unsigned_abs()
        } else {
            self.ticks.instant_ms(until.0)
        };
        Timestamp::from_ms(instant_ms).ok_or_else(|| failed("a late clock"))
    }
}
