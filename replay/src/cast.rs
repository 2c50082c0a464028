//! Names and numbers: who is who in a trace, for everybody that runs one.
//!
//! A trace says `alice`, the model says 2. A [`Cast`] is built once for a trace and translates both
//! ways; a target keeps what it makes of a principal, a key or a message under the same numbers.

use std::collections::BTreeMap;

use countersign_model::admission::facts::Limits;
use countersign_model::admission::message as model;
use countersign_model::admission::step::Action as Move;
use countersign_model::admission::story::Story;
use countersign_model::admission::weakening::{Ruleset, Weakening};
use countersign_model::admission::world::{Agent, Key, Setting, World};
use countersign_model::domain::{Ledger, Universe as _};

use crate::action::{Action, Defect, Message, Presented};
use crate::projection::KeyRecord;
use crate::suggestion::Suggestion;
use crate::trace::{self, Trace};

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

/// A name that nobody and nothing in the trace has.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("unknown {what} '{}'{suggestion}", name.escape_debug())]
pub struct NameError {
    /// What it should name.
    pub what: &'static str,
    /// The name.
    pub name: String,
    /// What it may have been meant to be.
    pub suggestion: Suggestion,
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

    /// The holder of a store entry: a principal, or [`ANYONE`].
    fn holder(&self, name: &str) -> Result<u32, NameError> {
        if name == ANYONE {
            return Ok(Ledger::anyone());
        }
        self.principal(name)
    }

    /// A message in the model's terms.
    pub fn content(&self, message: &Message) -> Result<model::Message<Ledger>, NameError> {
        let flawless = |defect| !message.defects.contains(&defect);
        Ok(model::Message {
            author: self.principal(&message.author)?,
            from: self.principal(&message.from)?,
            inner_from: self.principal(&message.inner_from)?,
            to: self.principal(&message.to)?,
            nonce: nonce(&message.nonce)?,
            kind: kind(&message.kind)?,
            issued_at: message.issued_at,
            timed: message.timed,
            expires_at: message.expires_at.0,
            key: self.key(&message.key)?,
            signed: message.signed,
            size_bounded: flawless(Defect::TooLarge),
            well_formed: flawless(Defect::Malformed),
            canonical: flawless(Defect::NotCanonical),
            version_supported: flawless(Defect::UnsupportedVersion),
            schema_valid: flawless(Defect::SchemaMismatch),
            intricate: message.intricate,
        })
    }

    /// How the network presents `message`, in the model's terms.
    pub fn presented(
        &self,
        presented: &Presented,
        message: &model::Message<Ledger>,
    ) -> Result<model::Presented<Ledger>, NameError> {
        let mut shown = model::Presented::unaltered(message);
        if let Some(to) = &presented.to {
            shown.to = self.principal(to)?;
        }
        if let Some(changed) = &presented.nonce {
            shown.nonce = nonce(changed)?;
        }
        if let Some(changed) = &presented.kind {
            shown.kind = kind(changed)?;
        }
        shown.respelled = presented.respelled;
        shown.altered = presented.altered;
        Ok(shown)
    }

    /// An action in the model's terms: one move, or one for each message of an injection.
    pub fn moves(&self, action: &Action) -> Result<Vec<Move<Ledger>>, NameError> {
        let one = match action {
            Action::Send { message } => Move::Send(self.handle(&message.handle)?),
            Action::Inject {
                presented, copies, ..
            } => {
                let moves = introduced(action)
                    .map(|message| self.delivery(&message.handle, presented, *copies));
                return moves.collect();
            }
            Action::Deliver {
                message,
                presented,
                copies,
            } => self.delivery(message, presented, *copies)?,
            Action::Advance { to } => Move::Advance(*to),
            Action::SetBack { to } => Move::SetBack(*to),
            Action::Forget { sender, nonce: of } => Move::Forget(self.holder(sender)?, nonce(of)?),
            Action::Restart => Move::Restart,
            Action::FailOver => Move::FailOver,
            Action::Compromise { key } => Move::Compromise(self.key(key)?),
            Action::Rotate { old, new } => Move::Rotate(self.key(old)?, self.key(new)?),
            Action::Revoke { key } => Move::Revoke(self.key(key)?),
            Action::Retire { agent } => Move::Retire(self.principal(agent)?),
        };
        Ok(vec![one])
    }

    fn delivery(
        &self,
        handle: &str,
        presented: &Presented,
        copies: u32,
    ) -> Result<Move<Ledger>, NameError> {
        let number = self.handle(handle)?;
        let content = self.content(self.message(handle)?)?;
        let shown = self.presented(presented, &content)?;
        Ok(if copies > 1 {
            Move::DeliverTwice(number, shown)
        } else {
            Move::Deliver(number, shown)
        })
    }

    /// What stays fixed, in the model's terms.
    pub fn setting(&self, setting: &trace::Setting) -> Result<Setting<Ledger>, NameError> {
        Ok(Setting {
            me: self.principal(&setting.me)?,
            limits: Limits {
                window: setting.window,
                skew: setting.skew,
                share: setting.share,
                rate: setting.rate,
            },
            overlap: setting.overlap,
            capacity: setting.capacity,
        })
    }

    /// The first state of `trace`, in the model's terms. Messages enter as they are introduced.
    pub fn first(&self, trace: &Trace) -> Result<World<Ledger>, NameError> {
        let mut keys = Vec::new();
        for key in &trace.cast.keys {
            keys.push(Key {
                owner: self.principal(&key.owner)?,
                listed: key.listed,
                not_before: key.not_before,
                not_after: key.not_after.0,
                revoked: key.revoked,
                compromised: key.compromised,
            });
        }
        let story = Story {
            setting: self.setting(&trace.setting)?,
            start: trace.clock.start,
            hostile: trace
                .cast
                .principals
                .iter()
                .map(|one| one.hostile)
                .collect(),
            keys,
            messages: Vec::new(),
            actions: Vec::new(),
        };
        let mut world = story.first();
        for key in story.keys.iter().filter(|key| key.compromised) {
            use countersign_model::domain::Table as _;
            let owner: Agent<Ledger> = world.agents.at(&key.owner);
            let lost = Agent {
                compromised: true,
                ..owner
            };
            world.agents.set(&key.owner, lost);
        }
        Ok(world)
    }
}

/// The messages that an action brings into the world: none, one, or an injection's `times`.
pub fn introduced(action: &Action) -> impl Iterator<Item = Message> + '_ {
    let times = match action {
        Action::Inject { times, .. } => *times,
        _ => 1,
    };
    let base = action.introduces();
    base.into_iter().flat_map(move |message| {
        (0..times).map(move |offset| {
            if times == 1 {
                return message.clone();
            }
            let first = nonce(&message.nonce).unwrap_or(0);
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

/// The rules that weakenings, by name, leave of the hardened ones.
pub fn rules(weakenings: &[String]) -> Result<Ruleset, NameError> {
    weakenings
        .iter()
        .try_fold(Ruleset::HARDENED, |rules, name| {
            let weakening = Weakening::of_name(name).ok_or_else(|| NameError {
                what: "weakening",
                name: name.clone(),
                suggestion: Suggestion::among(Weakening::TABLE.iter().map(|row| row.name), name),
            })?;
            Ok(rules.dangerously_with(weakening))
        })
}
