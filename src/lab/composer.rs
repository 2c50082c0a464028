//! Messages of a trace as bytes, honest or not.
//!
//! A message is composed once, when it appears; what the network does to it on the way is done to
//! the bytes at each delivery. Defects are real: a text that is not canonical really has another
//! spelling, a text with two readings really has a key twice.

use std::collections::BTreeMap;

use countersign_model::admission::Admission;
use countersign_model::admission::weakening::Mechanism;
use countersign_model::rulebook::Ruleset;
use countersign_replay::admission::action::{Defect, Message, Presented};
use countersign_replay::admission::cast::nonce;
use countersign_replay::target::TargetError;

use super::clock::Ticks;
use super::failed;
use super::people::People;
use super::stream::Stream;
use crate::envelope::payload::{
    Ack, Ask, CapabilityRequest, CapabilityResponse, Delegate, Failure, Heartbeat, Notify, Reply,
    Task, TaskResult,
};
use crate::envelope::{
    Body, Digest, Draft, Header, Kind, List, MessageId, Name, Nonce, Opaque, Payload, Sequence,
    SessionId, Text, Timestamp, Version,
};
use crate::flawed::{NOT_A_NUMBER, spoken_input};
use crate::identity::base64url;
use crate::json::{self, Object, Value};

/// A message as it was composed.
pub(super) struct Composed {
    envelope: Object,
    defects: Vec<Defect>,
    timed: bool,
}

/// Composes the messages of one replay.
pub(super) struct Composer {
    pub(super) stream: Stream,
    /// The rules that sender and receiver follow.
    pub(super) rules: Ruleset<Admission>,
    /// The rules that the trace was told under.
    pub(super) told: Ruleset<Admission>,
    pub(super) ticks: Ticks,
    /// The longest text that the receiver parses, in bytes.
    pub(super) envelope_bytes_max: usize,
    /// Which name each nonce on the wire goes by.
    pub(super) nonces: BTreeMap<[u8; 16], String>,
}

impl Composer {
    /// Composes and signs `message`.
    pub(super) fn compose(
        &mut self,
        people: &People,
        message: &Message,
    ) -> Result<Composed, TargetError> {
        let mut envelope = self.unsigned(people, message)?;
        self.spoil(message, &mut envelope);
        let kind = kind(&message.kind)?;
        let signature = if message.signed {
            people
                .key(&message.key)?
                .sign(&spoken_input(self.rules, kind, &envelope))
        } else {
            self.junk(&message.handle)
        };
        envelope.insert("signature", base64url::encode(&signature));
        Ok(Composed {
            envelope,
            defects: message.defects.clone(),
            timed: message.timed,
        })
    }

    /// The bytes in which the network presents it.
    pub(super) fn present(
        &mut self,
        people: &People,
        composed: &Composed,
        presented: &Presented,
    ) -> Result<Vec<u8>, TargetError> {
        let mut envelope = composed.envelope.clone();
        if let Some(to) = &presented.to {
            envelope.insert("to", people.id(to)?.as_str());
        }
        if let Some(name) = &presented.nonce {
            let nonce = self.nonce(name)?;
            envelope.insert("nonce", nonce.to_string());
        }
        if let Some(name) = &presented.kind {
            envelope.insert("type", kind(name)?.as_str());
        }
        if presented.altered {
            with_input(&mut envelope, |input| {
                input.insert("note", "altered in transit");
            });
        }
        let mut text =
            String::from_utf8(json::write(&Value::Object(envelope.clone()))).map_err(failed)?;
        if presented.respelled {
            // Re-serialising hides it; a reader of floats does not.
            text = text.replacen("\"zero\":0", "\"zero\":-0", 1);
        }
        if !composed.timed {
            text = text.replacen("\"issued_at\":0", NOT_A_NUMBER, 1);
        }
        let twice = composed.defects.contains(&Defect::Malformed)
            && composed.defects.contains(&Defect::NotCanonical);
        if twice {
            text = with_key_twice(&text, &envelope);
        } else if composed.defects.contains(&Defect::NotCanonical) {
            text = text.replacen('{', "{ ", 1);
        }
        Ok(text.into_bytes())
    }

    /// The bytes of a nonce, by its name.
    pub(super) fn nonce(&mut self, name: &str) -> Result<Nonce, TargetError> {
        let bytes = self.stream.draw_16("nonce", "nonce", nonce(name)?.into());
        self.nonces.insert(bytes, name.to_owned());
        Ok(Nonce::from_bytes(bytes))
    }

    /// The nonce that the author gives a message; an honest sender's is its own business.
    fn nonce_of(&mut self, message: &Message) -> Result<Nonce, TargetError> {
        // Whoever attacks takes whatever nonce it likes.
        let told_from_clock = self.told.has(Mechanism::NonceFromClock)
            && message.author == message.from
            && u64::from(nonce(&message.nonce)?) == message.issued_at;
        if !told_from_clock {
            return self.nonce(&message.nonce);
        }
        if !self.rules.has(Mechanism::NonceFromClock) {
            // The story's nonces are those of a flawed sender; this one draws its own.
            let bytes = self.stream.draw_16(&message.handle, "own nonce", 0);
            self.nonces.insert(bytes, message.nonce.clone());
            return Ok(Nonce::from_bytes(bytes));
        }
        let mut bytes = [0; 16];
        let clock = self.ticks.instant_ms(message.issued_at).to_be_bytes();
        bytes
            .iter_mut()
            .rev()
            .zip(clock.iter().rev())
            .for_each(|(to, from)| *to = *from);
        self.nonces
            .entry(bytes)
            .or_insert_with(|| message.nonce.clone());
        Ok(Nonce::from_bytes(bytes))
    }

    fn unsigned(&mut self, people: &People, message: &Message) -> Result<Object, TargetError> {
        let key = people.key(&message.key)?;
        let capability = if self.rules.has(Mechanism::KeyFromMessage) {
            let brought = base64url::encode(key.peer_key().as_bytes());
            Some(Opaque::parse(&brought).map_err(failed)?)
        } else {
            None
        };
        let kind = kind(&message.kind)?;
        let answers = matches!(
            kind,
            Kind::Result | Kind::Error | Kind::Reply | Kind::CapabilityResponse
        );
        let issued_ms = if message.timed {
            self.ticks.instant_ms(message.issued_at)
        } else {
            0
        };
        let header = Header {
            version: Version::CURRENT,
            kind,
            id: MessageId::from_bytes(self.stream.draw_16(&message.handle, "id", 0)),
            nonce: self.nonce_of(message)?,
            from: people.id(&message.from)?.clone(),
            to: people.id(&message.to)?.clone(),
            issued_at: timestamp(issued_ms),
            expires_at: timestamp(self.ticks.instant_ms(message.expires_at.0)),
            key_id: key.key_id(),
            correlation_id: None,
            in_reply_to: answers.then(|| Digest::of(b"a request from before the trace begins")),
            session: None,
            capability,
        };
        let payload = payload(
            kind,
            people.id(&message.inner_from)?.as_str(),
            message.intricate,
        )?;
        let draft = Draft::new(header, Body::Payload(payload)).map_err(failed)?;
        match draft.with_signature([0; 64]).to_value() {
            Value::Object(mut object) => {
                object.remove("signature");
                Ok(object)
            }
            _ => Err(failed("an envelope is an object")),
        }
    }

    /// Puts the defects of `message` that its signature covers into `envelope`.
    fn spoil(&self, message: &Message, envelope: &mut Object) {
        let has = |defect| message.defects.contains(&defect);
        if has(Defect::UnsupportedVersion) {
            envelope.insert("version", "9.0");
        }
        if has(Defect::SchemaMismatch) {
            with_payload(envelope, |payload| {
                payload.insert("administrator", true);
            });
        }
        if has(Defect::UnknownSession) {
            let session = SessionId::from_bytes(self.stream.draw_16(&message.handle, "session", 0));
            envelope.insert("session", session.to_string());
        }
        if has(Defect::TooLarge) {
            let padding = "x".repeat(self.envelope_bytes_max);
            with_input(envelope, |input| {
                input.insert("padding", padding);
            });
        }
        if has(Defect::Malformed) && !has(Defect::NotCanonical) && message.timed {
            // 2^53 + 1: one number to a reader of integers, another to a reader of doubles.
            with_input(envelope, |input| {
                input.insert("amount", Value::Integer(9_007_199_254_740_993));
            });
        }
    }

    fn junk(&self, handle: &str) -> [u8; 64] {
        let mut junk = [0; 64];
        let (left, right) = junk.split_at_mut(32);
        left.copy_from_slice(&self.stream.draw(handle, "no signature", 0));
        right.copy_from_slice(&self.stream.draw(handle, "no signature", 1));
        junk
    }
}

/// The text with a second `payload` before the one that the signature covers: a reader that keeps the first
/// sees a harmless one, a reader that keeps the last sees the signed one.
fn with_key_twice(text: &str, envelope: &Object) -> String {
    let mut harmless = envelope.clone();
    with_payload(&mut harmless, |payload| {
        payload.remove("administrator");
    });
    with_input(&mut harmless, |input| {
        input.insert("note", "nothing to see here");
    });
    let first = harmless.get("payload").map(json::write).unwrap_or_default();
    let first = String::from_utf8_lossy(&first);
    text.replacen(
        "\"payload\":",
        &format!("\"payload\":{first},\"payload\":"),
        1,
    )
}

fn with_payload(envelope: &mut Object, change: impl FnOnce(&mut Object)) {
    if let Some(Value::Object(mut payload)) = envelope.remove("payload") {
        change(&mut payload);
        envelope.insert("payload", Value::Object(payload));
    }
}

fn with_input(envelope: &mut Object, change: impl FnOnce(&mut Object)) {
    with_payload(envelope, |payload| {
        if let Some(Value::Object(mut input)) = payload.remove("input") {
            change(&mut input);
            payload.insert("input", Value::Object(input));
        }
    });
}

fn kind(name: &str) -> Result<Kind, TargetError> {
    Kind::parse(name).map_err(failed)
}

/// The instant, or the last one there is.
fn timestamp(instant_ms: u64) -> Timestamp {
    Timestamp::from_ms(instant_ms).unwrap_or(Timestamp::MAX)
}

/// What a message of each kind carries in a replay. A task and a delegated task carry the same
/// record, so that one can be passed off as the other.
fn payload(kind: Kind, inner_from: &str, intricate: bool) -> Result<Payload, TargetError> {
    let mut input = Object::new();
    input.insert("from", inner_from);
    input.insert("note", "summarise the findings");
    input.insert("zero", Value::Integer(0));
    if intricate {
        input.insert("author", "Zo\u{eb}");
        input.insert("threshold", Value::Float(1e-7));
    }
    let input = Value::Object(input);
    let name = |text| Name::parse(text).map_err(failed);
    let versions = || List::new(vec![Version::CURRENT]).map_err(failed);
    let names = || List::new(vec![name("summarise")?]).map_err(failed);
    Ok(match kind {
        Kind::Task => {
            let deadline_at = Some(Timestamp::MAX);
            Payload::Task(Task {
                task: name("summarise")?,
                input,
                deadline_at,
            })
        }
        Kind::Delegate => {
            let deadline_at = Timestamp::MAX;
            Payload::Delegate(Delegate {
                task: name("summarise")?,
                input,
                deadline_at,
            })
        }
        Kind::Result => Payload::Result(TaskResult { output: input }),
        Kind::Error => Payload::Error(Failure {
            code: name("out-of-paper")?,
            message: Text::parse("the printer is out of paper").map_err(failed)?,
            retryable: true,
        }),
        Kind::Ask => Payload::Ask(Ask {
            question: Text::parse("which findings?").map_err(failed)?,
            context: Some(input),
            deadline_at: Timestamp::MAX,
        }),
        Kind::Reply => Payload::Reply(Reply { answer: input }),
        Kind::Notify => Payload::Notify(Notify {
            event: name("finished")?,
            data: Some(input),
        }),
        Kind::CapabilityRequest => Payload::CapabilityRequest(CapabilityRequest {
            versions: versions()?,
            requires: names()?,
        }),
        Kind::CapabilityResponse => Payload::CapabilityResponse(CapabilityResponse {
            versions: versions()?,
            capabilities: names()?,
        }),
        Kind::Heartbeat => Payload::Heartbeat(Heartbeat {
            sequence: Sequence::from_number(0).unwrap_or(Sequence::MAX),
        }),
        Kind::Ack => Payload::Ack(Ack {
            acknowledges: Digest::of(b"an envelope that arrived"),
        }),
        Kind::HandshakeHello
        | Kind::HandshakeAnswer
        | Kind::HandshakeFinish
        | Kind::HandshakeConfirm => return Err(failed(format!("no trace speaks {kind} yet"))),
    })
}
