//! What can happen next: honest agents send, time passes, things break, and the attacker tries
//! everything it can.
//!
//! The attacker owns the network: it delivers what was sent, late, again, never, to anybody, with
//! one field altered. It composes messages under any key it holds: flawless, or wrong in exactly
//! one respect, for every nonce and every instant. (Combinations of defects are the prover's part.)

use super::Admission;
use super::message::{Message, Presented};
use super::scope::{ALICE, BOB, FOREVER, MALLORY, START, Scope, UNLISTED, first_key};
use super::step::Action;
use super::weakening::Mechanism;
use super::world::World;
use crate::domain::{Concrete, Table as _, Universe as _};
use crate::rulebook::Ruleset;

mod sink;

pub use sink::Sink;

/// One thing that can happen: an action, and the message that it brings into the world, if any.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Move {
    /// The content of the message that the action names, where that is new.
    pub introduces: Option<Message<Concrete>>,
    /// The action.
    pub action: Action<Concrete>,
}

/// What an honest message is like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Style {
    /// Wanted for as long as anybody cares.
    Plain,
    /// Wanted at once or not at all.
    Brief,
    /// With text and numbers that only RFC 8785 writes the same everywhere.
    Intricate,
}

/// Everything that can happen next, in an order that never changes.
pub fn moves(
    scope: &Scope,
    rules: Ruleset<Admission>,
    world: &World<Concrete>,
    faults: u8,
    all: &mut impl Sink,
) {
    let free = (0..scope.messages).find(|slot| !occupied(world, *slot));
    if let Some(slot) = free {
        sends(scope, rules, world, slot, all);
    }
    for slot in (0..scope.messages).filter(|slot| occupied(world, *slot)) {
        deliveries(scope, world, slot, all);
    }
    if let Some(slot) = free {
        injections(scope, world, slot, all);
    }
    for to in world.now + 1..=scope.clock {
        all.act(Action::Advance(to));
    }
    for agent in 0..scope.agents {
        for nonce in 0..scope.nonces {
            let entry = world.store.at(&(agent, nonce));
            if entry.stored && entry.keep_until < world.now {
                all.act(Action::Forget(agent, nonce));
            }
        }
    }
    if faults < scope.faults {
        faults_of(scope, world, all);
    }
}

/// Whether a message slot is in use.
pub fn occupied(world: &World<Concrete>, slot: u8) -> bool {
    world.messages.at(&slot) != super::scope::VACANT_MESSAGE
}

fn faults_of(scope: &Scope, world: &World<Concrete>, all: &mut impl Sink) {
    for agent in 0..scope.agents {
        for key in [first_key(agent), first_key(agent) + 1] {
            let record = world.keys.at(&key);
            if agent != MALLORY && record.listed && !record.compromised {
                all.act(Action::Compromise(key));
            }
            if record.listed && !record.revoked {
                all.act(Action::Revoke(key));
            }
        }
        if !world.keys.at(&(first_key(agent) + 1)).listed {
            all.act(Action::Rotate(first_key(agent), first_key(agent) + 1));
        }
    }
    for agent in (0..scope.agents).filter(|agent| *agent != BOB) {
        if world.agents.at(&agent).active {
            all.act(Action::Retire(agent));
        }
    }
    all.act(Action::Restart);
    all.act(Action::FailOver);
    for to in START..world.now {
        all.act(Action::SetBack(to));
    }
}

/// Every honest agent but the receiver sends to it, or a plain message to the attacker.
fn sends(
    scope: &Scope,
    rules: Ruleset<Admission>,
    world: &World<Concrete>,
    slot: u8,
    all: &mut impl Sink,
) {
    let nonce = if rules.has(Mechanism::NonceFromClock) {
        Some(Concrete::nonce_of_clock(&world.now))
    } else {
        (0..scope.nonces).find(|nonce| {
            (0..scope.messages)
                .all(|other| !occupied(world, other) || world.messages.at(&other).nonce != *nonce)
        })
    };
    let Some(nonce) = nonce else { return };
    for sender in ALICE..scope.agents {
        if !world.agents.at(&sender).active {
            continue;
        }
        // An honest agent signs with its newest valid key.
        let newest = [first_key(sender) + 1, first_key(sender)]
            .into_iter()
            .find(|key| world.keys.at(key).entitled(&world.now));
        let Some(key) = newest else { continue };
        let styles = [
            (BOB, Style::Plain),
            (BOB, Style::Brief),
            (BOB, Style::Intricate),
            (MALLORY, Style::Plain),
        ];
        for (to, style) in styles {
            let message = Message {
                to,
                nonce,
                expires_at: if style == Style::Brief {
                    world.now
                } else {
                    FOREVER
                },
                intricate: style == Style::Intricate,
                ..honest(sender, key, world.now)
            };
            all.introduce(message, Action::Send(slot));
        }
    }
}

/// A flawless message of `sender` to the receiver.
pub(super) fn honest(sender: u8, key: u8, issued_at: u8) -> Message<Concrete> {
    Message {
        author: sender,
        from: sender,
        inner_from: sender,
        to: BOB,
        nonce: 0,
        kind: 0,
        issued_at,
        timed: true,
        expires_at: FOREVER,
        key,
        signed: true,
        size_bounded: true,
        well_formed: true,
        canonical: true,
        version_supported: true,
        schema_valid: true,
        session_known: true,
        intricate: false,
    }
}

/// A message on the network: as it is, twice at once, or with one field altered.
fn deliveries(scope: &Scope, world: &World<Concrete>, slot: u8, all: &mut impl Sink) {
    let message = world.messages.at(&slot);
    let intact = Presented::unaltered(&message);
    all.act(Action::Deliver(slot, intact));
    all.act(Action::Deliver(
        slot,
        Presented {
            kind: 1 - message.kind,
            ..intact
        },
    ));
    all.act(Action::Deliver(
        slot,
        Presented {
            respelled: true,
            ..intact
        },
    ));
    all.act(Action::Deliver(
        slot,
        Presented {
            altered: true,
            ..intact
        },
    ));
    for to in (0..scope.agents).filter(|to| *to != message.to) {
        all.act(Action::Deliver(slot, Presented { to, ..intact }));
    }
    for nonce in (0..scope.nonces).filter(|nonce| *nonce != message.nonce) {
        all.act(Action::Deliver(slot, Presented { nonce, ..intact }));
    }
    all.act(Action::DeliverTwice(slot, intact));
}

/// Messages that the attacker composes: for every key it holds and every sender it may claim.
fn injections(scope: &Scope, world: &World<Concrete>, slot: u8, all: &mut impl Sink) {
    // Flawless, but two copies at once, or another than was signed is presented.
    for key in held_keys(scope, world) {
        let owner = world.keys.at(&key).owner;
        for nonce in 0..scope.nonces {
            let own = Message {
                author: MALLORY,
                nonce,
                ..honest(owner, key, world.now)
            };
            let intact = Presented::unaltered(&own);
            all.introduce(own, Action::DeliverTwice(slot, intact));
            let kind = 1 - own.kind;
            all.introduce(own, Action::Deliver(slot, Presented { kind, ..intact }));
            let to = MALLORY;
            all.introduce(Message { to, ..own }, Action::Deliver(slot, intact));
        }
    }
    // Flawless under a key it holds, for every nonce and every instant, past and future.
    for key in held_keys(scope, world) {
        let owner = world.keys.at(&key).owner;
        for nonce in 0..scope.nonces {
            let own = Message {
                author: MALLORY,
                nonce,
                ..honest(owner, key, world.now)
            };
            for issued_at in 0..=scope.clock + scope.skew {
                all.inject(slot, Message { issued_at, ..own });
            }
            defects(slot, &own, all);
        }
    }
    // In the name of somebody whose key it does not hold.
    for victim in (ALICE..scope.agents).chain([BOB]) {
        let key = first_key(victim);
        for nonce in 0..scope.nonces {
            let claim = Message {
                author: MALLORY,
                nonce,
                ..honest(victim, key, world.now)
            };
            all.inject(
                slot,
                Message {
                    signed: false,
                    ..claim
                },
            );
            all.inject(
                slot,
                Message {
                    key: first_key(MALLORY),
                    ..claim
                },
            );
            all.inject(
                slot,
                Message {
                    key: UNLISTED,
                    ..claim
                },
            );
        }
    }
}

/// The same message, wrong in one respect.
fn defects(slot: u8, own: &Message<Concrete>, all: &mut impl Sink) {
    // `NaN` is a word of some JSON readers and of no JSON text.
    all.inject(
        slot,
        Message {
            timed: false,
            well_formed: false,
            ..*own
        },
    );
    all.inject(
        slot,
        Message {
            size_bounded: false,
            ..*own
        },
    );
    all.inject(
        slot,
        Message {
            well_formed: false,
            ..*own
        },
    );
    // A text with a key twice is neither I-JSON nor canonical; one of its readings may be a lie.
    let twice = Message {
        well_formed: false,
        canonical: false,
        ..*own
    };
    all.inject(slot, twice);
    all.inject(
        slot,
        Message {
            schema_valid: false,
            ..twice
        },
    );
    all.inject(
        slot,
        Message {
            canonical: false,
            ..*own
        },
    );
    all.inject(
        slot,
        Message {
            version_supported: false,
            ..*own
        },
    );
    all.inject(
        slot,
        Message {
            schema_valid: false,
            ..*own
        },
    );
    all.inject(
        slot,
        Message {
            session_known: false,
            ..*own
        },
    );
    all.inject(
        slot,
        Message {
            to: MALLORY,
            ..*own
        },
    );
    all.inject(
        slot,
        Message {
            inner_from: ALICE,
            ..*own
        },
    );
    all.inject(
        slot,
        Message {
            expires_at: own.issued_at.saturating_sub(1),
            ..*own
        },
    );
}

/// The attacker's own listed key, the keys it stole, and one it made itself.
fn held_keys(scope: &Scope, world: &World<Concrete>) -> impl Iterator<Item = u8> {
    (0..2 * scope.agents)
        .filter(|key| {
            let record = world.keys.at(key);
            record.compromised || (record.listed && record.owner == MALLORY)
        })
        .chain([UNLISTED])
}
