//! Names and numbers: who is who in a trace, for everybody that runs one.
//!
//! A trace says `alice`, the model says 2. A [`Cast`] is built once for a trace and translates both
//! ways; a target keeps what it makes of a principal, a key or a message under the same numbers.

use std::collections::BTreeMap;

use super::action::{Action, Message};
use super::projection::KeyRecord;
use crate::suggestion::{NameError, Suggestion};
use crate::trace::Trace;

/// What a store that does not tell senders apart calls all of them.
pub const ANYONE: &str = "anyone";

/// The message types of the protocol, in the order of their numbers. The first two carry the same
/// payload, so that one can be passed off as the other.
pub const KINDS: &[&str] = &[
    "task",
    "delegate",
    "result",
    "error",
    "ask",
    "reply",
    "notify",
    "capability_request",
    "capability_response",
    "heartbeat",
    "ack",
];

/// Who is who in one trace.
#[derive(Clone, Debug, Default)]
pub struct Cast {
    principals: Names,
    keys: Names,
    handles: Names,
    messages: Vec<Message>,
    records: BTreeMap<String, KeyRecord>,
}

/// Names, each with its place.
#[derive(Clone, Debug, Default)]
struct Names {
    ordered: Vec<String>,
    places: BTreeMap<String, u32>,
}

impl Names {
    fn push(&mut self, name: &str) {
        let place = u32::try_from(self.ordered.len()).unwrap_or(u32::MAX);
        self.places.entry(name.to_owned()).or_insert(place);
        self.ordered.push(name.to_owned());
    }

    fn place(&self, what: &'static str, name: &str) -> Result<u32, NameError> {
        self.places.get(name).copied().ok_or_else(|| {
            let known = self.ordered.iter().map(String::as_str);
            NameError {
                what,
                name: name.to_owned(),
                suggestion: Suggestion::among(known, name),
            }
        })
    }

    fn at(&self, place: u32) -> Option<&str> {
        self.ordered.get(place as usize).map(String::as_str)
    }
}

impl Cast {
    /// The cast of `trace`, its messages included; of two that share a name, the first.
    pub fn of(trace: &Trace) -> Self {
        let mut cast = Self::default();
        for principal in &trace.cast.principals {
            cast.principals.push(&principal.name);
        }
        for key in &trace.cast.keys {
            cast.keys.push(&key.name);
            if key.listed {
                let record = KeyRecord {
                    key: key.name.clone(),
                    not_before: key.not_before,
                    not_after: key.not_after,
                    revoked: key.revoked,
                };
                cast.records.insert(key.name.clone(), record);
            }
        }
        for step in &trace.steps {
            for message in introduced(&step.action) {
                cast.handles.push(&message.handle);
                cast.messages.push(message);
            }
        }
        cast
    }

    /// The keys that the registry lists at first, by name.
    pub fn records(&self) -> &BTreeMap<String, KeyRecord> {
        &self.records
    }

    /// The number of a principal.
    pub fn principal(&self, name: &str) -> Result<u32, NameError> {
        self.principals.place("principal", name)
    }

    /// The name of a principal; [`ANYONE`] for a number that nobody has.
    pub fn principal_name(&self, number: u32) -> &str {
        self.principals.at(number).unwrap_or(ANYONE)
    }

    /// Every principal's name, in the order of their numbers.
    pub fn principals(&self) -> impl Iterator<Item = &str> {
        self.principals.ordered.iter().map(String::as_str)
    }

    /// The number of a key.
    pub fn key(&self, name: &str) -> Result<u32, NameError> {
        self.keys.place("key", name)
    }

    /// Every key's name, in the order of their numbers.
    pub fn keys(&self) -> impl Iterator<Item = &str> {
        self.keys.ordered.iter().map(String::as_str)
    }

    /// The number of a message.
    pub fn handle(&self, handle: &str) -> Result<u32, NameError> {
        self.handles.place("message", handle)
    }

    /// A message, by its handle; of an injection's `times`, `m2.1` and so on.
    pub fn message(&self, handle: &str) -> Result<&Message, NameError> {
        let place = self.handle(handle)?;
        let found = self.messages.get(place as usize);
        found.ok_or_else(|| NameError {
            what: "message",
            name: handle.to_owned(),
            suggestion: Suggestion::default(),
        })
    }
}

/// The messages that an action brings into the world: none, one, or an injection's `times`.
pub fn introduced(action: &Action) -> impl Iterator<Item = Message> + '_ {
    action
        .introduces()
        .into_iter()
        .flat_map(|(message, times)| {
            let first = nonce(&message.nonce).unwrap_or(0);
            (0..times).map(move |offset| {
                if times == 1 {
                    return message.clone();
                }
                Message {
                    handle: format!("{}.{}", message.handle, offset + 1),
                    nonce: nonce_name(first.saturating_add(offset)),
                    ..message.clone()
                }
            })
        })
}

/// The number of a nonce: `n5` is 5. It has no leading zero and at most nine digits.
pub fn nonce(name: &str) -> Result<u32, NameError> {
    let number = name.strip_prefix('n').and_then(|digits| {
        let number: u32 = digits.parse().ok()?;
        (digits.len() <= 9 && number.to_string() == digits).then_some(number)
    });
    number.ok_or_else(|| NameError {
        what: "nonce",
        name: name.to_owned(),
        suggestion: Suggestion::default(),
    })
}

/// The name of a nonce.
pub fn nonce_name(number: u32) -> String {
    format!("n{number}")
}

/// The number of a message type.
pub fn kind(name: &str) -> Result<u32, NameError> {
    let place = KINDS.iter().position(|known| *known == name);
    place
        .and_then(|place| u32::try_from(place).ok())
        .ok_or_else(|| NameError {
            what: "message type",
            name: name.to_owned(),
            suggestion: Suggestion::among(KINDS.iter().copied(), name),
        })
}
