//! A run of the system with its cast: the form in which engines hand over what they found.
//!
//! The explorer's path and the prover's assignment both become a [`Story`]; a trace is a story with
//! names. Individuals are numbers: the place in the story's own lists.

use super::attacker::Move;
use super::facts::Limits;
use super::message::{Fate, Message, Presented};
use super::scope::{FOREVER, START, Scope};
use super::state::State;
use super::step::Action;
use super::system::Reception;
use super::weakening::Mechanism;
use super::world::{Agent, Entry, Key, Setting, World};
use crate::domain::{Concrete, Ledger, MESSAGES, Row, Sparse, Table as _, Universe as _};

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
    pub fn of_path(admission: &Reception, scope: &Scope, path: &[(State, Option<Move>)]) -> Self {
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
        // Which message of the story lies in which slot of the path's current state.
        let mut slots = Row([u32::MAX; MESSAGES]);
        let mut states = path.iter();
        while let Some((state, Some(next))) = states.next() {
            if let (
                Some(message),
                Action::Send(slot) | Action::Deliver(slot, _) | Action::DeliverTwice(slot, _),
            ) = (&next.introduces, &next.action)
            {
                let number = u32::try_from(story.messages.len()).unwrap_or(u32::MAX);
                story.messages.push(widened_message(message));
                slots.set(slot, number);
            }
            let mut action = widened_action(next.action, |slot| slots.at(&slot));
            if let Action::Forget(agent, _) = &mut action
                && admission.rules().has(Mechanism::KeyedByNonceAlone)
            {
                *agent = Ledger::anyone();
            }
            story.actions.push(action);
            if let Some((representative, _)) = states.as_slice().first() {
                let after = admission.step(&state.world, next).after;
                slots = moved(&slots, &after, &representative.world);
            }
        }
        story
    }
}

/// The numbers of the messages in the slots of `representative`, given those in the slots of `after`.
///
/// Two messages alike in content and fate are interchangeable: nothing tells which is which.
fn moved(
    numbers: &Row<u32, MESSAGES>,
    after: &World<Concrete>,
    representative: &World<Concrete>,
) -> Row<u32, MESSAGES> {
    let mut left: Vec<u8> = (0u8..).take(MESSAGES).collect();
    let mut found = Row([u32::MAX; MESSAGES]);
    for slot in (0u8..).take(MESSAGES) {
        let alike = |old: &u8| {
            after.messages.at(old) == representative.messages.at(&slot)
                && after.fates.at(old) == representative.fates.at(&slot)
        };
        if let Some(place) = left.iter().position(alike) {
            found.set(&slot, numbers.at(&left.swap_remove(place)));
        }
    }
    found
}

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
        session_known: message.session_known,
        intricate: message.intricate,
    }
}

fn widened_action(action: Action<Concrete>, number: impl Fn(u8) -> u32) -> Action<Ledger> {
    let presented = |presented: Presented<Concrete>| Presented {
        to: presented.to.into(),
        nonce: presented.nonce.into(),
        kind: presented.kind.into(),
        respelled: presented.respelled,
        altered: presented.altered,
    };
    match action {
        Action::Send(slot) => Action::Send(number(slot)),
        Action::Deliver(slot, shown) => Action::Deliver(number(slot), presented(shown)),
        Action::DeliverTwice(slot, shown) => Action::DeliverTwice(number(slot), presented(shown)),
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
