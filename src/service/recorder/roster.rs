//! Who and what comes up in a record, by the names that a trace gives them.

use std::collections::BTreeMap;

use countersign_replay::bus::cast::{Agent, EVERYBODY, Kind, Message, Roll};
use countersign_replay::trace::Until;

use super::{TICK_MAX, size};
use crate::bus::{Ruling, wanted_answer_by_ms};
use crate::deployment::Deployment;
use crate::envelope::{self, Body, Digest, Envelope, MessageId};
use crate::identity::SpiffeId;
use crate::lab::{Ticks, setting};

/// The cast of a record.
pub(super) struct Roster {
    me: SpiffeId,
    ticks: Ticks,
    roll: Roll,
    size: usize,
    /// The agents, in the order of the cast.
    agents: Vec<(String, SpiffeId)>,
    /// The messages that came up, in the order of the cast.
    messages: Vec<(String, Digest)>,
    names: BTreeMap<Digest, String>,
    /// The first message of each id.
    ids: BTreeMap<MessageId, String>,
}

impl Roster {
    /// The agents of a deployment whose bus is `me`. To the model, each may be the attacker.
    pub(super) fn new(me: SpiffeId, deployment: &Deployment, ticks: Ticks) -> Self {
        let names = setting::names(deployment);
        let listed = deployment.registry().agents();
        let mut agents: Vec<(String, SpiffeId)> = listed
            .filter_map(|agent| {
                let number = deployment.number(agent.handle.as_ref()?.as_str())?;
                let name = names.get(usize::try_from(number).ok()?)?;
                Some((name.clone(), agent.id.clone()))
            })
            .collect();
        agents.sort();
        let hostile = |(name, _): &(String, SpiffeId)| Agent {
            name: name.clone(),
            hostile: true,
        };
        Self {
            me,
            ticks,
            roll: Roll {
                agents: agents.iter().map(hostile).collect(),
                messages: Vec::new(),
            },
            size: 0,
            agents,
            messages: Vec::new(),
            names: BTreeMap::new(),
            ids: BTreeMap::new(),
        }
    }

    /// The cast as a trace has it.
    pub(super) fn roll(&self) -> &Roll {
        &self.roll
    }

    /// How long it is in JSON, in bytes.
    pub(super) fn size(&self) -> usize {
        self.size
    }

    /// Forgets all messages but the first of the cast.
    pub(super) fn truncate(&mut self, messages: usize) {
        self.roll.messages.truncate(messages);
    }

    pub(super) fn agents(&self) -> impl Iterator<Item = (&String, &SpiffeId)> {
        self.agents.iter().map(|(name, id)| (name, id))
    }

    pub(super) fn messages(&self) -> impl Iterator<Item = (&String, &Digest)> {
        self.messages.iter().map(|(name, digest)| (name, digest))
    }

    /// The name of a message that came up.
    pub(super) fn known(&self, digest: &Digest) -> Option<&String> {
        self.names.get(digest)
    }

    /// The name of a message, which is put into the cast when it first comes up.
    pub(super) fn name(&mut self, ruling: &Ruling, envelope: &Envelope) -> Option<String> {
        if let Some(name) = self.names.get(&ruling.digest) {
            return Some(name.clone());
        }
        let header = envelope.header();
        let mut kinds = Kind::ALL.into_iter();
        let kind = kinds.find(|kind| kind.as_str() == header.kind.as_str())?;
        let is_broadcast = header.to == self.me && header.kind == envelope::Kind::Notify;
        let to = if is_broadcast {
            EVERYBODY.to_owned()
        } else {
            self.agent(&header.to)?
        };
        let from = self.agent(&header.from)?;
        let goes_on = header.correlation_id;
        let conversation = goes_on.map(|id| self.conversation(id, &from, ruling.at_ms));
        let until = |end_ms: u64| self.until(end_ms, ruling.at_ms);
        let message = Message {
            name: self.next_name(),
            kind,
            from,
            to,
            signer: None,
            issued_at: self.ticks.tick(ruling.at_ms),
            expires_at: until(header.expires_at.as_ms()),
            answer_by: until(wanted_answer_by_ms(envelope)),
            answers: header
                .in_reply_to
                .and_then(|answered| self.names.get(&answered).cloned()),
            conversation,
            id_of: self.ids.get(&header.id).cloned(),
            sealed: matches!(envelope.body(), Body::Sealed(_)),
            respelled: false,
        };
        let name = self.cast(header.id, message);
        self.names.insert(ruling.digest, name.clone());
        self.messages.push((name.clone(), ruling.digest));
        Some(name)
    }

    /// The first message of the conversation of this name: one with this id. Where none came up, one that
    /// never does.
    fn conversation(&mut self, id: MessageId, from: &str, now_ms: u64) -> String {
        if let Some(name) = self.ids.get(&id) {
            return name.clone();
        }
        let never = Message {
            name: self.next_name(),
            kind: Kind::Notify,
            from: from.to_owned(),
            to: EVERYBODY.to_owned(),
            signer: None,
            issued_at: self.ticks.tick(now_ms),
            expires_at: Until::ENDLESS,
            answer_by: Until::ENDLESS,
            answers: None,
            conversation: None,
            id_of: None,
            sealed: false,
            respelled: false,
        };
        self.cast(id, never)
    }

    fn next_name(&self) -> String {
        format!("m{}", self.roll.messages.len() + 1)
    }

    fn cast(&mut self, id: MessageId, message: Message) -> String {
        let name = message.name.clone();
        self.size += size(&message);
        self.roll.messages.push(message);
        self.ids.entry(id).or_insert_with(|| name.clone());
        name
    }

    fn agent(&self, id: &SpiffeId) -> Option<String> {
        let mut agents = self.agents.iter();
        let found = agents.find(|(_, listed)| listed == id);
        found.map(|(name, _)| name.clone())
    }

    /// The end of something at `end_ms`, which is not before `now_ms`; none, where no record lasts so long.
    fn until(&self, end_ms: u64, now_ms: u64) -> Until {
        let tick = self.ticks.tick(end_ms.max(now_ms));
        if tick > TICK_MAX {
            Until::ENDLESS
        } else {
            Until(tick)
        }
    }
}
