//! A run of sessions with its cast: the form in which the explorer hands over what it found.
//!
//! Individuals are numbers: the place in the story's own lists. A record is brought into the world by
//! the first action that names it.

use super::attacker::Move;
use super::facts::Limits;
use super::record::{Fate, Presented, Record};
use super::scope::{START, Scope};
use super::step::Action;
use super::system::{Exchange, State};
use super::traffic::RECORDS;
use super::world::{Leak, Mark, Peer, Reach, Sender, Session, Setting, World};
use crate::domain::{Concrete, Ledger, Row, Sparse, Table as _};

/// A run, with everybody and everything that takes part in it.
#[derive(Clone, Debug, PartialEq)]
pub struct Story {
    /// What stays fixed.
    pub setting: Setting<Ledger>,
    /// When it begins, and every session was established, in ticks.
    pub start: u64,
    /// The principals that this end has sessions with: whether each is the attacker.
    pub hostile: Vec<bool>,
    /// The sessions: with whom.
    pub sessions: Vec<u32>,
    /// The records, as they are composed.
    pub records: Vec<Record<Ledger>>,
    /// What happens.
    pub actions: Vec<Action<Ledger>>,
}

impl Story {
    /// The first state. Records are not in it: each is composed when its action comes.
    pub fn first(&self) -> World<Ledger> {
        let mut peers = Sparse::filled(Peer {
            hostile: false,
            entitled: false,
        });
        for (peer, hostile) in (0u32..).zip(&self.hostile) {
            let hostile = *hostile;
            let entitled = true;
            peers.set(&peer, Peer { hostile, entitled });
        }
        let vacant = session(u32::MAX, self.start, false);
        let mut sessions = Sparse::filled(vacant);
        for (number, peer) in (0u32..).zip(&self.sessions) {
            sessions.set(&number, session(*peer, self.start, true));
        }
        World {
            now: self.start,
            peers,
            sessions,
            marks: Sparse::filled(Mark {
                marked: false,
                by: 0,
            }),
            records: Sparse::filled(widened_record(super::scope::VACANT_RECORD)),
            fates: Sparse::filled(Fate {
                sent: false,
                accepted: false,
            }),
        }
    }

    /// The story that a path of the explorer tells.
    ///
    /// A path's states are representatives in which records have changed places; the story follows
    /// one run through them, in which every record keeps its number.
    pub fn of_path(exchange: &Exchange, scope: &Scope, path: &[(State, Option<Move>)]) -> Self {
        let first = scope.first();
        let held = first.sessions.0.iter().filter(|session| session.held);
        let mut story = Self {
            setting: widened(exchange.setting()),
            start: START.into(),
            hostile: first.peers.0.iter().map(|peer| peer.hostile).collect(),
            sessions: held.map(|session| session.peer.into()).collect(),
            records: Vec::new(),
            actions: Vec::new(),
        };
        // Which record of the story lies in which slot of the path's current state.
        let mut slots = Row([u32::MAX; RECORDS]);
        let mut states = path.iter();
        while let Some((state, Some(next))) = states.next() {
            if let (Some(record), Action::Seal(slot) | Action::Deliver(slot, _)) =
                (next.introduces, next.action)
            {
                let number = u32::try_from(story.records.len()).unwrap_or(u32::MAX);
                story.records.push(widened_record(record));
                slots.set(&slot, number);
            }
            let action = widened_action(next.action, |slot| slots.at(&slot));
            story.actions.push(action);
            if let Some((representative, _)) = states.as_slice().first() {
                let after = exchange.step(&state.world, next).after;
                slots = moved(&slots, &after, &representative.world);
            }
        }
        story
    }
}

/// The numbers of the records in the slots of `representative`, given those in the slots of `after`.
///
/// Two records alike in content and fate are interchangeable: nothing tells which is which.
fn moved(
    numbers: &Row<u32, RECORDS>,
    after: &World<Concrete>,
    representative: &World<Concrete>,
) -> Row<u32, RECORDS> {
    let mut left: Vec<u8> = (0u8..).take(RECORDS).collect();
    let mut found = Row([u32::MAX; RECORDS]);
    for slot in (0u8..).take(RECORDS) {
        let alike = |old: &u8| {
            after.records.at(old) == representative.records.at(&slot)
                && after.fates.at(old) == representative.fates.at(&slot)
        };
        if let Some(place) = left.iter().position(alike) {
            found.set(&slot, numbers.at(&left.swap_remove(place)));
        }
    }
    found
}

/// A session in which nothing was sealed yet.
fn session(peer: u32, established_at: u64, held: bool) -> Session<Ledger> {
    let sender = Sender {
        epoch: 0,
        next: 0,
        since: established_at,
        count: 0,
        used_since: established_at,
        used: 0,
    };
    let reach = Reach { epoch: 0, top: 0 };
    let leak = Leak {
        lost: false,
        since: 0,
        from: 0,
    };
    Session {
        peer,
        established_at,
        held,
        sending: sender,
        peer_sending: sender,
        receiving: reach,
        heard: reach,
        leaked: leak,
        peer_leaked: leak,
    }
}

fn widened(setting: &Setting<Concrete>) -> Setting<Ledger> {
    Setting {
        limits: Limits {
            lifetime: setting.limits.lifetime.into(),
            width: setting.limits.width.into(),
            ahead: setting.limits.ahead.into(),
        },
        share: setting.share.into(),
        period: setting.period.into(),
    }
}

fn widened_record(record: Record<Concrete>) -> Record<Ledger> {
    Record {
        composed: record.composed,
        session: record.session.into(),
        mine: record.mine,
        epoch: record.epoch.into(),
        sequence: record.sequence.into(),
        sealed: record.sealed,
        schema_valid: record.schema_valid,
    }
}

fn widened_action(action: Action<Concrete>, number: impl Fn(u8) -> u32) -> Action<Ledger> {
    match action {
        Action::Seal(slot) => Action::Seal(number(slot)),
        Action::Deliver(slot, shown) => {
            let presented = Presented {
                session: shown.session.into(),
                epoch: shown.epoch.into(),
                sequence: shown.sequence.into(),
                altered: shown.altered,
            };
            Action::Deliver(number(slot), presented)
        }
        Action::Read(slot) => Action::Read(number(slot)),
        Action::Advance(to) => Action::Advance(to.into()),
        Action::Reconnect(session) => Action::Reconnect(session.into()),
        Action::Withdraw(peer) => Action::Withdraw(peer.into()),
        Action::Reveal(session) => Action::Reveal(session.into()),
    }
}

#[cfg(test)]
mod tests {
    use std::num::NonZeroUsize;

    use super::*;
    use crate::explorer::{Cutoff, Ending, explore};
    use crate::rulebook::Book as _;
    use crate::session::Session as Rules;
    use crate::session::invariant::Invariant;

    #[test]
    fn every_shortest_attack_is_a_story_that_breaks_the_same_invariant_at_its_end() {
        for row in Rules::WEAKENINGS {
            let scope = row.scope(Scope::default());
            let exchange = Exchange::new(row.rules(), scope, &[row.breaks]);
            let report = explore(&exchange, NonZeroUsize::MIN, &Cutoff::default());
            let Ending::Broken(path) = report.ending else {
                panic!("{}: {:?}", row.name, report.ending);
            };
            let story = Story::of_path(&exchange, &scope, &path);
            let (mut world, mut violated) = (story.first(), false);
            for action in &story.actions {
                assert!(!violated, "{}: broken before the end", row.name);
                if let Action::Seal(record) | Action::Deliver(record, _) = action {
                    let content = story.records[*record as usize];
                    world.records.set(record, content);
                }
                let step = world.step(row.rules(), &story.setting, action);
                assert!(step.enabled, "{}: {action:?}", row.name);
                let invariant = Invariant::<Ledger>::of(row.breaks);
                let event = step.event.as_ref();
                violated = event.is_some_and(|event| invariant.violated(&story.setting, event));
                world = step.after;
            }
            assert!(violated, "{}", row.name);
        }
    }
}
