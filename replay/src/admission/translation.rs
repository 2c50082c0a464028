//! A trace's words in the model's terms (messages, actions, the setting, the first state), and the
//! model's state in a trace's words.

use std::collections::BTreeMap;

use countersign_model::admission::facts::Limits;
use countersign_model::admission::message as model;
use countersign_model::admission::step::Action as Move;
use countersign_model::admission::story::Story;
use countersign_model::admission::world::{Agent, Key, Setting, World};
use countersign_model::domain::{Ledger, Table as _, Universe as _};

use super::action::{Action, Defect, Message, Presented};
use super::cast::{ANYONE, Cast, introduced, kind, nonce, nonce_name};
use super::projection::{Entry, KeyRecord, Projection, Tally};
use super::roll;
use crate::suggestion::NameError;
use crate::trace::{Trace, Until};

impl Cast {
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
            session_known: flawless(Defect::UnknownSession),
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
    pub fn setting(&self, setting: &roll::Setting) -> Result<Setting<Ledger>, NameError> {
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
            let owner: Agent<Ledger> = world.agents.at(&key.owner);
            let lost = Agent {
                compromised: true,
                ..owner
            };
            world.agents.set(&key.owner, lost);
        }
        Ok(world)
    }

    /// What can be seen of the receiver of `world`, in names and ticks.
    pub fn projection(&self, world: &World<Ledger>) -> Projection {
        let mut store = Vec::new();
        let mut held: BTreeMap<u32, u64> = BTreeMap::new();
        for ((sender, nonce), entry) in world.store.iter() {
            if !entry.stored {
                continue;
            }
            *held.entry(world.messages.at(&entry.by).from).or_default() += 1;
            store.push(Entry {
                sender: self.principal_name(*sender).to_owned(),
                nonce: nonce_name(*nonce),
                keep_until: Until(entry.keep_until),
            });
        }
        let mut projection = Projection {
            now: world.now,
            store,
            ..Projection::default()
        };
        for (number, name) in (0u32..).zip(self.principals()) {
            let agent = world.agents.at(&number);
            let current = agent.period == world.now;
            projection.senders.push(Tally {
                sender: name.to_owned(),
                held: held.get(&number).copied().unwrap_or(0),
                recent: if current { agent.recent } else { 0 },
            });
            if !agent.active {
                projection.retired.push(name.to_owned());
            }
        }
        for (number, name) in (0u32..).zip(self.keys()) {
            let key = world.keys.at(&number);
            if key.listed {
                projection.keys.push(KeyRecord {
                    key: name.to_owned(),
                    not_before: key.not_before,
                    not_after: Until(key.not_after),
                    revoked: key.revoked,
                });
            }
        }
        projection
    }
}
