//! The turnstile: a queue that is bounded for each sender, and fair between them.
//!
//! Whoever queues is known, so nobody takes another's place; and a flood waits behind its own.

use std::collections::{BTreeMap, VecDeque};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use crate::identity::SpiffeId;

/// How many requests of one sender wait at most.
const WAITING_MAX: usize = 32;
/// How many requests of one sender are taken at once.
const TURN_MAX: usize = 4;
/// How many requests are taken at once.
const GROUP_MAX: usize = 128;

/// What waits, by sender.
pub(super) struct Turnstile<T> {
    waiting: Mutex<Waiting<T>>,
    arrived: Condvar,
}

struct Waiting<T> {
    // INVARIANT: whoever has a queue, none of them empty, stands in `order` once.
    queues: BTreeMap<SpiffeId, VecDeque<T>>,
    order: VecDeque<SpiffeId>,
    closed: bool,
}

/// Why a request does not wait.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Turned {
    /// Too many of its sender do.
    Full,
    /// Nobody serves them any more.
    Closed,
}

impl<T> Default for Turnstile<T> {
    fn default() -> Self {
        Self {
            waiting: Mutex::new(Waiting {
                queues: BTreeMap::new(),
                order: VecDeque::new(),
                closed: false,
            }),
            arrived: Condvar::new(),
        }
    }
}

impl<T> Turnstile<T> {
    /// Lets one request wait.
    pub(super) fn enter(&self, sender: &SpiffeId, item: T) -> Result<(), Turned> {
        let mut waiting = self.lock();
        if waiting.closed {
            return Err(Turned::Closed);
        }
        match waiting.queues.get_mut(sender) {
            Some(queue) if queue.len() >= WAITING_MAX => return Err(Turned::Full),
            Some(queue) => queue.push_back(item),
            None => {
                let queue = VecDeque::from([item]);
                waiting.queues.insert(sender.clone(), queue);
                waiting.order.push_back(sender.clone());
            }
        }
        drop(waiting);
        self.arrived.notify_one();
        Ok(())
    }

    /// Takes a group: one of each sender in turn, until it is full or each had its turns. Waits so
    /// long for the first; nothing once it is closed and empty.
    pub(super) fn take(&self, patience: Duration) -> Option<Vec<T>> {
        let waiting = self.lock();
        let waited = self
            .arrived
            .wait_timeout_while(waiting, patience, |it| it.order.is_empty() && !it.closed);
        let (mut waiting, _) = waited.unwrap_or_else(PoisonError::into_inner);
        if waiting.order.is_empty() && waiting.closed {
            return None;
        }
        let mut group = Vec::new();
        for _ in 0..TURN_MAX {
            // Whoever is served goes to the end of the line, and what is left of it stays there.
            for _ in 0..waiting.order.len() {
                if group.len() == GROUP_MAX {
                    return Some(group);
                }
                group.extend(waiting.next());
            }
        }
        Some(group)
    }

    /// Lets nobody in any more. What waits is still served.
    pub(super) fn close(&self) {
        self.lock().closed = true;
        self.arrived.notify_all();
    }

    fn lock(&self) -> MutexGuard<'_, Waiting<T>> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<T> Waiting<T> {
    fn next(&mut self) -> Option<T> {
        let sender = self.order.pop_front()?;
        let queue = self.queues.get_mut(&sender)?;
        let item = queue.pop_front();
        if queue.is_empty() {
            self.queues.remove(&sender);
        } else {
            self.order.push_back(sender);
        }
        item
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn agent(name: &str) -> SpiffeId {
        SpiffeId::parse_agent(&format!("spiffe://example.org/{name}")).unwrap()
    }

    fn take(turnstile: &Turnstile<(&'static str, usize)>) -> Vec<(&'static str, usize)> {
        turnstile.take(Duration::ZERO).unwrap()
    }

    #[test]
    fn a_flood_waits_behind_its_own_and_its_overflow_is_turned_away() {
        let turnstile = Turnstile::default();
        for number in 0..WAITING_MAX {
            let item = ("mallory", number);
            assert_eq!(turnstile.enter(&agent("mallory"), item), Ok(()));
        }
        let overflow = turnstile.enter(&agent("mallory"), ("mallory", WAITING_MAX));
        assert_eq!(overflow, Err(Turned::Full));
        for name in ["alice", "bob"] {
            assert_eq!(turnstile.enter(&agent(name), (name, 0)), Ok(()));
        }
        let group = take(&turnstile);
        assert_eq!(group[..3], [("mallory", 0), ("alice", 0), ("bob", 0)]);
        assert_eq!(group.len(), 2 + TURN_MAX);
        let order: Vec<usize> = group.iter().map(|(_, number)| *number).collect();
        assert_eq!(order, [0, 0, 0, 1, 2, 3], "each sender's own order is kept");
    }

    #[test]
    fn nobody_is_let_in_once_it_is_closed_and_whoever_waits_is_served() {
        let turnstile = Turnstile::default();
        assert_eq!(turnstile.enter(&agent("alice"), ("alice", 0)), Ok(()));
        turnstile.close();
        let late = turnstile.enter(&agent("bob"), ("bob", 0));
        assert_eq!(late, Err(Turned::Closed));
        assert_eq!(take(&turnstile), [("alice", 0)]);
        assert_eq!(turnstile.take(Duration::ZERO), None);
    }
}
