//! What can happen next: honest ends seal, time passes, things break, and the attacker tries
//! everything it can.
//!
//! The attacker owns the network: it delivers what was sealed, late, again, never, back to its author,
//! in another session, with one field altered. It composes junk for every session, epoch and number,
//! and real records wherever it has the key.

use super::record::{Presented, Record};
use super::scope::{MALLORY, Scope, VACANT_RECORD};
use super::step::Action;
use super::weakening::Mechanism;
use super::world::World;
use super::{Session as Rules, step};
use crate::domain::{Concrete, Table as _};
use crate::rulebook::Ruleset;

/// One thing that can happen: an action, and the record that it brings into the world, if any.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Move {
    /// The content of the record that the action names, where that is new.
    pub introduces: Option<Record<Concrete>>,
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

/// Whether a slot holds a record.
pub fn occupied(world: &World<Concrete>, slot: u8) -> bool {
    world.records.at(&slot) != VACANT_RECORD
}

/// Everything that can happen next, in an order that never changes.
pub fn moves(
    scope: &Scope,
    rules: Ruleset<Rules>,
    world: &World<Concrete>,
    faults: u8,
    all: &mut Vec<Move>,
) {
    let free = (0..scope.records).find(|slot| !occupied(world, *slot));
    if let Some(slot) = free {
        seals(scope, rules, world, slot, all);
    }
    for slot in (0..scope.records).filter(|slot| occupied(world, *slot)) {
        deliveries(scope, world, slot, all);
    }
    if let Some(slot) = free {
        injections(scope, world, slot, all);
    }
    all.extend((world.now + 1..=scope.clock).map(|to| Move::from(Action::Advance(to))));
    if faults < scope.faults {
        breakages(scope, world, all);
    }
}

/// Every honest end seals the next record of each of its sessions.
fn seals(
    scope: &Scope,
    rules: Ruleset<Rules>,
    world: &World<Concrete>,
    slot: u8,
    all: &mut Vec<Move>,
) {
    for number in 0..scope.sessions {
        let session = world.sessions.at(&number);
        for mine in [true, false] {
            if !mine && session.peer == MALLORY {
                continue;
            }
            let sender = if mine {
                session.sending
            } else {
                session.peer_sending
            };
            let limits = (&scope.share, &scope.period);
            let due = step::is_due::<Concrete>(&sender.since, &sender.count, &world.now, limits);
            let renews = due && !rules.has(Mechanism::NeverRatchets);
            let record = Record {
                composed: false,
                session: number,
                mine,
                epoch: sender.epoch + u8::from(renews),
                sequence: sender.next,
                sealed: true,
                schema_valid: true,
            };
            all.push(Move {
                introduces: Some(record),
                action: Action::Seal(slot),
            });
        }
    }
}

/// The last epoch that a record of this scope can be in, counting those that the attacker makes up.
const fn epochs(scope: &Scope) -> u8 {
    scope.ahead + 1
}

/// A record on the network: as it is, or with one field altered; and read, where the key was lost.
fn deliveries(scope: &Scope, world: &World<Concrete>, slot: u8, all: &mut Vec<Move>) {
    let record = world.records.at(&slot);
    let intact = Presented::unaltered(&record);
    let mut present = |presented| all.push(Action::Deliver(slot, presented).into());
    present(intact);
    present(Presented {
        altered: true,
        ..intact
    });
    for session in (0..scope.sessions).filter(|session| *session != record.session) {
        present(Presented { session, ..intact });
    }
    for epoch in (0..=epochs(scope)).filter(|epoch| *epoch != record.epoch) {
        present(Presented { epoch, ..intact });
    }
    for sequence in (0..scope.numbers).filter(|sequence| *sequence != record.sequence) {
        present(Presented { sequence, ..intact });
    }
    let session = world.sessions.at(&record.session);
    let leak = session.leak(&record.mine);
    if world.fates.at(&slot).sent && leak.lost && leak.from <= record.epoch {
        all.push(Action::Read(slot).into());
    }
}

/// Records that the attacker composes: junk, and real ones where it has the key.
fn injections(scope: &Scope, world: &World<Concrete>, slot: u8, all: &mut Vec<Move>) {
    let mut inject = |record: Record<Concrete>| {
        let presented = Presented::unaltered(&record);
        all.push(Move {
            introduces: Some(record),
            action: Action::Deliver(slot, presented),
        });
    };
    for number in 0..scope.sessions {
        let session = world.sessions.at(&number);
        let leak = session.peer_leaked;
        for epoch in 0..=epochs(scope) {
            let known = session.peer == MALLORY || (leak.lost && leak.from <= epoch);
            for sequence in 0..scope.numbers {
                let junk = Record {
                    composed: true,
                    session: number,
                    mine: false,
                    epoch,
                    sequence,
                    sealed: false,
                    schema_valid: true,
                };
                inject(junk);
                if known {
                    let sealed = true;
                    inject(Record { sealed, ..junk });
                    inject(Record {
                        sealed,
                        schema_valid: false,
                        ..junk
                    });
                }
            }
        }
    }
}

fn breakages(scope: &Scope, world: &World<Concrete>, all: &mut Vec<Move>) {
    for number in 0..scope.sessions {
        let session = world.sessions.at(&number);
        if session.held {
            all.push(Action::Reconnect(number).into());
        }
        if session.held && !session.leaked.lost {
            all.push(Action::Reveal(number).into());
        }
    }
    for peer in 0..scope.sessions.min(2) {
        if world.peers.at(&peer).entitled {
            all.push(Action::Withdraw(peer).into());
        }
    }
}
