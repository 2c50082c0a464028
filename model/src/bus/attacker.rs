//! What can happen next: honest agents speak, operators decide, time passes, rights end, and the
//! attacker tries everything it can.
//!
//! The attacker is a listed agent with a key of its own. It repeats whatever was accepted, and submits
//! messages of its own that are wrong in one respect at a time.

use super::message::{Fate, Message};
use super::policies::{AGENTS, ALICE, ASK, BOB, DELEGATE, MALLORY, NOTIFY, REPLY};
use super::scope::{Scope, vacant_message};
use super::step::Action;
use super::world::World;
use crate::domain::{Concrete, Table as _};

/// One thing that can happen: an action, and the message that it brings into the world, if any.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Move {
    /// The content of the message that the action names, where that is new.
    pub introduces: Option<Message<Concrete>>,
    /// The action.
    pub action: Action<Concrete>,
}

impl From<Action<Concrete>> for Move {
    fn from(action: Action<Concrete>) -> Self {
        Self {
            introduces: None,
            action,
        }
    }
}

/// Longer than anything that a search reaches.
pub const LONG: u8 = 100;

/// Whether a slot holds a message: it was accepted, or its sender waits to hear of it.
pub fn occupied(world: &World<Concrete>, slot: u8) -> bool {
    let Fate {
        delivered,
        request,
        hold,
    } = world.fates.at(&slot);
    delivered || hold.held || request.waiting
}

/// Everything that can happen next, in an order that never changes.
pub fn moves(scope: &Scope, world: &World<Concrete>, faults: u8, all: &mut Vec<Move>) {
    let free = (0..scope.messages).find(|slot| !occupied(world, *slot));
    if let Some(slot) = free {
        honest(scope.messages, world, slot, all);
        hostile(scope.messages, world, slot, all);
    }
    for slot in (0..scope.messages).filter(|slot| occupied(world, *slot)) {
        all.push(Action::Submit(slot).into());
        decisions(scope.messages, world, slot, all);
        all.extend([ALICE, BOB].map(|by| Move::from(Action::Receive(slot, by))));
    }
    all.extend((world.now + 1..=scope.clock).map(|to| Move::from(Action::Advance(to))));
    if faults < scope.faults {
        for agent in (0u8..).take(AGENTS) {
            let record = world.agents.at(&agent);
            if record.active {
                all.push(Action::Deactivate(agent).into());
            }
            if !record.withdrawn {
                all.push(Action::Withdraw(agent).into());
            }
        }
    }
}

/// What an operator can do about a message, and the orchestrator once it did.
fn decisions(messages: u8, world: &World<Concrete>, slot: u8, all: &mut Vec<Move>) {
    let hold = world.fates.at(&slot).hold;
    if hold.held && !hold.left {
        let seen = (0..messages).filter(|saw| world.fates.at(saw).hold.held);
        all.extend(seen.map(|saw| Move::from(Action::Approve(slot, saw))));
        all.push(Action::Reject(slot).into());
    }
    if hold.held {
        all.push(Action::Release(slot).into());
    }
}

fn submit(slot: u8, message: Message<Concrete>) -> Move {
    Move {
        introduces: Some(message),
        action: Action::Submit(slot),
    }
}

/// A flawless message of `signer`, issued now.
fn plain(world: &World<Concrete>, slot: u8, signer: u8, kind: u8, to: u8) -> Message<Concrete> {
    Message {
        signer,
        claimed: signer,
        to,
        to_all: kind == NOTIFY,
        kind,
        is_request: kind == ASK || kind == DELEGATE,
        is_reply: kind == REPLY,
        issued_at: world.now,
        expires_at: LONG,
        wanted: 0,
        ..vacant_message(slot)
    }
}

/// Every flawless message that begins a conversation.
fn openings(
    world: &World<Concrete>,
    slot: u8,
    signer: u8,
) -> impl Iterator<Item = Message<Concrete>> {
    let others = (0u8..).take(AGENTS).filter(move |to| *to != signer);
    let first = u8::from(signer == ALICE);
    let requests = [ASK, DELEGATE]
        .into_iter()
        .flat_map(move |kind| others.clone().map(move |to| (kind, to)));
    let world = *world;
    requests
        .chain([(NOTIFY, first)])
        .map(move |(kind, to)| plain(&world, slot, signer, kind, to))
}

/// What honest agents say. Alice begins conversations, and both act on what they received, and answer.
fn honest(messages: u8, world: &World<Concrete>, slot: u8, all: &mut Vec<Move>) {
    for message in openings(world, slot, ALICE) {
        all.push(submit(slot, message));
        if message.kind == DELEGATE {
            let expires_at = world.now;
            all.push(submit(
                slot,
                Message {
                    expires_at,
                    ..message
                },
            ));
        }
    }
    for other in (0..messages).filter(|other| world.fates.at(other).delivered) {
        let received = world.messages.at(&other);
        for signer in [ALICE, BOB] {
            if !world.is_recipient(&received, &signer) {
                continue;
            }
            // Whoever gets an answer goes on to speak for itself.
            let acting = openings(world, slot, signer).filter(|_| !received.is_reply);
            for message in acting {
                let (acts, cause) = (true, other);
                all.push(submit(
                    slot,
                    Message {
                        acts,
                        cause,
                        ..message
                    },
                ));
            }
            if received.is_request {
                let reply = plain(world, slot, signer, REPLY, received.claimed);
                let answers = other;
                all.push(submit(slot, Message { answers, ..reply }));
            }
        }
    }
}

/// What the attacker says: messages of its own, flawless and wrong in one respect.
fn hostile(messages: u8, world: &World<Concrete>, slot: u8, all: &mut Vec<Move>) {
    let others = || (0..messages).filter(|other| occupied(world, *other));
    for message in openings(world, slot, MALLORY) {
        let mut say = |message| all.push(submit(slot, message));
        say(message);
        for claimed in [ALICE, BOB].into_iter().filter(|it| *it != message.to) {
            say(Message { claimed, ..message });
        }
        say(Message {
            issued_at: 0,
            ..message
        });
        let issued_at = world.now + 1;
        say(Message {
            issued_at,
            ..message
        });
        match message.kind {
            ASK => {
                // What matters to whoever waits for an answer, or acts.
                say(Message {
                    wanted: LONG,
                    ..message
                });
                for cause in others() {
                    say(Message {
                        acts: true,
                        cause,
                        ..message
                    });
                }
            }
            DELEGATE => {
                // What matters to whoever approves.
                say(Message {
                    two_faced: true,
                    ..message
                });
                for id in others() {
                    say(Message { id, ..message });
                }
            }
            _ => {}
        }
        for to in [ALICE, BOB] {
            all.push(Move {
                introduces: Some(message),
                action: Action::Receive(slot, to),
            });
        }
    }
    for kind in [ASK, DELEGATE] {
        let message = plain(world, slot, MALLORY, kind, MALLORY);
        all.push(submit(slot, message));
        let respelled = true;
        all.push(submit(
            slot,
            Message {
                respelled,
                ..message
            },
        ));
    }
    for answers in others().chain([slot]) {
        for to in [ALICE, BOB] {
            let reply = plain(world, slot, MALLORY, REPLY, to);
            all.push(submit(slot, Message { answers, ..reply }));
        }
    }
}
