//! A run of the system with its cast: the form in which engines hand over what they found.
//!
//! The explorer's path and the prover's assignment both become a [`Story`]; a trace is a story with
//! names. Individuals are numbers: the place in the story's own lists.

use super::attacker::Move;
use super::facts::Limits;
use super::message::{Fate, Message, Presented};
use super::scope::{FOREVER, START, Scope};
use super::step::Action;
use super::system::{Admission, State};
use super::weakening::Mechanism;
use super::world::{Agent, Entry, Key, Setting, World};
use crate::domain::{Concrete, Ledger, Sparse, Table as _, Universe as _};

/// A run, with everybody and everything that takes part in it.
#[derive(Clone, Debug, PartialEq)]
pub struct Story {
    /// The receiver, its limits, and what else stays fixed.
    pub setting: Setting<Ledger>,
    /// When it begins, in ticks.
    pub start: u64,
    /// The principals: whether each is the attacker.
    pub hostile: Vec<bool>,
    /// The keys, as they are at first.
    pub keys: Vec<Key<Ledger>>,
    /// The messages, as their authors compose them.
    pub messages: Vec<Message<Ledger>>,
    /// What happens.
    pub actions: Vec<Action<Ledger>>,
}

/// A key whose validity has no end, in a story.
pub const ENDLESS: u64 = u64::MAX;

impl Story {
    /// The first state.
    pub fn first(&self) -> World<Ledger> {
        let vacant_agent = Agent {
            hostile: false,
            active: false,
            held: 0,
            period: 0,
            recent: 0,
            admitted: 0,
            compromised: false,
        };
        let vacant_key = Key {
            owner: u32::MAX,
            listed: false,
            not_before: 0,
            not_after: ENDLESS,
            revoked: false,
            compromised: false,
        };
        let mut agents = Sparse::filled(vacant_agent);
        for (agent, hostile) in (0u32..).zip(&self.hostile) {
            agents.set(
                &agent,
                Agent {
                    hostile: *hostile,
                    active: true,
                    ..vacant_agent
                },
            );
        }
        let mut keys = Sparse::filled(vacant_key);
        for (key, record) in (0u32..).zip(&self.keys) {
            keys.set(&key, *record);
        }
        let mut messages = Sparse::filled(vacant_message());
        for (message, content) in (0u32..).zip(&self.messages) {
            messages.set(&message, *content);
        }
        World {
            now: self.start,
            agents,
            keys,
            messages,
            fates: Sparse::filled(Fate {
                sent: false,
                admitted: false,
            }),
            store: Sparse::filled(Entry {
                stored: false,
                keep_until: 0,
                serial: 0,
                by: 0,
            }),
            insertions: 0,
        }
    }

    /// The story that a path of the explorer tells.
    ///
    /// A path's states are representatives in which messages have changed places; the story follows
    /// one run through them, in which every message keeps its number.
    pub fn of_path(admission: &Admission, scope: &Scope, path: &[(State, Option<Move>)]) -> Self {
        let mut story = Self {
            setting: widened(admission.setting()),
            start: u64::from(START),
            hostile: Vec::new(),
            keys: Vec::new(),
            messages: Vec::new(),
            actions: Vec::new(),
        };
        let first = scope.first();
        let agents = first.agents.0.iter().filter(|agent| agent.active);
        story.hostile.extend(agents.map(|agent| agent.hostile));
        story
            .keys
            .extend(first.keys.0.iter().copied().map(widened_key));
        // Each message of the story with what became of it: two that agree in both are one to the
        // search, and either may stand for the other.
        let mut told: Vec<(Message<Concrete>, Fate<Concrete>)> = Vec::new();
        for (state, next) in path {
            let Some(next) = next else { break };
            if let Some(message) = next.introduces {
                told.push((message, UNSEEN));
                story.messages.push(widened_message(&message));
            }
            let place = next.action.message().and_then(|slot| {
                let one = (state.world.messages.at(slot), state.world.fates.at(slot));
                match next.introduces {
                    Some(_) => told.len().checked_sub(1),
                    None => told.iter().position(|other| *other == one),
                }
            });
            if let Some((_, fate)) = place.and_then(|place| told.get_mut(place)) {
                let step = admission.step(&state.world, next);
                let mut deliveries = step.deliveries.iter().flatten();
                fate.sent |= matches!(next.action, Action::Send(_));
                fate.admitted |= deliveries.any(|event| event.admitted);
            }
            let number = place.and_then(|place| place.try_into().ok());
            let mut action = widened_action(next.action, number.unwrap_or(u32::MAX));
            if let Action::Forget(holder, _) = &mut action
                && admission.rules().has(Mechanism::KeyedByNonceAlone)
            {
                *holder = Ledger::anyone();
            }
            story.actions.push(action);
        }
        story
    }
}

const UNSEEN: Fate<Concrete> = Fate {
    sent: false,
    admitted: false,
};

fn vacant_message() -> Message<Ledger> {
    widened_message(&super::scope::VACANT_MESSAGE)
}

fn widened(setting: &Setting<Concrete>) -> Setting<Ledger> {
    Setting {
        me: setting.me.into(),
        limits: Limits {
            window: setting.limits.window.into(),
            skew: setting.limits.skew.into(),
            share: setting.limits.share.into(),
            rate: setting.limits.rate.into(),
        },
        overlap: setting.overlap.into(),
        capacity: setting.capacity.into(),
    }
}

fn widened_instant(instant: u8) -> u64 {
    if instant >= FOREVER {
        ENDLESS
    } else {
        instant.into()
    }
}

fn widened_key(key: Key<Concrete>) -> Key<Ledger> {
    Key {
        owner: key.owner.into(),
        listed: key.listed,
        not_before: key.not_before.into(),
        not_after: widened_instant(key.not_after),
        revoked: key.revoked,
        compromised: key.compromised,
    }
}

fn widened_message(message: &Message<Concrete>) -> Message<Ledger> {
    Message {
        author: message.author.into(),
        from: message.from.into(),
        inner_from: message.inner_from.into(),
        to: message.to.into(),
        nonce: message.nonce.into(),
        kind: message.kind.into(),
        issued_at: message.issued_at.into(),
        timed: message.timed,
        expires_at: widened_instant(message.expires_at),
        key: message.key.into(),
        signed: message.signed,
        size_bounded: message.size_bounded,
        well_formed: message.well_formed,
        canonical: message.canonical,
        version_supported: message.version_supported,
        schema_valid: message.schema_valid,
        intricate: message.intricate,
    }
}

fn widened_action(action: Action<Concrete>, message: u32) -> Action<Ledger> {
    let presented = |presented: Presented<Concrete>| Presented {
        to: presented.to.into(),
        nonce: presented.nonce.into(),
        kind: presented.kind.into(),
        respelled: presented.respelled,
        altered: presented.altered,
    };
    match action {
        Action::Send(_) => Action::Send(message),
        Action::Deliver(_, shown) => Action::Deliver(message, presented(shown)),
        Action::DeliverTwice(_, shown) => Action::DeliverTwice(message, presented(shown)),
        Action::Advance(to) => Action::Advance(to.into()),
        Action::SetBack(to) => Action::SetBack(to.into()),
        Action::Forget(agent, nonce) => Action::Forget(agent.into(), nonce.into()),
        Action::Restart => Action::Restart,
        Action::FailOver => Action::FailOver,
        Action::Compromise(key) => Action::Compromise(key.into()),
        Action::Rotate(old, new) => Action::Rotate(old.into(), new.into()),
        Action::Revoke(key) => Action::Revoke(key.into()),
        Action::Retire(agent) => Action::Retire(agent.into()),
    }
}
